import type {
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  Projection as SdkProjection,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import { settings } from '../settings/catalogue.ts'
import type {
  IndexSettings,
  KeyAttribute,
  KeyType,
  LocalIndex,
  Projection,
  TableDefinition,
  TableSettings,
} from '../table/definition.ts'
import type { FollowUpField, IndexStatus, LiveIndex, LiveTable, TableStatus } from '../table/live.ts'

/** The settings that the calls beside DescribeTable brought. */
export interface FollowUps {
  readonly settings: TableSettings
  /** The settings of global indexes, by index name. */
  readonly indexes: Readonly<Record<string, IndexSettings>>
  readonly read: readonly FollowUpField[]
  readonly settling: readonly FollowUpField[]
  readonly warnings: readonly string[]
}

export const noFollowUps: FollowUps = { settings: {}, indexes: {}, read: [], settling: [], warnings: [] }

/** DescribeTable's answer in dynamox's words. Each setting reads its own part, and fills in AWS's default. */
export function toLiveTable(table: TableDescription, followUps: FollowUps = noFollowUps): LiveTable {
  const types = new Map((table.AttributeDefinitions ?? []).map(one => [one.AttributeName, one.AttributeType]))
  const definition: TableDefinition = {
    name: table.TableName ?? '',
    partitionKey: keysOf(table.KeySchema, 'HASH', types),
    sortKey: keysOf(table.KeySchema, 'RANGE', types),
    globalIndexes: (table.GlobalSecondaryIndexes ?? []).map(index => ({
      ...localIndex(index, types),
      ...Object.assign({}, ...settings.map(setting => setting.readIndex?.(index, table))),
      ...followUps.indexes[index.IndexName ?? ''],
    })),
    localIndexes: (table.LocalSecondaryIndexes ?? []).map(index => localIndex(index, types)),
    ...Object.assign({}, ...settings.map(setting => setting.read?.(table))),
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

/** Sorted by name, as AWS itself echoes it; engines keep the order they were given. */
function projection(of: SdkProjection | undefined): Projection {
  if (of?.ProjectionType === 'INCLUDE') return [...(of.NonKeyAttributes ?? [])].sort()
  return of?.ProjectionType === 'KEYS_ONLY' ? 'KEYS_ONLY' : 'ALL'
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
