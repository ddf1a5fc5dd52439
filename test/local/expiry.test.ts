import type { StoredTable } from 'dynalite/db/index.js'
import { describe, expect, test } from 'vitest'
import { isExpired } from '../../src/local/expiry.ts'
import { itemsServed } from './support/items.ts'

const S = (text: string) => ({ S: text })
const soon = () => ({ N: String(Math.floor(Date.now() / 1000) + 60) })
const past = () => ({ N: String(Math.floor(Date.now() / 1000) - 1) })

const sessions = (projection: 'ALL' | 'KEYS_ONLY' = 'ALL'): StoredTable => ({
  TableName: 'sessions',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: ['id', 'user'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-user',
      IndexStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }],
      Projection: { ProjectionType: projection },
    },
  ],
  TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
})
const TableName = 'sessions'

test.each([
  ['a second ago', { N: '999' }, true],
  ['now', { N: '1000' }, true],
  ['in a second', { N: '1001' }, false],
  ['a fraction', { N: '999.5' }, true],
  ['a text', { S: '999' }, false],
  ['no value', undefined, false],
  ['longer ago than five years', { N: '-158000000' }, false],
])('%s', (_, expiresAt, expected) => {
  expect(isExpired(expiresAt === undefined ? {} : { expiresAt }, sessions(), 1000)).toBe(expected)
})

describe.each(['ALL', 'KEYS_ONLY'] as const)('with an index that projects %s', projection => {
  const served = async () => {
    const engine = await itemsServed(sessions(projection))
    const item = (id: string, expiresAt: { N: string }) => ({ id: S(id), user: S('ann'), expiresAt })
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await engine.put(TableName, item(id, id < 'd' ? past() : soon()))
    }
    const left = async () =>
      [await engine.contents('item-sessions'), await engine.contents('index-global~sessions~by-user')].map(
        ({ length }) => length,
      )
    expect(await left()).toEqual([5, 5])
    return { ...engine, item, left }
  }
  const byUser = {
    TableName,
    IndexName: 'by-user',
    KeyConditionExpression: '#u = :u',
    ExpressionAttributeNames: { '#u': 'user' },
    ExpressionAttributeValues: { ':u': S('ann') },
  }

  test('a read does not see an expired item, and removes it', async () => {
    const { call, left } = await served()
    expect(await call('GetItem', { TableName, Key: { id: S('a') } })).toEqual({})
    await expect.poll(left).toEqual([4, 4])
    expect(await call('GetItem', { TableName, Key: { id: S('d') } })).toHaveProperty('Item')
  })

  test('a scan and a query of an index do not see it either', async () => {
    const { call, left } = await served()
    expect(await call('Query', byUser)).toMatchObject({ Count: 2, ScannedCount: 2 })
    await expect.poll(left).toEqual([2, 2])
    const other = await served()
    expect(await other.call('Scan', { TableName })).toMatchObject({ Count: 2, ScannedCount: 2 })
    await expect.poll(other.left).toEqual([2, 2])
  })

  test('pages are full, and the last one ends', async () => {
    const { call } = await served()
    const seen: unknown[] = []
    let start: unknown
    do {
      const page = await call('Query', {
        ...byUser,
        Limit: 1,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      })
      seen.push(...(page.Items as unknown[]))
      start = page.LastEvaluatedKey
    } while (start !== undefined)
    expect(seen).toHaveLength(2)
  })

  test('a write does not replace the expired item, and its index entry is removed', async () => {
    const { call, put, item, left, contents } = await served()
    const replace = { TableName, ConditionExpression: 'attribute_not_exists(id)', ReturnValues: 'ALL_OLD' }
    expect(await call('PutItem', { ...replace, Item: { ...item('a', soon()), user: S('bob') } })).toEqual({})
    expect(await call('DeleteItem', { TableName, Key: { id: S('b') }, ReturnValues: 'ALL_OLD' })).toEqual({})
    const counted = { TableName, Key: { id: S('c') }, UpdateExpression: 'ADD n :one', ReturnValues: 'ALL_NEW' }
    expect(await call('UpdateItem', { ...counted, ExpressionAttributeValues: { ':one': { N: '1' } } })).toEqual({
      Attributes: { id: S('c'), n: { N: '1' } },
    })
    // a, c, d and e are left, and c has no user any more.
    expect(await left()).toEqual([4, 3])
    const users = ((await contents('index-global~sessions~by-user')) as { user: unknown }[]).map(({ user }) => user)
    expect(users).toContainEqual(S('bob'))
    await put(TableName, item('f', past()))
  })
})

test('without TTL nothing expires', async () => {
  const { tables, put, call } = await itemsServed(sessions())
  tables.set(TableName, { ...sessions(), TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } })
  await put(TableName, { id: S('a'), expiresAt: past() })
  expect(await call('Scan', { TableName })).toMatchObject({ Count: 1 })
})
