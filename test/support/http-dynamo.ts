import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** One request as it came in. */
export interface Received {
  /** `DescribeTable`; empty when the request was not DynamoDB's. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** An answer. A plain `json` is a 200 of DynamoDB's JSON protocol, an `error` a 400 of its error shape. */
export interface Reply {
  readonly json?: unknown
  readonly error?: readonly [type: string, message?: string]
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is. */
  readonly body?: string
  /** Reads the request, then closes the connection without an answer. */
  readonly reset?: boolean
  /** Reads the request, then says nothing. */
  readonly hang?: boolean
  /** Sends a first half of the body, then a byte now and then, without end. */
  readonly drip?: boolean
  /** Sends so many bytes of spaces before the body. */
  readonly padding?: number
}

export interface ServerOptions {
  /** Over TLS, with the certificate beside this file, which is signed by itself. */
  readonly tls?: boolean
}

const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8')
export const certificate = pem('cert')

export interface HttpDynamo {
  readonly endpoint: string
  readonly received: readonly Received[]
  close(): Promise<void>
}

/** A server on 127.0.0.1 that speaks as much of DynamoDB's protocol as `answer` gives it to say. */
export async function startHttpDynamo(
  answer: (request: Received) => Reply,
  { tls = false }: ServerOptions = {},
): Promise<HttpDynamo> {
  const received: Received[] = []
  const listen = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '')
      const one: Received = { operation, input: parse(body), body, headers: request.headers }
      received.push(one)
      write(answer(one), response)
    })
  }
  const server = tls ? createTlsServer({ key: pem('key'), cert: certificate }, listen) : createServer(listen)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function write(reply: Reply, response: ServerResponse): void {
  if (reply.hang === true) return
  if (reply.reset === true) {
    response.socket?.destroy()
    return
  }
  const [type, message] = reply.error ?? []
  const json = type === undefined ? reply.json : { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }
  const own = json === undefined ? {} : { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId }
  response.writeHead(reply.status ?? (type === undefined ? 200 : 400), { ...own, ...reply.headers })
  const body = reply.body ?? (json === undefined ? '' : JSON.stringify(json))
  if (reply.drip === true) {
    response.write(body.slice(0, body.length / 2))
    const timer = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(timer))
  } else if (reply.padding === undefined) response.end(body)
  else pad(response, reply.padding, body)
}

function pad(response: ServerResponse, left: number, body: string): void {
  if (response.destroyed) return
  if (left <= 0) response.end(body)
  else response.write(Buffer.alloc(Math.min(left, 2 ** 20), ' '), () => pad(response, left - 2 ** 20, body))
}

// Neither AWS's shape nor an engine's: the fake imitates no engine in particular.
const requestId = 'http-dynamo-1'

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}
