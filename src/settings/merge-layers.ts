import type { Assumption } from '../table/definition.ts'
import type { TableLayer } from '../table/input.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import { capacities } from './billing.ts'
import { settingFields } from './catalogue.ts'
import { caps } from './on-demand-caps.ts'
import type { Field } from './setting.ts'

/**
 * Several layers as one; the weakest comes first, a stronger one wins field by field. Indexes are merged by name and
 * then by field, tags and extra members by key; a key or a projection is replaced as a whole. `undefined` counts as not given.
 *
 * Capacity and on-demand caps count only beside the billing mode that they are for: where another layer decides
 * otherwise they are left out, with a note (AWS would refuse the pair). Within one layer such a pair stays, for the validator.
 */
export function mergeLayers(layers: readonly TableLayer[]): { readonly layer: TableLayer; readonly notes: string[] } {
  const notes: string[] = []
  const decided = strongest(layers, 'billingMode')
  const encrypted = strongest(layers, 'encryption')
  const merged = layers
    .map((layer, index) => (index === decided?.index ? layer : withoutUnits(layer, decided?.value, notes)))
    .map((layer, index) => (index < (encrypted?.index ?? 0) ? withoutKey(layer, encrypted?.value) : layer))
    .reduce<UntypedRecord>((weaker, layer) => mergeTable(weaker, { ...layer }), {})
  return { layer: merged, notes: [...new Set(notes)] }
}

/** The assumptions that still hold under stronger layers: those whose field none of them sets. */
export function stillAssumed(assumed: readonly Assumption[], stronger: readonly TableLayer[]): readonly Assumption[] {
  return assumed.filter(({ path }) => !stronger.some(layer => isSetIn(layer, path)))
}

/**
 * Whether a layer sets the value at `path`: `billingMode`, `tags.team`, `globalIndexes.by-status.projection`.
 * The names of indexes and tags may hold dots themselves.
 */
export function isSetIn(layer: TableLayer, path: string): boolean {
  return holds({ ...layer }, path)
}

function holds(value: unknown, path: string): boolean {
  if (!isRecord(value)) return false
  return Object.entries(value).some(
    ([field, entry]) =>
      entry !== undefined &&
      (path === field || (path.startsWith(`${field}.`) && holds(entry, path.slice(field.length + 1)))),
  )
}

function strongest(layers: readonly TableLayer[], field: 'billingMode' | 'encryption') {
  const index = layers.findLastIndex(layer => layer[field] !== undefined)
  return index === -1 ? undefined : { index, value: layers[index]?.[field] }
}

/** The layer without the numbers that the billing mode has no use for. */
function withoutUnits(layer: TableLayer, billingMode: unknown, notes: string[]): TableLayer {
  const useless = billingMode === 'PAY_PER_REQUEST' ? capacities : billingMode === 'PROVISIONED' ? caps : []
  if (useless.length === 0) return layer
  const note = (parent: string, fields: readonly string[]) =>
    notes.push(`${parent}${fields.join(' and ')} given but ignored: billingMode is ${billingMode}`)
  const { globalIndexes } = layer
  const rest = without({ ...layer }, useless, fields => note('', fields))
  if (!isRecord(globalIndexes)) return rest
  const indexes = Object.entries(globalIndexes).map(([name, index]) => [
    name,
    isRecord(index) ? without(index, useless, fields => note(`globalIndexes.${name}: `, fields)) : index,
  ])
  return { ...rest, globalIndexes: Object.fromEntries(indexes) }
}

function without(
  record: UntypedRecord,
  fields: readonly string[],
  onLoss: (lost: readonly string[]) => void,
): UntypedRecord {
  const given = fields.filter(field => record[field] !== undefined)
  const lost = given.filter(field => record[field] !== false)
  if (lost.length > 0) onLoss(lost)
  return Object.fromEntries(Object.entries(record).filter(([field]) => !given.includes(field)))
}

/** A weaker layer's key does not survive a stronger layer's choice of another encryption. */
function withoutKey(layer: TableLayer, encryption: unknown): TableLayer {
  return encryption === 'CUSTOMER_MANAGED' ? layer : { ...layer, kmsKeyId: undefined }
}

const mergedByKey = new Set([
  'extra',
  ...Object.entries<Field>(settingFields).flatMap(([field, { mergesByKey }]) => (mergesByKey === true ? field : [])),
])

function mergeTable(weaker: UntypedRecord, stronger: UntypedRecord): UntypedRecord {
  const merged = { ...weaker }
  for (const [field, value] of Object.entries(stronger)) {
    if (value === undefined) continue
    const below = weaker[field]
    if (!isRecord(below) || !isRecord(value)) merged[field] = value
    else if (mergedByKey.has(field)) merged[field] = mergeFields(below, value)
    else if (field === 'globalIndexes' || field === 'localIndexes') merged[field] = mergeIndexes(below, value)
    else merged[field] = value
  }
  return merged
}

function mergeIndexes(weaker: UntypedRecord, stronger: UntypedRecord): UntypedRecord {
  const merged = { ...weaker }
  for (const [name, index] of Object.entries(stronger)) {
    const below = weaker[name]
    merged[name] = isRecord(below) && isRecord(index) ? mergeFields(below, index) : index
  }
  return merged
}

function mergeFields(weaker: UntypedRecord, stronger: UntypedRecord): UntypedRecord {
  return { ...weaker, ...Object.fromEntries(Object.entries(stronger).filter(([, value]) => value !== undefined)) }
}
