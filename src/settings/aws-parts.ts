import type { AttributeDefinition, Projection as SdkProjection } from '@aws-sdk/client-dynamodb'
import { attributesOf, type KeyAttribute, type Projection, type TableKey } from '../table/definition.ts'
import type { Found } from './setting.ts'

/** The attributes that the keys use, each once, in order of first use: AWS refuses unused and duplicate attributes. */
export function attributeDefinitions(keys: readonly TableKey[]): AttributeDefinition[] {
  const used = new Map<string, KeyAttribute>()
  for (const attribute of keys.flatMap(attributesOf)) {
    if (!used.has(attribute.name)) used.set(attribute.name, attribute)
  }
  return [...used.values()].map(({ name, type }) => ({ AttributeName: name, AttributeType: type }))
}

/** An empty list means the keys alone, and AWS refuses INCLUDE with an empty list. */
export function projectionInput(projection: Projection): SdkProjection {
  if (projection === 'ALL' || projection === 'KEYS_ONLY') return { ProjectionType: projection }
  if (projection.length === 0) return { ProjectionType: 'KEYS_ONLY' }
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] }
}

/** A projection as AWS reports it, sorted by name; other engines keep the given order. */
export function readProjection(of: SdkProjection | undefined): Projection {
  if (of?.ProjectionType === 'INCLUDE') return [...(of.NonKeyAttributes ?? [])].sort()
  return of?.ProjectionType === 'KEYS_ONLY' ? 'KEYS_ONLY' : 'ALL'
}

/**
 * Whether two projections hold the same attributes. The order does not matter (AWS sorts the list), nor do attributes
 * that the index `always` holds, such as its keys.
 */
export function sameProjection(a: Projection, b: Projection, always: readonly { readonly name: string }[]): boolean {
  const keys = new Set(always.map(({ name }) => name))
  const held = (projection: Projection) => {
    if (projection === 'ALL') return projection
    const names = projection === 'KEYS_ONLY' ? [] : projection.filter(name => !keys.has(name))
    return JSON.stringify([...new Set(names)].sort())
  }
  return held(a) === held(b)
}

/**
 * A setting that AWS reports as on or off; `found` gives its value. Nothing is known about a setting whose status is not
 * known.
 */
export function readStatus(status: string | undefined, found: (isOn: boolean) => Found): Found {
  if (![...on, ...off].includes(status ?? 'DISABLED')) return { unknownStatus: status }
  return { ...found(on.includes(status ?? '')), settling: status === 'ENABLING' || status === 'DISABLING' }
}

const on = ['ENABLED', 'ENABLING']
const off = ['DISABLED', 'DISABLING', 'FAILED']
