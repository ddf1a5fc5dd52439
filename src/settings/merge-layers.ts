import type { Assumption } from '../table/definition.ts'
import type { TableLayer } from '../table/input.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import { capacities } from './billing.ts'
import { settingFields } from './catalogue.ts'
import { caps } from './on-demand-caps.ts'
import type { Field } from './setting.ts'

/**
 * Merges layers, weakest first; a stronger layer wins field by field. Indexes are merged by name and then by field,
 * tags and extra members by key; a key or projection is replaced as a whole. `undefined` counts as not given.
 *
 * Capacities and on-demand caps that another layer's billing mode does not allow are dropped with a note. Within one
 * layer they stay, so that the validator reports them.
 */
export function mergeLayers(layers: readonly TableLayer[]): { readonly layer: TableLayer; readonly notes: string[] } {
  const notes: string[] = []
  const decided = strongest(layers, 'billingMode')
  const encrypted = strongest(layers, 'encryption')
  const merged = layers
    .map((layer, index) => (index === decided?.index ? layer : withoutUnits(layer, decided?.value, notes)))
    .map((layer, index) => (index < (encrypted?.index ?? 0) ? withoutKey(layer, encrypted?.value) : layer))
    .reduce<UntypedRecord>((weaker, layer) => merge(weaker, { ...layer }, field => depths.get(field) ?? 0), {})
  return { layer: merged, notes: [...new Set(notes)] }
}

/** The assumptions that remain valid: those whose field no stronger layer sets. */
export function stillAssumed(assumed: readonly Assumption[], stronger: readonly TableLayer[]): readonly Assumption[] {
  return assumed.filter(({ path }) => !stronger.some(layer => isSetIn(layer, path)))
}

/**
 * Whether a layer sets the value at `path`: `billingMode`, `tags.team`, `globalIndexes.by-status.projection`. Names of
 * indexes and tags may contain dots.
 */
export function isSetIn(layer: TableLayer, path: string): boolean {
  return valueIn(layer, path) !== undefined
}

/** The value at a path such as `globalIndexes.by-email.projection`; names of indexes may hold dots. */
export function valueIn(value: unknown, path: string): unknown {
  if (!isRecord(value)) return undefined
  if (Object.hasOwn(value, path) && value[path] !== undefined) return value[path]
  const found = Object.keys(value).filter(field => path.startsWith(`${field}.`))
  return found.map(field => valueIn(value[field], path.slice(field.length + 1))).find(each => each !== undefined)
}

function strongest(layers: readonly TableLayer[], field: 'billingMode' | 'encryption') {
  const index = layers.findLastIndex(layer => layer[field] !== undefined)
  return index === -1 ? undefined : { index, value: layers[index]?.[field] }
}

/** The layer without the capacities or caps that the billing mode does not allow. */
function withoutUnits(layer: TableLayer, billingMode: unknown, notes: string[]): TableLayer {
  const useless = billingMode === 'PAY_PER_REQUEST' ? capacities : billingMode === 'PROVISIONED' ? caps : []
  if (useless.length === 0) return layer
  const note = (parent: string, fields: readonly string[]) =>
    notes.push(
      `${parent}${fields.join(' and ')} ${fields.length === 1 ? 'is' : 'are'} ignored: billingMode is ${billingMode}`,
    )
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

/** Drops a weaker layer's KMS key when a stronger layer chooses another encryption. */
function withoutKey(layer: TableLayer, encryption: unknown): TableLayer {
  return encryption === 'CUSTOMER_MANAGED' ? layer : { ...layer, kmsKeyId: undefined }
}

const fieldsWith = (wanted: Field['mergesByKey']) =>
  Object.entries<Field>(settingFields).flatMap(([field, { mergesByKey }]) => (mergesByKey === wanted ? field : []))

/** How many levels of a field's value are merged: those of indexes by name and by field, those of tags by key. */
const depths: ReadonlyMap<string, number> = new Map([
  ...['extra', ...fieldsWith(true)].map(field => [field, 1] as const),
  ...['globalIndexes', 'localIndexes', ...fieldsWith('fields')].map(field => [field, 2] as const),
])

/** Whether the field is a map whose entries come from several sources. */
export function isMergedByKey(field: string): boolean {
  return depths.has(field)
}

function merge(weaker: UntypedRecord, stronger: UntypedRecord, depthOf: (field: string) => number): UntypedRecord {
  const given = Object.entries(stronger).filter(([, value]) => value !== undefined)
  const merged = given.map(([field, value]) => {
    const [below, depth] = [weaker[field], depthOf(field)]
    return [field, depth > 0 && isRecord(below) && isRecord(value) ? merge(below, value, () => depth - 1) : value]
  })
  return { ...weaker, ...Object.fromEntries(merged) }
}
