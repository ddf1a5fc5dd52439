import { randomUUID } from 'node:crypto'
import { exampleCredentials, localRegion } from '../table/local-credentials.ts'
import { startEngine } from './engine.ts'
import { engineFailure } from './engine-failure.ts'
import type { EmbeddedOptions, LocalServer } from './local-server.ts'
import { type SettleOptions, settle } from './settle.ts'
import { stay } from './stay.ts'
import { prepareStore } from './store.ts'

/**
 * Starts the embedded engine (dynalite, in a thread of its own) on 127.0.0.1. Its store is kept in `<root>/.dynamox/local`
 * and has one engine at a time: where another process serves it already, that one is used, and taken over from, on the
 * same endpoint, when it ends first.
 * Throws DynamoxError: `config` (the store cannot be used, or is damaged), `usage` (the port is taken), `conflict`
 * (another process holds the store and does not answer).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<LocalServer> {
  const port = options.port ?? 0
  const keepAlive = options.keepAlive ?? false
  const start = (instance: string, data: string | undefined) =>
    startEngine({ instance, data, ...durations(options) }, { keepAlive })
  if (options.inMemory === true) return serveAlone(start(randomUUID(), undefined), port)

  const place = prepareStore(options.root)
  const settling: SettleOptions = { port, keepAlive, start: instance => start(instance, place.data) }
  const stayed = stay(place, settling, await settle(place, settling))
  return {
    ...access(stayed.endpoint),
    get shared() {
      return stayed.shared()
    },
    close: once(stayed.leave),
  }
}

async function serveAlone(engine: ReturnType<typeof startEngine>, port: number): Promise<LocalServer> {
  const report = await engine.open(port)
  if (report.kind === 'failed') {
    await engine.close()
    throw engineFailure(report, port, undefined)
  }
  return { ...access(`http://127.0.0.1:${report.port}`), shared: false, close: once(() => engine.close()) }
}

const access = (endpoint: string) => ({ endpoint, region: localRegion, credentials: exampleCredentials })

const durations = ({ createTableMs = 0, deleteTableMs = 0, updateTableMs = 0 }: EmbeddedOptions) => ({
  createTableMs,
  deleteTableMs,
  updateTableMs,
})

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
