import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs } from './pause.ts'

/** Where another process says that it uses the engine: a response that never ends, so that the system tells when that process does. */
export const usePath = '/.dynamox/use'
/** Where a user that was told of the end says that it can take over. */
export const readyPath = '/.dynamox/ready'
export const instanceHeader = 'x-dynamox-instance'

/** The other processes that use an engine. */
export interface Users {
  /** Answers a request that is not DynamoDB's; false for all others. */
  handles(request: IncomingMessage, response: ServerResponse): boolean
  /** Milliseconds since the last one joined; undefined when there is none. */
  presentMs(): number | undefined
  /** Tells all of them that the engine ends; resolves when none is left or one can take over. */
  leave(): Promise<void>
}

/** Keeps account of those who use the engine called `instance`. */
export function welcomeUsers(instance: string): Users {
  const users = new Set<ServerResponse>()
  let free: (() => void) | undefined
  let joined = 0

  const welcome = (response: ServerResponse) => {
    users.add(response)
    joined = monotonicMs()
    response.once('close', () => {
      users.delete(response)
      if (users.size === 0) free?.()
    })
    response.writeHead(200, { 'Content-Type': 'text/plain', [instanceHeader]: instance })
    response.write(free === undefined ? 'welcome\n' : 'closing\n')
  }

  return {
    handles: (request, response) => {
      if (request.url !== usePath && request.url !== readyPath) return false
      if (request.headers[instanceHeader] !== instance) response.writeHead(409).end()
      else if (request.url === usePath) welcome(response)
      else {
        response.writeHead(204).end()
        free?.()
      }
      return true
    },
    presentMs: () => (users.size === 0 ? undefined : monotonicMs() - joined),
    leave: () =>
      new Promise(resolve => {
        if (users.size === 0) return resolve()
        free = resolve
        for (const response of users) response.write('closing\n')
      }),
  }
}
