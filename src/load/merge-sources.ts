import { isMergedByKey, mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import { type ReadTable, readInput } from '../settings/read-input.ts'
import type { Assumption, KeyAttribute, KeyType } from '../table/definition.ts'
import type { GlobalIndexInput, SourcedTable, TableLayer } from '../table/input.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'

/** One source's description of a table. */
export interface Side extends Pick<SourcedTable, 'input' | 'assumed' | 'warnings'> {
  /** Names the source in a conflict: `src/models/user.ts User`. */
  readonly label: string
  /** The label within a sentence: `User (src/models/user.ts)`. */
  readonly who?: string | undefined
}

interface MergedSources {
  readonly input: TableLayer
  readonly assumed: readonly Assumption[]
  /** Contradictions between two sources, each naming both sides. */
  readonly conflicts: readonly string[]
}

/**
 * Merges several sources that describe one table. Sources may repeat each other, and one may fill in what another does
 * not know or only assumes; a contradiction is a conflict.
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
    // The first source wins when two sources assume different values.
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

/** The statements of one source, as text by subject. Two sources conflict when their texts for a subject differ. */
type Facts = ReadonlyMap<string, string>

function conflicts(sides: readonly { readonly who: string; readonly facts: Facts }[]): string[] {
  const subjects = new Set(sides.flatMap(({ facts }) => [...facts.keys()]))
  return [...subjects].flatMap(subject => {
    const said = sides.flatMap(({ who, facts }) => {
      const words = facts.get(subject)
      return words === undefined ? [] : [{ who, words }]
    })
    if (new Set(said.map(({ words }) => words)).size < 2) return []
    return [`${subject} differs: ${said.map(({ who, words }) => `${words} in ${who}`).join(', ')}`]
  })
}

function factsOf(input: TableLayer, types: ReadonlyMap<string, KeyType>): Facts {
  const { table } = readInput(input, '')
  const facts = new Map<string, string>()
  if (table.partitionKey.length > 0) facts.set('the primary key', keyWords(table))
  const indexes = [
    ...table.globalIndexes.map(index => ({ ...index, kind: 'global', ownKey: index.partitionKey })),
    ...table.localIndexes.map(index => ({ ...index, kind: 'local', ownKey: index.sortKey })),
  ]
  for (const { name, kind, ownKey, projection, settings, ...keys } of indexes) {
    if (ownKey.length > 0) facts.set(`index ${name}`, `${kind} ${keyWords(keys)}`)
    if (projection !== undefined) {
      const text = typeof projection === 'string' ? projection : `[${[...projection].sort().join(', ')}]`
      facts.set(`the projection of index ${name}`, text)
    }
    settingFacts(facts, { ...settings }, ` of index ${name}`)
  }
  for (const [name, type] of types) facts.set(`the type of attribute ${name}`, typeWords[type])
  settingFacts(facts, { ...table.settings }, '')
  settingFacts(facts, { extra: table.extra }, '')
  return facts
}

function settingFacts(facts: Map<string, string>, settings: UntypedRecord, of: string): void {
  for (const [field, value] of Object.entries(settings)) {
    if (value === undefined) continue
    const entries = isMergedByKey(field) && isRecord(value) ? Object.entries(value) : undefined
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

/** A layer and the list of its assumed values. */
export interface Guessing {
  readonly input: TableLayer
  readonly assumed: readonly Assumption[]
}

/** Whether an assumption concerns only the type of a key; the key's existence and name are known. */
export function isTypeGuess({ path }: Assumption): boolean {
  return /(^|\.)(partitionKey|sortKey)$/.test(path)
}

/** The source with its guesses about key types and kinds of indexes replaced by facts from other sources. */
export function settleGuesses(side: Guessing, others: readonly Guessing[]): Guessing {
  if (side.assumed.length === 0) return side
  return settleKinds(settleTypes(settleCapacity(side, others), others), others)
}

const billing = ['billingMode', 'readCapacity', 'writeCapacity'] as const

/** Drops assumed capacities, including those of indexes, when another source sets a billing mode. */
function settleCapacity(side: Guessing, others: readonly Guessing[]): Guessing {
  const isKnown = (field: (typeof billing)[number]) =>
    others.some(({ input, assumed }) => input[field] !== undefined && !assumed.some(({ path }) => path === field))
  if (!billing.some(isKnown)) return side
  const moot = side.assumed.filter(({ path }) => /(^billingMode|(^|\.)(read|write)Capacity)$/.test(path))
  return { input: withoutAssumed(side.input, moot), assumed: side.assumed.filter(each => !moot.includes(each)) }
}

/** The known types of all key attributes in the layer. */
function knownTypes({ input, assumed }: Guessing): ReadonlyMap<string, KeyType> {
  const guessed = new Set(assumed.filter(isTypeGuess).map(({ path }) => path))
  const known = keysOf(input).filter(({ path }) => !guessed.has(path))
  return new Map(known.flatMap(({ keys }) => keys.map(({ name, type }) => [name, type] as const)))
}

function keysOf(input: TableLayer) {
  const { table } = readInput(input, '')
  const places = [
    { path: 'partitionKey', keys: table.partitionKey },
    { path: 'sortKey', keys: table.sortKey },
    ...table.globalIndexes.flatMap(({ name, partitionKey, sortKey }) => [
      { path: `globalIndexes.${name}.partitionKey`, keys: partitionKey },
      { path: `globalIndexes.${name}.sortKey`, keys: sortKey },
    ]),
    ...table.localIndexes.map(({ name, sortKey }) => ({ path: `localIndexes.${name}.sortKey`, keys: sortKey })),
  ]
  return places.filter(({ keys }) => keys.length > 0)
}

function settleTypes(side: Guessing, others: readonly Guessing[]): Guessing {
  const guesses = side.assumed.filter(isTypeGuess).map(({ path }) => path)
  if (guesses.length === 0) return side
  const types = new Map([...others, side].flatMap(other => [...knownTypes(other)]))
  const settled = keysOf(side.input).filter(
    ({ path, keys }) => guesses.includes(path) && keys.every(({ name }) => types.has(name)),
  )
  const input = settled.reduce(
    (layer, { path, keys }) =>
      withKeys(
        layer,
        path,
        keys.map(({ name, type }) => ({ name, type: types.get(name) ?? type })),
      ),
    side.input,
  )
  const paths = new Set(settled.map(({ path }) => path))
  return { input, assumed: side.assumed.filter(({ path }) => !paths.has(path)) }
}

function withKeys(layer: TableLayer, path: string, keys: readonly { name: string; type: KeyType }[]): TableLayer {
  const [, map, index, field] = /^(globalIndexes|localIndexes)\.(.+)\.([^.]+)$/.exec(path) ?? []
  if (map === undefined || index === undefined || field === undefined) return { ...layer, [path]: keys }
  const indexes = map === 'globalIndexes' ? layer.globalIndexes : layer.localIndexes
  return { ...layer, [map]: { ...indexes, [index]: { ...indexes?.[index], [field]: keys } } }
}

/** An index that may be local or global takes the kind given by another source, an override or a flag. */
function settleKinds(side: Guessing, others: readonly Guessing[]): Guessing {
  let { input, assumed } = side
  for (const [name, index] of Object.entries(input.localIndexes ?? {})) {
    const path = `localIndexes.${name}`
    if (!assumed.some(assumption => assumption.path === path)) continue
    const isKnown = (map: 'globalIndexes' | 'localIndexes') =>
      others.some(other => other.input[map]?.[name] !== undefined && !other.assumed.some(each => each.path === path))
    if (isKnown('globalIndexes')) {
      const { [name]: _, ...localIndexes } = input.localIndexes ?? {}
      const key = input.partitionKey === undefined ? {} : { partitionKey: input.partitionKey }
      const moved: Partial<GlobalIndexInput> = { ...key, ...index }
      const rest = Object.keys(localIndexes).length === 0 ? { localIndexes: undefined } : { localIndexes }
      input = { ...input, ...rest, globalIndexes: { ...input.globalIndexes, [name]: moved } }
    } else if (!isKnown('localIndexes')) continue
    assumed = assumed
      .filter(assumption => assumption.path !== path)
      .map(each => (isKnown('globalIndexes') ? renamed(each, `${path}.`, `globalIndexes.${name}.`) : each))
  }
  return { input, assumed }
}

function renamed(assumption: Assumption, from: string, to: string): Assumption {
  const { path } = assumption
  return path.startsWith(from) ? { ...assumption, path: `${to}${path.slice(from.length)}` } : assumption
}

/** The layer without its assumed values. */
export function withoutAssumed(layer: TableLayer, assumed: readonly Assumption[]): TableLayer {
  let rest: UntypedRecord = { ...layer }
  for (const { path } of assumed) {
    const [, map = path, place] = /^(globalIndexes|localIndexes)\.(.+)$/.exec(path) ?? []
    const indexes = rest[map]
    if (place === undefined || !isRecord(indexes)) {
      rest = { ...rest, [map]: undefined }
      continue
    }
    // Names of indexes may contain dots.
    const [, index = place, field] = Object.hasOwn(indexes, place) ? [] : (/^(.+)\.([^.]+)$/.exec(place) ?? [])
    const { [index]: its, ...left } = indexes
    const keeps = field !== undefined && isRecord(its)
    rest = { ...rest, [map]: keeps ? { ...left, [index]: { ...its, [field]: undefined } } : left }
  }
  return rest
}
