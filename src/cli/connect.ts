import { dirname } from 'node:path'
import type { TableApi } from '../apply/ports.ts'
import type { Target } from '../aws/target.ts'
import type { Loaded } from '../load/load-options.ts'
import type { LocalServer } from '../local/engines/engine.ts'
import type { Io } from './io.ts'
import type { ReportTarget } from './report/report.ts'
import type { Connection } from './run.ts'

/** Resolves the target, starts the embedded engine where that is the target, and builds the port to it. Sends nothing. */
export async function connect({ io }: { readonly io: Io }, loaded: Loaded): Promise<Connection> {
  const { resolveTarget } = await import('../aws/target.ts')
  const { createApi } = await import('../aws/create-api.ts')
  const wanted = resolveTarget(loaded.target, io.env)
  const server = wanted.kind === 'local' ? await startEngine(loaded, io.cwd) : undefined
  const target: Target =
    server === undefined
      ? wanted
      : { kind: 'local', endpoint: server.endpoint, region: server.region, credentials: server.credentials }
  const api = createApi(target)
  return {
    api,
    target,
    where: () => locate(api, target),
    close: async () => server?.close(),
  }
}

/** The store lies beside the config, or in the folder of the nearest package. */
async function startEngine(loaded: Loaded, cwd: string): Promise<LocalServer> {
  const { startEmbedded } = await import('../local/start-embedded.ts')
  const { storeFolder } = await import('../local/store.ts')
  return startEmbedded({ root: storeFolder(loaded.config === undefined ? cwd : dirname(loaded.config.path)) })
}

/** Says where without asking AWS for the account; it is `null` until something showed it. */
export async function locate(api: TableApi, target: Target): Promise<ReportTarget> {
  const identity = await api.identify({ account: 'if-known' })
  const isAws = target.kind === 'aws'
  return {
    kind: target.kind,
    region: identity.region,
    endpoint: isAws ? null : (target.endpoint ?? identity.endpoint ?? null),
    account: identity.account ?? null,
  }
}
