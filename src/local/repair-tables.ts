import type { LevelDatabase, StoredTable } from 'dynalite/db/index.js'

/**
 * Completes what a stopped engine left half done: it moves a table on by timers, which a new start does not know of,
 * so that a table would stay CREATING for ever. Throughput that was on its way keeps its old value.
 */
export async function repairTables(database: LevelDatabase): Promise<void> {
  for await (const { name, table } of storedTables(database)) {
    if (table.TableStatus === 'DELETING') await dropTable(database, name)
    else if (isUnsettled(table)) await database.put(`table~${name}`, settled(table))
  }
}

/** All tables of a store, as they were when the walk began. */
export async function* storedTables(database: LevelDatabase): AsyncGenerator<{ name: string; table: StoredTable }> {
  for await (const [key, value] of database.iterator(keysOf('table'))) {
    if (isTable(value)) yield { name: key.slice('table~'.length), table: value }
  }
}

/** Keys are `<part>~...`; no table or index name holds a `~`, and DEL is the character behind it. */
export const keysOf = (part: string): { gte: string; lt: string } => ({ gte: `${part}~`, lt: `${part}\x7f` })

const isTable = (value: unknown): value is StoredTable =>
  typeof value === 'object' && value !== null && 'TableStatus' in value && typeof value.TableStatus === 'string'

const isUnsettled = (table: StoredTable): boolean =>
  table.TableStatus !== 'ACTIVE' || (table.GlobalSecondaryIndexes ?? []).some(index => index.IndexStatus !== 'ACTIVE')

function settled(table: StoredTable): StoredTable {
  const indexes = table.GlobalSecondaryIndexes?.map(index => ({ ...index, IndexStatus: 'ACTIVE' }))
  return { ...table, TableStatus: 'ACTIVE', ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }) }
}

/** The table's own record goes last: a stop in the middle is completed by the next start. */
async function dropTable(database: LevelDatabase, name: string): Promise<void> {
  for (const part of ['item-', 'tag-', 'index-local~', 'index-global~']) await database.clear(keysOf(`${part}${name}`))
  await database.del(`table~${name}`)
}
