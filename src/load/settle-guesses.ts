import { readInput } from '../settings/read-input.ts'
import type { Assumption, KeyType } from '../table/definition.ts'
import type { GlobalIndexInput, TableLayer } from '../table/input.ts'
import { withoutAssumed } from './without-assumed.ts'

/** A layer and which of its values are no more than assumed. */
export interface Guessing {
  readonly input: TableLayer
  readonly assumed: readonly Assumption[]
}

/** Whether an assumption is about the type of a key; that the key is there and what it is called is known all the same. */
export function isTypeGuess({ path }: Assumption): boolean {
  return /(^|\.)(partitionKey|sortKey)$/.test(path)
}

/** The same source, its guesses about key types and kinds of indexes replaced by what others know for sure. */
export function settleGuesses(side: Guessing, others: readonly Guessing[]): Guessing {
  if (side.assumed.length === 0) return side
  return settleKinds(settleTypes(settleCapacity(side, others), others), others)
}

const billing = ['billingMode', 'readCapacity', 'writeCapacity'] as const

/** Capacity that was assumed gives way to a billing mode that was chosen, and so does that of indexes. */
function settleCapacity(side: Guessing, others: readonly Guessing[]): Guessing {
  const isKnown = (field: (typeof billing)[number]) =>
    others.some(({ input, assumed }) => input[field] !== undefined && !assumed.some(({ path }) => path === field))
  if (!billing.some(isKnown)) return side
  const moot = side.assumed.filter(({ path }) => /(^billingMode|(^|\.)(read|write)Capacity)$/.test(path))
  return { input: withoutAssumed(side.input, moot), assumed: side.assumed.filter(each => !moot.includes(each)) }
}

/** The type of every attribute that some key of the layer gives. */
export function knownTypes({ input, assumed }: Guessing): ReadonlyMap<string, KeyType> {
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

/** An index that only looks like a local one is what another source, an override or a flag calls it. */
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
