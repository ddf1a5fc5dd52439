import type { Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { Capabilities, Feature } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { diffGlobalIndexes, diffLocalIndexes, presentIndexes } from './diff-indexes.ts'
import { diffSettings } from './diff-settings.ts'
import { diffTags } from './diff-tags.ts'
import { diffThroughput } from './diff-throughput.ts'
import { fitToTarget } from './fit-to-target.ts'
import { sameKey } from './same-value.ts'

export interface DiffOptions {
  /** What the target keeps; all that AWS keeps when left out. */
  readonly capabilities?: Capabilities | undefined
  /** Global indexes that are live and not in the definition are differences. */
  readonly dropIndexes?: boolean | undefined
  /** Tags that are live and not in the definition are differences. */
  readonly pruneTags?: boolean | undefined
}

export interface Differences {
  readonly changes: readonly Change[]
  /** Changes that the target is known to ignore, and so no difference: nobody could ever make them. */
  readonly leftOut: readonly Change[]
}

/**
 * What differs between a definition and a live table. Only what somebody wrote down is compared: absent means
 * "leave alone", assumed values are for creation alone, and what the target did not report is unknown, never drift.
 * The order of attributes, of INCLUDE lists and of indexes means nothing.
 */
export function diffTable(definition: TableDefinition, live: LiveTable, options: DiffOptions = {}): readonly Change[] {
  return diffToTarget(definition, live, options).changes
}

/** The same, with what the target's limits leave out beside it. */
export function diffToTarget(definition: TableDefinition, live: LiveTable, options: DiffOptions): Differences {
  const { definition: desired } = fitToTarget(definition, options.capabilities)
  const all = allDifferences(desired, live, options)
  const isLeftOut = (change: Change) => {
    const feature = featureOf(change)
    return feature !== undefined && options.capabilities?.ignores.includes(feature) === true
  }
  return { changes: all.filter(change => !isLeftOut(change)), leftOut: all.filter(isLeftOut) }
}

/** What a target has to be able to do for a change of its indexes. */
export function featureOf(change: Change): Feature | undefined {
  if (change.kind === 'modify-capacity' && change.index !== undefined) return 'indexCapacityChanges'
  const { kind } = change
  return kind === 'add-index' || kind === 'drop-index' || kind === 'replace-index' ? 'indexChanges' : undefined
}

function allDifferences(desired: TableDefinition, live: LiveTable, options: DiffOptions): Change[] {
  const indexes = diffGlobalIndexes(desired, live, options)
  const replaced = indexes.flatMap(change => (change.kind === 'replace-index' ? [change.to.name] : []))
  const kept = presentIndexes(live).filter(index => !replaced.includes(index.name))
  return [
    ...diffKey(desired, live.definition),
    ...diffLocalIndexes(desired, live, options),
    ...indexes,
    ...diffThroughput(desired, live.definition, new Set(kept.map(index => index.name))),
    ...diffSettings(desired, live),
    ...diffTags(desired, live, options),
  ]
}

function diffKey(desired: TableDefinition, live: TableDefinition): Change[] {
  const parts = (['partitionKey', 'sortKey'] as const).filter(part => isGiven(desired, part))
  if (parts.every(part => sameKey(desired[part], live[part]))) return []
  const from = { partitionKey: live.partitionKey, sortKey: live.sortKey }
  return [{ kind: 'modify-key', from, to: { partitionKey: desired.partitionKey, sortKey: desired.sortKey } }]
}
