import { randomUUID } from 'node:crypto'
import { exampleCredentials, localRegion } from '../table/local-credentials.ts'
import type { Allowed, LocalServer } from './engines/engine.ts'
import { allowedNothing } from './guard-requests.ts'
import { type Position, type SettleOptions, settle } from './settle.ts'
import type { Membership } from './sharing.ts'
import { type Engine, engineError, startEngine } from './start-engine.ts'
import { prepareStore, type StorePlace } from './store.ts'

export interface EmbeddedOptions {
  /** The folder that holds `.dynamox/local` (see `localRoot`), or that folder itself (see `storeFolder`). */
  readonly root: string
  /** Keep the data only in memory and do not share the engine: the tables are gone after `close`. */
  readonly inMemory?: boolean | undefined
  /** A port on 127.0.0.1; a free one when left out or 0. Ignored when a running engine is shared. */
  readonly port?: number | undefined
  /** The hosts it answers besides programs on this machine; none when left out. */
  readonly allowed?: Allowed | undefined
  /** How long a new table stays CREATING, in milliseconds; 0 when left out. */
  readonly createTableMs?: number | undefined
  /** How long a deleted table stays DELETING, in milliseconds; 0 when left out. */
  readonly deleteTableMs?: number | undefined
  /** How long a change of throughput stays UPDATING, in milliseconds; 0 when left out. */
  readonly updateTableMs?: number | undefined
  /**
   * How many times as fast as on AWS changes take effect; immediately when left out. Ignored when an engine is shared.
   */
  readonly speed?: number | undefined
  /** Whether the server keeps the process alive until `close`; false when left out, so that a command ends by itself. */
  readonly keepAlive?: boolean | undefined
}

/**
 * Starts the embedded engine (dynalite, in a thread of its own) on 127.0.0.1. Its store is in `<root>/.dynamox/local`
 * and has one engine at a time. If another process already serves it, that engine is shared; when it ends first, this
 * process takes over on the same endpoint. Throws DynamoxError: `config` (the store cannot be used, or is damaged),
 * `usage` (the port is in use), `conflict` (another process holds the store and does not answer).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<LocalServer> {
  const { port = 0, keepAlive = false, allowed = allowedNothing, speed } = options
  const { createTableMs = 0, deleteTableMs = 0, updateTableMs = 0 } = options
  const start = (instance: string, data: string | undefined) =>
    startEngine({ instance, data, allowed, speed, createTableMs, deleteTableMs, updateTableMs }, { keepAlive })
  if (options.inMemory === true) return serveAlone(start(randomUUID(), undefined), port)

  const place = prepareStore(options.root)
  const settling: SettleOptions = { port, keepAlive, allowed, start: instance => start(instance, place.data) }
  const stayed = stay(place, settling, await settle(place, settling))
  return {
    ...access(stayed.endpoint),
    get shared() {
      return stayed.shared()
    },
    close: once(stayed.leave),
  }
}

async function serveAlone(engine: Engine, port: number): Promise<LocalServer> {
  const report = await engine.open(port)
  if (report.kind === 'failed') {
    await engine.close()
    throw engineError(report, port, undefined)
  }
  return { ...access(`http://127.0.0.1:${report.port}`), shared: false, close: once(() => engine.close()) }
}

const access = (endpoint: string) => ({ endpoint, region: localRegion, credentials: exampleCredentials })

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

/** Keeps the endpoint of `first` alive: when its process ends before `leave` is called, this process takes over. */
function stay(place: StorePlace, options: SettleOptions, first: Position) {
  const endpoint = first.kind === 'holder' ? first.endpoint : first.membership.endpoint
  let position = first
  let spare: SettleOptions['spare']
  let leaving = false
  let moving: Promise<void> = Promise.resolve()

  const follow = (): void => {
    if (position.kind === 'holder') return
    const { membership } = position
    void membership.closing.then(() => getReady(membership))
    void membership.gone.then(() => {
      if (!leaving) moving = takeOver()
    })
  }
  // Load the engine, the slowest part of its start, while the other one still serves, so that the gap is only
  // milliseconds.
  const getReady = async (membership: Membership): Promise<void> => {
    if (leaving) return
    const instance = randomUUID()
    spare = { instance, engine: options.start(instance) }
    await spare.engine.loaded()
    membership.ready()
  }
  const takeOver = async (): Promise<void> => {
    const engine = spare
    spare = undefined
    try {
      position = await settle(place, { ...options, port: Number(new URL(endpoint).port), spare: engine })
      follow()
    } catch {
      // The endpoint is lost; its clients get a refused connection.
    }
  }
  follow()

  return {
    endpoint,
    shared: () => position.kind === 'member',
    leave: async () => {
      leaving = true
      await moving
      if (position.kind === 'holder') await position.engine.close(place.lock)
      else position.membership.leave()
      await spare?.engine.close()
    },
  }
}
