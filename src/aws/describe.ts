import type {
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  OnDemandThroughput,
  Projection as SdkProjection,
  SSEDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import type {
  GlobalIndex,
  KeyAttribute,
  KeyType,
  LocalIndex,
  Projection,
  TableDefinition,
  TableSettings,
  Throughput,
} from '../table/definition.ts'
import type { FollowUpField, IndexStatus, LiveIndex, LiveTable, TableStatus } from '../table/live.ts'

/** What the calls beside DescribeTable brought. */
export interface FollowUps {
  readonly settings: Pick<TableSettings, FollowUpField>
  /** Contributor insights of each global index. */
  readonly indexInsights: Readonly<Record<string, GlobalIndex['contributorInsights']>>
  readonly read: readonly FollowUpField[]
  readonly settling: readonly FollowUpField[]
  readonly warnings: readonly string[]
}

export const noFollowUps: FollowUps = { settings: {}, indexInsights: {}, read: [], settling: [], warnings: [] }

/**
 * DescribeTable's answer in dynamox's words. What AWS leaves out when a setting is at its default is filled in here,
 * so that comparing never has to know: an absent billing summary means PROVISIONED, an absent cap none, an absent
 * class STANDARD, an absent encryption AWS's own key, an absent stream specification off.
 */
export function toLiveTable(table: TableDescription, followUps: FollowUps = noFollowUps): LiveTable {
  const types = new Map((table.AttributeDefinitions ?? []).map(one => [one.AttributeName, one.AttributeType]))
  const provisioned = table.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST'
  const globals = table.GlobalSecondaryIndexes ?? []
  const definition: TableDefinition = {
    name: table.TableName ?? '',
    partitionKey: keysOf(table.KeySchema, 'HASH', types),
    sortKey: keysOf(table.KeySchema, 'RANGE', types),
    globalIndexes: globals.map(index => ({
      ...globalIndex(index, types, provisioned),
      ...given('contributorInsights', followUps.indexInsights[index.IndexName ?? '']),
    })),
    localIndexes: (table.LocalSecondaryIndexes ?? []).map(index => localIndex(index, types)),
    billingMode: provisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...throughput(table, provisioned),
    tableClass:
      table.TableClassSummary?.TableClass === 'STANDARD_INFREQUENT_ACCESS' ? 'STANDARD_INFREQUENT_ACCESS' : 'STANDARD',
    ...encryption(table.SSEDescription),
    stream:
      table.StreamSpecification?.StreamEnabled === true ? (table.StreamSpecification.StreamViewType ?? false) : false,
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    ...followUps.settings,
    assumed: [],
  }
  return {
    definition,
    status: (table.TableStatus ?? 'ACTIVE') as TableStatus,
    indexes: indexStatuses(table),
    ...given('encryptionStatus', table.SSEDescription?.Status),
    ...given('warmStatus', table.WarmThroughput?.Status),
    ...given('replicaStatuses', replicaStatuses(table)),
    ...given('arn', table.TableArn),
    ...given('id', table.TableId),
    ...given('createdAt', table.CreationDateTime),
    ...given('itemCount', table.ItemCount),
    ...given('sizeBytes', table.TableSizeBytes),
    read: followUps.read,
    settling: followUps.settling,
    warnings: followUps.warnings,
  }
}

type Types = ReadonlyMap<string | undefined, string | undefined>

function keysOf(schema: readonly KeySchemaElement[] | undefined, role: 'HASH' | 'RANGE', types: Types): KeyAttribute[] {
  return (schema ?? [])
    .filter(element => element.KeyType === role)
    .map(element => ({ name: element.AttributeName ?? '', type: (types.get(element.AttributeName) ?? 'S') as KeyType }))
}

function localIndex(index: LocalSecondaryIndexDescription, types: Types): LocalIndex {
  return {
    name: index.IndexName ?? '',
    partitionKey: keysOf(index.KeySchema, 'HASH', types),
    sortKey: keysOf(index.KeySchema, 'RANGE', types),
    projection: projection(index.Projection),
  }
}

function globalIndex(index: GlobalSecondaryIndexDescription, types: Types, provisioned: boolean): GlobalIndex {
  return { ...localIndex(index, types), ...throughput(index, provisioned) }
}

/** Sorted by name, as AWS itself echoes it; engines keep the order they were given. */
function projection(of: SdkProjection | undefined): Projection {
  if (of?.ProjectionType === 'INCLUDE') return [...(of.NonKeyAttributes ?? [])].sort()
  return of?.ProjectionType === 'KEYS_ONLY' ? 'KEYS_ONLY' : 'ALL'
}

/** A table or index on demand reports capacities of 0/0, which are none. */
function throughput(of: TableDescription | GlobalSecondaryIndexDescription, provisioned: boolean): Throughput {
  const capacity = of.ProvisionedThroughput
  return {
    ...(provisioned ? given('readCapacity', capacity?.ReadCapacityUnits) : {}),
    ...(provisioned ? given('writeCapacity', capacity?.WriteCapacityUnits) : {}),
    maxReadUnits: cap(of.OnDemandThroughput, 'MaxReadRequestUnits'),
    maxWriteUnits: cap(of.OnDemandThroughput, 'MaxWriteRequestUnits'),
    ...given('warmReadUnits', of.WarmThroughput?.ReadUnitsPerSecond),
    ...given('warmWriteUnits', of.WarmThroughput?.WriteUnitsPerSecond),
  }
}

/** -1 is what clearing a cap echoes for a moment. */
function cap(caps: OnDemandThroughput | undefined, member: keyof OnDemandThroughput): number | false {
  const value = caps?.[member]
  return value === undefined || value < 0 ? false : value
}

/**
 * DescribeTable tells AWS's own key from KMS, but not the account's `aws/dynamodb` key from a customer's: both are
 * type KMS with a key ARN. Live KMS therefore reads CUSTOMER_MANAGED with that ARN.
 */
function encryption(sse: SSEDescription | undefined): Pick<TableSettings, 'encryption' | 'kmsKeyId'> {
  if (sse?.SSEType !== 'KMS' || sse.Status === 'DISABLED' || sse.Status === 'DISABLING')
    return { encryption: 'AWS_OWNED' }
  return { encryption: 'CUSTOMER_MANAGED', ...given('kmsKeyId', sse.KMSMasterKeyArn) }
}

function indexStatuses(table: TableDescription): Record<string, LiveIndex> {
  const statuses: Record<string, LiveIndex> = {}
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    statuses[index.IndexName ?? ''] = {
      status: (index.IndexStatus ?? 'ACTIVE') as IndexStatus,
      ...given('backfilling', index.Backfilling),
      ...given('warmStatus', index.WarmThroughput?.Status),
    }
  }
  for (const index of table.VectorIndexes ?? []) {
    statuses[index.IndexName ?? ''] = {
      status: (index.IndexStatus ?? 'ACTIVE') as IndexStatus,
      ...given('backfilling', index.Backfilling),
    }
  }
  return statuses
}

/** A regional table has no replicas at all, and a global one never lists itself. */
function replicaStatuses(table: TableDescription): Record<string, string> | undefined {
  if (table.Replicas === undefined || table.Replicas.length === 0) return undefined
  return Object.fromEntries(table.Replicas.map(one => [one.RegionName ?? '', one.ReplicaStatus ?? 'ACTIVE']))
}

/** The member, unless its value is missing: `exactOptionalPropertyTypes` and readable JSON both want it left out. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }
}
