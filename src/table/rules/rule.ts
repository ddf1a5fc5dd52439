import type { IndexSettings, KeyAttribute, LocalIndex, TableDefinition, TableKey } from '../definition.ts'

/**
 * A finding of a rule: the place within the definition (`''` for the whole definition), the problem and how to fix it.
 */
export interface Finding {
  readonly at: string
  readonly message: string
  /** AWS's message for this finding, when that of the rule is only an example. */
  readonly aws?: string
  /** Whether AWS writes this message without its usual prefix, when the rule's other messages have it. */
  readonly plain?: true
}

/** A requirement of AWS, or a warning about values that people regret. Needs no live state. */
export interface Rule {
  /** Stable; `W-...` is a warning of our own, anything else a rule of AWS. */
  readonly id: string
  /** A warning is only printed; any other rule stops the command before a request is sent. */
  readonly level?: 'warning'
  /** A warning that matters only when the table is created; printed by `show`, and before a table is created. */
  readonly onCreation?: true
  /** AWS's error message, without "One or more parameter values were invalid: "; absent for our own rules. */
  readonly aws?: string
  /** Whether AWS writes its message without that prefix. */
  readonly plain?: true
  /**
   * Finds every place that breaks the rule, in the order of the definition.
   * @param region where the table is to be, as far as that is known without asking.
   */
  readonly check: (definition: TableDefinition, region?: string) => Iterable<Finding>
}

/** Most rules ask for the same places of a definition, which does not change: they are found once. */
function once<T>(find: (definition: TableDefinition) => readonly T[]): (definition: TableDefinition) => readonly T[] {
  const known = new WeakMap<TableDefinition, readonly T[]>()
  return definition => {
    const found = known.get(definition) ?? find(definition)
    known.set(definition, found)
    return found
  }
}

/** Indexes with their paths: `globalIndexes.by-status`. */
export const placedGlobalIndexes = once(({ globalIndexes }) =>
  globalIndexes.map(index => ({ at: `globalIndexes.${index.name}`, index })),
)

export const placedLocalIndexes = once(({ localIndexes }) =>
  localIndexes.map(index => ({ at: `localIndexes.${index.name}`, index })),
)

export const placedIndexes = once<{ readonly at: string; readonly index: LocalIndex }>(definition => [
  ...placedGlobalIndexes(definition),
  ...placedLocalIndexes(definition),
])

export const placedVectorIndexes = once(({ vectorIndexes = {} }) =>
  Object.entries(vectorIndexes).map(([name, index]) => ({ at: `vectorIndexes.${name}`, name, index }) as const),
)

/** The names of all indexes, which share one space. */
export function placedNames(definition: TableDefinition): readonly { readonly at: string; readonly name: string }[] {
  return [
    ...placedIndexes(definition).map(({ at, index: { name } }) => ({ at, name })),
    ...placedVectorIndexes(definition),
  ]
}

/** The lists of attributes that indexes include by name. */
export const placedLists = once<{ readonly at: string; readonly names: readonly string[] }>(definition =>
  [...placedIndexes(definition), ...placedVectorIndexes(definition)].flatMap(({ at, index: { projection } }) =>
    projection === undefined || typeof projection === 'string' ? [] : [{ at: `${at}.projection`, names: projection }],
  ),
)

/** The table or one of its global indexes (then with its name), and the prefix for the paths of its settings. */
export interface Owner {
  readonly parent: string
  readonly owner: IndexSettings
  readonly index?: string | undefined
}

export const owners = once<Owner>(definition => [
  { parent: '', owner: definition },
  ...placedGlobalIndexes(definition).map(({ at, index }) => ({ parent: `${at}.`, owner: index, index: index.name })),
])

/** The numbers in these fields of the table and its global indexes. */
export function placedNumbers<F extends keyof IndexSettings>(definition: TableDefinition, fields: readonly F[]) {
  return owners(definition).flatMap(({ parent, owner, index }) =>
    fields.flatMap(field => {
      const value: unknown = owner[field]
      return typeof value === 'number' ? [{ at: `${parent}${field}`, field, value, index }] : []
    }),
  )
}

/** One key attribute and its path. */
export interface PlacedKey {
  readonly at: string
  readonly role: 'partition key' | 'sort key' | 'filter'
  readonly key: KeyAttribute
}

/**
 * Every key attribute of the table and of its indexes, and what vector indexes search by. The partition keys of local indexes are left out, because they
 * repeat the table's.
 */
export const placedKeys = once<PlacedKey>(definition => [
  ...keysOf(definition, ''),
  ...placedGlobalIndexes(definition).flatMap(({ at, index }) => keysOf(index, `${at}.`)),
  ...placedLocalIndexes(definition).flatMap(({ at, index }) => keysOf({ ...index, partitionKey: [] }, `${at}.`)),
  ...placedVectorIndexes(definition).flatMap(({ at, index: { partitionKey, filters } }) => [
    ...keysOf({ partitionKey, sortKey: [] }, `${at}.`),
    ...filters.map(key => ({ at: `${at}.filters`, role: 'filter', key }) as const),
  ]),
])

function keysOf(holder: TableKey, parent: string): readonly PlacedKey[] {
  return [
    ...holder.partitionKey.map(key => ({ at: `${parent}partitionKey`, role: 'partition key', key }) as const),
    ...holder.sortKey.map(key => ({ at: `${parent}sortKey`, role: 'sort key', key }) as const),
  ]
}

const encoder = new TextEncoder()

/** The length in bytes of UTF-8, as AWS counts it for key names and policies. */
export function byteLength(text: string): number {
  return encoder.encode(text).length
}

/** The values that occur more than once, without duplicates. */
export function repeated<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
}
