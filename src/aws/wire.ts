import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { systemClock } from '../apply/clock.ts'
import { memberOf } from '../table/untyped.ts'
import type { Call, Operation, Output } from './operations.ts'
import { sign } from './sign.ts'
import {
  agentOptions,
  connectTimeoutMs,
  plainHeaders,
  requestTimeoutMs,
  type Transport,
  type TransportOptions,
} from './transport.ts'
import type { WireTarget } from './wire-target.ts'

/**
 * AWS's JSON protocol over Node's own http, for engines: table operations there are a POST with a JSON body. The SDK
 * is for AWS, where sign-in, endpoints and clocks are its business; before an engine, loading it and its way through
 * each request take longer than everything else together.
 */
export function createWire({ endpoint, region, keys }: WireTarget, options: TransportOptions): Transport {
  const { hostname, port, host, pathname } = new URL(endpoint)
  const path = pathname.endsWith('/') ? pathname : `${pathname}/`
  const to = {
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path,
    method: 'POST',
    agent: new Agent(agentOptions(options)),
    // Of each request: a time of the agent's would give way to what a server says of connections that rest.
    timeout: requestTimeoutMs,
    // Of TLS; Node would work it out for each request.
    servername: '',
  }
  const place = { service: 'dynamodb', region, host, path, keys } as const

  async function send<O extends Operation>(call: Call<O>, learn: Parameters<Transport['send']>[1]) {
    const body = JSON.stringify(call.input)
    const target = `DynamoDB_20120810.${call.operation}`
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }
    const signed = sign({ ...place, body, headers, now: new Date() })
    const answer = await answerTo(request({ ...to, headers: signed }), body, call.signal)
    learn({
      host: hostname,
      status: answer.status,
      get headers() {
        return plainHeaders(answer.headers())
      },
    })
    return read<O>(answer)
  }

  return { send }
}

interface HttpAnswer {
  readonly status: number
  /** Node makes them when they are asked for, which is seldom. */
  readonly headers: () => IncomingHttpHeaders
  readonly text: string
}

function answerTo(outgoing: ClientRequest, body: string, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    if (signal !== undefined) giveUpWith(signal, outgoing)
    outgoing.on('socket', socket => {
      if (!socket.connecting) return
      // A host that swallows what is sent to it; the socket's own time-out is for answers.
      const stop = new AbortController()
      void systemClock.sleep(connectTimeoutMs, stop.signal).then(() => {
        if (socket.connecting) outgoing.destroy(failure('TimeoutError', 'connect timed out'))
      })
      socket.once('connect', () => stop.abort()).once('close', () => stop.abort())
    })
    outgoing.on('timeout', () => {
      outgoing.destroy(failure('TimeoutError', `no answer came within ${requestTimeoutMs / 1_000} s`))
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response: IncomingMessage) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        resolve({ status: response.statusCode ?? 0, headers: () => response.headers, text })
      })
    })
    outgoing.end(body)
  })
}

const underWay = new WeakMap<AbortSignal, Set<ClientRequest>>()

/**
 * Ends a request when its signal aborts. Many requests share a signal, and one listener does for them all: Node's own
 * way, which adds one for each request and more around it, takes a tenth of all the time that many of them take.
 */
function giveUpWith(signal: AbortSignal, outgoing: ClientRequest): void {
  const requests = underWay.get(signal) ?? new Set()
  const giveUp = (each: ClientRequest) => each.destroy(failure('AbortError', 'nobody waits for the answer any more'))
  if (signal.aborted) return void giveUp(outgoing)
  if (!underWay.has(signal)) {
    underWay.set(signal, requests)
    signal.addEventListener('abort', () => requests.forEach(giveUp), { once: true })
  }
  requests.add(outgoing)
  outgoing.on('close', () => requests.delete(outgoing))
}

function read<O extends Operation>({ status, headers, text }: HttpAnswer): Output<O> {
  const output = parse(text, status)
  if (status >= 200 && status < 300) return output as Output<O>
  const { __type: type = output.code, message = output.Message } = output
  // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`, `ResourceNotFoundException:http://...`
  const name = String(headers()['x-amzn-errortype'] ?? type ?? '').replace(/^.*#|[:,].*$/g, '')
  throw failure(name, String(message ?? ''), status)
}

function parse(text: string, status: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    if (typeof value === 'object' && value !== null) return withDate(value)
  } catch {}
  throw failure('SyntaxError', 'the answer is not JSON', status)
}

/** Times are epoch seconds in JSON and dates everywhere else; this is the one that is read. */
function withDate(output: object): Record<string, unknown> {
  const table = memberOf(output, 'Table')
  const created = memberOf(table, 'CreationDateTime')
  return typeof created === 'number'
    ? { ...output, Table: { ...(table as object), CreationDateTime: new Date(created * 1_000) } }
    : { ...output }
}

function failure(name: string, message: string, status?: number): Error {
  const error = new Error(message)
  return Object.assign(error, { name }, status === undefined ? {} : { $metadata: { httpStatusCode: status } })
}
