import { keyText } from '../settings/change.ts'
import type { SourceTable } from './diff-sources.ts'

/** How `diff` finds the tables that belong together. */
export type MatchBy = 'name' | 'id' | 'keys'

/** Two tables that belong together, or a table that only one source has. */
export type Pair = readonly [first: SourceTable | undefined, second: SourceTable | undefined]

/**
 * Pairs the tables of two sources, each with at most one other: by name (else by the name without prefix and suffix), by
 * logical id, or by their keys in the order of the sources. The pairs are in the order of the first source, then of the
 * second.
 */
export function pairTables(
  first: readonly SourceTable[],
  second: readonly SourceTable[],
  by: MatchBy = 'name',
): readonly Pair[] {
  const left = new Set(second)
  const partners = new Map<SourceTable, SourceTable>()
  // A closer match of one table must not be taken by a looser match of another.
  for (const isMatch of matchers[by]) {
    for (const table of first) {
      const found = partners.has(table) ? undefined : [...left].find(other => isMatch(table, other))
      if (found === undefined) continue
      partners.set(table, found)
      left.delete(found)
    }
  }
  return [
    ...first.map((table): Pair => [table, partners.get(table)]),
    ...[...left].map((table): Pair => [undefined, table]),
  ]
}

type IsMatch = (a: SourceTable, b: SourceTable) => boolean

const sameName: IsMatch = (a, b) => a.name === b.name
const sameBaseName: IsMatch = (a, b) => a.baseName === b.baseName

const matchers: Record<MatchBy, readonly IsMatch[]> = {
  name: [sameName, sameBaseName],
  id: [sameName, (a, b) => wordsOf(a).some(word => wordsOf(b).includes(word))],
  keys: [(a, b) => keysOf(a) === keysOf(b) && indexesOf(a) === indexesOf(b), (a, b) => keysOf(a) === keysOf(b)],
}

/** `UsersTable`, `users` and `users-table` are one id. */
function wordsOf({ ids, baseName }: SourceTable): readonly string[] {
  return [...ids, baseName]
    .map(id => id.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .map(id => id.replace(/(?<=.)(?:table|model|entity|schema)$/, ''))
    .filter(id => id !== '' && !/^tables\d+$/.test(id))
}

const keysOf = ({ side }: SourceTable) => keyText(side.definition)

function indexesOf({ side }: SourceTable): string {
  const { globalIndexes, localIndexes } = side.definition
  return [...globalIndexes, ...localIndexes]
    .map(index => `${index.name} ${keyText(index)}`)
    .sort()
    .join('; ')
}
