import { expect, test } from 'vitest'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { loadTables, recordOf, tableWrites } from '../../src/local/table-records.ts'

const dynalite = await loadDynalite()
const key = [{ AttributeName: 'pk', KeyType: 'HASH' }]
// As dynalite writes it, without anything of dynamox's.
const record = {
  TableName: 'users',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: key,
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-pk',
      IndexStatus: 'ACTIVE',
      KeySchema: key,
      Projection: { ProjectionType: 'ALL' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    },
  ],
  TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/users',
  TableId: 'id-1',
  CreationDateTime: 1_700_000_000,
}

test('the store of an older version has its tables with their tags; from then on, the state is kept', async () => {
  const { db } = dynalite.create({}).store
  await db.open()
  await db.put('table~users', record)
  await db.put('tag-users~team', 'shop')
  const [old] = await loadTables(db)
  if (old === undefined) throw new Error('no table was read')
  expect(old).toMatchObject({
    id: 'id-1',
    createdAt: 1_700_000_000_000,
    settings: { billingMode: 'PAY_PER_REQUEST', tags: { team: 'shop' }, warmReadUnits: 12_000 },
    indexes: [{ status: 'ACTIVE', definition: { name: 'by-pk', projection: 'ALL' } }],
  })
  expect(recordOf(old)).toMatchObject({ TableName: 'users', TableId: 'id-1', TableStatus: 'ACTIVE' })

  old.settings.ttl = 'until'
  await db.batch(tableWrites('users', old))
  expect(await loadTables(db)).toEqual([old])

  // An older version recreated the table meanwhile.
  await db.put('table~users', { ...record, TableId: 'id-2' })
  expect(await loadTables(db)).toMatchObject([{ id: 'id-2', settings: { ttl: false } }])
  await db.batch(tableWrites('users', undefined))
  expect(await loadTables(db)).toEqual([])
})
