import { type Change, type ChangedIndex, changedIndex } from '../settings/change.ts'
import type { Assumption, TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { placedNames } from '../table/rules/rule.ts'
import { hasReplacement, type ReplaceChange } from './diff-indexes.ts'

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
