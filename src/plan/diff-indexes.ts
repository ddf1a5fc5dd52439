import type { Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { GlobalIndex, LocalIndex, TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import type { DiffOptions } from './diff.ts'
import { sameInsights, sameKey, sameProjection } from './same-value.ts'

/** Global indexes to add, to replace (keys or projection differ) and, when asked for, to drop. */
export function diffGlobalIndexes(desired: TableDefinition, live: LiveTable, options: DiffOptions): Change[] {
  const changes: Change[] = []
  const present = presentIndexes(live)
  for (const index of desired.globalIndexes) {
    const current = present.find(other => other.name === index.name)
    if (current === undefined) {
      if (isGiven(desired, `globalIndexes.${index.name}`)) changes.push({ kind: 'add-index', index })
    } else if (!sameShape(desired, index, current, 'globalIndexes'))
      changes.push({ kind: 'replace-index', from: current, to: index })
    else changes.push(...diffInsights(index, current, live))
  }
  if (options.dropIndexes === true) {
    changes.push(...unnamedIndexes(desired, live).map(index => ({ kind: 'drop-index' as const, index })))
  }
  return changes
}

/** Local indexes live and die with their table; a difference is told apart here and blocked by the planner. */
export function diffLocalIndexes(desired: TableDefinition, live: LiveTable, options: DiffOptions): Change[] {
  const changes: Change[] = []
  for (const index of desired.localIndexes) {
    const current = live.definition.localIndexes.find(other => other.name === index.name)
    if (current === undefined) {
      if (isGiven(desired, `localIndexes.${index.name}`)) changes.push({ kind: 'add-local-index', index })
    } else if (!sameShape(desired, index, current, 'localIndexes'))
      changes.push({ kind: 'replace-local-index', from: current, to: index })
  }
  if (options.dropIndexes === true) {
    changes.push(...unnamedLocalIndexes(desired, live).map(index => ({ kind: 'drop-local-index' as const, index })))
  }
  return changes
}

/** Live global indexes that the definition does not name and that are not on their way out already. */
export function unnamedIndexes(desired: TableDefinition, live: LiveTable): GlobalIndex[] {
  return presentIndexes(live).filter(index => !desired.globalIndexes.some(other => other.name === index.name))
}

export function unnamedLocalIndexes(desired: TableDefinition, live: LiveTable): LocalIndex[] {
  return live.definition.localIndexes.filter(index => !desired.localIndexes.some(other => other.name === index.name))
}

/** Live global indexes but those being deleted, which are as good as gone. */
export function presentIndexes(live: LiveTable): GlobalIndex[] {
  return live.definition.globalIndexes.filter(index => live.indexes[index.name]?.status !== 'DELETING')
}

/** The live indexes that are still there once those that `changes` drop or replace have gone. */
export function remainingIndexes(changes: readonly Change[], live: LiveTable): GlobalIndex[] {
  const leaving = changes.flatMap(change => {
    if (change.kind === 'drop-index') return [change.index.name]
    return change.kind === 'replace-index' ? [change.from.name] : []
  })
  return presentIndexes(live).filter(index => !leaving.includes(index.name))
}

/** Whether a live index has the keys and the projection that somebody wrote down for it. */
export function sameShape(
  desired: TableDefinition,
  index: LocalIndex,
  live: LocalIndex,
  list: 'globalIndexes' | 'localIndexes',
): boolean {
  const given = (field: keyof LocalIndex) => isGiven(desired, `${list}.${index.name}.${field}`)
  const keys = new Set(
    [desired.partitionKey, desired.sortKey, index.partitionKey, index.sortKey].flat().map(({ name }) => name),
  )
  return (
    (list === 'localIndexes' || !given('partitionKey') || sameKey(index.partitionKey, live.partitionKey)) &&
    (!given('sortKey') || sameKey(index.sortKey, live.sortKey)) &&
    (!given('projection') || sameProjection(index.projection, live.projection, keys))
  )
}

function diffInsights(index: GlobalIndex, current: GlobalIndex, live: LiveTable): Change[] {
  const [from, to] = [current.contributorInsights, index.contributorInsights]
  if (to === undefined || !live.read.includes('contributorInsights') || sameInsights(to, from)) return []
  return [{ kind: 'modify-index-setting', index: index.name, field: 'contributorInsights', from, to }]
}
