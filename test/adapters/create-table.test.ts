import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createTable } from '../../src/adapters/create-table.ts'
import { isDynamoxError } from '../../src/errors.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import type { SourcedTable } from '../../src/table/input.ts'

const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType })
const key = (AttributeName: string, KeyType = 'HASH') => ({ AttributeName, KeyType })
const base = {
  TableName: 'users',
  AttributeDefinitions: [attribute('pk')],
  KeySchema: [key('pk')],
  BillingMode: 'PAY_PER_REQUEST',
}
const gsi = (more: object = {}) => ({
  IndexName: 'by-a',
  KeySchema: [key('a')],
  Projection: { ProjectionType: 'ALL' },
  ...more,
})
const withIndex = (more: object = {}) => ({
  ...base,
  AttributeDefinitions: [attribute('pk'), attribute('a')],
  GlobalSecondaryIndexes: [gsi(more)],
})

function only(value: unknown, file = 'users.ts'): SourcedTable {
  const [table] = createTable.toDefinitions(value, { file, export: 'users' }) as SourcedTable[]
  if (table === undefined) throw new Error('no table')
  return table
}

const problems = (value: unknown) => {
  try {
    only(value)
    return []
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    return (error.problems ?? []).map(({ path, message, rule }) => `${rule ?? '-'} ${path}: ${message}`)
  }
}

describe('what it says in our words', () => {
  test('everything', () => {
    const raw = {
      TableName: 'orders',
      AttributeDefinitions: [attribute('pk'), attribute('sk', 'N'), attribute('status'), attribute('tenant', 'B')],
      KeySchema: [key('pk'), key('sk', 'RANGE')],
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 3 },
      WarmThroughput: { ReadUnitsPerSecond: 12_000 },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-status',
          KeySchema: [key('tenant'), key('status'), key('sk', 'RANGE')],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['total'] },
          ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [key('pk'), key('status', 'RANGE')],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/orders' },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      DeletionProtectionEnabled: true,
      Tags: [{ Key: 'team', Value: 'shop' }],
      ResourcePolicy: '{}',
      GlobalTableSourceArn: 'arn:aws:dynamodb:eu-west-1:1:table/orders',
    }
    const expected = {
      table: 'orders',
      partitionKey: [{ name: 'pk', type: 'S' }],
      sortKey: [{ name: 'sk', type: 'N' }],
      globalIndexes: {
        'by-status': {
          partitionKey: [
            { name: 'tenant', type: 'B' },
            { name: 'status', type: 'S' },
          ],
          sortKey: [{ name: 'sk', type: 'N' }],
          projection: ['total'],
          readCapacity: 2,
          writeCapacity: 1,
        },
      },
      localIndexes: { local: { sortKey: [{ name: 'status', type: 'S' }], projection: 'KEYS_ONLY' } },
      billingMode: 'PROVISIONED',
      readCapacity: 7,
      writeCapacity: 3,
      warmReadUnits: 12_000,
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      encryption: 'CUSTOMER_MANAGED',
      kmsKeyId: 'alias/orders',
      stream: 'NEW_IMAGE',
      deletionProtection: true,
      tags: { team: 'shop' },
      resourcePolicy: '{}',
      extra: { GlobalTableSourceArn: 'arn:aws:dynamodb:eu-west-1:1:table/orders' },
    }
    expect(only(raw)).toEqual({
      input: expected,
      source: { file: 'users.ts', export: 'users', adapter: 'create-table' },
      assumed: [],
    })
    expect(only({ input: raw }).input).toEqual(expected)
    expect(toDefinition(expected, { path: 'orders' }).problems).toEqual([])
  })

  test.each([
    [
      'silence on billing is PROVISIONED',
      { BillingMode: undefined, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } },
      { billingMode: 'PROVISIONED', readCapacity: 1, writeCapacity: 2 },
    ],
    [
      'caps',
      { OnDemandThroughput: { MaxReadRequestUnits: 9, MaxWriteRequestUnits: -1 } },
      { maxReadUnits: 9, maxWriteUnits: false },
    ],
    ['no stream', { StreamSpecification: { StreamEnabled: false } }, { stream: false }],
    ['the key that AWS owns', { SSESpecification: { Enabled: false } }, { encryption: 'AWS_OWNED' }],
    ['the key that AWS manages', { SSESpecification: { Enabled: true } }, { encryption: 'AWS_MANAGED' }],
    [
      'the same, by its name',
      { SSESpecification: { Enabled: true, KMSMasterKeyId: 'alias/aws/dynamodb' } },
      { encryption: 'AWS_MANAGED' },
    ],
    ['expiry beside it', { TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } }, { ttl: 'at' }],
    ['expiry off', { TimeToLiveSpecification: { Enabled: false, AttributeName: 'at' } }, { ttl: false }],
    [
      'recovery',
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      { pointInTimeRecovery: true },
    ],
    [
      'recovery, days',
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 } },
      { pointInTimeRecovery: 7 },
    ],
    [
      'recovery off',
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
      { pointInTimeRecovery: false },
    ],
    ['no tags', { Tags: [] }, { tags: {} }],
    ['rows of a test set-up', { data: [{ pk: 'x' }] }, {}],
    ['a member that is news to us', { ReplicaUpdates: [1] }, { extra: { ReplicaUpdates: [1] } }],
  ])('%s', (_, more, said) => {
    const { billingMode } = { billingMode: 'PAY_PER_REQUEST', ...said }
    expect(only({ ...base, ...more }).input).toEqual({
      table: 'users',
      partitionKey: [{ name: 'pk', type: 'S' }],
      ...said,
      billingMode,
    })
  })

  test('what vector indexes search by stays defined', () => {
    const VectorIndexes = [
      { IndexName: 'near', SearchSchema: [{ AttributeName: 'tenant', SearchSchemaElementType: 'HASH' }] },
    ]
    const AttributeDefinitions = [attribute('pk'), attribute('tenant')]
    expect(only({ ...base, AttributeDefinitions, VectorIndexes }).input.extra).toEqual({
      VectorIndexes,
      AttributeDefinitions: [attribute('tenant')],
    })
  })
})

