import type { Change } from '../settings/change.ts'
import type { CompareOptions } from '../settings/setting.ts'
import { isSameVector, presentVectors } from '../settings/vector-indexes.ts'
import {
  type Assumption,
  attributesOf,
  type GlobalIndex,
  isGiven,
  type KeyAttribute,
  type LocalIndex,
  type Projection,
  type TableDefinition,
} from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { placedNames } from '../table/rules/rule.ts'

type IndexList = 'globalIndexes' | 'localIndexes'

/**
 * Indexes to add, to replace (keys or projection differ) and, when asked for, to drop. Local indexes cannot change after
 * their table is created: their differences are found here, and the planner blocks them.
 */
export function diffIndexes(
  list: IndexList,
  desired: TableDefinition,
  live: LiveTable,
  options: CompareOptions,
): readonly Change[] {
  const type = list === 'globalIndexes' ? 'index' : 'local-index'
  const unnamed = options.dropIndexes === true ? unnamedIndexes(list, desired, live) : []
  return [
    ...desired[list].flatMap((index): Change[] => {
      const current = presentIn(list, live).find(({ name }) => name === index.name)
      if (current === undefined)
        return isGiven(desired, `${list}.${index.name}`) ? [{ kind: `add-${type}`, index }] : []
      return hasWantedShape(desired, index, current, list)
        ? []
        : [{ kind: `replace-${type}`, from: current, to: index }]
    }),
    ...unnamed.map((index): Change => ({ kind: `drop-${type}`, index })),
  ]
}

/** Live indexes that the definition does not name and that are not being deleted already. */
export function unnamedIndexes(list: IndexList, desired: TableDefinition, live: LiveTable): readonly LocalIndex[] {
  return presentIn(list, live).filter(index => !desired[list].some(({ name }) => name === index.name))
}

const presentIn = (list: IndexList, live: LiveTable): readonly LocalIndex[] =>
  list === 'globalIndexes' ? presentIndexes(live) : live.definition.localIndexes

/** The live global indexes without those being deleted. */
export function presentIndexes(live: LiveTable): GlobalIndex[] {
  return live.definition.globalIndexes.filter(index => live.indexes[index.name]?.status !== 'DELETING')
}

/** The live indexes without those that `changes` drop or replace. */
export function remainingIndexes(changes: readonly Change[], live: LiveTable): GlobalIndex[] {
  const leaving = changes.flatMap(change => {
    if (change.kind === 'drop-index') return [change.index.name]
    return change.kind === 'replace-index' ? [change.from.name] : []
  })
  return presentIndexes(live).filter(index => !leaving.includes(index.name))
}

export interface Beside {
  readonly changes: readonly Change[]
  /** The definition; assumptions about an index are copied to its stand-in. */
  readonly desired: TableDefinition
  /** Advice to the user about each index, one line each. */
  readonly notices: readonly string[]
}

/**
 * Adds a replaced index under a new name (its stand-in, `by-email-2`) and keeps the old one, because queries may still
 * use it. The old one is dropped later: by --drop-indexes, once the definition names the stand-in instead. An existing
 * stand-in is reused and never dropped here.
 */
export function addBeside(changes: readonly Change[], desired: TableDefinition, live: LiveTable): Beside {
  const standIns = new Map(
    changes.flatMap(change => {
      const replaced = replacedBy(change, desired, live)
      return replaced === undefined ? [] : [[replaced.name, standInFor(replaced, desired, live)] as const]
    }),
  )
  const kept = new Set([...standIns.values()].map(({ name }) => name))
  return {
    changes: changes.flatMap((change): Change[] => {
      if (change.kind === 'drop-index') return kept.has(change.index.name) ? [] : [change]
      if (change.kind === 'drop-vector-index') return kept.has(change.name) ? [] : [change]
      if (change.kind !== 'replace-index' && change.kind !== 'replace-vector-index') return [change]
      const beside = change.kind === 'replace-index' ? change.to.name : change.name
      const standIn = standIns.get(beside)
      if (standIn === undefined || standIn.exists) return []
      const { name } = standIn
      return change.kind === 'replace-index'
        ? [{ kind: 'add-index', index: { ...change.to, name }, beside }]
        : [{ kind: 'add-vector-index', name, index: change.to, beside }]
    }),
    desired: {
      ...desired,
      assumed: [...desired.assumed, ...[...standIns].flatMap(([name, standIn]) => assumedOf(name, standIn, desired))],
    },
    notices: [...standIns].map(
      ([name, { name: standIn, exists, what, users }]) =>
        `${what} ${name} is kept, and its new form ${exists ? 'exists' : 'is added'} as ${standIn}; move your ${users} to ${standIn}, rename ${name} to ${standIn} in the definition, then drop ${name} with update --drop-indexes`,
    ),
  }
}

