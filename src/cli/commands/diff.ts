import type { Outcome } from '../../apply/events.ts'
import { DynamoxError } from '../../errors.ts'
import { keyText } from '../../settings/change.ts'
import type { Command, Invocation } from '../command.ts'
import { parseSource, readSources, type Source, type SourceTable } from '../diff-sources.ts'
import type { TableRow } from '../report/report.ts'

export const diff: Command = {
  name: 'diff',
  summary: 'compare two sources: files, folders, globs, live, env:<name>',
  exit1: 'the sources differ',
  takes: 'sources',
  reads: 'optional',
  contacts: true,
  options: ['matchBy'],
  otherWords: ['compare', 'delta'],
  examples: [
    ['dynamox diff template.yaml src/models/', 'a template and the models of the same tables'],
    ['dynamox diff live env:prod', 'what update --env prod would change'],
  ],

  /** Compares two sources table by table, in the words of a plan that turns the first into the second. */
  async run(invocation) {
    const { names, flags, report } = invocation
    const [first, second] = sourcesOf(names, invocation)
    const by = flags.matchBy ?? 'name'
    report.note(`Comparing ${first.text} with ${second.text}`)
    const tables = await readSources(invocation, [first, second], by !== 'name')
    const { compareTables } = await import('../../plan/compare-tables.ts')
    const { createStep, deleteStep } = await import('../../plan/steps.ts')
    const pairs = pairTables(tables[0], tables[1], by)
    if (
      by === 'name' &&
      tables.every(each => each.length > 0) &&
      pairs.every(([a, b]) => a === undefined || b === undefined)
    ) {
      report.note('no table has the same name in both; --match-by id or --match-by keys ignores names')
    }
    const results = pairs.map(([a, b]): Compared => {
      if (a !== undefined && b !== undefined) {
        const { changes, lines } = compareTables(a.side, b.side)
        return { name: pairName([a, b]), action: changes.length === 0 ? 'unchanged' : 'different', changes, lines }
      }
      if (a !== undefined) return { name: a.name, action: 'missing', lines: [onlyIn(deleteStep(a.name), first)] }
      if (b !== undefined)
        return { name: b.name, action: 'missing', lines: [onlyIn(createStep(b.side.definition), second)] }
      throw new DynamoxError('internal', 'a pair without tables')
    })
    const outcomes = results.map(({ lines: _lines, ...outcome }): Outcome => ({ ...outcome, durationMs: 0 }))
    report.begin({ verb: 'Comparing', counted: 'compared', names: results.map(({ name }) => name) })
    for (const [at, outcome] of outcomes.entries()) report.outcome(outcome, results[at]?.lines ?? [])
    report.finish(outcomes)
    return {
      exit: results.some(({ action }) => action !== 'unchanged') ? 1 : 0,
      tables: results.map(toRow),
      extra: { sources: [first.text, second.text] },
    }
  },
}

interface Compared extends Pick<Outcome, 'name' | 'changes'> {
  readonly action: 'unchanged' | 'different' | 'missing'
  readonly lines: readonly string[]
}

/** The two sources that the command line names. Throws `usage`. */
export function sourcesOf(names: readonly string[], run: Invocation): readonly [Source, Source] {
  const [first, second, third] = names
  if (first === undefined || second === undefined || third !== undefined) {
    throw new DynamoxError('usage', `diff takes two sources, but got ${names.length}`, {
      hint: 'for example dynamox diff template.yaml src/models/, or dynamox diff live env:prod',
    })
  }
  return [parseSource(first, run), parseSource(second, run)]
}

/** Tables that are called differently are shown with both names. */
function pairName([a, b]: readonly [SourceTable, SourceTable]): string {
  return a.name === b.name ? a.name : `${a.name} -> ${b.name}`
}

const onlyIn = ({ sign, summary }: { readonly sign: string; readonly summary: string }, { text }: Source) =>
  `${sign} ${summary}: only in ${text}`

function toRow({ name, action, changes = [], lines }: Compared): TableRow {
  return {
    name,
    action,
    ...(changes.length === 0 ? {} : { changes }),
    ...(lines.length === 0 ? {} : { differences: lines }),
  }
}

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
