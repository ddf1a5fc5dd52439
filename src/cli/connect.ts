import type { TableApi } from '../apply/ports.ts'
import type { Target } from '../aws/target.ts'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import { shownPath } from '../load/shown-path.ts'
import type { LocalServer } from '../local/engines/engine.ts'
import { hasDirection, meantRegion } from '../table/region.ts'
import { namesOrCount } from '../table/text.ts'
import type { Connection, Invocation, Io, Session } from './command.ts'
import type { Report, ReportTarget } from './report/report.ts'

/** Connects, does the work, and closes the connection in any case. */
export async function withConnection<Value>(
  run: Invocation,
  loaded: Loaded,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const connection = await run.connect(run, loaded)
  const complete: Invocation['complete'] = (text, flags) => withEnvironments(run.complete(text, flags), run, loaded)
  try {
    return await work({ ...run, loaded, connection, complete })
  } catch (error) {
    // main adds the options of this run.
    throw isDynamoxError(error) ? completeError(error, text => withEnvironments(text, run, loaded)) : error
  } finally {
    await connection.close()
  }
}

/** Without a region, a config with environments often lacks only --env. */
function withEnvironments(text: string, { flags }: Invocation, { config }: Loaded): string {
  const names = Object.keys(config?.value.environments ?? {})
  if (names.length === 0 || flags.env !== undefined) return text
  return text.replace(/^give a region /, `choose an environment with --env (${names.join(', ')}), give a region `)
}

/** Adds this run's options to the commands in an error's hint and problems. */
export function completeError(error: DynamoxError, complete: Invocation['complete']): DynamoxError {
  const { code, message, place, table, cause } = error
  const hint = error.hint === undefined ? undefined : complete(error.hint)
  const problems = error.problems?.map(problem => ({ ...problem, message: complete(problem.message) }))
  return new DynamoxError(code, message, { hint, problems, place, table, cause })
}

/** Resolves the target, starts the embedded engine if that is the target, and creates its API. Sends no requests. */
export async function connect({ io, report }: Pick<Invocation, 'io' | 'report'>, loaded: Loaded): Promise<Connection> {
  const { resolveTarget } = await import('../aws/target.ts')
  const { createApi } = await import('../aws/create-api.ts')
  const wanted = resolveTarget(loaded.target, io.env)
  if (wanted.withheld === true) report.note(withheldNote(wanted, loaded, io))
  if (wanted.kind === 'aws' && wanted.region !== undefined) warnOfRegion(wanted.region, report)
  const server = wanted.kind === 'local' ? await startEngine(loaded, io.cwd) : undefined
  const target: Target =
    server === undefined
      ? wanted
      : { kind: 'local', endpoint: server.endpoint, region: server.region, credentials: server.credentials }
  const api = createApi(target)
  return connectionTo(api, target, async () => server?.close())
}

export function connectionTo(api: TableApi, target: Target, close = async (): Promise<void> => {}): Connection {
  return { api, target, where: () => locate(api, target), close }
}

/** Only warns: the region may be newer than this version. */
function warnOfRegion(region: string, report: Report): void {
  const meant = hasDirection(region) ? undefined : meantRegion(region)
  if (meant !== undefined) report.warn(`${region} is not a region that dynamox knows; did you mean ${meant}?`)
}

/**
 * A config from someone else (in a cloned repository) must not send the user's credentials to its endpoint without a
 * notice.
 */
function withheldNote({ endpoint }: Target, { config }: Loaded, { cwd }: Io): string {
  const file = config === undefined ? 'the config' : shownPath(config.path, cwd)
  return `${endpoint}, the endpoint in ${file}, gets AWS's example keys instead of your credentials; DYNAMOX_TRUST_CONFIG_ENDPOINT=1 sends yours`
}

/** The store is next to the config, or in the folder of the nearest package. */
async function startEngine(loaded: Loaded, cwd: string): Promise<LocalServer> {
  const { startEmbedded } = await import('../local/start-embedded.ts')
  const { dataRoot, storeFolder } = await import('../local/store.ts')
  return startEmbedded({ root: storeFolder(dataRoot(loaded, cwd)) })
}

/** The known parts of the target. AWS is not asked for the account, which is `null` until an answer shows it. */
async function locate(api: TableApi, target: Target): Promise<ReportTarget> {
  const identity = await api.identify({ account: 'if-known' })
  const isAws = target.kind === 'aws'
  return {
    kind: target.kind,
    region: identity.region,
    endpoint: isAws ? null : (target.endpoint ?? identity.endpoint ?? null),
    account: identity.account ?? null,
  }
}

/** Refuses an account that the config does not allow, before anything is changed. */
export async function guardAccount({ signal, loaded, connection }: Session): Promise<void> {
  const { checkAccount } = await import('../aws/identify.ts')
  const { allowedAccounts } = loaded
  await checkAccount(connection.api, { allowedAccounts, target: connection.target, signal })
}

/** Prints to stderr the action, the target and the config file used. */
export async function announce(session: Session, verb: string, names: readonly string[]): Promise<void> {
  session.report.note(
    `${verb} ${namesOrCount(names)} ${place(await session.connection.where())}${settingsSource(session)}`,
  )
}

/** `in eu-west-1, account 123456789012`, `at http://localhost:8000 (us-east-1)`, `on the embedded engine`. */
export function place({ kind, region, endpoint, account }: ReportTarget): string {
  if (kind === 'local') return `on the embedded engine (${endpoint ?? region})`
  if (kind === 'endpoint') return `at ${endpoint ?? 'the endpoint'}${region === '' ? '' : ` (${region})`}`
  return `in ${region === '' ? 'AWS' : region}${account === null ? '' : `, account ${account}`}`
}

function settingsSource({ io, flags, loaded }: Session): string {
  if (loaded.config === undefined) return ''
  const environment = flags.env === undefined ? '' : `, environment ${flags.env}`
  return `, config ${shownPath(loaded.config.path, io.cwd)}${environment}`
}
