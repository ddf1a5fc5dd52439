import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
  StreamSpecification,
  VectorIndex,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import type { VectorIndexInput } from '../../src/settings/vector-indexes.ts'
import type { TableInput } from '../../src/table/input.ts'
import { table } from '../support/tables.ts'

/** Fields of a definition that reach a member of the request, and what the member then is. */
interface Reached<T> {
  readonly by: Partial<TableInput>
  readonly gives: T
}
/** A member that no field stands for: it goes through `extra`, for the reason given. */
interface ByExtra {
  readonly why: string
  readonly example: unknown
}
/**
 * An entry for every member, no more and no fewer: when the SDK adds one, this file does not compile until a field
 * or a reason stands for it.
 */
type Surface<T> = { readonly [M in keyof Required<T>]: Reached<Required<T>[M]> | ByExtra }

const globalTables = 'it joins an existing global table of another account, and describes no table of its own'

const createTable: Surface<CreateTableCommandInput> = {
  TableName: { by: { table: 'orders' }, gives: 'orders' },
  AttributeDefinitions: {
    by: { partitionKey: 'pk:N' },
    gives: [{ AttributeName: 'pk', AttributeType: 'N' }],
  },
  KeySchema: {
    by: { sortKey: 'sk' },
    gives: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  },
  LocalSecondaryIndexes: {
    by: { sortKey: 'sk', localIndexes: { 'by-at': { sortKey: 'at:N' } } },
    gives: [
      {
        IndexName: 'by-at',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  GlobalSecondaryIndexes: {
    by: { globalIndexes: { 'by-email': { partitionKey: 'email' } } },
    gives: [
      {
        IndexName: 'by-email',
        KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  BillingMode: { by: { billingMode: 'PROVISIONED' }, gives: 'PROVISIONED' },
  ProvisionedThroughput: {
    by: { billingMode: 'PROVISIONED', readCapacity: 7 },
    gives: { ReadCapacityUnits: 7, WriteCapacityUnits: 5 },
  },
  StreamSpecification: {
    by: { stream: 'KEYS_ONLY' },
    gives: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  },
  SSESpecification: { by: { encryption: 'AWS_MANAGED' }, gives: { Enabled: true, SSEType: 'KMS' } },
  Tags: { by: { tags: { team: 'shop' } }, gives: [{ Key: 'team', Value: 'shop' }] },
  TableClass: { by: { tableClass: 'STANDARD_INFREQUENT_ACCESS' }, gives: 'STANDARD_INFREQUENT_ACCESS' },
  DeletionProtectionEnabled: { by: { deletionProtection: true }, gives: true },
  WarmThroughput: { by: { warmReadUnits: 15_000 }, gives: { ReadUnitsPerSecond: 15_000 } },
  ResourcePolicy: { by: { resourcePolicy: '{}' }, gives: '{}' },
  OnDemandThroughput: { by: { maxReadUnits: 10 }, gives: { MaxReadRequestUnits: 10 } },
  GlobalTableSourceArn: { why: globalTables, example: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' },
  GlobalTableSettingsReplicationMode: { why: globalTables, example: 'ENABLED' },
  VectorIndexes: {
    by: vectors(),
    gives: [
      {
        IndexName: 'by-meaning',
        VectorAttribute: { AttributeName: 'meaning' },
        SearchSchema: [
          { AttributeName: 'tenant', SearchSchemaElementType: 'HASH' },
          { AttributeName: 'year', SearchSchemaElementType: 'INLINE_FILTER' },
        ],
        Projection: { ProjectionType: 'ALL' },
        Dimensions: 4,
        DistanceFunction: 'COSINE',
      },
    ],
  },
}

function vectors(more: Partial<VectorIndexInput> = {}) {
  const index = { attribute: 'meaning', dimensions: 4, distance: 'COSINE', partitionKey: 'tenant', filters: ['year:N'] }
  return { vectorIndexes: { 'by-meaning': { ...index, ...more } as VectorIndexInput } }
}

const vectorIndex: Surface<VectorIndex> = {
  IndexName: { by: vectors(), gives: 'by-meaning' },
  VectorAttribute: { by: vectors({ attribute: 'v' }), gives: { AttributeName: 'v' } },
  SearchSchema: {
    by: vectors({ partitionKey: undefined }),
    gives: [{ AttributeName: 'year', SearchSchemaElementType: 'INLINE_FILTER' }],
  },
  Projection: { by: vectors({ projection: ['a'] }), gives: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] } },
  Dimensions: { by: vectors({ dimensions: 1024 }), gives: 1024 },
  DistanceFunction: { by: vectors({ distance: 'EUCLIDEAN' }), gives: 'EUCLIDEAN' },
}

const provisioned = { billingMode: 'PROVISIONED' } as const
const index = (more: Partial<NonNullable<TableInput['globalIndexes']>[string]> = {}) => ({
  globalIndexes: { 'by-email': { partitionKey: 'email', ...more } },
})

const globalIndex: Surface<GlobalSecondaryIndex> = {
  IndexName: { by: index(), gives: 'by-email' },
  KeySchema: {
    by: index({ partitionKey: ['tenant', 'email'], sortKey: 'at:N' }),
    gives: [
      { AttributeName: 'tenant', KeyType: 'HASH' },
      { AttributeName: 'email', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
  },
  Projection: { by: index({ projection: 'KEYS_ONLY' }), gives: { ProjectionType: 'KEYS_ONLY' } },
  ProvisionedThroughput: {
    by: { ...provisioned, ...index({ writeCapacity: 9 }) },
    gives: { ReadCapacityUnits: 5, WriteCapacityUnits: 9 },
  },
  OnDemandThroughput: { by: index({ maxWriteUnits: 3 }), gives: { MaxWriteRequestUnits: 3 } },
  WarmThroughput: { by: index({ warmWriteUnits: 5000 }), gives: { WriteUnitsPerSecond: 5000 } },
}

const local = (projection?: readonly string[]) => ({
  sortKey: 'sk',
  localIndexes: { 'by-at': { sortKey: 'at:N', projection } },
})

const localIndex: Surface<LocalSecondaryIndex> = {
  IndexName: { by: local(), gives: 'by-at' },
  KeySchema: {
    by: local(),
    gives: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
  },
  Projection: { by: local(['a']), gives: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] } },
}

// The structures within, each reached through its own member above.
const projection: Surface<Projection> = {
  ProjectionType: { by: index({ projection: ['a', 'b'] }), gives: 'INCLUDE' },
  NonKeyAttributes: { by: index({ projection: ['a', 'b'] }), gives: ['a', 'b'] },
}
const capacity: Surface<ProvisionedThroughput> = {
  ReadCapacityUnits: { by: { ...provisioned, readCapacity: 3 }, gives: 3 },
  WriteCapacityUnits: { by: { ...provisioned, writeCapacity: 4 }, gives: 4 },
}
const onDemand: Surface<OnDemandThroughput> = {
  MaxReadRequestUnits: { by: { maxReadUnits: 3 }, gives: 3 },
  MaxWriteRequestUnits: { by: { maxWriteUnits: 4 }, gives: 4 },
}
const warm: Surface<WarmThroughput> = {
  ReadUnitsPerSecond: { by: { warmReadUnits: 13_000 }, gives: 13_000 },
  WriteUnitsPerSecond: { by: { warmWriteUnits: 14_000 }, gives: 14_000 },
}
const stream: Surface<StreamSpecification> = {
  StreamEnabled: { by: { stream: 'NEW_IMAGE' }, gives: true },
  StreamViewType: { by: { stream: 'NEW_IMAGE' }, gives: 'NEW_IMAGE' },
}
const encryption: Surface<SSESpecification> = {
  Enabled: { by: { encryption: 'AWS_MANAGED' }, gives: true },
  SSEType: { by: { encryption: 'AWS_MANAGED' }, gives: 'KMS' },
  KMSMasterKeyId: { by: { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/orders' }, gives: 'alias/orders' },
}

type Entry = [string, Reached<unknown> | ByExtra]
const holders: readonly [string, readonly Entry[], (input: CreateTableCommandInput) => object | undefined][] = [
  ['CreateTable', Object.entries(createTable), input => input],
  ['GlobalSecondaryIndexes[]', Object.entries(globalIndex), input => input.GlobalSecondaryIndexes?.[0]],
  ['LocalSecondaryIndexes[]', Object.entries(localIndex), input => input.LocalSecondaryIndexes?.[0]],
  ['VectorIndexes[]', Object.entries(vectorIndex), input => input.VectorIndexes?.[0]],
  ['Projection', Object.entries(projection), input => input.GlobalSecondaryIndexes?.[0]?.Projection],
  ['ProvisionedThroughput', Object.entries(capacity), input => input.ProvisionedThroughput],
  ['OnDemandThroughput', Object.entries(onDemand), input => input.OnDemandThroughput],
  ['WarmThroughput', Object.entries(warm), input => input.WarmThroughput],
  ['StreamSpecification', Object.entries(stream), input => input.StreamSpecification],
  ['SSESpecification', Object.entries(encryption), input => input.SSESpecification],
]

describe('every member of a CreateTable request can be said in a definition', () => {
  for (const [holder, entries, find] of holders) {
    const reached = entries.flatMap(([member, entry]) => ('by' in entry ? [[member, entry] as const] : []))
    test.each(reached)(`${holder}.%s`, (member, { by, gives }) => {
      const found = find(createTableInput(table(by)))
      expect(found).toHaveProperty([member], gives)
    })

    const byExtra = entries.flatMap(([member, entry]) => ('why' in entry ? [[member, entry] as const] : []))
    if (byExtra.length === 0) continue
    test.each(byExtra)(`${holder}.%s, by extra`, (member, { example }) => {
      const { definition } = toDefinition(
        { table: 'users', partitionKey: 'pk', extra: { [member]: example } },
        { path: '' },
      )
      expect(definition && createTableInput(definition)).toHaveProperty([member], example)
    })
  }
})

/** What the SDK may bring one day. */
interface NewerCapacity extends ProvisionedThroughput {
  BurstUnits?: number | undefined
}

test('a member that is not listed is an error of the compiler, and so is one that the SDK no longer has', () => {
  // @ts-expect-error BurstUnits is missing
  const missing: Surface<NewerCapacity> = capacity
  // @ts-expect-error the SDK has no such member
  const surplus: Surface<ProvisionedThroughput> = { ...capacity, BurstUnits: { by: {}, gives: 1 } }
  expect(Object.keys(surplus)).toEqual([...Object.keys(missing), 'BurstUnits'])
})
