import type { TableApi } from '../apply/ports.ts'
import { isLocalTarget } from '../aws/endpoint.ts'
import type { Target } from '../aws/target.ts'
import { DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { namesOrCount } from '../table/text.ts'
import type { Invocation, Session } from './command.ts'
import { place } from './connect.ts'
import type { Result } from './report/report.ts'
import { concurrencyOf } from './work-on.ts'

/** The config's prefix and suffix of every table name; each may be empty. */
export interface Affixes {
  readonly prefix: string
  readonly suffix: string
}

/** The name without prefix and suffix; `undefined` for a table that does not have them. */
export function baseNameOf(name: string, { prefix, suffix }: Affixes): string | undefined {
  const inner = name.slice(prefix.length, name.length - suffix.length)
  return `${prefix}${inner}${suffix}` === name && inner !== '' ? inner : undefined
}

/** The names of all tables at the target that have the prefix and suffix of the config. */
export async function liveNames({ connection, signal, report }: Session, affixes: Affixes): Promise<readonly string[]> {
  const names = await connection.api.list({ signal })
  const own = names.filter(name => baseNameOf(name, affixes) !== undefined)
  const others = names.length - own.length
  if (others > 0) report.note(`left out: ${others} of ${names.length} tables, which lack ${affixText(affixes)}`)
  if (own.length > 0) return own
  throw new DynamoxError('usage', `no tables found ${place(await connection.where())}`, {
    hint: others > 0 ? 'name the tables to use' : whyEmpty[connection.target.kind],
  })
}

const whyEmpty: Readonly<Record<Target['kind'], string>> = {
  aws: 'check --region and --profile',
  endpoint: 'check --endpoint and --region',
  local: 'dynamox create creates the tables of models and config',
}

/**
 * The end of a sentence about a table that does not exist: an existing one that may be meant, at a local target; AWS is
 * not asked for its list.
 */
export async function suggestExisting({ connection, signal }: Session, missing: string): Promise<string> {
  if (!isLocalTarget(connection.target)) return ''
  const soon = AbortSignal.any([signal, AbortSignal.timeout(1_000)])
  const existing = await connection.api.listWithin(1, { signal: soon }).catch(() => undefined)
  return suggestion(missing, existing ?? [])
}

// More missing tables are not typos; they were not created yet.
const mostSuggested = 3

/** Suggests existing tables for names on the command line that do not exist. */
export async function suggestForMissing(session: Session, { tables = [] }: Result): Promise<void> {
  const missing = tables.filter(({ action }) => action === 'missing' || action === 'absent')
  if (session.names.length === 0 || missing.length > mostSuggested) return
  for (const { name } of missing) {
    const meant = await suggestExisting(session, name)
    if (meant !== '') session.report.note(`${name} does not exist${meant}`)
  }
}

function affixText({ prefix, suffix }: Affixes): string {
  const parts = [prefix === '' ? [] : [`the prefix ${prefix}`], suffix === '' ? [] : [`the suffix ${suffix}`]]
  return parts.flat().join(' and ')
}

/**
 * The tables as they are now, with every setting, in the order of `names`; tables that do not exist are left out.
 * Settings that could not be read are warned about.
 */
export async function readLiveTables(session: Session, names: readonly string[]): Promise<readonly LiveTable[]> {
  const { connection, report, signal, flags } = session
  const { readWhole } = await import('../apply/wait.ts')
  return whileReading(session, 'Reading', names, () =>
    readEach(session, names, async name => {
      const { live, failed } = await readWhole(name, connection.api, { signal, timeoutMs: flags.timeout })
      if (failed?.error !== undefined) throw failed.error
      for (const message of live?.warnings ?? []) report.warn(message, name)
      return live
    }),
  )
}

/** Reads tables side by side. The result is in the order of `names`, without those for which `read` finds nothing. */
export async function readEach(
  session: Session,
  names: readonly string[],
  read: (name: string) => Promise<LiveTable | undefined>,
): Promise<readonly LiveTable[]> {
  const { inParallel } = await import('../apply/run-tables.ts')
  const found: (LiveTable | undefined)[] = []
  await inParallel(names, Math.min(16, concurrencyOf(session)), async (name, at) => {
    found[at] = await read(name)
  })
  return found.filter(live => live !== undefined)
}

interface Details {
  readonly fields?: readonly FollowUpField[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** The table as it is now; temporary failures are retried for about six seconds. */
export async function readTable(api: TableApi, name: string, { fields, signal }: Details) {
  const { patiently } = await import('../aws/session.ts')
  return patiently(() => api.describe(name, fields, { signal }), { subject: name, table: name, signal })
}

/** Looks at tables, with a spinner or a line every 30 s while the target takes its time. */
export async function whileReading<Value>(
  { report }: Pick<Invocation, 'report'>,
  verb: string,
  names: readonly string[],
  work: () => Promise<Value>,
): Promise<Value> {
  report.begin({ verb, counted: 'read', names: [namesOrCount(names)] })
  try {
    return await work()
  } finally {
    report.finish([])
  }
}
