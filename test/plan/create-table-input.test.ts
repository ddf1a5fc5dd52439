import { describe, expect, it } from 'vitest'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import type { TableInput } from '../../src/table/input.ts'
import { table } from '../support/tables.ts'

const attribute = (AttributeName: string, AttributeType: string) => ({ AttributeName, AttributeType })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })
const all = { ProjectionType: 'ALL' }
const pk = {
  TableName: 'users',
  KeySchema: [hash('pk')],
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [attribute('pk', 'S')],
}

const cases: [string, Partial<TableInput>, object][] = [
  ['a partition key', {}, pk],
  [
    'a sort key',
    { partitionKey: 'pk:N', sortKey: 'sk:B' },
    { ...pk, KeySchema: [hash('pk'), range('sk')], AttributeDefinitions: [attribute('pk', 'N'), attribute('sk', 'B')] },
  ],
  [
    'provisioned capacity, 5/5 where none is named',
    {
      billingMode: 'PROVISIONED',
      readCapacity: 10,
      globalIndexes: { 'by-email': { partitionKey: 'email', writeCapacity: 2 } },
    },
    {
      ...pk,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 5 },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-email',
          KeySchema: [hash('email')],
          Projection: all,
          ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
        },
      ],
      AttributeDefinitions: [attribute('pk', 'S'), attribute('email', 'S')],
    },
  ],
  [
    'no capacity for indexes of on-demand tables, each attribute defined once',
    {
      sortKey: 'sk',
      globalIndexes: {
        'by-email': { partitionKey: 'email', projection: 'KEYS_ONLY' },
        'by-status': { partitionKey: ['tenant', 'status'], sortKey: 'sk', projection: ['email', 'age'] },
      },
      localIndexes: { 'by-age': { sortKey: 'age:N' } },
    },
    {
      ...pk,
      KeySchema: [hash('pk'), range('sk')],
      LocalSecondaryIndexes: [{ IndexName: 'by-age', KeySchema: [hash('pk'), range('age')], Projection: all }],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-email', KeySchema: [hash('email')], Projection: { ProjectionType: 'KEYS_ONLY' } },
        {
          IndexName: 'by-status',
          KeySchema: [hash('tenant'), hash('status'), range('sk')],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['email', 'age'] },
        },
      ],
      AttributeDefinitions: [
        attribute('pk', 'S'),
        attribute('sk', 'S'),
        attribute('age', 'N'),
        attribute('email', 'S'),
        attribute('tenant', 'S'),
        attribute('status', 'S'),
      ],
    },
  ],
  [
    'on-demand caps, without the ones that are off',
    {
      maxReadUnits: 100,
      maxWriteUnits: false,
      globalIndexes: { 'by-email': { partitionKey: 'email', maxWriteUnits: 7 } },
    },
    {
      ...pk,
      OnDemandThroughput: { MaxReadRequestUnits: 100 },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-email',
          KeySchema: [hash('email')],
          Projection: all,
          OnDemandThroughput: { MaxWriteRequestUnits: 7 },
        },
      ],
      AttributeDefinitions: [attribute('pk', 'S'), attribute('email', 'S')],
    },
  ],
  ['no caps at all', { maxReadUnits: false, maxWriteUnits: false }, pk],
  [
    'warm throughput, one member alone',
    { warmReadUnits: 15_000 },
    { ...pk, WarmThroughput: { ReadUnitsPerSecond: 15_000 } },
  ],
  ['the key that AWS owns', { encryption: 'AWS_OWNED' }, pk],
  [
    'the key that AWS manages',
    { encryption: 'AWS_MANAGED' },
    { ...pk, SSESpecification: { Enabled: true, SSEType: 'KMS' } },
  ],
  [
    'a key of one’s own',
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/mine' },
    { ...pk, SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/mine' } },
  ],
  [
    'a stream',
    { stream: 'NEW_IMAGE' },
    { ...pk, StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } },
  ],
  [
    'what is off anyway',
    { stream: false, deletionProtection: false, ttl: false, resourcePolicy: false, kinesis: false, tags: {} },
    pk,
  ],
  ['a table class', { tableClass: 'STANDARD_INFREQUENT_ACCESS' }, { ...pk, TableClass: 'STANDARD_INFREQUENT_ACCESS' }],
  ['deletion protection', { deletionProtection: true }, { ...pk, DeletionProtectionEnabled: true }],
  [
    'tags',
    { tags: { team: 'a', cost: '1' } },
    {
      ...pk,
      Tags: [
        { Key: 'team', Value: 'a' },
        { Key: 'cost', Value: '1' },
      ],
    },
  ],
  ['a policy', { resourcePolicy: '{"Version":"2012-10-17"}' }, { ...pk, ResourcePolicy: '{"Version":"2012-10-17"}' }],
  [
    'nothing of what CreateTable cannot carry',
    { ttl: 'expiresAt', pointInTimeRecovery: 7, contributorInsights: true },
    pk,
  ],
]

describe('createTableInput', () => {
  it.each(cases)('%s', (_, input, expected) => {
    const request = createTableInput(table(input))
    expect(request).toStrictEqual(expected)
    expect(JSON.parse(JSON.stringify(request))).toEqual(request)
  })

  it('merges the members without a field, and the attributes that only they use', () => {
    const extra = {
      VectorIndexes: [{ IndexName: 'near' }],
      AttributeDefinitions: [attribute('pk', 'S'), attribute('tenant', 'S')],
    }
    expect(createTableInput({ ...table(), extra })).toStrictEqual({
      ...pk,
      VectorIndexes: [{ IndexName: 'near' }],
      AttributeDefinitions: [attribute('pk', 'S'), attribute('tenant', 'S')],
    })
  })
})
