import type { GlobalIndex, IndexSettings, KeyAttribute, LocalIndex, TableDefinition } from '../definition.ts'

/** What a rule found: where within the definition (`''` for the whole of it), what is wrong and how to mend it. */
export interface Finding {
  readonly at: string
  readonly message: string
}

/** One thing that AWS demands of a table, or that people regret. Needs no live state. */
export interface Rule {
  /** Stable; `W-...` is a warning of our own, anything else a rule of AWS. */
  readonly id: string
  /** A problem stops everything before a request is sent; a warning is only said. */
  readonly level: 'problem' | 'warning'
  /** A warning that matters only while the table is made: said by `show`, and where a table is about to be created. */
  readonly onCreation?: true
  /** What AWS answers when it is broken, without its "One or more parameter values were invalid: "; absent for our own. */
  readonly aws?: string
  /** Every place that breaks it, in the order of the definition. */
  readonly check: (definition: TableDefinition) => Iterable<Finding>
}

/** An index and where it stands: `globalIndexes.by-status`. */
export type PlacedIndex =
  | { readonly kind: 'global'; readonly at: string; readonly index: GlobalIndex }
  | { readonly kind: 'local'; readonly at: string; readonly index: LocalIndex }

export function placedIndexes(definition: TableDefinition): readonly PlacedIndex[] {
  return [...placedGlobalIndexes(definition), ...placedLocalIndexes(definition)]
}

export function placedGlobalIndexes(definition: TableDefinition) {
  return definition.globalIndexes.map(index => ({ kind: 'global', at: `globalIndexes.${index.name}`, index }) as const)
}

export function placedLocalIndexes(definition: TableDefinition) {
  return definition.localIndexes.map(index => ({ kind: 'local', at: `localIndexes.${index.name}`, index }) as const)
}

/** The table and its global indexes, each with what stands before the paths of its settings. */
export function owners(
  definition: TableDefinition,
): readonly { readonly parent: string; readonly owner: IndexSettings }[] {
  return [
    { parent: '', owner: definition },
    ...placedGlobalIndexes(definition).map(({ at, index }) => ({ parent: `${at}.`, owner: index })),
  ]
}

/** The numbers in these fields of the table and its global indexes. */
export function placedNumbers(definition: TableDefinition, fields: readonly (keyof IndexSettings)[]) {
  return owners(definition).flatMap(({ parent, owner }) =>
    fields.flatMap(field => {
      const value = owner[field]
      return typeof value === 'number' ? [{ at: `${parent}${field}`, value }] : []
    }),
  )
}

/** One attribute in its role as a key, and where it is named. */
export interface PlacedKey {
  readonly at: string
  readonly role: 'partition key' | 'sort key'
  readonly key: KeyAttribute
}

/** Every key attribute of the table and of its indexes. A local index repeats the table's partition key: left out. */
export function placedKeys(definition: TableDefinition): readonly PlacedKey[] {
  return [
    ...keysOf(definition, ''),
    ...placedGlobalIndexes(definition).flatMap(({ at, index }) => keysOf(index, `${at}.`)),
    ...placedLocalIndexes(definition).flatMap(({ at, index }) => keysOf({ ...index, partitionKey: [] }, `${at}.`)),
  ]
}

function keysOf(holder: Pick<LocalIndex, 'partitionKey' | 'sortKey'>, parent: string): readonly PlacedKey[] {
  return [
    ...holder.partitionKey.map(key => ({ at: `${parent}partitionKey`, role: 'partition key', key }) as const),
    ...holder.sortKey.map(key => ({ at: `${parent}sortKey`, role: 'sort key', key }) as const),
  ]
}

const encoder = new TextEncoder()

/** Length as AWS counts key names, tags' policy and the like: bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length
}

/** The values that occur more than once, each once. */
export function repeated<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
}
