import { createHmac, randomBytes } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Allowed } from './engines/engine.ts'
import { allowedNothing } from './guard-requests.ts'
import type { Holder } from './lock.ts'

// Processes share an engine over its port. A user (another process) keeps a request open while it needs the engine, so
// that the engine notices when the user ends or crashes. Both sides prove that they have read the lock file: another
// program may use the port now, and any local program can call it.

/** A request here is answered for as long as its sender uses the engine; a line `closing` announces the engine's end. */
const usePath = '/.dynamox/use'
/** A request to this path says that a user is ready to take over. */
const readyPath = '/.dynamox/ready'
const nonceHeader = 'x-dynamox-nonce'
const proofHeader = 'x-dynamox-proof'
const allowHeader = 'x-dynamox-allow'

/** The other processes that use an engine, from the engine's side. */
export interface Users {
  /** Answers a request of a user; false for all other requests. */
  handles(request: IncomingMessage, response: ServerResponse): boolean
  /** Milliseconds since the last user joined; undefined without users. */
  presentMs(): number | undefined
  /** The hosts and origins that the current users allow. */
  allowed(): readonly Allowed[]
  /** Tells all users that the engine is ending; resolves when all have left or one can take over. */
  leave(): Promise<void>
}

/** Keeps track of the processes that use the engine called `instance`. */
export function welcomeUsers(instance: string): Users {
  const users = new Map<ServerResponse, Allowed>()
  let free: (() => void) | undefined
  let joined = 0

  const welcome = (request: IncomingMessage, response: ServerResponse, nonce: string) => {
    users.set(response, parseAllowed(request.headers[allowHeader]))
    joined = performance.now()
    response.once('close', () => {
      users.delete(response)
      if (users.size === 0) free?.()
    })
    response.writeHead(200, { 'Content-Type': 'text/plain', [proofHeader]: proofOf(instance, 'engine', nonce) })
    response.write(free === undefined ? 'welcome\n' : 'closing\n')
  }

  return {
    handles: (request, response) => {
      if (request.url !== usePath && request.url !== readyPath) return false
      const nonce = String(request.headers[nonceHeader])
      if (request.headers[proofHeader] !== proofOf(instance, 'user', nonce)) response.writeHead(403).end()
      else if (request.url === usePath) welcome(request, response, nonce)
      else {
        response.writeHead(204).end()
        free?.()
      }
      return true
    },
    presentMs: () => (users.size === 0 ? undefined : performance.now() - joined),
    allowed: () => [...users.values()],
    leave: () =>
      new Promise(resolve => {
        if (users.size === 0) return resolve()
        free = resolve
        for (const response of users.keys()) response.write('closing\n')
      }),
  }
}

/** This process's use of another process's engine. */
export interface Membership {
  readonly endpoint: string
  /** Resolves when the engine is about to end: get ready to take over. */
  readonly closing: Promise<void>
  /** Resolves when it has ended, or `leave` was called. */
  readonly gone: Promise<void>
  /** Tells the engine that this process can take over. */
  ready(): void
  leave(): void
}

/** `refused`: nothing, or another program, listens there; `silent`: the connection was accepted but not answered. */
export type NoMembership = 'refused' | 'silent'

const answerMs = 3000

/** Joins the users of the engine that `holder` serves at `endpoint`. Never throws. */
export function joinUsers(
  holder: Holder,
  endpoint: string,
  { keepAlive, allowed }: { readonly keepAlive: boolean; readonly allowed: Allowed },
): Promise<Membership | NoMembership> {
  return new Promise(resolve => {
    const nonce = randomBytes(16).toString('hex')
    const call = ask(holder, endpoint, usePath, nonce, { [allowHeader]: JSON.stringify(allowed) })
    call.setTimeout(answerMs, () => {
      resolve('silent')
      call.destroy()
    })
    call.on('error', () => resolve('refused'))
    call.on('response', response => {
      call.setTimeout(0)
      if (response.headers[proofHeader] !== proofOf(holder.instance, 'engine', nonce)) {
        call.destroy()
        return resolve('refused')
      }
      if (!keepAlive) response.socket.unref()
      resolve(membership(holder, endpoint, call, response))
    })
    call.end()
  })
}

function membership(holder: Holder, endpoint: string, call: ClientRequest, response: IncomingMessage): Membership {
  const closing = new Promise<void>(resolve => {
    response.setEncoding('utf8').on('data', (line: string) => {
      if (line.includes('closing')) resolve()
    })
  })
  const gone = new Promise<void>(resolve => {
    response.on('error', () => undefined)
    response.once('close', resolve)
  })
  return {
    endpoint,
    closing,
    gone,
    ready: () => {
      const message = ask(holder, endpoint, readyPath, randomBytes(16).toString('hex'))
      message.on('error', () => undefined)
      message.on('response', answer => answer.resume())
      message.end()
    },
    leave: () => {
      call.destroy()
    },
  }
}

/** Uses no agent: a kept-alive connection would count as another client when the engine ends. */
function ask({ instance }: Holder, endpoint: string, path: string, nonce: string, headers = {}): ClientRequest {
  const proof = proofOf(instance, 'user', nonce)
  return request(new URL(path, endpoint), {
    agent: false,
    headers: { ...headers, [nonceHeader]: nonce, [proofHeader]: proof },
  })
}

/** Includes the side, so that neither side can reuse the other's proof. */
const proofOf = (instance: string, side: 'engine' | 'user', nonce: string): string =>
  createHmac('sha256', instance).update(`${side} ${nonce}`).digest('hex')

function parseAllowed(header: string | readonly string[] | undefined): Allowed {
  return typeof header === 'string' ? { ...allowedNothing, ...JSON.parse(header) } : allowedNothing
}
