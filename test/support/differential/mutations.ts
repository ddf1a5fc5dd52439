import fc from 'fast-check'
import { hash, indexesOf, type RawIndex, type RawKey, type RawTable, range } from './raw-table.ts'

/**
 * Slips that people and tools make in a CreateTable input, one line each; most break a rule of AWS, some are harmless.
 * Each changes the table that it is given; `some` is a number at will.
 */
export const mutations: readonly Slip[] = [
  // Names.
  put({ TableName: 'ab' }),
  put({ TableName: 'x'.repeat(256) }),
  put({ TableName: ' ü' }),
  inIndex({ IndexName: 'ix' }),
  inIndex({ IndexName: 'ix#1' }),
  (table, some) => inIndex({ IndexName: indexesOf(table)[0]?.IndexName ?? '' })(table, some),
  inIndex({ IndexName: 'i'.repeat(256) }),
  // Attribute definitions.
  table => void table.AttributeDefinitions?.pop(),
  table => void table.AttributeDefinitions?.push({ AttributeName: 'unused', AttributeType: 'S' }),
  table => void table.AttributeDefinitions?.push(...(table.AttributeDefinitions ?? []).slice(0, 1)),
  table => void table.AttributeDefinitions?.reverse(),
  (table, some) => {
    for (const attribute of nth(table.AttributeDefinitions, some)) attribute.AttributeType = 'BOOL'
  },
  put({ AttributeDefinitions: [] }),
  without('AttributeDefinitions'),
  table => rename(table, 'n'.repeat(256)),
  table => rename(table, ''),
  table => rename(table, 'ü'.repeat(127)),
  table => rename(table, 'ü'.repeat(128)),
  // Keys.
  table => void table.KeySchema?.reverse(),
  table => void table.KeySchema?.push(range('sk')),
  table => void table.KeySchema?.push(hash('sk')),
  table => void table.KeySchema?.push(...(table.KeySchema ?? []).slice(0, 1)),
  put({ KeySchema: [] }),
  put({ KeySchema: [range('pk')] }),
  put({ KeySchema: [{ AttributeName: 'pk', KeyType: 'SORT' }] }),
  withKey(key => void key.reverse()),
  inIndex({ KeySchema: [] }),
  withKey(key => void key.pop()),
  withKey(key => void key.push(range('a'))),
  withKey(key => void key.unshift(hash('b'))),
  inIndex({ KeySchema: [hash('pk'), range('pk')] }),
  inIndex({ KeySchema: [hash('nowhere')] }),
  inIndex({ KeySchema: ['a', 'b', 'c', 'd', 'pk'].map(name => hash(name)) }),
  // Indexes.
  put({ GlobalSecondaryIndexes: [] }),
  put({ LocalSecondaryIndexes: [] }),
  many(21, 'GlobalSecondaryIndexes'),
  many(6, 'LocalSecondaryIndexes'),
  table => void table.KeySchema?.splice(1),
  table => {
    for (const index of table.LocalSecondaryIndexes ?? []) index.KeySchema?.splice(0, 1, hash('d'))
  },
  // Projections.
  withoutInIndex('Projection'),
  inIndex({ Projection: {} }),
  inIndex({ Projection: { ProjectionType: 'SOME' } }),
  inIndex({ Projection: { ProjectionType: 'INCLUDE' } }),
  include([]),
  include(['note', 'note']),
  include(['']),
  include(['n'.repeat(256)]),
  include(texts(20)),
  include(texts(21)),
  inIndex({ Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['note'] } }),
  inIndex({ Projection: { ProjectionType: 'KEYS_ONLY', NonKeyAttributes: ['note'] } }),
  many(6, 'GlobalSecondaryIndexes', { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: texts(20) } }),
  // Billing and throughput.
  put({ BillingMode: 'FREE' }),
  put({ BillingMode: 'PAY_PER_REQUEST' }),
  put({ BillingMode: 'PROVISIONED' }),
  without('BillingMode'),
  without('ProvisionedThroughput'),
  put({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
  put({ ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 } }),
  put({ ProvisionedThroughput: { ReadCapacityUnits: 1 } }),
  put({ ProvisionedThroughput: {} }),
  withoutInIndex('ProvisionedThroughput'),
  inIndex({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 0 } }, globalsOf),
  inIndex({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }, globalsOf),
  put({ OnDemandThroughput: { MaxReadRequestUnits: 5 } }),
  put({ OnDemandThroughput: { MaxReadRequestUnits: 0 } }),
  inIndex({ OnDemandThroughput: { MaxWriteRequestUnits: 5 } }, globalsOf),
  put({ WarmThroughput: { ReadUnitsPerSecond: 1 } }),
  put({ WarmThroughput: {} }),
  // Everything else.
  put({ StreamSpecification: { StreamEnabled: true } }),
  put({ StreamSpecification: { StreamEnabled: false, StreamViewType: 'NEW_IMAGE' } }),
  put({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'ALL' } }),
  put({ SSESpecification: { Enabled: false, SSEType: 'KMS' } }),
  put({ SSESpecification: { Enabled: true, KMSMasterKeyId: 'alias/orders' } }),
  put({ SSESpecification: { Enabled: true, SSEType: 'AES256' } }),
  put({ TableClass: 'GLACIER' }),
  put({ Tags: texts(51).map(Key => ({ Key, Value: '' })) }),
  put({ Tags: ['team', 'team'].map(Key => ({ Key, Value: '' })) }),
  put({ Tags: [{ Key: 'aws:team', Value: '' }] }),
  put({ Tags: [{ Key: '', Value: '' }] }),
  put({ Tags: [{ Key: 'a&b', Value: '' }] }),
  put({ Tags: [{ Key: 'a', Value: 'v'.repeat(257) }] }),
]

