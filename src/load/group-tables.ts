import type { Problem } from '../errors.ts'
import { mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import { readInput } from '../settings/read-input.ts'
import type { Source } from '../table/input.ts'
import { at } from '../table/path.ts'
import type { FoundTable } from './found-tables.ts'
import type { Side } from './merge-sources.ts'
import { settleGuesses } from './settle-guesses.ts'

/** Everything that describes one table. */
export interface TableGroup {
  /** Resolved: prefix and suffix included. */
  readonly name: string
  readonly baseName: string
  readonly sides: readonly Side[]
  readonly sources: readonly Source[]
}

export interface Naming {
  readonly prefix: string
  readonly suffix: string
  /** The name for tables that carry none. */
  readonly table?: string | undefined
}

/** Found tables by resolved name, in the order in which each name was first met; nameless ones are problems. */
export function groupTables(
  found: readonly FoundTable[],
  { prefix, suffix, table }: Naming,
): { readonly groups: readonly TableGroup[]; readonly nameless: readonly Problem[] } {
  const groups = new Map<string, TableGroup>()
  const nameless: Problem[] = []
  for (const each of found) {
    const baseName = each.input.table ?? table
    if (typeof baseName !== 'string' || baseName === '') {
      nameless.push(...whyNameless(each))
      continue
    }
    const group = groups.get(baseName) ?? { name: `${prefix}${baseName}${suffix}`, baseName, sides: [], sources: [] }
    groups.set(baseName, { ...group, sides: [...group.sides, sideOf(each)], sources: [...group.sources, each.source] })
  }
  return { groups: [...groups.values()], nameless }
}

/** The name may be of another type (from JavaScript or YAML), or stand under a misspelt field. */
function whyNameless({ input, label }: FoundTable): readonly Problem[] {
  const { problems, misnamed } = readInput(input, label)
  const place = at(label, 'table')
  if (misnamed.includes(place)) return problems
  const wrong = problems.filter(({ path }) => path === place)
  if (wrong.length > 0) return wrong
  return [{ path: label, message: 'the table has no name; give it one, or --table for a model that carries none' }]
}

function sideOf({ input, assumed, warnings = [], label, source, sidecar }: FoundTable): Side {
  const { table: _, ...layer } = input
  const who = source.adapter === 'config' || source.export === undefined ? label : `${source.export} (${source.file})`
  if (sidecar === undefined) return { input: layer, assumed, warnings, label, who }
  const settled = settleGuesses({ input: layer, assumed }, [{ input: sidecar.layer, assumed: [] }])
  const merged = mergeLayers([settled.input, sidecar.layer]).layer
  return { input: merged, assumed: stillAssumed(settled.assumed, [sidecar.layer]), warnings, label, who }
}
