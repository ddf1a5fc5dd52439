import { DynamoxError, messageOf } from '../../errors.ts'
import type { VectorIndexInput } from '../../settings/vector-indexes.ts'
import { didYouMean, suggestion } from '../../table/did-you-mean.ts'
import type { GlobalIndexInput, LocalIndexInput, ProjectionInput } from '../../table/input.ts'

export interface NamedIndex<Index> {
  readonly name: string
  readonly index: Index
}

const lists = ['partitionKey', 'sortKey', 'filters', 'include']
const numbers = ['readCapacity', 'writeCapacity', 'maxReadUnits', 'maxWriteUnits', 'warmReadUnits', 'warmWriteUnits']
const allNumbers = [...numbers, 'dimensions']
const parts = {
  '--gsi': ['name', 'partitionKey', 'sortKey', 'projection', 'include', ...numbers],
  '--lsi': ['name', 'sortKey', 'projection', 'include'],
  '--vector-index': [
    ...['name', 'attribute', 'dimensions', 'distance', 'partitionKey', 'filters', 'projection', 'include'],
  ],
} as const
type IndexFlag = keyof typeof parts

const examples: Record<IndexFlag, string> = {
  '--gsi': "--gsi 'name=email-index,partitionKey=email:S,sortKey=at:N'",
  '--lsi': "--lsi 'name=by-age,sortKey=age:N'",
  '--vector-index': "--vector-index 'name=by-meaning,attribute=meaning,dimensions=1024,distance=COSINE'",
}

/** `name=email-index,partitionKey=email:S,projection=INCLUDE,include=a` or a JSON object of the same fields. Throws `usage`. */
export function parseGlobalIndex(text: string): NamedIndex<GlobalIndexInput> {
  const { name, partitionKey, ...rest } = parseIndex(text, '--gsi')
  if (partitionKey === undefined) throw bad('--gsi', text, 'has no partitionKey')
  return { name, index: { partitionKey, ...rest } as GlobalIndexInput }
}

/** `name=by-age,sortKey=age:N`, or a JSON object of the same fields. Throws `usage`. */
export function parseLocalIndex(text: string): NamedIndex<LocalIndexInput> {
  const { name, sortKey, ...rest } = parseIndex(text, '--lsi')
  if (sortKey === undefined) throw bad('--lsi', text, 'has no sortKey')
  return { name, index: { sortKey, ...rest } as LocalIndexInput }
}

/** `name=by-meaning,attribute=meaning,dimensions=1024,distance=COSINE`, or a JSON object of the same fields. Throws `usage`. */
export function parseVectorIndex(text: string): NamedIndex<VectorIndexInput> {
  const flag = '--vector-index'
  const { name, ...rest } = parseIndex(text, flag)
  const missing = ['attribute', 'dimensions', 'distance'].find(part => !(part in rest))
  if (missing !== undefined) throw bad(flag, text, `has no ${missing}`)
  return { name, index: rest as object as VectorIndexInput }
}

type Fields = Readonly<Record<string, unknown>>

function parseIndex(text: string, flag: IndexFlag): Fields & { readonly name: string } {
  const fields = text.trimStart().startsWith('{') ? fromJson(text, flag) : fromPairs(text, flag)
  const { name, projection, include, ...rest } = fields
  if (typeof name !== 'string' || name === '') throw bad(flag, text, 'has no name')
  const resolved = resolveProjection(projection, include, text, flag)
  return { name, ...rest, ...(resolved === undefined ? {} : { projection: resolved }) }
}

function fromJson(text: string, flag: IndexFlag): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw bad(flag, text, `is not valid JSON (${messageOf(cause)})`)
  }
  if (typeof value !== 'object' || value === null) throw bad(flag, text, 'is not a JSON object')
  const unknown = Object.keys(value).find(key => !parts[flag].some(part => part === key))
  if (unknown !== undefined) throw unknownPart(flag, text, unknown)
  return { ...value }
}

/**
 * Attribute names may contain commas and equals signs, so a part starts only after a comma that is followed by `word=`.
 */
function fromPairs(text: string, flag: IndexFlag): Fields {
  const fields: Record<string, unknown> = {}
  for (const pair of text.split(/,(?=[A-Za-z-]+=)/).reduce(joinStrangers(flag), [])) {
    const at = pair.indexOf('=')
    const key = at < 0 ? pair : pair.slice(0, at)
    const value = pair.slice(at + 1)
    if (at < 0) throw bad(flag, text, `holds ${JSON.stringify(pair)}, which is not part=value`)
    if (!parts[flag].some(part => part === key)) throw unknownPart(flag, text, key)
    if (value === '') throw bad(flag, text, `has an empty ${key}`)
    if (lists.includes(key)) fields[key] = [...((fields[key] as readonly string[] | undefined) ?? []), value]
    else if (key in fields) throw bad(flag, text, `has ${key} twice`)
    else fields[key] = allNumbers.includes(key) ? toNumber(flag, text, key, value) : value
  }
  for (const key of ['partitionKey', 'sortKey']) {
    const list = fields[key]
    if (Array.isArray(list) && list.length === 1) fields[key] = list[0]
  }
  return fields
}

/** Rejoins an attribute name that contains `,word=` and was therefore split. */
function joinStrangers(flag: IndexFlag) {
  const all: readonly string[] = [...new Set([...parts['--gsi'], ...parts[flag]])]
  return (pairs: string[], pair: string): string[] => {
    const key = pair.slice(0, pair.indexOf('='))
    const meant = all.includes(key) || didYouMean(key, all) !== undefined
    const last = pairs.at(-1)
    return last === undefined || meant ? [...pairs, pair] : [...pairs.slice(0, -1), `${last},${pair}`]
  }
}

function toNumber(flag: IndexFlag, text: string, key: string, value: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw bad(flag, text, `has ${key}=${value}, which is not a whole number above 0`)
}

function resolveProjection(
  projection: unknown,
  include: unknown,
  text: string,
  flag: IndexFlag,
): ProjectionInput | undefined {
  const kind = typeof projection === 'string' ? projection.toUpperCase() : projection
  if (include === undefined) {
    if (kind === 'INCLUDE') throw bad(flag, text, 'has projection=INCLUDE and no include=attribute')
    if (kind === undefined || kind === 'ALL' || kind === 'KEYS_ONLY') return kind
    if (Array.isArray(kind)) return kind
    const meant = suggestion(String(kind), ['ALL', 'KEYS_ONLY', 'INCLUDE'])
    throw bad(
      flag,
      text,
      `has the projection ${JSON.stringify(projection)}${meant || '; it is ALL, KEYS_ONLY or INCLUDE'}`,
    )
  }
  if (kind !== undefined && kind !== 'INCLUDE')
    throw bad(flag, text, `has include beside projection=${String(projection)}`)
  return Array.isArray(include) ? include : [String(include)]
}

function unknownPart(flag: IndexFlag, text: string, key: string): DynamoxError {
  if (flag === '--lsi' && key === 'partitionKey') {
    return bad(flag, text, "has a partitionKey; a local index always has the table's own")
  }
  return bad(flag, text, `has an unknown part ${JSON.stringify(key)}${suggestion(key, parts[flag])}`)
}

function bad(flag: IndexFlag, text: string, what: string): DynamoxError {
  return new DynamoxError('usage', `${flag} ${JSON.stringify(text)} ${what}`, {
    hint: `for example ${examples[flag]}, or a JSON object with the same fields`,
  })
}
