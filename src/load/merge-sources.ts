import { mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import { type ReadIndex, type ReadTable, readInput } from '../settings/read-input.ts'
import type { Assumption, KeyAttribute, KeyType } from '../table/definition.ts'
import type { SourcedTable, TableLayer } from '../table/input.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import { isTypeGuess, knownTypes, settleGuesses } from './settle-guesses.ts'
import { withoutAssumed } from './without-assumed.ts'

/** What one source says of a table. */
export interface Side extends Pick<SourcedTable, 'input' | 'assumed' | 'warnings'> {
  /** Names the source in a conflict: `src/models/user.ts User`. */
  readonly label: string
  /** The same for people who read a sentence: `User (src/models/user.ts)`. */
  readonly who?: string | undefined
}

export interface MergedSources {
  readonly input: TableLayer
  readonly assumed: readonly Assumption[]
  /** Contradictions between two sources, each naming both sides. */
  readonly conflicts: readonly string[]
}

/**
 * One table out of several sources that describe it. The same said twice is fine, what one does not know or only
 * assumes another may know, and a contradiction is a conflict.
 */
export function mergeSources(sides: readonly Side[]): MergedSources {
  const [only] = sides
  if (only !== undefined && sides.length === 1) return { input: only.input, assumed: only.assumed, conflicts: [] }
  const settled = sides.map((side, index) => settleGuesses(side, others(sides, index)))
  const known = settled.map(({ input, assumed }) =>
    withoutAssumed(
      input,
      assumed.filter(each => !isTypeGuess(each)),
    ),
  )
  const kept = settled.map((side, index) => {
    const types = side.assumed.filter(isTypeGuess)
    const rest = side.assumed.filter(each => !isTypeGuess(each))
    const assumed = stillAssumed(rest, others(known, index))
    const given = rest.filter(assumption => !assumed.includes(assumption))
    return { input: withoutAssumed(side.input, given), assumed: [...types, ...assumed] }
  })
  return {
    // The first source is the strongest, which matters only where two assume something different.
    input: mergeLayers(kept.map(side => side.input).reverse()).layer,
    assumed: distinct(kept.flatMap(side => side.assumed)),
    conflicts: conflicts(
      settled.map((side, index) => {
        const { label, who = label } = sides[index] ?? { label: '' }
        return { who, facts: factsOf(known[index] ?? {}, knownTypes(side)) }
      }),
    ),
  }
}

function others<T>(all: readonly T[], index: number): readonly T[] {
  return all.filter((_, other) => other !== index)
}

/** What a source says, piece by piece: the words for it, by what it is about. Equal words are no conflict. */
type Facts = ReadonlyMap<string, string>

function conflicts(sides: readonly { readonly who: string; readonly facts: Facts }[]): string[] {
  const subjects = new Set(sides.flatMap(({ facts }) => [...facts.keys()]))
  return [...subjects].flatMap(subject => {
    const said = sides.flatMap(({ who, facts }) => {
      const words = facts.get(subject)
      return words === undefined ? [] : [{ who, words }]
    })
    if (new Set(said.map(({ words }) => words)).size < 2) return []
    return [`${subject}: ${said.map(({ who, words }) => `${words} in ${who}`).join(', ')}`]
  })
}

function factsOf(input: TableLayer, types: ReadonlyMap<string, KeyType>): Facts {
  const { table } = readInput(input, '')
  const facts = new Map<string, string>()
  if (table.partitionKey.length > 0) facts.set('primary key', keyWords(table))
  for (const index of table.globalIndexes) {
    if (index.partitionKey.length > 0) facts.set(`index ${index.name}`, `global ${keyWords(index)}`)
    indexFacts(facts, index, `index ${index.name}`)
  }
  for (const index of table.localIndexes) {
    if (index.sortKey.length > 0) facts.set(`index ${index.name}`, `local ${keyWords(index)}`)
    indexFacts(facts, index, `index ${index.name}`)
  }
  for (const [name, type] of types) facts.set(`attribute ${name}`, typeWords[type])
  settingFacts(facts, { ...table.settings }, '')
  settingFacts(facts, { extra: table.extra }, '')
  return facts
}

function indexFacts(facts: Map<string, string>, index: ReadIndex, subject: string): void {
  const { projection, settings } = index
  if (projection !== undefined) {
    facts.set(
      `projection of ${subject}`,
      typeof projection === 'string' ? projection : `[${[...projection].sort().join(', ')}]`,
    )
  }
  settingFacts(facts, { ...settings }, ` of ${subject}`)
}

function settingFacts(facts: Map<string, string>, settings: UntypedRecord, of: string): void {
  for (const [field, value] of Object.entries(settings)) {
    if (value === undefined) continue
    const entries = (field === 'tags' || field === 'extra') && isRecord(value) ? Object.entries(value) : undefined
    if (entries === undefined) facts.set(`${field}${of}`, words(value))
    else for (const [key, entry] of entries) facts.set(`${field}.${key}${of}`, words(entry))
  }
}

const typeWords: Readonly<Record<KeyType, string>> = { S: 'string', N: 'number', B: 'binary' }

const words = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : show(value))

function keyWords({ partitionKey, sortKey }: Pick<ReadTable, 'partitionKey' | 'sortKey'>): string {
  const names = (keys: readonly KeyAttribute[]) => keys.map(key => key.name).join('+')
  if (partitionKey.length === 0) return names(sortKey)
  return sortKey.length === 0 ? names(partitionKey) : `${names(partitionKey)}/${names(sortKey)}`
}

function distinct(assumed: readonly Assumption[]): readonly Assumption[] {
  return [...new Map(assumed.map(assumption => [assumption.path, assumption])).values()]
}
