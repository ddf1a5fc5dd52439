import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  OnDemandThroughput,
  ProvisionedThroughput,
  Projection as SdkProjection,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb'
import type {
  GlobalIndex,
  IndexSettings,
  KeyAttribute,
  Projection,
  TableDefinition,
} from '../../../src/table/definition.ts'

/** What a CreateTable input asks for, as AWS would report it. */
export function readCreateTable(input: CreateTableCommandInput): TableDefinition {
  const types = input.AttributeDefinitions
  const billingMode = input.BillingMode ?? 'PROVISIONED'
  const key = readKey(input.KeySchema, types)
  return {
    name: input.TableName ?? '',
    ...key,
    globalIndexes: (input.GlobalSecondaryIndexes ?? []).map(index => readGlobalIndex(index, types, billingMode)),
    localIndexes: (input.LocalSecondaryIndexes ?? []).map(index => ({
      name: index.IndexName ?? '',
      ...readKey(index.KeySchema, types),
      projection: readProjection(index.Projection),
    })),
    billingMode,
    ...readThroughput(input, billingMode),
    tableClass: input.TableClass ?? 'STANDARD',
    encryption: input.SSESpecification?.Enabled === true ? 'CUSTOMER_MANAGED' : 'AWS_OWNED',
    ...(input.SSESpecification?.Enabled === true ? { kmsKeyId: keyArn(input.SSESpecification.KMSMasterKeyId) } : {}),
    stream:
      input.StreamSpecification?.StreamEnabled === true ? (input.StreamSpecification.StreamViewType ?? false) : false,
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    resourcePolicy: input.ResourcePolicy ?? false,
    ttl: false,
    pointInTimeRecovery: false,
    contributorInsights: false,
    kinesis: false,
    assumed: [],
  }
}

export function readGlobalIndex(
  index: GlobalSecondaryIndex,
  types: AttributeDefinition[] | undefined,
  billingMode: string,
): GlobalIndex {
  return {
    name: index.IndexName ?? '',
    ...readKey(index.KeySchema, types),
    projection: readProjection(index.Projection),
    ...readThroughput(index, billingMode),
    contributorInsights: false,
  }
}

/** AWS reports keys by ARN, whatever way they were named; its own key for DynamoDB looks the same. */
export function keyArn(key: string | undefined): string {
  if (key === undefined) return 'arn:aws:kms:eu-west-1:123456789012:key/aws-own'
  return key.startsWith('arn:') ? key : `arn:aws:kms:eu-west-1:123456789012:key/${key.replace('alias/', 'of-')}`
}

interface ThroughputInput {
  readonly ProvisionedThroughput?: ProvisionedThroughput | undefined
  readonly OnDemandThroughput?: OnDemandThroughput | undefined
  readonly WarmThroughput?: WarmThroughput | undefined
}

export function readThroughput(input: ThroughputInput, billingMode: string): IndexSettings {
  const { ProvisionedThroughput: capacity, OnDemandThroughput: caps, WarmThroughput: warm } = input
  const [read, write] = [capacity?.ReadCapacityUnits ?? 0, capacity?.WriteCapacityUnits ?? 0]
  return {
    ...(billingMode === 'PROVISIONED' ? { readCapacity: read, writeCapacity: write } : {}),
    ...(caps?.MaxReadRequestUnits === undefined ? {} : { maxReadUnits: caps.MaxReadRequestUnits }),
    ...(caps?.MaxWriteRequestUnits === undefined ? {} : { maxWriteUnits: caps.MaxWriteRequestUnits }),
    warmReadUnits: warm?.ReadUnitsPerSecond ?? (billingMode === 'PROVISIONED' ? read : 12_000),
    warmWriteUnits: warm?.WriteUnitsPerSecond ?? (billingMode === 'PROVISIONED' ? write : 4_000),
  }
}

function readKey(schema: KeySchemaElement[] | undefined, types: AttributeDefinition[] | undefined) {
  const attributes = (kind: string): KeyAttribute[] =>
    (schema ?? [])
      .filter(({ KeyType }) => KeyType === kind)
      .map(({ AttributeName: name = '' }) => ({
        name,
        type: types?.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? 'S',
      }))
  return { partitionKey: attributes('HASH'), sortKey: attributes('RANGE') }
}

/** NonKeyAttributes come back sorted. */
function readProjection(projection: SdkProjection | undefined): Projection {
  const type = projection?.ProjectionType
  return type === 'KEYS_ONLY' || type === 'ALL' ? type : [...(projection?.NonKeyAttributes ?? [])].sort()
}
