import type { LiveTable } from '../../table/live.ts'
import { place } from '../announce.ts'
import { loadSettings } from '../load.ts'
import { readTable } from '../read-table.ts'
import { align } from '../report/format.ts'
import type { Result, TableRow } from '../report/report.ts'
import type { Connection, Run } from '../run.ts'
import { concurrencyOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'

/** Every table at the target, with status, keys and indexes. */
export async function list(run: Run): Promise<Result> {
  const loaded = await loadSettings(run)
  return withConnection(run, loaded, async connection => {
    const names = await connection.api.list({ signal: run.signal })
    const live = await describeAll(run, connection, names, Math.min(16, concurrencyOf(run, loaded)))
    const target = await connection.where()
    if (live.length === 0) run.report.note(`no tables ${place(target)}`)
    const { summariseKeys } = await import('../../table/summarise.ts')
    return {
      exit: 0,
      target,
      tables: live.map(toRow),
      lines: style => {
        const rows = live.map(table => [
          table.definition.name,
          table.status,
          summariseKeys(table.definition),
          indexNames(table).join(', '),
        ])
        return align(style.signs && rows.length > 0 ? [['NAME', 'STATUS', 'KEYS', 'INDEXES'], ...rows] : rows)
      },
    }
  })
}

/** Tables that vanish between the two calls are left out. */
async function describeAll(
  { signal }: Run,
  { api }: Connection,
  names: readonly string[],
  width: number,
): Promise<readonly LiveTable[]> {
  const { inParallel } = await import('../../apply/in-parallel.ts')
  const found: (LiveTable | undefined)[] = []
  await inParallel(names, width, async (name, index) => {
    found[index] = await readTable(api, name, { signal })
  })
  return found.filter(table => table !== undefined)
}

function indexNames({ definition, indexes }: LiveTable): string[] {
  return [...definition.globalIndexes, ...definition.localIndexes].map(({ name }) => {
    const status = indexes[name]?.status ?? 'ACTIVE'
    return status === 'ACTIVE' ? name : `${name} (${status})`
  })
}

/** Keys in the short form of definitions: `pk:S`. */
function toRow({ definition, status, indexes }: LiveTable): TableRow {
  const keys = (index: Pick<LiveTable['definition'], 'partitionKey' | 'sortKey'>) => ({
    partitionKey: index.partitionKey.map(({ name, type }) => `${name}:${type}`),
    sortKey: index.sortKey.map(({ name, type }) => `${name}:${type}`),
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
    indexes: [...definition.globalIndexes.map(row('global')), ...definition.localIndexes.map(row('local'))],
  }
}