/** A valid table with one to three slips. */
export function mutatedTable(valid: fc.Arbitrary<RawTable>): fc.Arbitrary<RawTable> {
  const slip = fc.tuple(fc.constantFrom(...mutations), fc.nat(99))
  return fc.tuple(valid, fc.array(slip, { minLength: 1, maxLength: 3 })).map(([table, slips]) => {
    const copy = structuredClone(table)
    for (const [mutate, some] of slips) mutate(copy, some)
    return copy
  })
}

type Slip = (table: RawTable, some: number) => void

function put(change: Partial<RawTable>): Slip {
  return table => {
    Object.assign(table, structuredClone(change))
  }
}

function without(member: string): Slip {
  return table => {
    delete table[member]
  }
}

/** Changes one of the indexes. */
function inIndex(change: Partial<RawIndex>, of = indexesOf): Slip {
  return (table, some) => {
    for (const index of nth(of(table), some)) Object.assign(index, structuredClone(change))
  }
}

function withoutInIndex(member: 'Projection' | 'ProvisionedThroughput'): Slip {
  return (table, some) => {
    for (const index of nth(indexesOf(table), some)) delete index[member]
  }
}

function include(names: string[]): Slip {
  return inIndex({ Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: names } })
}

function withKey(change: (key: RawKey[]) => void): Slip {
  return (table, some) => {
    for (const index of nth(indexesOf(table), some)) change(index.KeySchema ?? [])
  }
}

function globalsOf({ GlobalSecondaryIndexes = [] }: RawTable): RawIndex[] {
  return GlobalSecondaryIndexes
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `text${at}`)
}

/** One index of a list, many times under names of their own. */
function many(
  count: number,
  list: 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes',
  change: Partial<RawIndex> = {},
): Slip {
  return table => {
    const [first] = table[list] ?? []
    if (first === undefined) return
    table[list] = Array.from({ length: count }, (_, at) => ({
      ...structuredClone({ ...first, ...change }),
      IndexName: `many-${at}`,
    }))
  }
}

function nth<T>(list: readonly T[] | undefined, some: number): readonly T[] {
  const entry = list?.[some % Math.max(1, list.length)]
  return entry === undefined ? [] : [entry]
}

/** Gives one key attribute another name, wherever it is used. */
function rename(table: RawTable, name: string): void {
  const old = table.KeySchema?.[0]?.AttributeName
  const keys = [table.KeySchema ?? [], ...indexesOf(table).map(index => index.KeySchema ?? [])].flat()
  for (const named of [...(table.AttributeDefinitions ?? []), ...keys]) {
    if (named.AttributeName === old) named.AttributeName = name
  }
}
