import { setMaxListeners } from 'node:events'
import { DynamoxError, isDynamoxError } from '../../errors.ts'
import type { LiveTable } from '../../table/live.ts'
import { formatKey, summariseKeys } from '../../table/parse-key.ts'
import { placedNames, placedVectorIndexes } from '../../table/rules/rule.ts'
import { formatDuration } from '../../table/text.ts'
import type { Command, Session } from '../command.ts'
import { announce, place, withConnection } from '../connect.ts'
import { exitCodes, worstExit } from '../exit-code.ts'
import { readEach, readTable, whileReading } from '../live-tables.ts'
import { loadSettings } from '../load.ts'
import { errorDocument } from '../report/json-report.ts'
import { align } from '../report/lines.ts'
import type { Grid, TableRow } from '../report/report.ts'

export const list: Command = {
  name: 'list',
  summary: 'list the tables at the target, with status, keys and indexes',
  takes: 'nothing',
  reads: 'config',
  contacts: true,
  otherWords: ['ls', 'tables', 'list-tables', 'dir'],
  insteadOfNames: ([name]) => `dynamox describe ${name} shows one table`,
  examples: [['dynamox list --endpoint http://localhost:8000', 'the tables of DynamoDB Local']],

  /** Every table at the target, with status, keys and indexes. A table that cannot be described does not hide the others. */
  async run(invocation) {
    return withConnection(invocation, await loadSettings(invocation), async session => {
      const { connection, report } = session
      await announce(session, 'Listing', ['tables'])
      const { found, failed } = await whileReading(session, 'Listing', ['tables'], () =>
        withDeadline(session, flagTimeout(session), signal => describeAll(session, signal)),
      )
      const target = await connection.where()
      if (found.length + failed.length === 0) report.note(`no tables ${place(target)}`)
      for (const { name, error } of failed.slice(0, 5)) report.warn(`${name} could not be described: ${error.message}`)
      if (failed.length > 5) report.warn(`${failed.length - 5} more tables could not be described`)
      const error = failed[0]?.error
      const isGlobal = found.some(({ replicaStatuses }) => replicaStatuses !== undefined)
      const rows = found.map(table => [
        table.definition.name,
        table.status,
        summariseKeys(table.definition),
        indexNames(table).join(', '),
        ...(isGlobal ? [replicaNames(table).join(', ')] : []),
      ])
      const grid: Grid = {
        columns: ['NAME', 'STATUS', 'KEYS', 'INDEXES', ...(isGlobal ? ['REPLICAS'] : [])],
        rows: [...rows, ...failed.map(({ name }) => [name, 'unknown', '', ''])].sort(byName),
      }
      return {
        exit: worstExit(failed.map(each => exitCodes[each.error.code])),
        target,
        error,
        tables: [...found.map(toRow), ...failed.map(toFailedRow)],
        grid,
        lines: style => align(style.signs && grid.rows.length > 0 ? [grid.columns, ...grid.rows] : grid.rows),
      }
    })
  },

  async calls(run) {
    const { callsOfReading } = await import('../print-policy.ts')
    return [await callsOfReading(run, await loadSettings(run), {})]
  },
}

const usualTimeoutMs = 60_000

const flagTimeout = ({ flags }: Session) => flags.timeout ?? usualTimeoutMs
const byName = ([a = '']: readonly string[], [b = '']: readonly string[]) => (a < b ? -1 : 1)

interface Described {
  readonly found: readonly LiveTable[]
  readonly failed: readonly Failed[]
}

interface Failed {
  readonly name: string
  readonly error: DynamoxError
}

/** Tables that are deleted between the two calls are left out. */
async function describeAll(session: Session, signal: AbortSignal): Promise<Described> {
  const { api } = session.connection
  const failed: Failed[] = []
  const found = await readEach(session, await api.list({ signal }), async name => {
    try {
      return await readTable(api, name, { signal })
    } catch (error) {
      if (!isDynamoxError(error) || signal.aborted) throw error
      failed.push({ name, error })
      return undefined
    }
  })
  return { found, failed }
}

/** Aborts the work after `ms`. Throws `timeout`. */
async function withDeadline<Value>(
  { signal, command }: Session,
  ms: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = AbortSignal.timeout(ms)
  const both = AbortSignal.any([signal, deadline])
  setMaxListeners(0, both)
  // A request may ignore the signal; do not wait for it.
  const late = new Promise<never>((_, reject) =>
    both.addEventListener('abort', () => reject(both.reason), { once: true }),
  )
  try {
    return await Promise.race([work(both), late])
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error
    throw new DynamoxError('timeout', `${command.name} timed out after ${formatDuration(ms)}`, {
      hint: 'give it more time with --timeout, or check the endpoint and the network',
      cause: error,
    })
  }
}

function toFailedRow({ name, error }: Failed): TableRow {
  return { name, action: 'failed', error: errorDocument(error) }
}

function indexNames({ definition, indexes }: LiveTable): string[] {
  return placedNames(definition).map(({ name }) => {
    const status = indexes[name]?.status ?? 'ACTIVE'
    return status === 'ACTIVE' ? name : `${name} (${status})`
  })
}

/** The regions of the other copies; those that are not ACTIVE with their status. */
function replicaNames({ replicaStatuses = {} }: LiveTable): string[] {
  return Object.entries(replicaStatuses).map(([region, status]) =>
    status === 'ACTIVE' ? region : `${region} (${status})`,
  )
}

/** Keys in the short form of definitions: `pk:S`. */
function toRow({ definition, status, indexes, replicaStatuses }: LiveTable): TableRow {
  const keys = (index: Pick<LiveTable['definition'], 'partitionKey' | 'sortKey'>) => ({
    partitionKey: index.partitionKey.map(formatKey),
    sortKey: index.sortKey.map(formatKey),
  })
  const row = (kind: 'global' | 'local') => (index: LiveTable['definition']['localIndexes'][number]) => ({
    name: index.name,
    kind,
    ...keys(index),
    projection: index.projection,
    status: indexes[index.name]?.status ?? status,
  })
  return {
    name: definition.name,
    status,
    keys: keys(definition),
    indexes: [
      ...definition.globalIndexes.map(row('global')),
      ...definition.localIndexes.map(row('local')),
      ...placedVectorIndexes(definition).map(({ name, index: { partitionKey, filters, ...index } }) => ({
        name,
        kind: 'vector',
        ...index,
        partitionKey: partitionKey.map(formatKey),
        filters: filters.map(formatKey),
        status: indexes[name]?.status ?? status,
      })),
    ],
    ...(replicaStatuses === undefined
      ? {}
      : { replicas: Object.entries(replicaStatuses).map(([region, its]) => ({ region, status: its })) }),
  }
}