describe('an answer of DescribeTable', () => {
  const live = {
    ...base,
    BillingMode: undefined,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: 1 },
    AttributeDefinitions: [attribute('a'), attribute('pk')],
    TableStatus: 'ACTIVE',
    TableArn: 'arn',
    TableId: 'id',
    ItemCount: 3,
    TableSizeBytes: 9,
    CreationDateTime: new Date(0).toISOString(),
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: 'ACTIVE' },
    GlobalSecondaryIndexes: [
      gsi({
        IndexStatus: 'ACTIVE',
        IndexArn: 'arn',
        ItemCount: 1,
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
      }),
    ],
    LatestStreamArn: 'arn',
    DeletionProtectionEnabled: false,
    TableClassSummary: { TableClass: 'STANDARD' },
    Replicas: [],
  }

  test('an on-demand table', () => {
    expect(only({ Table: live }).input).toEqual({
      table: 'users',
      partitionKey: [{ name: 'pk', type: 'S' }],
      globalIndexes: { 'by-a': { partitionKey: [{ name: 'a', type: 'S' }], projection: 'ALL' } },
      billingMode: 'PAY_PER_REQUEST',
      tableClass: 'STANDARD',
      deletionProtection: false,
    })
  })

  test('a provisioned one with a key', () => {
    const units = { ReadCapacityUnits: 4, WriteCapacityUnits: 2, NumberOfDecreasesToday: 1 }
    const { input, assumed } = only({
      TableDescription: {
        ...live,
        BillingModeSummary: undefined,
        ProvisionedThroughput: units,
        GlobalSecondaryIndexes: [gsi({ ProvisionedThroughput: units })],
        SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:1:key/2' },
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      },
    })
    expect(input).toMatchObject({
      billingMode: 'PROVISIONED',
      readCapacity: 4,
      writeCapacity: 2,
      globalIndexes: { 'by-a': { readCapacity: 4, writeCapacity: 2 } },
      encryption: 'CUSTOMER_MANAGED',
      kmsKeyId: 'arn:aws:kms:eu-west-1:1:key/2',
      stream: 'KEYS_ONLY',
    })
    expect(assumed).toMatchObject([{ path: 'encryption', guess: true }])
  })
})

describe('a name for what has none', () => {
  const nameless = { ...base, TableName: undefined }
  test('the key in a data file', () => {
    const [table] = createTable.toDefinitions(nameless, { file: 'tables.json', export: 'dev.users' }) as SourcedTable[]
    expect(table).toMatchObject({ input: { table: 'users' }, assumed: [{ path: 'table', guess: true }] })
  })

  test.each([
    ['tables.ts', 'users'],
    ['tables.json', 'tables[0]'],
    ['users.json', undefined],
  ])('none: %s %s', (file, name) => {
    const [table] = createTable.toDefinitions(nameless, { file, export: name }) as SourcedTable[]
    expect(table?.input).not.toHaveProperty('table')
    expect(table?.assumed).toEqual([])
  })
})

