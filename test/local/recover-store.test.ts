import { expect, test } from 'vitest'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { loadTables } from '../../src/local/table-records.ts'

const dynalite = await loadDynalite()

/** A database in memory that holds `entries`. */
async function databaseOf(entries: Record<string, unknown>) {
  const { db } = dynalite.create({}).store
  await db.open()
  for (const [key, value] of Object.entries(entries)) await db.put(key, value)
  return db
}
type Database = Awaited<ReturnType<typeof databaseOf>>

const contents = async (database: Database) => {
  const found: Record<string, unknown> = {}
  for await (const [key, value] of database.iterator({ gte: '', lt: '\x7f' })) found[key] = value
  return found
}

test('a table DELETING is removed with everything that belongs to it, and nothing else', async () => {
  const parts = ['item-users~1', 'tag-users~a', 'index-local~users~by~1', 'index-global~users~by~1']
  const kept = {
    'table~users2': { TableStatus: 'ACTIVE' },
    'table~rubbish': 'rubbish',
    'dynamox~table~users2': {},
    'item-users2~1': {},
    'index-global~users.b~by~1': {},
    'tag-user~a': 1,
  }
  const database = await databaseOf({
    'table~users': { TableStatus: 'DELETING' },
    'dynamox~table~users': {},
    ...Object.fromEntries(parts.map(key => [key, {}])),
    ...kept,
  })
  await loadTables(database)
  expect(await contents(database)).toEqual(kept)
})
