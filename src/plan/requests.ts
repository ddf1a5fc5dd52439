import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection as SdkProjection,
} from '@aws-sdk/client-dynamodb'
import { billingOf } from '../settings/billing.ts'
import { settings } from '../settings/catalogue.ts'
import type { TableKey } from '../settings/change.ts'
import type { TableRequest } from '../settings/step.ts'
import type {
  BillingMode,
  GlobalIndex,
  KeyAttribute,
  LocalIndex,
  Projection,
  TableDefinition,
} from '../table/definition.ts'

/**
 * The exact CreateTable input of a definition. What CreateTable cannot carry (TTL, point-in-time recovery, insights,
 * Kinesis) is not in it. Members without a field of ours (`definition.extra`) are merged in as they are. Empty
 * structures are never sent: AWS answers some of them with an internal failure.
 */
export function createTableInput(definition: TableDefinition): CreateTableCommandInput {
  const billing = billingOf(definition)
  const { globalIndexes, localIndexes, extra = {} } = definition
  return {
    TableName: definition.name,
    KeySchema: keySchema(definition),
    ...(localIndexes.length === 0 ? {} : { LocalSecondaryIndexes: localIndexes.map(localIndexInput) }),
    ...(globalIndexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globalIndexes.map(index => globalIndexInput(index, billing)) }),
    ...Object.assign({}, ...settings.map(setting => setting.createMembers?.(definition, billing))),
    ...extra,
    AttributeDefinitions: withExtra(
      attributeDefinitions([definition, ...localIndexes, ...globalIndexes]),
      extra.AttributeDefinitions,
    ),
  }
}

/** One global index of a CreateTable or UpdateTable call. */
export function globalIndexInput(index: GlobalIndex, billing: BillingMode): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: projectionInput(index.projection),
    ...Object.assign({}, ...settings.map(setting => setting.createIndexMembers?.(index, billing))),
  }
}

/** The attributes that the keys use, each once, in order of first use: AWS refuses unused and duplicate attributes. */
export function attributeDefinitions(keys: readonly TableKey[]): AttributeDefinition[] {
  const used = new Map<string, KeyAttribute>()
  for (const key of keys) {
    for (const attribute of [...key.partitionKey, ...key.sortKey]) {
      if (!used.has(attribute.name)) used.set(attribute.name, attribute)
    }
  }
  return [...used.values()].map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

/** A request by the name of its operation, with the members where these tell more: `UpdateTable BillingMode`. */
export function describeRequest(request: TableRequest): string {
  if (request.api !== 'UpdateTable') return request.api
  const members = Object.keys(request.input).filter(name => name !== 'TableName' && name !== 'AttributeDefinitions')
  return `UpdateTable ${members.join('+')}`
}

function localIndexInput(index: LocalIndex): LocalSecondaryIndex {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: projectionInput(index.projection) }
}

/** Partition attributes first, then sort attributes: AWS refuses any other order. */
function keySchema(key: TableKey): KeySchemaElement[] {
  return [
    ...key.partitionKey.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
    ...key.sortKey.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
  ]
}

/** An empty list means the keys alone, and AWS refuses INCLUDE with an empty list. */
function projectionInput(projection: Projection): SdkProjection {
  if (projection === 'ALL' || projection === 'KEYS_ONLY') return { ProjectionType: projection }
  if (projection.length === 0) return { ProjectionType: 'KEYS_ONLY' }
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] }
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
