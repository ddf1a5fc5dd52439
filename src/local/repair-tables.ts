import type { LevelDatabase } from 'dynalite/db/index.js'

/**
 * Completes what a stopped engine left half done: it moves a table on by timers, which a new start does not know of,
 * so that a table would stay CREATING for ever. Throughput that was on its way keeps its old value.
 * Returns the names of the tables that were touched.
 */
export async function repairTables(database: LevelDatabase): Promise<string[]> {
  const repaired: string[] = []
  for await (const [key, value] of database.iterator(keysOf('table'))) {
    if (!isTable(value)) continue
    const name = key.slice('table~'.length)
    if (value.TableStatus === 'DELETING') await dropTable(database, name)
    else if (isUnsettled(value)) await database.put(key, settled(value))
    else continue
    repaired.push(name)
  }
  return repaired
}

/** What the engine keeps of a table, as far as it moves. */
interface StoredTable {
  readonly TableStatus: string
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexStatus?: string }[]
}

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

/** Keys are `<part>~...`; no table or index name holds a `~`, and DEL is the character behind it. */
const keysOf = (part: string): { gte: string; lt: string } => ({ gte: `${part}~`, lt: `${part}\x7f` })
