import type { LevelDatabase } from 'dynalite/db/index.js'
import type { Dynalite } from './load-dynalite.ts'
import { keysOf, repairTables, storedTables } from './repair-tables.ts'

// There from the opening of a store to its orderly end.
const openMark = 'dynamox~open'
const batchSize = 500

/** Puts a store that was just opened in order; how much there is to do depends on how it was left. */
export async function recoverStore(database: LevelDatabase, dynalite: Dynalite): Promise<void> {
  await repairTables(database)
  if ((await database.get(openMark)) === true) await rebuildIndexes(database, dynalite)
  await database.put(openMark, true)
}

/** Says that the store was left in order; the last thing before it is closed. */
export const sealStore = (database: LevelDatabase): Promise<void> => database.del(openMark)

/**
 * An item and its index entries are written one after the other: a kill in between leaves entries of items that are
 * not there, or items that no index knows.
 */
async function rebuildIndexes(database: LevelDatabase, dynalite: Dynalite): Promise<void> {
  for await (const { name, table } of storedTables(database)) {
    const { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] } = table
    if (local.length + global.length === 0) continue
    for (const kind of ['local', 'global']) await database.clear(keysOf(`index-${kind}~${name}`))
    for await (const items of batches(database.iterator(keysOf(`item-${name}`)))) {
      const entries = (kind: string, indexes: typeof local) =>
        items.flatMap(item => dynalite.indexEntries(indexes, item, table)).map(entry => put(kind, name, entry))
      await database.batch([...entries('local', local), ...entries('global', global)])
    }
  }
}

const put = (kind: string, table: string, { index, key, item }: ReturnType<Dynalite['indexEntries']>[number]) => ({
  type: 'put' as const,
  key: `index-${kind}~${table}~${index}~${key}`,
  value: item,
})

async function* batches(entries: AsyncIterable<[key: string, value: unknown]>): AsyncGenerator<unknown[]> {
  let batch: unknown[] = []
  for await (const [, value] of entries) {
    batch.push(value)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
