import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it came in. */
export interface Received {
  /** `DescribeTable`; empty when the request was not DynamoDB's. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** What to answer. A plain `json` is a 200 of DynamoDB's JSON protocol, an `error` a 400 of its error shape. */
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
}

export interface HttpDynamo {
  readonly endpoint: string
  readonly received: readonly Received[]
  close(): Promise<void>
}

/** A server on 127.0.0.1 that speaks as much of DynamoDB's protocol as `answer` gives it to say. */
export async function startHttpDynamo(answer: (request: Received) => Reply): Promise<HttpDynamo> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '')
      const one: Received = { operation, input: parse(body), body, headers: request.headers }
      received.push(one)
      write(answer(one), response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
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
  response.end(reply.body ?? (json === undefined ? '' : JSON.stringify(json)))
}

// Neither AWS's shape nor an engine's: the fake is nobody in particular.
const requestId = 'http-dynamo-1'

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}
