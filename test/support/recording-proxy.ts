import { createServer, type IncomingHttpHeaders, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** One request that went through, and whether the engine took it. */
export interface Passed {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly accepted: boolean
}

/** Stands before an engine, passes everything on as it is, and keeps what was asked; gone when the test ends. */
export async function startRecordingProxy(engine: string): Promise<{ endpoint: string; passed: readonly Passed[] }> {
  const passed: Passed[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', chunk => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method, url, headers } = incoming
      // The client's own `host` goes along: it was signed.
      const onward = send(new URL(url ?? '/', engine), { method, headers }, answer => {
        const { statusCode = 500 } = answer
        passed.push({ operation: operationOf(headers), input: parse(body), accepted: statusCode === 200 })
        outgoing.writeHead(statusCode, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(() => resolve()))
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed }
}

const operationOf = (headers: IncomingHttpHeaders) => String(headers['x-amz-target'] ?? '').replace(/^.*\./, '')

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  return body.length === 0 ? {} : JSON.parse(body.toString())
}
