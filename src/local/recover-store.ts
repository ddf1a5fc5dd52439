import type { IndexEntry, LevelDatabase, StoredIndex, StoredItem, StoredTable } from 'dynalite/db/index.js'
import { isRecord, memberOf } from '../table/untyped.ts'
import { batches, keysOf } from './database-keys.ts'
import type { Dynalite } from './load-dynalite.ts'

// This key exists while a store is open; it remains after a crash.
const openMark = 'dynamox~open'
const batchSize = 500

/** Repairs a store after opening: completes operations that a kill interrupted. */
export async function recoverStore(database: LevelDatabase, dynalite: Dynalite): Promise<void> {
  await settleTables(database)
  if ((await database.get(openMark)) === true) await rebuildIndexes(database, dynalite)
  await database.put(openMark, true)
}

/** Marks the store as closed properly; the last step before closing. */
export const sealStore = (database: LevelDatabase): Promise<void> => database.del(openMark)

/**
 * dynalite changes table statuses by timers, which end with its process; without this, a table would stay CREATING
 * forever. A throughput change in progress is dropped.
 */
async function settleTables(database: LevelDatabase): Promise<void> {
  for await (const { name, table } of storedTables(database)) {
    if (table.TableStatus === 'DELETING') await dropTable(database, name)
    else if (isUnsettled(table)) await database.put(`table~${name}`, settled(table))
  }
}

/** Deletes the table's record last, so that the next start completes an interrupted drop. */
async function dropTable(database: LevelDatabase, name: string): Promise<void> {
  for (const part of ['item-', 'tag-', 'index-local~', 'index-global~']) await database.clear(keysOf(`${part}${name}`))
  await database.del(`table~${name}`)
}

/**
 * An item and its index entries are not written atomically: a kill may leave entries without an item, or items missing
 * in an index.
 */
async function rebuildIndexes(database: LevelDatabase, dynalite: Dynalite): Promise<void> {
  for await (const { name, table } of storedTables(database)) {
    const { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] } = table
    if (local.length + global.length === 0) continue
    for (const kind of ['local', 'global']) await database.clear(keysOf(`index-${kind}~${name}`))
    for await (const items of batches(database.iterator(keysOf(`item-${name}`)), batchSize)) {
      const entriesOf = (indexes: readonly StoredIndex[], [, item]: readonly [string, unknown]) =>
        isItem(item) ? dynalite.functions.getIndexActions(indexes, undefined, item, table).puts : []
      const entries = (kind: string, indexes: readonly StoredIndex[]) =>
        items.flatMap(item => entriesOf(indexes, item)).map(entry => put(kind, name, entry))
      await database.batch([...entries('local', local), ...entries('global', global)])
    }
  }
}

/** All tables of a store, from a snapshot at the start of the iteration. */
async function* storedTables(database: LevelDatabase): AsyncGenerator<{ name: string; table: StoredTable }> {
  for await (const [key, value] of database.iterator(keysOf('table'))) {
    if (isTable(value)) yield { name: key.slice('table~'.length), table: value }
  }
}

const isItem = (value: unknown): value is StoredItem => isRecord(value)

const isTable = (value: unknown): value is StoredTable => typeof memberOf(value, 'TableStatus') === 'string'

const isUnsettled = (table: StoredTable): boolean =>
  table.TableStatus !== 'ACTIVE' || (table.GlobalSecondaryIndexes ?? []).some(index => index.IndexStatus !== 'ACTIVE')

function settled(table: StoredTable): StoredTable {
  const indexes = table.GlobalSecondaryIndexes?.map(index => ({ ...index, IndexStatus: 'ACTIVE' }))
  return { ...table, TableStatus: 'ACTIVE', ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }) }
}

const put = (kind: string, table: string, { index, key, item }: IndexEntry) => ({
  type: 'put' as const,
  key: `index-${kind}~${table}~${index}~${key}`,
  value: item,
})