describe('what AWS would refuse', () => {
  const range = [attribute('pk'), attribute('sk')]
  test.each<[string, object, string[]]>([
    [
      'no definitions',
      { ...base, AttributeDefinitions: undefined },
      [
        'K6 users › AttributeDefinitions: it is missing; list every key attribute with its type: { AttributeName, AttributeType }',
      ],
    ],
    [
      'an empty key',
      { ...base, AttributeDefinitions: [], KeySchema: [] },
      ['K1 users › KeySchema: it names no key; begin with { AttributeName, KeyType: "HASH" }'],
    ],
    [
      'a key that is not defined',
      { ...base, KeySchema: [key('pk'), key('sk', 'RANGE')] },
      ['K7 users › KeySchema[1]: "sk" is not in AttributeDefinitions; add it there'],
    ],
    [
      'RANGE first',
      { ...base, KeySchema: [key('pk', 'RANGE')] },
      ['K3 users › KeySchema[0]: a key begins with its HASH attribute'],
    ],
    [
      'HASH twice',
      { ...base, AttributeDefinitions: range, KeySchema: [key('pk'), key('sk')] },
      ['K4 users › KeySchema[1]: the second attribute is the RANGE key'],
    ],
    [
      'a strange role',
      { ...base, KeySchema: [key('pk', 'PARTITION')] },
      [
        'K11 users › KeySchema[0]: the KeyType is "PARTITION"; write HASH or RANGE',
        'K8 users › AttributeDefinitions: "pk" is defined and no key uses it; AttributeDefinitions takes key attributes only',
      ],
    ],
    [
      'an unused definition',
      { ...base, AttributeDefinitions: range },
      [
        'K8 users › AttributeDefinitions: "sk" is defined and no key uses it; AttributeDefinitions takes key attributes only',
      ],
    ],
    [
      'two, beside an index',
      { ...withIndex(), AttributeDefinitions: [...range, attribute('a'), attribute('b')] },
      [
        'K9 users › AttributeDefinitions: "sk" and "b" are defined and no key uses them; AttributeDefinitions takes key attributes only',
      ],
    ],
    [
      'a definition twice',
      { ...base, AttributeDefinitions: [attribute('pk'), attribute('pk', 'N')] },
      ['K10 users › AttributeDefinitions[1]: "pk" is defined twice; keep one'],
    ],
    [
      'a strange type',
      { ...base, AttributeDefinitions: [attribute('pk', 'BOOL')] },
      [
        'K11 users › AttributeDefinitions[0]: "pk" has the type "BOOL"; a key must be S (string), N (number) or B (binary)',
      ],
    ],
    [
      'no billing at all',
      { ...base, BillingMode: undefined },
      [
        'T1 users › ProvisionedThroughput: it is missing, and no BillingMode means PROVISIONED; add it, or BillingMode: "PAY_PER_REQUEST"',
      ],
    ],
    [
      'PROVISIONED alone',
      { ...base, BillingMode: 'PROVISIONED' },
      [
        'T1 users › ProvisionedThroughput: it is missing, and BillingMode is PROVISIONED; add it, or BillingMode: "PAY_PER_REQUEST"',
      ],
    ],
    [
      'half a throughput',
      { ...base, BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1 } },
      ['T3 users › ProvisionedThroughput: WriteCapacityUnits is missing; both members are needed'],
    ],
    [
      'an index without throughput',
      {
        ...withIndex(),
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      },
      [
        'T4 users › GlobalSecondaryIndexes.by-a.ProvisionedThroughput: a PROVISIONED table needs it for every global index',
      ],
    ],
    [
      'empty lists',
      { ...base, GlobalSecondaryIndexes: [], LocalSecondaryIndexes: [] },
      [
        'G1 users › GlobalSecondaryIndexes: the list is empty; AWS wants it left out then',
        'G1 users › LocalSecondaryIndexes: the list is empty; AWS wants it left out then',
      ],
    ],
    [
      'two indexes of one name',
      { ...withIndex(), GlobalSecondaryIndexes: [gsi(), gsi()] },
      ['G3 users › GlobalSecondaryIndexes.by-a: another index has this name already'],
    ],
    [
      'HASH after RANGE',
      {
        ...withIndex({ KeySchema: [key('a'), key('b', 'RANGE'), key('pk')] }),
        AttributeDefinitions: [attribute('pk'), attribute('a'), attribute('b')],
      },
      ['G5 users › GlobalSecondaryIndexes.by-a.KeySchema[2]: all HASH attributes come before the RANGE ones'],
    ],
    [
      'a local index of its own',
      {
        ...base,
        AttributeDefinitions: [...range, attribute('a')],
        KeySchema: [key('pk'), key('sk', 'RANGE')],
        LocalSecondaryIndexes: [{ ...gsi(), KeySchema: [key('a'), key('sk', 'RANGE')] }],
      },
      ['L2 users › LocalSecondaryIndexes.by-a.KeySchema: the HASH key is "a"; a local index shares the table\'s, "pk"'],
    ],
    [
      'no index name',
      { ...base, GlobalSecondaryIndexes: [{}] },
      ['N4 users › GlobalSecondaryIndexes[0]: the IndexName is missing'],
    ],
    [
      'no projection',
      withIndex({ Projection: undefined }),
      [
        'P1 users › GlobalSecondaryIndexes.by-a.Projection: the ProjectionType is missing; write ALL, KEYS_ONLY or INCLUDE',
      ],
    ],
    [
      'ALL with a list',
      withIndex({ Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] } }),
      [
        'P2 users › GlobalSecondaryIndexes.by-a.Projection: ProjectionType ALL takes no NonKeyAttributes; leave them out, or write INCLUDE',
      ],
    ],
    [
      'INCLUDE without one',
      withIndex({ Projection: { ProjectionType: 'INCLUDE' } }),
      ['P3 users › GlobalSecondaryIndexes.by-a.Projection: ProjectionType INCLUDE needs NonKeyAttributes'],
    ],
    [
      'empty warm throughput',
      { ...base, WarmThroughput: {} },
      ['W4 users › WarmThroughput: it is empty; give ReadUnitsPerSecond or WriteUnitsPerSecond, or leave it out'],
    ],
    [
      'a stream without a view',
      { ...base, StreamSpecification: { StreamEnabled: true } },
      ['S1 users › StreamSpecification: a stream that is enabled needs a StreamViewType'],
    ],
    [
      'a view without a stream',
      { ...base, StreamSpecification: { StreamEnabled: false, StreamViewType: 'KEYS_ONLY' } },
      ['S2 users › StreamSpecification: a stream that is disabled takes no StreamViewType'],
    ],
    [
      'AES256',
      { ...base, SSESpecification: { Enabled: true, SSEType: 'AES256' } },
      [
        'E1 users › SSESpecification: SSEType AES256 is not supported; write KMS, or Enabled: false for the key that AWS owns',
      ],
    ],
    [
      'a key without KMS',
      { ...base, SSESpecification: { Enabled: true, KMSMasterKeyId: 'x' } },
      ['E1 users › SSESpecification: a KMSMasterKeyId needs SSEType: "KMS"'],
    ],
    [
      'a key, disabled',
      { ...base, SSESpecification: { Enabled: false, SSEType: 'KMS', KMSMasterKeyId: 'x' } },
      [
        'E1 users › SSESpecification: SSEType needs Enabled: true',
        'E1 users › SSESpecification: KMSMasterKeyId needs Enabled: true',
      ],
    ],
    [
      'a tag twice',
      {
        ...base,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
      ['A3 users › Tags[1]: the key "a" is there twice; keep one'],
    ],
    [
      'slips of the pen',
      { ...base, BilingMode: 'PROVISIONED', keySchema: [] },
      [
        '- users › BilingMode: CreateTable has no member "BilingMode"; did you mean "BillingMode"?',
        '- users › keySchema: CreateTable has no member "keySchema"; did you mean "KeySchema"?',
      ],
    ],
    [
      'not even lists',
      { ...base, GlobalSecondaryIndexes: {}, Tags: { a: 'b' }, OnDemandThroughput: 5 },
      [
        '- users › GlobalSecondaryIndexes: an object is no list of indexes',
        '- users › OnDemandThroughput: 5 is no structure',
        '- users › Tags: an object is no list of { Key, Value }',
      ],
    ],
  ])('%s', (_, raw, lines) => {
    expect(problems(raw)).toEqual(lines)
  })

  test('it is one error for the table', () => {
    expect(() => only({ ...base, KeySchema: [], AttributeDefinitions: undefined })).toThrow(
      expect.objectContaining({ code: 'definition', message: 'the definition of users has 2 problems' }),
    )
  })
})

test.each(['table.json', 'described.json'])('fixtures/create-table/%s is read', file => {
  const value: unknown = JSON.parse(readFileSync(`fixtures/create-table/${file}`, 'utf8'))
  expect(createTable.matches(value)).toBe(true)
  const { input } = only(value)
  expect(toDefinition(input, { path: file })).toMatchObject({ problems: [], definition: { name: expect.any(String) } })
})
