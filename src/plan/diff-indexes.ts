import { sameProjection } from '../settings/aws-parts.ts'
import { type Change, leavingIndexes } from '../settings/change.ts'
import type { CompareOptions } from '../settings/setting.ts'
import { isSameVector, presentVectors } from '../settings/vector-indexes.ts'
import {
  attributesOf,
  type GlobalIndex,
  isGiven,
  type KeyAttribute,
  type LocalIndex,
  type TableDefinition,
} from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'

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

export type ReplaceChange = Extract<Change, { readonly kind: 'replace-index' | 'replace-vector-index' }>

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