/** An index that is to be replaced, of either kind. */
interface Replaced {
  readonly name: string
  /** The index list in definitions. */
  readonly list: 'globalIndexes' | 'vectorIndexes'
  readonly what: string
  /** The requests that read the index, for people: `queries`. */
  readonly users: string
  /** Whether a live index of this name is as wanted. */
  exists(name: string): boolean
}

function replacedBy(change: Change, desired: TableDefinition, live: LiveTable): Replaced | undefined {
  if (change.kind === 'replace-vector-index') {
    const { name, to } = change
    const exists = (other: string) => {
      const present = presentVectors(live)[other]
      return present !== undefined && isSameVector(desired, name, to, present)
    }
    return { name, list: 'vectorIndexes', what: 'vector index', users: 'searches', exists }
  }
  if (change.kind !== 'replace-index') return undefined
  const { to } = change
  const exists = (other: string) => {
    const present = presentIndexes(live).find(({ name }) => name === other)
    return present !== undefined && hasWantedShape(desired, to, present)
  }
  return { name: to.name, list: 'globalIndexes', what: 'global index', users: 'queries', exists }
}

interface StandIn extends Omit<Replaced, 'exists'> {
  readonly exists: boolean
}

/** AWS's longest index name. */
const longest = 255

function standInFor({ exists, ...replaced }: Replaced, desired: TableDefinition, live: LiveTable): StandIn {
  const named = new Set(placedNames(desired).map(({ name }) => name))
  const taken = new Set(placedNames(live.definition).map(({ name }) => name))
  for (let number = 2; ; number += 1) {
    const name = `${replaced.name.slice(0, longest - `-${number}`.length)}-${number}`
    if (named.has(name)) continue
    if (!taken.has(name) || exists(name)) return { ...replaced, name, exists: taken.has(name) }
  }
}

/** The assumptions about an index, for its stand-in. */
function assumedOf(name: string, standIn: StandIn, { assumed }: TableDefinition): readonly Assumption[] {
  const [before, after] = [`${standIn.list}.${name}.`, `${standIn.list}.${standIn.name}.`]
  return assumed
    .filter(({ path }) => path.startsWith(before))
    .map(assumption => ({ ...assumption, path: after + assumption.path.slice(before.length) }))
}

/** Whether a live index has the keys and the projection that the user wrote for it. */
export function hasWantedShape(
  desired: TableDefinition,
  index: LocalIndex,
  live: LocalIndex,
  list: IndexList = 'globalIndexes',
): boolean {
  const given = (field: keyof LocalIndex) => isGiven(desired, `${list}.${index.name}.${field}`)
  return (
    (list === 'localIndexes' || !given('partitionKey') || sameKey(index.partitionKey, live.partitionKey)) &&
    (!given('sortKey') || sameKey(index.sortKey, live.sortKey)) &&
    (!given('projection') || sameProjection(index, live, desired))
  )
}

/** Whether two keys are the same: names, types and their order. */
export function sameKey(a: readonly KeyAttribute[], b: readonly KeyAttribute[]): boolean {
  return a.length === b.length && a.every(({ name, type }, i) => b[i]?.name === name && b[i].type === type)
}

/**
 * Whether two projections contain the same attributes. The order does not matter (AWS sorts the list), nor do key
 * attributes, which every index contains.
 */
function sameProjection(a: LocalIndex, b: LocalIndex, table: TableDefinition): boolean {
  const keys = new Set([table, a].flatMap(key => attributesOf<KeyAttribute>(key)).map(({ name }) => name))
  const [left, right] = [projected(a.projection, keys), projected(b.projection, keys)]
  if (typeof left === 'string' || typeof right === 'string') return left === right
  return left.size === right.size && [...left].every(name => right.has(name))
}

function projected(projection: Projection, keys: ReadonlySet<string>): 'ALL' | Set<string> {
  if (projection === 'ALL') return 'ALL'
  return new Set(projection === 'KEYS_ONLY' ? [] : projection.filter(name => !keys.has(name)))
}
