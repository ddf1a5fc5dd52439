import {
  attributesOf,
  type GlobalIndex,
  type IndexSettings,
  isGiven,
  type KeyAttribute,
  type LocalIndex,
  type Projection,
  type Replica,
  type TableDefinition,
  type TableKey,
  type TableSettings,
  type VectorIndex,
} from '../table/definition.ts'
import { plural } from '../table/text.ts'

type SettingChange = {
  [F in keyof TableSettings]-?: {
    readonly kind: 'modify-setting'
    readonly field: F
    readonly from: TableSettings[F]
    readonly to: TableSettings[F]
  }
}[Exclude<keyof TableSettings, 'readCapacity' | 'writeCapacity' | 'tags' | 'vectorIndexes' | 'replicas'>]

/**
 * One difference between a definition and the live table: a closed union, with the values from and to. Verbs: add,
 * drop, modify, replace.
 */
export type Change =
  | { readonly kind: 'modify-key'; readonly from: TableKey; readonly to: TableKey }
  | SettingChange
  | {
      readonly kind: 'modify-capacity'
      readonly index?: string | undefined
      readonly from: Capacity
      readonly to: Capacity
    }
  | {
      readonly kind: 'modify-index-setting'
      readonly index: string
      readonly field: Exclude<keyof IndexSettings, 'readCapacity' | 'writeCapacity'>
      readonly from: GlobalIndex[keyof GlobalIndex]
      readonly to: GlobalIndex[keyof GlobalIndex]
    }
  /** `beside`: the existing index that this one is a changed copy of, and that stays. */
  | { readonly kind: 'add-index'; readonly index: GlobalIndex; readonly beside?: string | undefined }
  | { readonly kind: 'drop-index'; readonly index: GlobalIndex }
  | { readonly kind: 'replace-index'; readonly from: GlobalIndex; readonly to: GlobalIndex }
  | { readonly kind: 'add-local-index'; readonly index: LocalIndex }
  | { readonly kind: 'drop-local-index'; readonly index: LocalIndex }
  | { readonly kind: 'replace-local-index'; readonly from: LocalIndex; readonly to: LocalIndex }
  | {
      readonly kind: 'add-vector-index'
      readonly name: string
      readonly index: VectorIndex
      readonly beside?: string | undefined
    }
  | { readonly kind: 'drop-vector-index'; readonly name: string; readonly index: VectorIndex }
  | {
      readonly kind: 'replace-vector-index'
      readonly name: string
      readonly from: VectorIndex
      readonly to: VectorIndex
    }
  | { readonly kind: 'add-replica'; readonly replica: Replica }
  /** `items`: how many the table had at AWS's last count. */
  | { readonly kind: 'drop-replica'; readonly region: string; readonly items: number }
  /** A change of one replica's own settings. */
  | { readonly kind: 'modify-replica'; readonly region: string; readonly change: Change }
  | {
      readonly kind: 'modify-tags'
      readonly set: Readonly<Record<string, string>>
      readonly drop: readonly string[]
      readonly from: Readonly<Record<string, string>>
    }

export interface Capacity {
  readonly readCapacity: number | undefined
  readonly writeCapacity: number | undefined
}

/** A change of a field that has no change kind of its own. */
export function settingChange(field: string, from: unknown, to: unknown): Change {
  return { kind: 'modify-setting', field, from, to } as Change
}

/** A change of a field of one global index. */
export function indexSettingChange(index: string, field: string, from: unknown, to: unknown): Change {
  return { kind: 'modify-index-setting', index, field, from, to } as Change
}

/** Whether a value is AWS's default for an optional setting. */
export const isOff = (value: unknown) => value === undefined || value === false

/** The global index that a change creates, if it creates one. */
export function addedIndex(change: Change): GlobalIndex | undefined {
  return change.kind === 'add-index' ? change.index : change.kind === 'replace-index' ? change.to : undefined
}

/** The first of these settings that the user wrote for a global index. */
export function givenFor<F extends keyof IndexSettings>(
  desired: TableDefinition,
  index: GlobalIndex,
  fields: readonly F[],
): F | undefined {
  return fields.find(field => !isOff(index[field]) && isGiven(desired, `globalIndexes.${index.name}.${field}`))
}

