import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
} from '@aws-sdk/client-dynamodb'
import { attributeDefinitions, projectionInput } from '../settings/aws-parts.ts'
import { billingOf } from '../settings/billing.ts'
import { settings } from '../settings/catalogue.ts'
import { searchKeys } from '../settings/vector-indexes.ts'
import type { BillingMode, GlobalIndex, LocalIndex, TableDefinition, TableKey } from '../table/definition.ts'

/**
 * The exact CreateTable input of a definition, without settings that CreateTable cannot carry (TTL, point-in-time
 * recovery, insights, Kinesis). Members without a field of ours (`definition.extra`) are merged in as they are. Empty
 * structures are never sent: AWS answers some of them with an internal failure.
 */
export function createTableInput(definition: TableDefinition): CreateTableCommandInput {
  const billing = billingOf(definition)
  const { globalIndexes, localIndexes, extra = {} } = definition
  return {
    TableName: definition.name,
    KeySchema: keySchema(definition),
    ...(localIndexes.length === 0 ? {} : { LocalSecondaryIndexes: localIndexes.map(indexInput) }),
    ...(globalIndexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globalIndexes.map(index => globalIndexInput(index, billing)) }),
    ...Object.assign({}, ...settings.map(setting => setting.createMembers?.(definition, billing))),
    ...extra,
    AttributeDefinitions: withExtra(
      attributeDefinitions([definition, ...localIndexes, ...globalIndexes, ...searchKeys(definition)]),
      extra.AttributeDefinitions,
    ),
  }
}

/** One global index of a CreateTable or UpdateTable call. */
export function globalIndexInput(index: GlobalIndex, billing: BillingMode): GlobalSecondaryIndex {
  return {
    ...indexInput(index),
    ...Object.assign({}, ...settings.map(setting => setting.createIndexMembers?.(index, billing))),
  }
}

/** The members that both kinds of indexes have. */
function indexInput(index: LocalIndex): LocalSecondaryIndex {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: projectionInput(index.projection) }
}

/** Partition attributes first, then sort attributes: AWS refuses any other order. */
function keySchema(key: TableKey): KeySchemaElement[] {
  return [
    ...key.partitionKey.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
    ...key.sortKey.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
  ]
}

/** Attributes that only the extra members use are added to our own, never doubled. */
function withExtra(own: AttributeDefinition[], extra: unknown): AttributeDefinition[] {
  if (!Array.isArray(extra)) return own
  const more = extra.filter(isAttributeDefinition)
  return [...own, ...more.filter(attribute => !own.some(known => known.AttributeName === attribute.AttributeName))]
}

function isAttributeDefinition(value: unknown): value is AttributeDefinition {
  return typeof value === 'object' && value !== null && 'AttributeName' in value && 'AttributeType' in value
}
