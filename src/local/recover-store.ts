import type { LevelDatabase } from 'dynalite/db/index.js'
import { memberOf } from '../table/untyped.ts'
import { keysOf } from './database-keys.ts'
import type { Items } from './serve-items.ts'

// Older versions of dynamox set this key while they have the store open; it remains when they are killed.
const openMark = 'dynamox~open'

/** Completes the deletion of tables that a kill interrupted. Their records go last, so that it can be interrupted again. */
export async function completeDrops(database: LevelDatabase): Promise<void> {
  for await (const [key, table] of database.iterator(keysOf('table'))) {
    if (memberOf(table, 'TableStatus') !== 'DELETING') continue
    const name = key.slice('table~'.length)
    for (const part of ['item-', 'tag-', 'index-local~', 'index-global~']) await database.clear(keysOf(part + name))
    await database.batch([`dynamox~table~${name}`, key].map(each => ({ type: 'del', key: each })))
  }
}

/** Older versions did not write an item and its index entries as one change, so a kill left indexes that may be wrong. */
export async function repairIndexes(
  database: LevelDatabase,
  items: Pick<Items, 'buildIndex'>,
  indexes: Iterable<{ readonly table: string; readonly index: string }>,
): Promise<void> {
  if ((await database.get(openMark)) !== true) return
  for (const { table, index } of indexes) await items.buildIndex(table, index)
  await database.del(openMark)
}
