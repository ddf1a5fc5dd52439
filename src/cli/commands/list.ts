import type { LiveTable } from '../../table/live.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { place, withConnection } from '../connect.ts'
import { loadSettings } from '../load.ts'
import { readTable } from '../read-table.ts'
import { align } from '../report/format.ts'
import type { Result, TableRow } from '../report/report.ts'
import { concurrencyOf } from '../work-on.ts'

export const list: Command = {
  name: 'list',
  summary: 'list the tables at the target, with status, keys and indexes',
  takes: 'nothing',
  reads: 'config',
  contacts: true,
  examples: [['dynamox list --endpoint http://localhost:8000', 'the tables of DynamoDB Local']],
  run,
}

/** Every table at the target, with status, keys and indexes. */
async function run(invocation: Invocation): Promise<Result> {
  return withConnection(invocation, await loadSettings(invocation), async session => {
    const { connection, report, signal } = session
    const names = await connection.api.list({ signal })
    const live = await describeAll(session, names)
    const target = await connection.where()
    if (live.length === 0) report.note(`no tables ${place(target)}`)
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
async function describeAll(session: Session, names: readonly string[]): Promise<readonly LiveTable[]> {
  const { inParallel } = await import('../../apply/run-tables.ts')
  const { signal, connection, loaded } = session
  const found: (LiveTable | undefined)[] = []
  await inParallel(names, Math.min(16, concurrencyOf(session, loaded)), async (name, index) => {
    found[index] = await readTable(connection.api, name, { signal })
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
