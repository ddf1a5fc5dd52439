import { createHmac, randomBytes } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Allowed } from './engines/engine.ts'
import { allowedNothing } from './guard-requests.ts'
import type { Holder } from './lock.ts'

// How processes share an engine, over its own port. A user holds a request open for as long as it needs the engine, so
// that the system tells the engine when the user ends, however that happens. Both sides prove that they have read the
// lock: the port could belong to another program by now, and any local program can call it.

/** A request here is answered for as long as its sender uses the engine; a line `closing` announces the engine's end. */
const usePath = '/.dynamox/use'
/** A request here says that a user is ready to take over. */
const readyPath = '/.dynamox/ready'
const nonceHeader = 'x-dynamox-nonce'
const proofHeader = 'x-dynamox-proof'
const allowHeader = 'x-dynamox-allow'

/** The other processes that use an engine; the engine's side. */
export interface Users {
  /** Answers a request of a user; false for all other requests. */
  handles(request: IncomingMessage, response: ServerResponse): boolean
  /** Milliseconds since the last one joined; undefined when there is none. */
  presentMs(): number | undefined
  /** The hosts and origins that present users allow. */
  allowed(): readonly Allowed[]
  /** Tells all of them that the engine ends; resolves when none is left or one can take over. */
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

/** Our place among the users of another process's engine. */
export interface Membership {
  readonly endpoint: string
  /** Resolves when the engine is about to end: get ready to take over. */
  readonly closing: Promise<void>
  /** Resolves when it has ended, or `leave` was called. */
  readonly gone: Promise<void>
  /** Tells the engine that we can take over. */
  ready(): void
  leave(): void
}

/** `refused`: nothing listens there, or not that engine; `silent`: the call was accepted and not answered. */
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

/** Without an agent: a connection that is kept open would count as one more client when the engine ends. */
function ask({ instance }: Holder, endpoint: string, path: string, nonce: string, headers = {}): ClientRequest {
  const proof = proofOf(instance, 'user', nonce)
  return request(new URL(path, endpoint), {
    agent: false,
    headers: { ...headers, [nonceHeader]: nonce, [proofHeader]: proof },
  })
}

/** The side is part of it, so that neither can answer with what the other has sent. */
const proofOf = (instance: string, side: 'engine' | 'user', nonce: string): string =>
  createHmac('sha256', instance).update(`${side} ${nonce}`).digest('hex')

function parseAllowed(header: string | readonly string[] | undefined): Allowed {
  return typeof header === 'string' ? { ...allowedNothing, ...JSON.parse(header) } : allowedNothing
}
