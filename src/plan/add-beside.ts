import type { Change } from '../settings/change.ts'
import type { GlobalIndex, TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { presentIndexes, sameShape } from './diff-indexes.ts'

export interface Beside {
  readonly changes: readonly Change[]
  /** The definition, with what it assumes of an index assumed of its stand-in as well. */
  readonly desired: TableDefinition
  /** What is left to whoever uses the indexes, one line each. */
  readonly notices: readonly string[]
}

/**
 * Instead of dropping an index to make it anew, adds the new one under another name (`by-email-2`) and keeps both.
 * Which of them queries use, only their owner knows: the old one goes when the definition names the new one in its
 * place and unnamed indexes are dropped. A stand-in that is there already is enough, and is never dropped here.
 */
export function addBeside(changes: readonly Change[], desired: TableDefinition, live: LiveTable): Beside {
  const replaced = changes.flatMap(change => (change.kind === 'replace-index' ? [change.to] : []))
  const standIns = new Map(replaced.map(index => [index.name, standInFor(index, desired, live)]))
  const kept = new Set([...standIns.values()].map(({ name }) => name))
  return {
    changes: changes.flatMap((change): Change[] => {
      if (change.kind === 'drop-index') return kept.has(change.index.name) ? [] : [change]
      if (change.kind !== 'replace-index') return [change]
      const { name, isThere } = standIns.get(change.to.name) ?? { name: '', isThere: true }
      return isThere ? [] : [{ kind: 'add-index', index: { ...change.to, name }, beside: change.to.name }]
    }),
    desired: { ...desired, assumed: [...desired.assumed, ...[...standIns].flatMap(assumedToo(desired))] },
    notices: [...standIns].map(
      ([name, { name: standIn, isThere }]) =>
        `global index ${name} stays as it is; ${standIn} ${isThere ? 'is there' : 'is added'} as the definition wants it: let queries use ${standIn}, name it in the definition instead of ${name}, then update --drop-indexes drops ${name}`,
    ),
  }
}

interface StandIn {
  readonly name: string
  readonly isThere: boolean
}

/** AWS's longest index name. */
const longest = 255

function standInFor(index: GlobalIndex, desired: TableDefinition, live: LiveTable): StandIn {
  const named = new Set(desired.globalIndexes.map(({ name }) => name))
  const taken = new Set([...live.definition.globalIndexes, ...live.definition.localIndexes].map(({ name }) => name))
  for (const { name } of desired.localIndexes) named.add(name)
  for (let number = 2; ; number += 1) {
    const name = `${index.name.slice(0, longest - `-${number}`.length)}-${number}`
    if (named.has(name)) continue
    if (!taken.has(name)) return { name, isThere: false }
    const present = presentIndexes(live).find(other => other.name === name)
    if (present !== undefined && sameShape(desired, index, present, 'globalIndexes')) return { name, isThere: true }
  }
}

const assumedToo =
  (desired: TableDefinition) =>
  ([name, standIn]: readonly [string, StandIn]) => {
    const [before, after] = [`globalIndexes.${name}.`, `globalIndexes.${standIn.name}.`]
    return desired.assumed
      .filter(({ path }) => path.startsWith(before))
      .map(assumption => ({ ...assumption, path: after + assumption.path.slice(before.length) }))
  }
