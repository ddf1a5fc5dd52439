import { settings } from '../settings/catalogue.ts'
import type { Change } from '../settings/change.ts'
import { compareSetting } from '../settings/compare.ts'
import type { CompareOptions } from '../settings/setting.ts'
import type { Capabilities, Feature } from '../table/capabilities.ts'
import { isGiven, type TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { diffIndexes, presentIndexes, sameKey } from './diff-indexes.ts'

export interface DiffOptions extends CompareOptions {
  /** The capabilities of the target; those of AWS when left out. */
  readonly capabilities?: Capabilities | undefined
}

export interface Differences {
  readonly changes: readonly Change[]
  /** Changes that the target ignores. No plan could carry them out, so they do not count as differences. */
  readonly leftOut: readonly Change[]
}

/**
 * The differences between a definition, already fitted to its target, and a live table. Only values that the user wrote
 * are compared: absent values mean "leave alone", and assumed values apply only to creation. Values that the target did
 * not report never count as drift. The order of attributes, INCLUDE lists and indexes does not matter.
 */
export function diffTable(desired: TableDefinition, live: LiveTable, options: DiffOptions): Differences {
  const all = allDifferences(desired, live, options)
  const isLeftOut = (change: Change) => {
    const feature = featureOf(change)
    return feature !== undefined && options.capabilities?.ignores.includes(feature) === true
  }
  return { changes: all.filter(change => !isLeftOut(change)), leftOut: all.filter(isLeftOut) }
}

/** The feature that a change of a live table needs at its target, beyond the setting itself. */
export function featureOf(change: Change): Feature | undefined {
  if (change.kind === 'modify-setting' && (change.field === 'encryption' || change.field === 'kmsKeyId')) {
    return 'encryptionChanges'
  }
  if (change.kind === 'modify-capacity' && change.index !== undefined) return 'indexCapacityChanges'
  const { kind } = change
  return kind === 'add-index' || kind === 'drop-index' || kind === 'replace-index' ? 'indexChanges' : undefined
}

function allDifferences(desired: TableDefinition, live: LiveTable, options: DiffOptions): Change[] {
  const ofIndexes = diffIndexes('globalIndexes', desired, live, options)
  // A replaced index gets its settings when it is recreated.
  const replaced = new Set(ofIndexes.flatMap(change => (change.kind === 'replace-index' ? change.to.name : [])))
  const present = presentIndexes(live)
  const indexes = desired.globalIndexes.flatMap(index => {
    const current = present.find(({ name }) => name === index.name)
    return current === undefined || replaced.has(index.name) ? [] : [{ desired: index, live: current }]
  })
  const sides = { desired, live, indexes }
  return [
    ...diffKey(desired, live.definition),
    ...diffIndexes('localIndexes', desired, live, options),
    ...ofIndexes,
    ...settings.flatMap(setting => compareSetting(setting, sides, options)),
  ]
}

function diffKey(desired: TableDefinition, live: TableDefinition): Change[] {
  const parts = (['partitionKey', 'sortKey'] as const).filter(part => isGiven(desired, part))
  if (parts.every(part => sameKey(desired[part], live[part]))) return []
  const from = { partitionKey: live.partitionKey, sortKey: live.sortKey }
  return [{ kind: 'modify-key', from, to: { partitionKey: desired.partitionKey, sortKey: desired.sortKey } }]
}
