import { once } from 'node:events'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { LevelDatabase } from 'dynalite/db/index.js'
import { messageOf } from '../errors.ts'
import { memberOf } from '../table/untyped.ts'
import { awsPace, fixedPace } from './control-plane/pace.ts'
import { admit, guardRequests, type Requests } from './guard-requests.ts'
import type { Dynalite } from './load-dynalite.ts'
import { releaseLock } from './lock.ts'
import { type Pace, serveTables, type Tables } from './serve-tables.ts'
import { type Users, welcomeUsers } from './sharing.ts'
import type { EngineFailure, EngineSettings } from './start-engine.ts'

/** A store being served on `port`. */
export interface Serving {
  readonly port: number
  /** Lets users finish, ends the running requests, writes all data to disk, then releases `lock`. */
  close(lock: string | undefined): Promise<void>
}

/** Why an engine did not start, inside the worker. */
export class EngineFailed extends Error {
  readonly reason: EngineFailure['reason']
  readonly code: string | undefined

  constructor(reason: EngineFailure['reason'], cause: unknown) {
    super(messageOf(cause))
    this.reason = reason
    this.code = codeOf(cause)
  }
}

// Other processes get time to finish their commands; an idle or long-running process takes over the store instead.
const idleMs = 1500
const lingerMs = 30_000
const handOverMs = 3000
const lastRequestsMs = 5000

/** Opens and repairs the store, and listens on 127.0.0.1. Throws EngineFailed. */
export async function serveStore(dynalite: Dynalite, settings: EngineSettings, port: number): Promise<Serving> {
  const { server, store } = dynalite.create(settings.data === undefined ? {} : { path: settings.data })
  const database = store.db
  await openDatabase(database)
  let tables: Tables
  try {
    tables = await serveTables(dynalite, store, paceOf(settings), settings.data !== undefined)
  } catch (cause) {
    await database.close()
    throw new EngineFailed('damaged', cause)
  }

  const users = welcomeUsers(settings.instance)
  const requests = guardRequests()
  interceptRequests(server, users, requests, tables, settings)
  // Do not close idle connections: a client may send its next request at that moment.
  server.keepAliveTimeout = 0
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    await tables.close()
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
      await tables.close()
      await database.close()
      if (lock !== undefined) releaseLock(lock, settings.instance)
      server.closeAllConnections()
    },
  }
}

const paceOf = ({ speed, createTableMs, deleteTableMs, updateTableMs }: EngineSettings): Pace =>
  speed === undefined ? fixedPace(createTableMs, deleteTableMs, updateTableMs) : awsPace(speed)

async function openDatabase(database: LevelDatabase): Promise<void> {
  try {
    await database.open()
  } catch (error) {
    // abstract-level wraps the reason in a plain "not open".
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw new EngineFailed(reasonOf(codeOf(cause)), cause)
  }
}

function reasonOf(code: string | undefined): EngineFailure['reason'] {
  if (code === 'LEVEL_LOCKED') return 'locked'
  // Files that are not a database are reported as "invalid argument", without a code.
  return code === 'LEVEL_CORRUPTION' || code === undefined ? 'damaged' : 'store'
}

async function linger(users: Users, requests: Requests): Promise<void> {
  const end = performance.now() + lingerMs
  while (performance.now() < end) {
    const present = users.presentMs()
    if (present === undefined || Math.min(present, requests.quietMs()) > idleMs) return
    await pause(10)
  }
}

/** The header by which dynamox tells its own engine from a plain dynalite, and its pace. */
const engineHeader = 'x-dynamox-engine'

function interceptRequests(
  server: Server,
  users: Users,
  requests: Requests,
  tables: Tables,
  { allowed, speed }: EngineSettings,
): void {
  const engine = speed === undefined ? 'embedded' : 'embedded, realistic'
  const answer = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (users.handles(request, response) || !admit(request, response, [allowed, ...users.allowed()])) return
    requests.add(response)
    response.setHeader(engineHeader, engine)
    if (tables.handles(request, response)) return
    for (const listener of answer) Reflect.apply(listener, server, [request, response])
  })
}

// dynalite's own `close` would wait for every connection before it closes the store.
function stopListening(server: Server): void {
  Server.prototype.close.call(server)
  server.closeIdleConnections()
}

function codeOf(error: unknown): string | undefined {
  const code = memberOf(error, 'code')
  return typeof code === 'string' ? code : undefined
}
