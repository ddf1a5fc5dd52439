import type { StoredIndex, StoredTable } from 'dynalite/db/index.js'
import { expect, test } from 'vitest'
import { itemsServed } from './support/items.ts'

const users: StoredTable = {
  TableName: 'users',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
}
const byTeam: StoredIndex = {
  IndexName: 'by-team',
  KeySchema: [
    { AttributeName: 'team', KeyType: 'HASH' },
    { AttributeName: 'age', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
}
const withIndex = (IndexStatus = 'ACTIVE'): StoredTable => ({
  ...users,
  AttributeDefinitions: [
    ...users.AttributeDefinitions,
    { AttributeName: 'team', AttributeType: 'S' },
    { AttributeName: 'age', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [{ ...byTeam, IndexStatus }],
})
const S = (text: string) => ({ S: text })
const N = (number: number) => ({ N: String(number) })
const query = {
  TableName: 'users',
  IndexName: 'by-team',
  KeyConditionExpression: 'team = :t',
  ExpressionAttributeValues: { ':t': S('red') },
}

test('an index is filled from the items that fit its key, and only those', async () => {
  const { tables, items, call, put, contents } = await itemsServed(users)
  const inIt = { pk: S('ann'), team: S('red'), age: N(30), note: S('x') }
  for (const item of [
    inIt,
    { pk: S('no age'), team: S('red') },
    { pk: S('other type'), team: N(1), age: N(1) },
    { pk: S('empty'), team: S(''), age: N(1) },
    { pk: S('too long'), team: S('x'.repeat(2049)), age: N(1) },
    { pk: S('a list'), team: { L: [] }, age: N(1) },
  ])
    await put('users', item)

  tables.set('users', withIndex('CREATING'))
  expect(await call('Query', query)).toEqual({
    __type: 'com.amazon.coral.validate#ValidationException',
    message: 'Cannot read from backfilling global secondary index: by-team',
  })
  await items.buildIndex('users', 'by-team')
  tables.set('users', withIndex())
  const entry = { pk: inIt.pk, team: inIt.team, age: inIt.age }
  expect(await contents('index-global~users~by-team')).toEqual([entry])
  expect(await call('Query', query)).toMatchObject({ Items: [entry] })

  // Items that do not fit can be changed and deleted as before.
  for (const pk of ['other type', 'empty', 'a list']) {
    expect(await put('users', { pk: S(pk), team: S('red'), age: N(31) })).toEqual({})
  }
  expect(await call('Query', query)).toMatchObject({ Count: 4 })
  expect(await call('DeleteItem', { TableName: 'users', Key: { pk: S('too long') } })).toEqual({})
  expect(await put('users', { pk: S('ann'), team: N(1), age: N(1) })).toMatchObject({
    message: expect.stringContaining('Type mismatch for Index Key team Expected: S Actual: N IndexName: by-team'),
  })

  tables.set('users', users)
  await items.dropIndex('users', 'by-team')
  expect(await contents('index-global~users~by-team')).toEqual([])
})

test('a value that an index cannot hold is refused, also one from before the index', async () => {
  const { tables, items, call, put } = await itemsServed(users)
  const old = { pk: S('old'), team: S('') }
  await put('users', old)
  tables.set('users', withIndex('CREATING'))
  await items.buildIndex('users', 'by-team')
  tables.set('users', withIndex())
  const set = (pk: string, name: string, value: object) =>
    call('UpdateItem', {
      TableName: 'users',
      Key: { pk: S(pk) },
      UpdateExpression: 'SET #n = :v',
      ExpressionAttributeNames: { '#n': name },
      ExpressionAttributeValues: { ':v': value },
    })
  const empty = expect.stringContaining(
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-team, IndexKey: team',
  )
  const long = expect.stringContaining('Size of hashkey has exceeded the maximum size limit of2048 bytes')
  expect(await put('users', { pk: S('a'), team: S('') })).toMatchObject({ message: empty })
  expect(await put('users', { pk: S('a'), team: S('é'.repeat(1025)) })).toMatchObject({ message: long })
  expect(await put('users', { pk: S('a'), team: S('é'.repeat(1024)) })).toEqual({})
  expect(await set('a', 'team', S(''))).toMatchObject({ message: empty })
  expect(await set('a', 'team', S('x'.repeat(2049)))).toMatchObject({ message: long })
  expect(await set('old', 'note', S('x'))).toMatchObject({ message: empty })
  expect(await call('GetItem', { TableName: 'users', Key: { pk: S('old') } })).toEqual({ Item: old })
  expect(await set('old', 'team', S('red'))).toEqual({})
})

test.each([
  ['an empty value', S(''), 'cannot contain an empty string value. IndexName: by-team, IndexKey: team'],
  ['one that is too long', S('x'.repeat(2049)), 'Size of hashkey has exceeded'],
  ['another type', N(1), 'Type mismatch for Index Key team'],
])('a batch in which one item has %s for an index key writes nothing', async (_what, bad, message) => {
  const { call, put, contents } = await itemsServed(withIndex())
  await put('users', { pk: S('kept') })
  const requests = [
    { PutRequest: { Item: { pk: S('a'), team: S('red') } } },
    { DeleteRequest: { Key: { pk: S('kept') } } },
    { PutRequest: { Item: { pk: S('b'), team: bad } } },
    { PutRequest: { Item: { pk: S('c') } } },
  ]
  expect(await call('BatchWriteItem', { RequestItems: { users: requests } })).toMatchObject({
    __type: 'com.amazon.coral.validate#ValidationException',
    message: expect.stringContaining(message),
  })
  expect(await contents('item-users')).toEqual([{ pk: S('kept') }])
})

test('an index that is built during writes matches the items in the end', { timeout: 30_000 }, async () => {
  const { tables, items, call, put, contents } = await itemsServed(users)
  const item = (id: number, age: number) => ({ pk: S(`user-${id}`), team: S(`team-${age % 3}`), age: N(age) })
  for (let first = 0; first < 400; first += 25) {
    const requests = Array.from({ length: 25 }, (_, next) => ({
      PutRequest: { Item: item(first + next, first + next) },
    }))
    await call('BatchWriteItem', { RequestItems: { users: requests } })
  }

  let building = true
  const write = async (seed: number) => {
    for (let round = seed; building || round < seed + 5; round += 7) {
      const id = (round * 31) % 500
      const kind = round % 4
      if (kind === 0) await call('DeleteItem', { TableName: 'users', Key: { pk: S(`user-${id}`) } })
      else if (kind === 1) await put('users', { pk: S(`user-${id}`), note: S('in no index') })
      else await put('users', item(id, round))
    }
  }
  const writers = [1, 2, 3, 4].map(write)
  tables.set('users', withIndex('CREATING'))
  await items.buildIndex('users', 'by-team').finally(() => {
    building = false
  })
  await Promise.all(writers)

  const all = (await contents('item-users')) as Record<string, unknown>[]
  const expected = all.filter(({ team }) => team !== undefined).map(({ pk, team, age }) => ({ pk, team, age }))
  const byKey = (entries: unknown[]) =>
    entries.map(entry => JSON.stringify(entry, ['pk', 'team', 'age', 'S', 'N'])).sort()
  expect(byKey(await contents('index-global~users~by-team'))).toEqual(byKey(expected))
  expect(expected.length).toBeGreaterThan(100)
})

test('a write that reaches a table after it was deleted leaves nothing behind', async () => {
  const { tables, items, put, contents } = await itemsServed(withIndex())
  const writes = Array.from({ length: 50 }, (_, id) => put('users', { pk: S(`${id}`), team: S('red'), age: N(id) }))
  await writes[0]
  tables.set('users', { ...withIndex(), TableStatus: 'DELETING' })
  await items.dropTable('users')
  tables.delete('users')
  const answers = await Promise.all(writes)
  expect(await contents('item-users')).toEqual([])
  expect(await contents('index-global~users~by-team')).toEqual([])
  for (const answer of answers) {
    if (Object.keys(answer).length > 0)
      expect(answer.__type).toBe('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException')
  }
})

test('tables that are being created or deleted, or do not exist, are not found', async () => {
  const { call } = await itemsServed({ ...users, TableStatus: 'CREATING' })
  for (const TableName of ['users', 'others']) {
    expect(await call('GetItem', { TableName, Key: { pk: S('a') } })).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found',
    })
  }
})
