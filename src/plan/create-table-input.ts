import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  SSESpecification,
} from '@aws-sdk/client-dynamodb'
import type { BillingMode, GlobalIndex, LocalIndex, TableDefinition, TableSettings } from '../table/definition.ts'
import { attributeDefinitions, keySchema, projectionInput } from './key-schema.ts'
import { billingOf, onDemandInput, provisionedInput, warmInput } from './throughput.ts'

/**
 * The exact CreateTable input of a definition. What CreateTable cannot carry (TTL, point-in-time recovery, insights,
 * Kinesis) is not in it. Members without a field of ours (`definition.extra`) are merged in as they are.
 * No structure is ever sent empty: AWS answers some of them with an internal failure.
 */
export function createTableInput(definition: TableDefinition): CreateTableCommandInput {
  const billing = billingOf(definition)
  const { globalIndexes, localIndexes, extra = {} } = definition
  const encryption = encryptionInput(definition)
  const tags = Object.entries(definition.tags ?? {})
  return {
    TableName: definition.name,
    KeySchema: keySchema(definition),
    ...(localIndexes.length === 0 ? {} : { LocalSecondaryIndexes: localIndexes.map(localIndexInput) }),
    ...(globalIndexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globalIndexes.map(index => globalIndexInput(index, billing)) }),
    BillingMode: billing,
    ...throughputInput(definition, billing),
    ...(typeof definition.stream === 'string'
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: definition.stream } }
      : {}),
    ...(encryption === undefined ? {} : { SSESpecification: encryption }),
    ...(definition.tableClass === undefined ? {} : { TableClass: definition.tableClass }),
    ...(definition.deletionProtection === true ? { DeletionProtectionEnabled: true } : {}),
    ...(tags.length === 0 ? {} : { Tags: tags.map(([Key, Value]) => ({ Key, Value })) }),
    ...(typeof definition.resourcePolicy === 'string' ? { ResourcePolicy: definition.resourcePolicy } : {}),
    ...extra,
    AttributeDefinitions: withExtra(
      attributeDefinitions([definition, ...localIndexes, ...globalIndexes]),
      extra.AttributeDefinitions,
    ),
  }
}

/** One global index of a CreateTable or UpdateTable call; capacity belongs to it exactly on PROVISIONED tables. */
export function globalIndexInput(index: GlobalIndex, billing: BillingMode): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: projectionInput(index.projection),
    ...throughputInput(index, billing),
  }
}

/**
 * SSESpecification, or nothing for the key that AWS owns: `Enabled: true` would ask for a KMS key, which is charged.
 */
export function encryptionInput(settings: TableSettings): SSESpecification | undefined {
  const { encryption, kmsKeyId } = settings
  if (encryption === 'AWS_OWNED' || (encryption === undefined && kmsKeyId === undefined)) return undefined
  if (encryption === 'AWS_MANAGED' || kmsKeyId === undefined) return { Enabled: true, SSEType: 'KMS' }
  return { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: kmsKeyId }
}

function localIndexInput(index: LocalIndex): LocalSecondaryIndex {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: projectionInput(index.projection) }
}

function throughputInput(throughput: TableDefinition | GlobalIndex, billing: BillingMode) {
  const onDemand = billing === 'PAY_PER_REQUEST' ? onDemandInput(throughput) : undefined
  const warm = warmInput(throughput)
  return {
    ...(billing === 'PROVISIONED' ? { ProvisionedThroughput: provisionedInput(throughput) } : {}),
    ...(onDemand === undefined ? {} : { OnDemandThroughput: onDemand }),
    ...(warm === undefined ? {} : { WarmThroughput: warm }),
  }
}

/** Attributes that only the extra members use (a vector index's filters) are added to our own, never doubled. */
function withExtra(own: AttributeDefinition[], extra: unknown): AttributeDefinition[] {
  if (!Array.isArray(extra)) return own
  const more = extra.filter(isAttributeDefinition)
  return [...own, ...more.filter(attribute => !own.some(known => known.AttributeName === attribute.AttributeName))]
}

function isAttributeDefinition(value: unknown): value is AttributeDefinition {
  return typeof value === 'object' && value !== null && 'AttributeName' in value && 'AttributeType' in value
}
