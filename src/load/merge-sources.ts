import type { Assumption, KeyAttribute } from '../table/definition.ts'
import type { SourcedTable, TableLayer } from '../table/input.ts'
import { mergeLayers, stillAssumed } from '../table/merge-layers.ts'
import { type ReadIndex, type ReadTable, readInput } from '../table/read-input.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'

/** What one source says of a table. */
export interface Side extends Pick<SourcedTable, 'input' | 'assumed' | 'warnings'> {
  /** Names the source in a conflict: `src/models/user.ts User`. */
  readonly label: string
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
  const known = sides.map(({ input, assumed }) => without(input, assumed))
  const kept = sides.map((side, index) => {
    const assumed = stillAssumed(
      side.assumed,
      known.filter((_, other) => other !== index),
    )
    const given = side.assumed.filter(assumption => !assumed.includes(assumption))
    return { input: without(side.input, given), assumed }
  })
  return {
    // The first source is the strongest, which matters only where two assume something different.
    input: mergeLayers(kept.map(side => side.input).reverse()).layer,
    assumed: distinct(kept.flatMap(side => side.assumed)),
    conflicts: conflicts(
      sides.map((side, index) => ({ label: side.label, facts: factsOf(known[index] ?? side.input) })),
    ),
  }
}

/** What a source says, piece by piece: the words for it, by what it is about. Equal words are no conflict. */
type Facts = ReadonlyMap<string, string>

function conflicts(sides: readonly { readonly label: string; readonly facts: Facts }[]): string[] {
  const subjects = new Set(sides.flatMap(({ facts }) => [...facts.keys()]))
  return [...subjects].flatMap(subject => {
    const said = sides.flatMap(({ label, facts }) => {
      const words = facts.get(subject)
      return words === undefined ? [] : [{ label, words }]
    })
    if (new Set(said.map(({ words }) => words)).size < 2) return []
    return [`${subject}: ${said.map(({ label, words }) => `${words} in ${label}`).join(', ')}`]
  })
}

function factsOf(input: TableLayer): Facts {
  const { table } = readInput(input, '')
  const facts = new Map<string, string>()
  const keys = [...table.partitionKey, ...table.sortKey]
  if (table.partitionKey.length > 0) facts.set('primary key', keyWords(table))
  for (const index of table.globalIndexes) {
    if (index.partitionKey.length > 0) facts.set(`index ${index.name}`, `global ${keyWords(index)}`)
    indexFacts(facts, index, `index ${index.name}`)
  }
  for (const index of table.localIndexes) {
    facts.set(`index ${index.name}`, `local ${keyWords(index)}`)
    indexFacts(facts, index, `index ${index.name}`)
  }
  const indexKeys = [...table.globalIndexes, ...table.localIndexes].flatMap(index => [
    ...index.partitionKey,
    ...index.sortKey,
  ])
  for (const { name, type } of [...keys, ...indexKeys]) facts.set(`attribute ${name}`, type)
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

const words = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : show(value))

function keyWords({ partitionKey, sortKey }: Pick<ReadTable, 'partitionKey' | 'sortKey'>): string {
  const names = (keys: readonly KeyAttribute[]) => keys.map(key => key.name).join('+')
  if (partitionKey.length === 0) return names(sortKey)
  return sortKey.length === 0 ? names(partitionKey) : `${names(partitionKey)}/${names(sortKey)}`
}

/** The layer without what was merely assumed. */
function without(layer: TableLayer, assumed: readonly Assumption[]): TableLayer {
  let rest: UntypedRecord = { ...layer }
  for (const { path } of assumed) {
    const [, map, index, field] = /^(globalIndexes|localIndexes)\.(.+)\.([^.]+)$/.exec(path) ?? [undefined, path]
    const indexes = rest[map]
    const its = isRecord(indexes) && index !== undefined ? indexes[index] : undefined
    if (index === undefined || field === undefined) rest = { ...rest, [map]: undefined }
    else if (isRecord(indexes) && isRecord(its))
      rest = { ...rest, [map]: { ...indexes, [index]: { ...its, [field]: undefined } } }
  }
  return rest
}

function distinct(assumed: readonly Assumption[]): readonly Assumption[] {
  return [...new Map(assumed.map(assumption => [assumption.path, assumption])).values()]
}
