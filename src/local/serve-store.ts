import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { DynaliteOptions } from 'dynalite'
import type { LevelDatabase } from 'dynalite/db/index.js'
import { messageOf } from '../errors.ts'
import type { EngineFailure, EngineSettings } from './engine-messages.ts'
import { guardRequests, type Requests } from './guard-requests.ts'
import type { Dynalite } from './load-dynalite.ts'
import { releaseLock } from './lock.ts'
import { monotonicMs, pause } from './pause.ts'
import { recoverStore, sealStore } from './recover-store.ts'
import { type Users, welcomeUsers } from './users.ts'

/** A store that is served on `port`. */
export interface Serving {
  readonly port: number
  /** Lets users go on, ends what runs, writes everything down, then gives up `lock`. */
  close(lock: string | undefined): Promise<void>
}

/** Why an engine did not start, in the worker's own terms. */
export class EngineFailed extends Error {
  readonly reason: EngineFailure
  readonly code: string | undefined

  constructor(reason: EngineFailure, cause: unknown) {
    super(messageOf(cause))
    this.reason = reason
    this.code = codeOf(cause)
  }
}

// Commands of others that are under way are let finish; who is idle, or goes on and on, gets the store handed over.
const idleMs = 1500
const lingerMs = 30_000
const handOverMs = 3000
const lastRequestsMs = 5000

/** Opens the store, completes what a kill left half done, and listens on 127.0.0.1. Throws EngineFailed. */
export async function serveStore(dynalite: Dynalite, settings: EngineSettings, port: number): Promise<Serving> {
  const { server, database } = dynalite.create(optionsOf(settings))
  await openDatabase(database)
  try {
    await recoverStore(database, dynalite)
  } catch (cause) {
    await database.close()
    throw new EngineFailed('damaged', cause)
  }

  const users = welcomeUsers(settings.instance)
  const requests = guardRequests()
  interceptRequests(server, users, requests)
  // Clients keep their connections; one that we end for being idle meets their next request half-way.
  server.keepAliveTimeout = 0
  try {
    await listen(server, port)
  } catch (cause) {
    await sealStore(database)
    await database.close()
    throw new EngineFailed('port', cause)
  }

  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async lock => {
      await linger(users, requests)
      await Promise.race([users.leave(), pause(handOverMs)])
      stopListening(server)
      await Promise.race([requests.finished(), pause(lastRequestsMs)])
      await sealStore(database)
      await database.close()
      if (lock !== undefined) releaseLock(lock, settings.instance)
      server.closeAllConnections()
    },
  }
}

function optionsOf({ data, createTableMs, deleteTableMs, updateTableMs }: EngineSettings): DynaliteOptions {
  return { createTableMs, deleteTableMs, updateTableMs, ...(data === undefined ? {} : { path: data }) }
}

async function openDatabase(database: LevelDatabase): Promise<void> {
  try {
    await database.open()
  } catch (error) {
    // abstract-level wraps what was the matter in a plain "not open".
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw new EngineFailed(failureOf(codeOf(cause)), cause)
  }
}

function failureOf(code: string | undefined): EngineFailure {
  if (code === 'LEVEL_LOCKED') return 'locked'
  // What is there but not a database comes as "invalid argument", without a code.
  return code === 'LEVEL_CORRUPTION' || code === undefined ? 'damaged' : 'store'
}

async function linger(users: Users, requests: Requests): Promise<void> {
  const end = monotonicMs() + lingerMs
  while (monotonicMs() < end) {
    const present = users.presentMs()
    if (present === undefined || Math.min(present, requests.quietMs()) > idleMs) return
    await pause(10)
  }
}

function interceptRequests(server: Server, users: Users, requests: Requests): void {
  const answer = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (users.handles(request, response)) return
    requests.add(response)
    for (const listener of answer) Reflect.apply(listener, server, [request, response])
  })
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

// dynalite's own `close` would wait for every connection before it turns to the store.
function stopListening(server: Server): void {
  Server.prototype.close.call(server)
  server.closeIdleConnections()
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
