import type { ServerResponse } from 'node:http'
import { monotonicMs } from './pause.ts'

/** The requests that are being answered. */
export interface Requests {
  add(response: ServerResponse): void
  /** Milliseconds since the last one came or was answered. */
  quietMs(): number
  /** Resolves when none is left. */
  finished(): Promise<void>
}

/**
 * Keeps the engine alive: dynalite throws, outside of any promise, when a client hangs up in the middle of a request
 * and when its store refuses a write. The first concerns nobody; the second is answered as DynamoDB answers a fault
 * of its own, which clients know how to retry.
 */
export function guardRequests(): Requests {
  const open = new Set<ServerResponse>()
  const waiting: (() => void)[] = []
  let last = monotonicMs()
  process.on('uncaughtException', (error: Error & { code?: string }) => {
    if (error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_HEADERS_SENT') return
    for (const response of open) answerFault(response, error)
  })
  return {
    add: response => {
      open.add(response)
      last = monotonicMs()
      response.once('close', () => {
        last = monotonicMs()
        open.delete(response)
        if (open.size === 0) for (const resolve of waiting.splice(0)) resolve()
      })
    },
    quietMs: () => (open.size === 0 ? monotonicMs() - last : 0),
    finished: () => new Promise(resolve => (open.size === 0 ? resolve() : waiting.push(resolve))),
  }
}

function answerFault(response: ServerResponse, error: Error): void {
  if (response.headersSent || response.destroyed) return
  const body = {
    __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    message: `the embedded engine failed: ${error.message}`,
  }
  response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
}
