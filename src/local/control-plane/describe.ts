import type {
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  Projection as SdkProjection,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import { searchKey } from '../../settings/vector-indexes.ts'
import type { IndexSettings, KeyAttribute, LocalIndex, Projection } from '../../table/definition.ts'
import { describeReplicas } from './replicas.ts'
import type { IndexState, TableState } from './state.ts'
import { describeVectors } from './vectors.ts'

/** A table as DescribeTable reports it; JSON has its times as numbers, in seconds. */
export type Description = Omit<
  TableDescription,
  | 'TableStatus'
  | 'CreationDateTime'
  | 'BillingModeSummary'
  | 'GlobalSecondaryIndexes'
  | 'VectorIndexes'
  | 'Replicas'
  | 'GlobalTableWitnesses'
> & {
  readonly TableStatus: string
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[]
  readonly VectorIndexes?: readonly object[]
  readonly Replicas?: readonly object[]
  readonly GlobalTableWitnesses?: readonly object[]
  readonly CreationDateTime: number
  readonly BillingModeSummary?: { readonly BillingMode: string; readonly LastUpdateToPayPerRequestDateTime: number }
}

type IndexDescription = Omit<GlobalSecondaryIndexDescription, 'IndexStatus'> & { readonly IndexStatus: string }

/** Leaves out what is at its default, as AWS does. */
export function describeTable(table: TableState): Description {
  const { name, arn, settings, onDemandSince, streamLabel } = table
  const { billingMode = 'PROVISIONED', stream = false, tableClass, localIndexes } = settings
  return {
    AttributeDefinitions: definitionsOf(table),
    TableName: name,
    KeySchema: keySchema(settings),
    TableStatus: table.status,
    CreationDateTime: table.createdAt / 1_000,
    ...throughput(settings, table.warmStatus, table.decreases.length),
    TableSizeBytes: 0,
    ItemCount: 0,
    TableArn: arn,
    TableId: table.id,
    ...(onDemandSince === undefined
      ? {}
      : {
          BillingModeSummary: {
            BillingMode: billingMode,
            LastUpdateToPayPerRequestDateTime: onDemandSince / 1_000,
          },
        }),
    ...(localIndexes.length === 0
      ? {}
      : { LocalSecondaryIndexes: localIndexes.map(index => ({ ...localIndex(index, arn), ...noItems })) }),
    ...(table.indexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: table.indexes.map(index => globalIndex(index, arn)) }),
    ...describeVectors(table),
    ...describeReplicas(table),
    ...(stream === false ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    ...(streamLabel === undefined
      ? {}
      : { LatestStreamLabel: streamLabel, LatestStreamArn: `${arn}/stream/${streamLabel}` }),
    ...encryption(table),
    ...(tableClass === undefined || tableClass === 'STANDARD' ? {} : { TableClassSummary: { TableClass: tableClass } }),
    DeletionProtectionEnabled: settings.deletionProtection ?? false,
  }
}

/** The attributes that keys use, sorted by name. */
function definitionsOf(table: TableState): NonNullable<TableDescription['AttributeDefinitions']> {
  const { settings, indexes, vectors = [] } = table
  const owners = [
    ...[settings, ...settings.localIndexes, ...indexes.map(({ definition }) => definition)],
    ...vectors.map(({ definition }) => searchKey(definition)),
  ]
  const keys = owners.flatMap(each => [...each.partitionKey, ...each.sortKey])
  const types = new Map(keys.map(key => [key.name, key.type]))
  return [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
}

const noItems = { IndexSizeBytes: 0, ItemCount: 0 }

function localIndex(index: LocalIndex, table: string) {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: projection(index.projection),
    IndexArn: `${table}/index/${index.name}`,
  }
}

function globalIndex(index: IndexState, table: string): IndexDescription {
  const { definition, status, backfilling, warmStatus, decreases } = index
  return {
    ...localIndex(definition, table),
    IndexStatus: status,
    ...(backfilling === undefined ? {} : { Backfilling: backfilling }),
    ...throughput(definition, warmStatus, decreases.length),
    ...noItems,
  }
}

function keySchema({
  partitionKey,
  sortKey,
}: {
  partitionKey: readonly KeyAttribute[]
  sortKey: readonly KeyAttribute[]
}) {
  const element =
    (KeyType: 'HASH' | 'RANGE') =>
    (key: KeyAttribute): KeySchemaElement => ({
      AttributeName: key.name,
      KeyType,
    })
  return [...partitionKey.map(element('HASH')), ...sortKey.map(element('RANGE'))]
}

function projection(given: Projection): SdkProjection {
  return typeof given === 'string'
    ? { ProjectionType: given }
    : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...given] }
}

/** On-demand tables have a capacity of 0. */
function throughput(owner: IndexSettings, warmStatus = 'ACTIVE', decreases: number) {
  const { maxReadUnits: maxRead, maxWriteUnits: maxWrite } = owner
  const caps = {
    ...(typeof maxRead === 'number' ? { MaxReadRequestUnits: maxRead } : {}),
    ...(typeof maxWrite === 'number' ? { MaxWriteRequestUnits: maxWrite } : {}),
  }
  return {
    ProvisionedThroughput: {
      NumberOfDecreasesToday: decreases,
      ReadCapacityUnits: owner.readCapacity ?? 0,
      WriteCapacityUnits: owner.writeCapacity ?? 0,
    },
    ...(Object.keys(caps).length === 0 ? {} : { OnDemandThroughput: caps }),
    WarmThroughput: {
      ReadUnitsPerSecond: owner.warmReadUnits ?? 0,
      WriteUnitsPerSecond: owner.warmWriteUnits ?? 0,
      Status: warmStatus === 'UPDATING' ? ('UPDATING' as const) : ('ACTIVE' as const),
    },
  }
}

/** Absent for the key that AWS owns, unless a change is under way. */
function encryption({ settings, encryptionStatus, arn }: TableState): Pick<TableDescription, 'SSEDescription'> {
  const { encryption: kind = 'AWS_OWNED', kmsKeyId } = settings
  const isUpdating = encryptionStatus === 'UPDATING'
  if (kind === 'AWS_OWNED') return isUpdating ? { SSEDescription: { Status: 'UPDATING' } } : {}
  const KMSMasterKeyArn = keyArn(kmsKeyId, arn)
  return { SSEDescription: { Status: isUpdating ? 'UPDATING' : 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn } }
}

/** AWS reports keys by ARN. The key behind an alias is not known here, so an alias stays an alias. */
export function keyArn(key: string | undefined, tableArn: string): string {
  if (key?.startsWith('arn:') === true) return key
  const [, , , region, account] = tableArn.split(':')
  const resource = key === undefined ? 'alias/aws/dynamodb' : key.startsWith('alias/') ? key : `key/${key}`
  return `arn:aws:kms:${region}:${account}:${resource}`
}
