import type { AttributeDefinition, KeySchemaElement, Projection as SdkProjection } from '@aws-sdk/client-dynamodb'
import type { TableKey } from '../settings/change.ts'
import type { KeyAttribute, Projection } from '../table/definition.ts'

/** Partition attributes first, then sort attributes: AWS refuses any other order. */
export function keySchema(key: TableKey): KeySchemaElement[] {
  return [
    ...key.partitionKey.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' as const })),
    ...key.sortKey.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' as const })),
  ]
}

/** Exactly the attributes that the keys use, each once, in order of first use: AWS refuses unused and doubled ones. */
export function attributeDefinitions(keys: readonly TableKey[]): AttributeDefinition[] {
  const used = new Map<string, KeyAttribute>()
  for (const key of keys) {
    for (const attribute of [...key.partitionKey, ...key.sortKey]) {
      if (!used.has(attribute.name)) used.set(attribute.name, attribute)
    }
  }
  return [...used.values()].map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

/** INCLUDE only with names: AWS refuses an empty list, and the keys alone are what an empty list means. */
export function projectionInput(projection: Projection): SdkProjection {
  if (projection === 'ALL' || projection === 'KEYS_ONLY') return { ProjectionType: projection }
  if (projection.length === 0) return { ProjectionType: 'KEYS_ONLY' }
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] }
}
