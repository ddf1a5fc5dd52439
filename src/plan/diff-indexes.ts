import { sameProjection } from '../settings/aws-parts.ts'
import { type Change, type ChangedIndex, changedIndex, leavingIndexes } from '../settings/change.ts'
import type { CompareOptions } from '../settings/setting.ts'
import { isSameVector, presentVectors } from '../settings/vector-indexes.ts'
import {
  type Assumption,
  attributesOf,
  type GlobalIndex,
  isGiven,
  type KeyAttribute,
  type LocalIndex,
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
  const leaving = leavingIndexes(changes)
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
  const replaced = changes.filter(change => change.kind === 'replace-index' || change.kind === 'replace-vector-index')
  const standIns = new Map(
    replaced.map(change => [changedIndex(change).name, standInFor(change, desired, live)] as const),
  )
  const kept = new Set([...standIns.values()].map(({ name }) => name))
  return {
    changes: changes.flatMap((change): Change[] => {
      if (change.kind === 'drop-index' || change.kind === 'drop-vector-index')
        return kept.has(changedIndex(change).name) ? [] : [change]
      if (change.kind !== 'replace-index' && change.kind !== 'replace-vector-index') return [change]
      const { name: beside } = changedIndex(change)
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

type ReplaceChange = Extract<Change, { readonly kind: 'replace-index' | 'replace-vector-index' }>

/** Whether a live index of this name is as a change wants the index that it replaces. */
export function hasReplacement(
  change: ReplaceChange,
  name: string,
  desired: TableDefinition,
  live: LiveTable,
): boolean {
  if (change.kind === 'replace-vector-index') {
    const present = presentVectors(live)[name]
    return present !== undefined && isSameVector(desired, change.name, change.to, present)
  }
  const present = presentIndexes(live).find(index => index.name === name)
  return present !== undefined && hasWantedShape(desired, change.to, present)
}

interface StandIn extends ChangedIndex {
  readonly exists: boolean
}

/** AWS's longest index name. */
const longest = 255

function standInFor(change: ReplaceChange, desired: TableDefinition, live: LiveTable): StandIn {
  const replaced = changedIndex(change)
  const named = new Set(placedNames(desired).map(({ name }) => name))
  const taken = new Set(placedNames(live.definition).map(({ name }) => name))
  for (let number = 2; ; number += 1) {
    const name = `${replaced.name.slice(0, longest - `-${number}`.length)}-${number}`
    if (named.has(name)) continue
    if (!taken.has(name) || hasReplacement(change, name, desired, live))
      return { ...replaced, name, exists: taken.has(name) }
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
    (!given('projection') ||
      sameProjection(index.projection, live.projection, [...attributesOf(desired), ...attributesOf(index)]))
  )
}

/** Whether two keys are the same: names, types and their order. */
export function sameKey(a: readonly KeyAttribute[], b: readonly KeyAttribute[]): boolean {
  return a.length === b.length && a.every(({ name, type }, i) => b[i]?.name === name && b[i].type === type)
}