/** A change in one line, with the values from and to: `ttl: off -> expiresAt`. */
export function describeChange(change: Change): string {
  if (isIndexChange(change)) return describeIndexChange(change)
  switch (change.kind) {
    case 'modify-key':
      return `key: ${keyText(change.from)} -> ${keyText(change.to)}`
    case 'modify-setting':
      return `${change.field}: ${valueText(change.from)} -> ${valueText(change.to)}`
    case 'modify-capacity':
      return `${change.index === undefined ? '' : `index ${change.index} `}capacity: ${capacityText(change.from)} -> ${capacityText(change.to)}`
    case 'modify-index-setting':
      return `index ${change.index} ${change.field}: ${valueText(change.from)} -> ${valueText(change.to)}`
    case 'add-replica':
      return `replica ${change.replica.region}: missing`
    case 'drop-replica':
      return `replica ${change.region}: not in the definition${change.items === 0 ? '' : ` (about ${plural(change.items, 'item')})`}`
    case 'modify-replica':
      return `replica ${change.region} ${describeChange(change.change)}`
    case 'modify-tags':
      return `tags: ${tagsText(change)}`
    default:
      return change satisfies never
  }
}

/** A change of an index of any kind. */
export type IndexChange = Extract<Change, { readonly kind: `${'add' | 'drop' | 'replace'}-${string}index` }>

export function isIndexChange(change: Change): change is IndexChange {
  return change.kind.endsWith('index')
}

/** The index that a change adds, drops or replaces. */
export interface ChangedIndex {
  readonly name: string
  /** Its list in definitions. */
  readonly list: 'globalIndexes' | 'localIndexes' | 'vectorIndexes'
  /** For people: `global index`. */
  readonly what: string
  /** The requests that read it, for people. */
  readonly users: 'queries' | 'searches'
}

export function changedIndex(change: IndexChange): ChangedIndex {
  const name = 'name' in change ? change.name : 'to' in change ? change.to.name : change.index.name
  if (change.kind.endsWith('vector-index'))
    return { name, list: 'vectorIndexes', what: 'vector index', users: 'searches' }
  return change.kind.endsWith('local-index')
    ? { name, list: 'localIndexes', what: 'local index', users: 'queries' }
    : { name, list: 'globalIndexes', what: 'global index', users: 'queries' }
}

/** The names of the indexes that changes drop or replace. */
export function leavingIndexes(changes: readonly Change[]): readonly string[] {
  const leaving = changes.filter(isIndexChange).filter(({ kind }) => !kind.startsWith('add'))
  return leaving.map(change => changedIndex(change).name)
}

function describeIndexChange(change: IndexChange): string {
  const { what, name } = changedIndex(change)
  if ('to' in change) return `${what} ${name}: ${indexText(change.from)} -> ${indexText(change.to)}`
  const beside = 'beside' in change ? change.beside : undefined
  const added = beside === undefined ? 'missing' : `to be added beside ${beside}`
  return `${what} ${name}: ${change.kind.startsWith('drop') ? 'not in the definition' : added} (${indexText(change.index)})`
}

/** The notice about live values that the definition does not have, and that stay. */
export function leftAlone(names: readonly string[], one: string, many?: string): readonly string[] {
  const count = plural(names.length, one, many)
  return names.length === 0 ? [] : [`left alone: ${count} that the definition does not have (${names.join(', ')})`]
}

/** `pk S, sk N`. */
export function keyText(key: TableKey): string {
  return attributesOf(key)
    .map(({ name, type }) => `${name} ${type}`)
    .join(', ')
}

/**
 * `email S, projection KEYS_ONLY`; of a vector index `embedding, 1024 dimensions, COSINE, partition key tenant S, filters
 * lang S, year N, projection ALL`.
 */
export function indexText(index: LocalIndex | VectorIndex): string {
  const projection = `projection ${projectionText(index.projection ?? 'ALL')}`
  if (!('attribute' in index)) return `${keyText(index)}, ${projection}`
  const keys = (label: string, attributes: readonly KeyAttribute[]) =>
    attributes.length === 0 ? [] : [`${label} ${keyText({ partitionKey: [], sortKey: attributes })}`]
  return [
    ...[index.attribute, `${index.dimensions} dimensions`, index.distance],
    ...keys('partition key', index.partitionKey),
    ...keys('filters', index.filters),
    projection,
  ].join(', ')
}

function projectionText(projection: Projection): string {
  return typeof projection === 'string' ? projection : `[${[...projection].sort().join(', ')}]`
}

function capacityText({ readCapacity, writeCapacity }: Capacity): string {
  if (readCapacity === undefined && writeCapacity === undefined) return 'none'
  return `${readCapacity ?? '?'} read, ${writeCapacity ?? '?'} write`
}

function tagsText({ set, drop, from }: Extract<Change, { kind: 'modify-tags' }>): string {
  const changed = Object.entries(set).map(([key, value]) =>
    from[key] === undefined ? `+${key}=${value}` : `${key}=${from[key]} -> ${value}`,
  )
  return [...changed, ...drop.map(key => `-${key}`)].join(', ')
}

function valueText(value: unknown): string {
  if (isOff(value)) return 'off'
  if (value === true) return 'on'
  if (typeof value === 'object' && value !== null) return 'arn' in value ? String(value.arn) : JSON.stringify(value)
  return String(value)
}
