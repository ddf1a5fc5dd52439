import type { KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { searchKey } from '../../settings/vector-indexes.ts'
import type { IndexSettings, KeyAttribute, LocalIndex, Projection } from '../../table/definition.ts'
import { describeReplicas } from './replicas.ts'
import { type IndexState, isSameDay, type TableState } from './state.ts'
import { describeVectors } from './vectors.ts'

export type Description = ReturnType<typeof describeTable>

/**
 * A table as DescribeTable reports it, with times in seconds. As on AWS, what is at its default is left out; members
 * that are `undefined` are not in the answer.
 */
export function describeTable(table: TableState, now: number) {
  const { name, arn, settings, onDemandSince, streamLabel } = table
  const { billingMode = 'PROVISIONED', stream = false, tableClass = 'STANDARD', localIndexes } = settings
  return {
    AttributeDefinitions: definitionsOf(table),
    TableName: name,
    KeySchema: keySchema(settings),
    TableStatus: table.status,
    CreationDateTime: table.createdAt / 1_000,
    ...throughput(settings, table, now),
    TableSizeBytes: 0,
    ItemCount: 0,
    TableArn: arn,
    TableId: table.id,
    BillingModeSummary:
      onDemandSince === undefined
        ? undefined
        : { BillingMode: billingMode, LastUpdateToPayPerRequestDateTime: onDemandSince / 1_000 },
    LocalSecondaryIndexes: orNothing(localIndexes.map(index => ({ ...localIndex(index, arn), ...noItems }))),
    GlobalSecondaryIndexes: orNothing(table.indexes.map(index => globalIndex(index, arn, now))),
    VectorIndexes: orNothing(describeVectors(table)),
    ...describeReplicas(table),
    StreamSpecification: stream === false ? undefined : { StreamEnabled: true, StreamViewType: stream },
    LatestStreamLabel: streamLabel,
    LatestStreamArn: streamLabel === undefined ? undefined : `${arn}/stream/${streamLabel}`,
    SSEDescription: encryption(table),
    TableClassSummary: tableClass === 'STANDARD' ? undefined : { TableClass: tableClass },
    DeletionProtectionEnabled: settings.deletionProtection ?? false,
  }
}

const orNothing = <T>(values: readonly T[]): readonly T[] | undefined => (values.length === 0 ? undefined : values)

/** The attributes that keys use, sorted by name. */
function definitionsOf(table: TableState) {
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

function globalIndex(index: IndexState, table: string, now: number) {
  const { definition, status, backfilling } = index
  return {
    ...localIndex(definition, table),
    IndexStatus: status,
    Backfilling: backfilling,
    ...throughput(definition, index, now),
    ...noItems,
  }
}

interface Key {
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
}

const keySchema = ({ partitionKey, sortKey }: Key): KeySchemaElement[] => [
  ...partitionKey.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
  ...sortKey.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
]

const projection = (given: Projection) =>
  typeof given === 'string'
    ? { ProjectionType: given }
    : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...given] }

const seconds = (at: number | undefined) => (at === undefined ? undefined : at / 1_000)

/** On-demand tables have a capacity of 0. */
function throughput(
  owner: IndexSettings,
  { warmStatus, increasedAt, decreases }: Pick<TableState, 'warmStatus' | 'increasedAt' | 'decreases'>,
  now: number,
) {
  const { maxReadUnits = false, maxWriteUnits = false } = owner
  const cap = (units: number | false) => (units === false ? undefined : units)
  return {
    ProvisionedThroughput: {
      LastIncreaseDateTime: seconds(increasedAt),
      LastDecreaseDateTime: seconds(decreases.at(-1)),
      NumberOfDecreasesToday: decreases.filter(at => isSameDay(at, now)).length,
      ReadCapacityUnits: owner.readCapacity ?? 0,
      WriteCapacityUnits: owner.writeCapacity ?? 0,
    },
    OnDemandThroughput:
      maxReadUnits === false && maxWriteUnits === false
        ? undefined
        : { MaxReadRequestUnits: cap(maxReadUnits), MaxWriteRequestUnits: cap(maxWriteUnits) },
    WarmThroughput: {
      ReadUnitsPerSecond: owner.warmReadUnits ?? 0,
      WriteUnitsPerSecond: owner.warmWriteUnits ?? 0,
      Status: warmStatus === 'UPDATING' ? ('UPDATING' as const) : ('ACTIVE' as const),
    },
  }
}

/** Absent for the key that AWS owns, unless a change is under way. */
function encryption({ settings, encryptionStatus, arn }: TableState) {
  const { encryption: kind = 'AWS_OWNED', kmsKeyId } = settings
  const Status = encryptionStatus === 'UPDATING' ? ('UPDATING' as const) : ('ENABLED' as const)
  if (kind === 'AWS_OWNED') return Status === 'UPDATING' ? { Status } : undefined
  return { Status, SSEType: 'KMS' as const, KMSMasterKeyArn: keyArn(kmsKeyId, arn) }
}

/** AWS reports keys by ARN. The key behind an alias is not known here, so an alias stays an alias. */
export function keyArn(key: string | undefined, tableArn: string): string {
  if (key?.startsWith('arn:') === true) return key
  const [, , , region, account] = tableArn.split(':')
  const resource = key === undefined ? 'alias/aws/dynamodb' : key.startsWith('alias/') ? key : `key/${key}`
  return `arn:aws:kms:${region}:${account}:${resource}`
}
