import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { toLiveTable } from '../../src/aws/describe.ts'

const plain: TableDescription = {
  TableName: 'users',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
}
const onDemand: TableDescription = {
  ...plain,
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
}

describe('DescribeTable, read', () => {
  test('reads what AWS leaves out as its default', () => {
    expect(toLiveTable(plain).definition).toEqual({
      name: 'users',
      partitionKey: [{ name: 'pk', type: 'S' }],
      sortKey: [],
      globalIndexes: [],
      localIndexes: [],
      billingMode: 'PROVISIONED',
      maxReadUnits: false,
      maxWriteUnits: false,
      tableClass: 'STANDARD',
      encryption: 'AWS_OWNED',
      stream: false,
      deletionProtection: false,
      assumed: [],
    })
  })

  test('reads everything that a table can have', () => {
    const live = toLiveTable({
      TableName: 'orders',
      TableStatus: 'UPDATING',
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
      TableId: 'id-1',
      CreationDateTime: new Date(0),
      ItemCount: 3,
      TableSizeBytes: 99,
      // AWS sorts them by name, and so not as the keys are.
      AttributeDefinitions: [
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'blob', AttributeType: 'B' },
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'tenant', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8, NumberOfDecreasesToday: 1 },
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: 'UPDATING' },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-tenant',
          IndexStatus: 'CREATING',
          Backfilling: true,
          KeySchema: [
            { AttributeName: 'tenant', KeyType: 'HASH' },
            { AttributeName: 'customer', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
            { AttributeName: 'blob', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['z', 'a'] },
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
          WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5_000, Status: 'ACTIVE' },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-blob',
          KeySchema: [
            { AttributeName: 'customer', KeyType: 'HASH' },
            { AttributeName: 'blob', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      SSEDescription: {
        Status: 'UPDATING',
        SSEType: 'KMS',
        KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/k',
      },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
      Replicas: [{ RegionName: 'us-east-1', ReplicaStatus: 'CREATING' }],
    })
    expect(live).toEqual({
      definition: {
        name: 'orders',
        partitionKey: [{ name: 'customer', type: 'S' }],
        sortKey: [{ name: 'at', type: 'N' }],
        replicas: [{ region: 'us-east-1' }],
        globalIndexes: [
          {
            name: 'by-tenant',
            partitionKey: [
              { name: 'tenant', type: 'S' },
              { name: 'customer', type: 'S' },
            ],
            sortKey: [
              { name: 'at', type: 'N' },
              { name: 'blob', type: 'B' },
            ],
            projection: ['a', 'z'],
            readCapacity: 1,
            writeCapacity: 2,
            maxReadUnits: false,
            maxWriteUnits: false,
            warmReadUnits: 13_000,
            warmWriteUnits: 5_000,
          },
        ],
        localIndexes: [
          {
            name: 'by-blob',
            partitionKey: [{ name: 'customer', type: 'S' }],
            sortKey: [{ name: 'blob', type: 'B' }],
            projection: 'KEYS_ONLY',
          },
        ],
        billingMode: 'PROVISIONED',
        readCapacity: 7,
        writeCapacity: 8,
        maxReadUnits: false,
        maxWriteUnits: false,
        warmReadUnits: 12_000,
        warmWriteUnits: 4_000,
        tableClass: 'STANDARD_INFREQUENT_ACCESS',
        encryption: 'CUSTOMER_MANAGED',
        kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
        stream: 'NEW_AND_OLD_IMAGES',
        deletionProtection: true,
        assumed: [],
      },
      status: 'UPDATING',
      indexes: { 'by-tenant': { status: 'CREATING', backfilling: true, warmStatus: 'ACTIVE' } },
      encryptionStatus: 'UPDATING',
      warmStatus: 'UPDATING',
      replicaStatuses: { 'us-east-1': 'CREATING' },
      arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
      id: 'id-1',
      createdAt: new Date(0),
      itemCount: 3,
      sizeBytes: 99,
      read: [],
      settling: [],
      warnings: [],
    })
  })

  test.each<readonly [string, TableDescription, object]>([
    [
      'on demand, 0/0 is no capacity',
      onDemand,
      { billingMode: 'PAY_PER_REQUEST', readCapacity: undefined, writeCapacity: undefined },
    ],
    [
      'a cap',
      { ...onDemand, OnDemandThroughput: { MaxReadRequestUnits: 10 } },
      { maxReadUnits: 10, maxWriteUnits: false },
    ],
    [
      'a cap that is being cleared',
      { ...onDemand, OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 5 } },
      { maxReadUnits: false, maxWriteUnits: 5 },
    ],
    [
      'a stream that was turned off',
      { ...plain, LatestStreamArn: 'arn', StreamSpecification: { StreamEnabled: false } },
      { stream: false },
    ],
    [
      'encryption that was turned off',
      { ...plain, SSEDescription: { Status: 'DISABLED', SSEType: 'KMS' } },
      { encryption: 'AWS_OWNED', kmsKeyId: undefined },
    ],
    [
      'a provisioned table that was on demand once',
      {
        ...onDemand,
        BillingModeSummary: { BillingMode: 'PROVISIONED' },
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
      },
      { billingMode: 'PROVISIONED', readCapacity: 5, writeCapacity: 6 },
    ],
  ])('%s', (_, table, expected) => {
    const definition: Record<string, unknown> = { ...toLiveTable(table).definition }
    expect(Object.fromEntries(Object.keys(expected).map(field => [field, definition[field]]))).toEqual(expected)
  })
})
