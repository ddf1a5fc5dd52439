import { expect, test } from 'vitest'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { recoverStore, sealStore } from '../../src/local/recover-store.ts'

const dynalite = await loadDynalite()

/** A database in memory that holds `entries`. */
async function databaseOf(entries: Record<string, unknown>) {
  const { db: database } = dynalite.create({}).store
  await database.open()
  for (const [key, value] of Object.entries(entries)) await database.put(key, value)
  return database
}
type Database = Awaited<ReturnType<typeof databaseOf>>

const contents = async (database: Database) => {
  const found: Record<string, unknown> = {}
  for await (const [key, value] of database.iterator({ gte: '', lt: '\x7f' })) found[key] = value
  return found
}
const mark = { 'dynamox~open': true }

test.each([
  ['a table CREATING', { TableStatus: 'CREATING', n: 1 }, { TableStatus: 'ACTIVE', n: 1 }],
  ['a table UPDATING', { TableStatus: 'UPDATING' }, { TableStatus: 'ACTIVE' }],
  ['a table ACTIVE', { TableStatus: 'ACTIVE', n: 1 }, { TableStatus: 'ACTIVE', n: 1 }],
  [
    'an index that is being changed',
    { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'by', IndexStatus: 'UPDATING' }] },
    { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'by', IndexStatus: 'ACTIVE' }] },
  ],
  ['an unknown record', 'rubbish', 'rubbish'],
])('%s', async (_, before, after) => {
  const database = await databaseOf({ 'table~users': before })
  await recoverStore(database, dynalite)
  expect(await contents(database)).toEqual({ 'table~users': after, ...mark })
})

test('a table DELETING is removed with everything that belongs to it, and nothing else', async () => {
  const parts = ['item-users~1', 'tag-users~a', 'index-local~users~by~1', 'index-global~users~by~1']
  const kept = {
    'table~users2': { TableStatus: 'ACTIVE' },
    'item-users2~1': {},
    'index-global~users.b~by~1': {},
    'tag-user~a': 1,
  }
  const database = await databaseOf({
    'table~users': { TableStatus: 'DELETING' },
    ...Object.fromEntries(parts.map(key => [key, {}])),
    ...kept,
  })
  await recoverStore(database, dynalite)
  expect(await contents(database)).toEqual({ ...kept, ...mark })
})

const users = {
  TableName: 'users',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: ['pk', 'by', 'at'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-by',
      IndexStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'by-at',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
}
const ann = { pk: { S: 'ann' }, by: { S: 'x' }, at: { S: '1' } }
const bob = { pk: { S: 'bob' }, n: { N: '1' } }
const store = {
  'table~users': users,
  'item-users~ann': ann,
  'item-users~bob': bob,
  // An entry whose item was never written.
  'index-global~users~by-by~stray': { pk: { S: 'stray' } },
}

test('after a kill the indexes are rebuilt from the items', async () => {
  const database = await databaseOf({ ...store, ...mark })
  await recoverStore(database, dynalite)
  const values = Object.entries(await contents(database)).filter(([key]) => key.startsWith('index-'))
  expect(values.map(([key, value]) => [key.split('~').slice(0, 3).join('~'), value])).toEqual([
    ['index-global~users~by-by', { pk: ann.pk, by: ann.by }],
    ['index-local~users~by-at', ann],
  ])
})

test('a store that was closed in order is not changed', async () => {
  const database = await databaseOf(store)
  await recoverStore(database, dynalite)
  expect(await contents(database)).toEqual({ ...store, ...mark })
  await sealStore(database)
  expect(await contents(database)).toEqual(store)
})
