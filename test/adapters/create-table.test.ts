import { readFileSync } from 'node:fs'
import { CreateTableInput$ } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { createTable } from '../../src/adapters/create-table.ts'
import { isDynamoxError } from '../../src/errors.ts'
import { readInput } from '../../src/settings/read-input.ts'
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

describe('the definition of a CreateTable input', () => {
  test('every member is read', () => {
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
    ['members that were written as extra', { extra: { ReplicaUpdates: [1] } }, { extra: { ReplicaUpdates: [1] } }],
    ['quoted numbers', { WarmThroughput: { ReadUnitsPerSecond: '12000' } }, { warmReadUnits: 12_000 }],
    [
      'a policy as CloudFormation has it',
      { ResourcePolicy: { PolicyDocument: { Version: '2012-10-17' } } },
      { resourcePolicy: '{"Version":"2012-10-17"}' },
    ],
    ['SSEEnabled of CloudFormation', { SSESpecification: { SSEEnabled: true } }, { encryption: 'AWS_MANAGED' }],
    ['the same, off', { SSESpecification: { SSEEnabled: false } }, { encryption: 'AWS_OWNED' }],
    [
      'a key, with the type that CloudFormation takes for granted',
      { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'alias/orders' } },
      { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/orders' },
    ],
    ['a stream of CloudFormation', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, { stream: 'NEW_IMAGE' }],
    [
      'a Kinesis stream',
      { KinesisStreamSpecification: { StreamArn: 'arn:x', ApproximateCreationDateTimePrecision: 'MICROSECOND' } },
      { kinesis: { arn: 'arn:x', precision: 'MICROSECOND' } },
    ],
    ['insights', { ContributorInsightsSpecification: { Enabled: true } }, { contributorInsights: true }],
    ['insights off', { ContributorInsightsSpecification: { Enabled: false } }, { contributorInsights: false }],
    [
      'insights, mode',
      { ContributorInsightsSpecification: { Enabled: true, Mode: 'THROTTLED_KEYS' } },
      { contributorInsights: 'THROTTLED_KEYS' },
    ],
  ])('%s', (_, more, said) => {
    const { billingMode } = { billingMode: 'PAY_PER_REQUEST', ...said }
    expect(only({ ...base, ...more }).input).toEqual({
      table: 'users',
      partitionKey: [{ name: 'pk', type: 'S' }],
      ...said,
      billingMode,
    })
  })

  test('insights of an index', () => {
    const { input } = only(withIndex({ ContributorInsightsSpecification: { Enabled: true } }))
    expect(input.globalIndexes).toMatchObject({ 'by-a': { contributorInsights: true } })
  })

  const near = {
    IndexName: 'near',
    VectorAttribute: { AttributeName: 'v' },
    SearchSchema: [
      { AttributeName: 'tenant', SearchSchemaElementType: 'HASH' },
      { AttributeName: 'year', SearchSchemaElementType: 'INLINE_FILTER' },
    ],
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
    Dimensions: 3,
    DistanceFunction: 'COSINE',
  }
  const searched = [attribute('pk'), attribute('tenant'), { AttributeName: 'year', AttributeType: 'N' }]

  test('vector indexes, whose attributes are defined although no key uses them', () => {
    const { input } = only({ ...base, AttributeDefinitions: searched, VectorIndexes: [near] })
    expect(input.extra).toBeUndefined()
    expect(input.vectorIndexes).toEqual({
      near: {
        attribute: 'v',
        dimensions: 3,
        distance: 'COSINE',
        partitionKey: [{ name: 'tenant', type: 'S' }],
        filters: [{ name: 'year', type: 'N' }],
        projection: ['title'],
      },
    })
  })

  test.each([
    ['no indexes', { VectorIndexes: [] }, 'V0 users › VectorIndexes: is an empty list; leave it out'],
    [
      'an undefined filter',
      { AttributeDefinitions: searched.slice(0, 2), VectorIndexes: [near] },
      'V3 users › VectorIndexes.near.SearchSchema[1]: "year" is not in AttributeDefinitions; add it there',
    ],
    [
      'a defined vector',
      { AttributeDefinitions: [...searched, attribute('v')], VectorIndexes: [near] },
      'V4 users › VectorIndexes.near.VectorAttribute: "v" cannot be in AttributeDefinitions; remove it there',
    ],
    [
      'the same name twice',
      { AttributeDefinitions: searched, VectorIndexes: [near, near] },
      'G3 users › VectorIndexes.near: another index has the same name',
    ],
    [
      'a role that does not exist',
      {
        AttributeDefinitions: searched,
        VectorIndexes: [
          {
            ...near,
            SearchSchema: [{ AttributeName: 'tenant', SearchSchemaElementType: 'RANGE' }, near.SearchSchema[1]],
          },
        ],
      },
      'V5 users › VectorIndexes.near.SearchSchema[0].SearchSchemaElementType: must be HASH or INLINE_FILTER, not "RANGE"',
    ],
  ])('a vector index with %s', (_, more, message) => {
    expect(problems({ ...base, ...more })).toEqual([message])
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

  test.each(['DISABLED', 'DISABLING'])('encryption that is %s: the key that AWS owns', Status => {
    const SSEDescription = { Status, SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:1:key/2' }
    const { input, assumed } = only({ Table: { ...live, SSEDescription } })
    expect(input).toMatchObject({ encryption: 'AWS_OWNED' })
    expect(input).not.toHaveProperty('kmsKeyId')
    expect(assumed).toEqual([])
  })

  const us = (more: object = {}) => ({ RegionName: 'us-east-2', ReplicaStatus: 'ACTIVE', ReplicaArn: 'arn', ...more })
  test.each<[string, object, object]>([
    ['a replica', { Replicas: [us()] }, { replicas: [{ region: 'us-east-2' }] }],
    [
      'what a replica has for itself',
      {
        Replicas: [
          us({
            KMSMasterKeyId: 'alias/copy',
            ReplicaTableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS', LastUpdateDateTime: 1 },
            OnDemandThroughputOverride: { MaxReadRequestUnits: 100 },
            WarmThroughput: { ReadUnitsPerSecond: 12_000, Status: 'ACTIVE' },
            GlobalSecondaryIndexes: [
              { IndexName: 'by-a', ProvisionedThroughputOverride: { ReadCapacityUnits: 4 }, WarmThroughput: {} },
            ],
          }),
        ],
      },
      {
        replicas: [
          {
            region: 'us-east-2',
            kmsKeyId: 'alias/copy',
            tableClass: 'STANDARD_INFREQUENT_ACCESS',
            maxReadUnits: 100,
            globalIndexes: { 'by-a': { readCapacity: 4 } },
          },
        ],
      },
    ],
    [
      'not the table itself, nor a replica on its way out',
      {
        TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/users',
        Replicas: [us({ RegionName: 'eu-west-1' }), us({ RegionName: 'us-west-2', ReplicaStatus: 'DELETING' }), us()],
      },
      { replicas: [{ region: 'us-east-2' }] },
    ],
    [
      'STRONG with a witness',
      {
        Replicas: [us()],
        MultiRegionConsistency: 'STRONG',
        GlobalTableWitnesses: [{ RegionName: 'us-west-2', WitnessStatus: 'ACTIVE' }],
      },
      { replicas: [{ region: 'us-east-2' }], consistency: 'STRONG', witness: 'us-west-2' },
    ],
    ['none', { Replicas: [] }, {}],
    ['none where the list is no list', { Replicas: 'us-east-2', GlobalTableWitnesses: {} }, {}],
  ])('replicas: %s', (_, more, expected) => {
    const { replicas, consistency, witness } = only({ Table: { ...live, ...more } }).input
    const given = Object.entries({ replicas, consistency, witness }).filter(([, value]) => value !== undefined)
    expect(Object.fromEntries(given)).toEqual(expected)
  })

  test('a replica with members of the wrong type is refused', () => {
    const odd = us({ RegionName: 7, GlobalSecondaryIndexes: 'by-a', ReplicaTableClassSummary: { TableClass: 'COLD' } })
    const { input } = only({ Table: { ...live, Replicas: [odd] } })
    expect(readInput(input, 'users').problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'users › replicas[0].region: must be a region such as us-east-2, not 7',
      'users › replicas[0].tableClass: must be STANDARD or STANDARD_INFREQUENT_ACCESS, not "COLD"',
    ])
  })

  test('members that only an input can have are kept', () => {
    const more = { Tags: [{ Key: 'a', Value: 'b' }], TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } }
    expect(only({ Table: { ...live, ...more } }).input).toMatchObject({ tags: { a: 'b' }, ttl: 'at' })
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

describe('an input without a name', () => {
  const nameless = { ...base, TableName: undefined }
  test('takes its key in a data file', () => {
    const [table] = createTable.toDefinitions(nameless, { file: 'tables.json', export: 'users' }) as SourcedTable[]
    expect(table).toMatchObject({ input: { table: 'users' }, assumed: [{ path: 'table', guess: true }] })
  })

  test.each([
    ['tables.ts', 'users'],
    ['tables.json', 'tables[0]'],
    ['users.json', undefined],
    // A word of the file's format, or a name that may stand under several keys.
    ['template.yaml', 'Resources.Users.Properties'],
    ['resource.json', 'Properties'],
    ['resource.json', 'Table'],
    ['tables.json', 'dev.users'],
  ])('none: %s %s', (file, name) => {
    const [table] = createTable.toDefinitions(nameless, { file, export: name }) as SourcedTable[]
    expect(table?.input).not.toHaveProperty('table')
    expect(table?.assumed).toEqual([])
  })
})

describe('inputs that AWS would refuse', () => {
  const range = [attribute('pk'), attribute('sk')]
  test.each<[string, object, string[]]>([
    [
      'no definitions',
      { ...base, AttributeDefinitions: undefined },
      [
        'K6 users › AttributeDefinitions: is missing; list every key attribute with its type: { AttributeName, AttributeType }',
      ],
    ],
    [
      'an empty key',
      { ...base, AttributeDefinitions: [], KeySchema: [] },
      ['K1 users › KeySchema: names no key; start with { AttributeName, KeyType: "HASH" }'],
    ],
    [
      'a key that is not defined',
      { ...base, KeySchema: [key('pk'), key('sk', 'RANGE')] },
      ['K7 users › KeySchema[1]: "sk" is not in AttributeDefinitions; add it there'],
    ],
    [
      'RANGE first',
      { ...base, KeySchema: [key('pk', 'RANGE')] },
      ['K3 users › KeySchema[0]: the first attribute of a key must be HASH'],
    ],
    [
      'HASH twice',
      { ...base, AttributeDefinitions: range, KeySchema: [key('pk'), key('sk')] },
      ['K4 users › KeySchema[1]: the second attribute of a key must be RANGE'],
    ],
    [
      'a strange role',
      { ...base, KeySchema: [key('pk', 'PARTITION')] },
      ['K11 users › KeySchema[0].KeyType: must be HASH or RANGE, not "PARTITION"'],
    ],
    [
      'an unused definition',
      { ...base, AttributeDefinitions: range },
      ['K8 users › AttributeDefinitions: "sk" is not used by any key; AttributeDefinitions takes key attributes only'],
    ],
    [
      'two, beside an index',
      { ...withIndex(), AttributeDefinitions: [...range, attribute('a'), attribute('b')] },
      [
        'K9 users › AttributeDefinitions: "sk" and "b" are not used by any key; AttributeDefinitions takes key attributes only',
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
        'K11 users › AttributeDefinitions[0].AttributeType: "pk" has the type "BOOL"; a key must be S (string), N (number) or B (binary)',
      ],
    ],
    [
      'no billing at all',
      { ...base, BillingMode: undefined },
      [
        'T1 users › ProvisionedThroughput: is missing, and without BillingMode a table is PROVISIONED; add it, or BillingMode: "PAY_PER_REQUEST"',
      ],
    ],
    [
      'PROVISIONED alone',
      { ...base, BillingMode: 'PROVISIONED' },
      [
        'T1 users › ProvisionedThroughput: is missing, and BillingMode is PROVISIONED; add it, or BillingMode: "PAY_PER_REQUEST"',
      ],
    ],
    [
      'half a throughput',
      { ...base, BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1 } },
      ['T3 users › ProvisionedThroughput.WriteCapacityUnits: is missing'],
    ],
    [
      'an index without throughput',
      {
        ...withIndex(),
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      },
      [
        'T4 users › GlobalSecondaryIndexes.by-a.ProvisionedThroughput: is missing; a PROVISIONED table needs it for every global index',
      ],
    ],
    [
      'empty lists',
      { ...base, GlobalSecondaryIndexes: [], LocalSecondaryIndexes: [] },
      [
        'G1 users › GlobalSecondaryIndexes: is an empty list, which AWS refuses; leave it out',
        'G1 users › LocalSecondaryIndexes: is an empty list, which AWS refuses; leave it out',
      ],
    ],
    [
      'two indexes of one name',
      { ...withIndex(), GlobalSecondaryIndexes: [gsi(), gsi()] },
      ['G3 users › GlobalSecondaryIndexes.by-a: another index has the same name'],
    ],
    [
      'HASH after RANGE',
      {
        ...withIndex({ KeySchema: [key('a'), key('b', 'RANGE'), key('pk')] }),
        AttributeDefinitions: [attribute('pk'), attribute('a'), attribute('b')],
      },
      ['G5 users › GlobalSecondaryIndexes.by-a.KeySchema[2]: HASH attributes must come before RANGE attributes'],
    ],
    [
      'a local index of its own',
      {
        ...base,
        AttributeDefinitions: [...range, attribute('a')],
        KeySchema: [key('pk'), key('sk', 'RANGE')],
        LocalSecondaryIndexes: [{ ...gsi(), KeySchema: [key('a'), key('sk', 'RANGE')] }],
      },
      ['L2 users › LocalSecondaryIndexes.by-a.KeySchema: the HASH key must be the table\'s, "pk", found "a"'],
    ],
    [
      'no index name',
      { ...base, GlobalSecondaryIndexes: [{}] },
      ['N4 users › GlobalSecondaryIndexes[0].IndexName: is missing'],
    ],
    [
      'no projection',
      withIndex({ Projection: undefined }),
      ['P1 users › GlobalSecondaryIndexes.by-a.Projection.ProjectionType: is missing; write ALL, KEYS_ONLY or INCLUDE'],
    ],
    [
      'ALL with a list',
      withIndex({ Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] } }),
      [
        'P2 users › GlobalSecondaryIndexes.by-a.Projection.NonKeyAttributes: cannot be given with ProjectionType ALL, only with INCLUDE',
      ],
    ],
    [
      'INCLUDE without one',
      withIndex({ Projection: { ProjectionType: 'INCLUDE' } }),
      [
        'P3 users › GlobalSecondaryIndexes.by-a.Projection.NonKeyAttributes: is missing; ProjectionType INCLUDE needs it',
      ],
    ],
    [
      'empty warm throughput',
      { ...base, WarmThroughput: {} },
      ['W4 users › WarmThroughput: is empty; give ReadUnitsPerSecond or WriteUnitsPerSecond, or leave it out'],
    ],
    [
      'a stream without a view',
      { ...base, StreamSpecification: { StreamEnabled: true } },
      ['S1 users › StreamSpecification.StreamViewType: is missing; a stream needs it'],
    ],
    [
      'a view without a stream',
      { ...base, StreamSpecification: { StreamEnabled: false, StreamViewType: 'KEYS_ONLY' } },
      ['S2 users › StreamSpecification.StreamViewType: cannot be given when StreamEnabled is false'],
    ],
    [
      'AES256',
      { ...base, SSESpecification: { Enabled: true, SSEType: 'AES256' } },
      [
        'E1 users › SSESpecification.SSEType: AES256 is not supported; write KMS, or Enabled: false for the key that AWS owns',
      ],
    ],
    [
      'a key without KMS',
      { ...base, SSESpecification: { Enabled: true, KMSMasterKeyId: 'x' } },
      ['E1 users › SSESpecification.KMSMasterKeyId: needs SSEType: "KMS"'],
    ],
    [
      'a key, disabled',
      { ...base, SSESpecification: { Enabled: false, SSEType: 'KMS', KMSMasterKeyId: 'x' } },
      [
        'E1 users › SSESpecification.SSEType: needs Enabled: true',
        'E1 users › SSESpecification.KMSMasterKeyId: needs Enabled: true',
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
      ['A3 users › Tags[1]: the key "a" is given twice; keep one'],
    ],
    [
      'members that CreateTable does not have',
      { ...base, DeletionProtection: true, Comment: 'x', TTL: 'at', ImportSourceSpecification: {}, ttl: 'at' },
      [
        '- users › DeletionProtection: CreateTable has no member "DeletionProtection"; did you mean "DeletionProtectionEnabled"?',
        '- users › Comment: CreateTable has no member "Comment"',
        '- users › TTL: CreateTable has no member "TTL"; did you mean "TimeToLiveSpecification"?',
        '- users › ImportSourceSpecification: CreateTable has no member "ImportSourceSpecification"',
        '- users › ttl: CreateTable has no member "ttl"; did you mean "TimeToLiveSpecification"?',
      ],
    ],
    [
      'nested ones',
      {
        ...withIndex({ Projection: { ProjectionType: 'INCLUDE', NonKeyAtributes: ['x'] } }),
        PointInTimeRecoverySpecification: { Enabled: true },
        SSESpecification: { Enabld: true },
        TimeToLiveSpecification: { Enabled: true, AtributeName: 'at' },
      },
      [
        '- users › GlobalSecondaryIndexes.by-a.Projection.NonKeyAtributes: Projection has no member "NonKeyAtributes"; did you mean "NonKeyAttributes"?',
        '- users › PointInTimeRecoverySpecification.Enabled: PointInTimeRecoverySpecification has no member "Enabled"; did you mean "PointInTimeRecoveryEnabled"?',
        '- users › SSESpecification.Enabld: SSESpecification has no member "Enabld"; did you mean "Enabled"?',
        '- users › TimeToLiveSpecification.AtributeName: TimeToLiveSpecification has no member "AtributeName"; did you mean "AttributeName"?',
      ],
    ],
    [
      'values of another type',
      {
        ...base,
        TableName: 2024,
        BillingMode: 'PROVISION',
        DeletionProtectionEnabled: 'true',
        WarmThroughput: { ReadUnitsPerSecond: 'many' },
        TimeToLiveSpecification: { Enabled: 'false', AttributeName: 'at' },
      },
      [
        '- users › TableName: must be a string, not 2024',
        '- users › BillingMode: must be "PAY_PER_REQUEST" or "PROVISIONED", not "PROVISION"; did you mean "PROVISIONED"?',
        '- users › DeletionProtectionEnabled: must be true or false, not "true"',
        '- users › WarmThroughput.ReadUnitsPerSecond: must be a number, not "many"',
        '- users › TimeToLiveSpecification.Enabled: must be true or false, not "false"',
      ],
    ],
    [
      'a name that only CloudFormation can resolve',
      { ...base, TableName: { 'Fn::Sub': 'x-users' } },
      ['- users › TableName: must be a string, not an Fn::Sub of CloudFormation, which dynamox does not resolve'],
    ],
    [
      'settings that lack what decides',
      {
        ...base,
        TimeToLiveSpecification: { AttributeName: 'at' },
        PointInTimeRecoverySpecification: { RecoveryPeriodInDays: 7 },
        ContributorInsightsSpecification: {},
        KinesisStreamSpecification: {},
        StreamSpecification: {},
      },
      [
        'S1 users › StreamSpecification.StreamViewType: is missing; a stream needs it',
        '- users › TimeToLiveSpecification.Enabled: is missing; write true or false',
        '- users › PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled: is missing; write true or false',
        '- users › KinesisStreamSpecification.StreamArn: is missing',
        '- users › ContributorInsightsSpecification.Enabled: is missing; write true or false',
      ],
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
        '- users › GlobalSecondaryIndexes: must be a list, not an object',
        '- users › Tags: must be a list, not an object',
        '- users › OnDemandThroughput: must be an object, not 5',
      ],
    ],
  ])('%s', (_, raw, lines) => {
    expect(problems(raw)).toEqual(lines)
  })

  test('all problems of a table are one error', () => {
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

// The SDK's own description of the structure: [3, namespace, name, traits, member names, member schemas].
describe('every member of CreateTable, down to its leaves', () => {
  type Leaf = 'text' | 'number' | 'boolean' | 'list' | 'structure'
  const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }
  const caps = { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 5 }
  const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 }
  const complete = {
    ...base,
    AttributeDefinitions: [attribute('pk'), attribute('sk'), attribute('a'), attribute('b')],
    KeySchema: [key('pk'), key('sk', 'RANGE')],
    GlobalSecondaryIndexes: [
      {
        ...gsi({ Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] } }),
        ProvisionedThroughput: units,
        OnDemandThroughput: caps,
        WarmThroughput: warm,
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [key('pk'), key('a', 'RANGE')],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
      },
    ],
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: units,
    OnDemandThroughput: caps,
    WarmThroughput: warm,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/orders' },
    Tags: [{ Key: 'team', Value: 'shop' }],
    TableClass: 'STANDARD',
    DeletionProtectionEnabled: true,
    ResourcePolicy: '{}',
    GlobalTableSourceArn: 'arn:x',
    GlobalTableSettingsReplicationMode: 'ENABLED',
    VectorIndexes: [
      {
        IndexName: 'near',
        VectorAttribute: { AttributeName: 'v' },
        SearchSchema: [{ AttributeName: 'b', SearchSchemaElementType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
        Dimensions: 3,
        DistanceFunction: 'COSINE',
      },
    ],
  }

  /** The definition as text; `refused` where a problem names it. */
  function meaning(raw: unknown): string {
    if (problems(raw).length > 0) return 'refused'
    const { input } = only(raw)
    const typeProblems = readInput(input, 'users').problems
    return typeProblems.length > 0 ? 'refused' : JSON.stringify(input)
  }

  const resolved = (schema: unknown): unknown => (typeof schema === 'function' ? resolved(schema()) : schema)

  function kindOf(schema: unknown): Leaf {
    if (schema === 1) return 'number'
    if (schema === 2) return 'boolean'
    if (schema === 64 || (Array.isArray(schema) && schema[0] === 1)) return 'list'
    return Array.isArray(schema) && schema[0] === 3 ? 'structure' : 'text'
  }

  type Path = readonly (string | number)[]

  /** Every member in the SDK's schema with its place in `complete`. */
  function members(given: unknown, path: Path = []): readonly { readonly path: Path; readonly kind: Leaf }[] {
    const schema = resolved(given)
    if (!Array.isArray(schema)) return []
    if (schema[0] === 1) return members(schema[4], [...path, 0])
    if (schema[0] !== 3) return []
    return (schema[4] as string[]).flatMap((name, index) => {
      const member = resolved(schema[5][index])
      return [{ path: [...path, name], kind: kindOf(member) }, ...members(member, [...path, name])]
    })
  }

  const valueAt = (path: Path): unknown =>
    path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], complete)

  /** `complete` with the structure that holds the last step of `path` replaced. */
  function changed(path: Path, change: (holder: Record<string, unknown>, name: string) => void): unknown {
    const copy = structuredClone(complete)
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], copy)
    change(holder as Record<string, unknown>, String(path.at(-1)))
    return copy
  }

  const all = members(CreateTableInput$).map(({ path, kind }) => ({ path, kind, name: path.join('.') }))
  const wrongValues: Record<Leaf, readonly unknown[]> = {
    text: [5, true, {}, [], null],
    number: ['five', true, {}, [], null, Number.NaN],
    boolean: ['true', 'false', 1, 0, {}, null],
    list: ['x', 5, {}, null],
    structure: ['x', 5, [], true, null],
  }

  test('the example is complete and understood', () => {
    expect(all.filter(({ path }) => valueAt(path) === undefined)).toEqual([])
    expect(all.length).toBeGreaterThan(60)
    expect(meaning(complete)).not.toBe('refused')
  })

  test.each(all)('$name: misspelt', ({ path }) => {
    const raw = changed(path, (holder, name) => {
      holder[name.slice(0, -1)] = holder[name]
      delete holder[name]
    })
    expect(meaning(raw)).toBe('refused')
  })

  test.each(all)('an unknown member beside $name', ({ path }) => {
    expect(meaning(changed(path, holder => Object.assign(holder, { Strange: true })))).toBe('refused')
  })

  test.each(all)('$name: not $kind', ({ path, kind }) => {
    const accepted = wrongValues[kind].filter(value => {
      const raw = changed(path, (holder, name) => Object.assign(holder, { [name]: value }))
      return meaning(raw) !== 'refused'
    })
    expect(accepted).toEqual([])
  })

  test.each(all.filter(({ kind }) => kind === 'number'))('$name: a quoted number is read as a number', ({ path }) => {
    const raw = changed(path, (holder, name) => Object.assign(holder, { [name]: String(holder[name]) }))
    expect(meaning(raw)).toBe(meaning(complete))
  })
})
