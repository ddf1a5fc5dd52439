import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Holder } from './lock.ts'
import { instanceHeader, readyPath, usePath } from './users.ts'

/** Our place among the users of another process's engine. */
export interface Membership {
  readonly endpoint: string
  /** Resolves when the engine is about to end: somebody should get ready to take over. */
  readonly closing: Promise<void>
  /** Resolves when it has ended, or `leave` was called. */
  readonly gone: Promise<void>
  /** Says that we can take over. */
  ready(): void
  leave(): void
}

/** `refused`: nobody there, or not that engine; `silent`: it took the call and said nothing. */
export type NoMembership = 'refused' | 'silent'

const answerMs = 3000

/** Joins the users of the engine that `holder` serves. Never throws. */
export function joinUsers(
  holder: Holder & { endpoint: string },
  keepAlive: boolean,
): Promise<Membership | NoMembership> {
  return new Promise(resolve => {
    const call = ask(holder, usePath)
    call.setTimeout(answerMs, () => {
      resolve('silent')
      call.destroy()
    })
    call.on('error', () => resolve('refused'))
    call.on('response', response => {
      call.setTimeout(0)
      if (response.statusCode !== 200 || response.headers[instanceHeader] !== holder.instance) {
        call.destroy()
        return resolve('refused')
      }
      if (!keepAlive) response.socket.unref()
      resolve(membership(holder, call, response))
    })
    call.end()
  })
}

function membership(holder: Holder & { endpoint: string }, call: ClientRequest, response: IncomingMessage): Membership {
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
    endpoint: holder.endpoint,
    closing,
    gone,
    ready: () => {
      const message = ask(holder, readyPath)
      message.on('error', () => undefined)
      message.on('response', answer => answer.resume())
      message.end()
    },
    leave: () => {
      call.destroy()
    },
  }
}

// Without an agent: a kept connection would count as one more client when the engine ends.
const ask = (holder: Holder & { endpoint: string }, path: string): ClientRequest =>
  request(new URL(path, holder.endpoint), { agent: false, headers: { [instanceHeader]: holder.instance } })
