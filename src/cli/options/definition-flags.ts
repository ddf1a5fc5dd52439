import { DynamoxError, isDynamoxError, messageOf } from '../../errors.ts'
import { type SettingField, settingFields } from '../../settings/catalogue.ts'
import type { Field, SettingFlag } from '../../settings/setting.ts'
import { didYouMean, suggestion } from '../../table/did-you-mean.ts'
import type { TableLayer } from '../../table/input.ts'
import { definedOnly, memberOf, type UntypedRecord } from '../../table/untyped.ts'
import { inGroup, type OptionSpec, type Policy, partsOf } from './option.ts'

const define = inGroup('Definition')
const defining = (command: Policy) => command.defines === true

/** The options for keys and indexes; those of the settings come from their catalogue. */
export const definitionOptions = {
  partitionKey: define.text('--partition-key <name:type>', 'partition key; type S (default), N or B', defining),
  sortKey: define.text('--sort-key <name:type>', 'sort key', defining),
  gsi: define.list('--gsi <index>', 'a global secondary index (see below); repeatable', defining),
  lsi: define.list('--lsi <index>', 'a local secondary index (see below); repeatable', defining),
  vectorIndex: define.list('--vector-index <index>', 'a vector index (see below); repeatable', defining),
  ...settingOptions(),
}

/** One option for each flag of the settings catalogue, by commander's name: `tableClass` for `--table-class`. */
function settingOptions(): object {
  return Object.fromEntries(settingFlags().map(({ name, flag }) => [name, optionOf(flag)]))
}

function optionOf({ spec, meaning, value, choices }: SettingFlag): OptionSpec {
  if (choices !== undefined) return define.choice(spec, meaning, choices, defining)
  if (value === 'count') return define.count(spec, meaning, defining)
  if (value === 'list') return define.list(spec, meaning, defining)
  return spec.includes('<') ? define.text(spec, meaning, defining) : define.flag(spec, meaning, defining)
}

function settingFlags() {
  return Object.entries<Field>(settingFields).flatMap(([field, { flag }]) =>
    flag === undefined ? [] : [{ field, flag, name: camelCase(partsOf({ flags: flag.spec }).long) }],
  )
}

function camelCase(long: string): string {
  return long.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The untyped values of the settings' flags; `definitionFlags` reads them. `--tag` is the flag of the field `tags`. */
export type SettingFlags = { readonly [Field in SettingField]?: unknown } & { readonly tag?: unknown }

/** Values by option. */
interface DefinitionFlags {
  readonly partitionKey?: string | undefined
  readonly sortKey?: string | undefined
  readonly gsi?: readonly string[] | undefined
  readonly lsi?: readonly string[] | undefined
  readonly vectorIndex?: readonly string[] | undefined
  readonly [setting: string]: unknown
}

/** The layer that the definition flags describe; `undefined` without any. Throws `usage`, with all problems. */
export function definitionFlags(flags: DefinitionFlags): TableLayer | undefined {
  const wrong: DynamoxError[] = []
  /** Parses the texts of a flag and collects errors, so that those of all flags are reported together. */
  const read = (texts: readonly string[] | undefined, parse: (text: string) => Entry) =>
    texts?.flatMap(text => {
      try {
        return [parse(text)]
      } catch (error) {
        if (!isDynamoxError(error)) throw error
        wrong.push(error)
        return []
      }
    })
  const indexes = (flag: IndexFlag, texts: readonly string[] | undefined) => {
    const found = read(texts, text => parseIndex(flag, text))
    const [twice] = found?.find(([name], at) => found.findIndex(([other]) => other === name) < at) ?? []
    if (twice !== undefined) throw new DynamoxError('usage', `${flag} defines the index ${twice} twice`)
    return found && Object.fromEntries(found)
  }
  const layer = {
    partitionKey: flags.partitionKey,
    sortKey: flags.sortKey,
    globalIndexes: indexes('--gsi', flags.gsi),
    localIndexes: indexes('--lsi', flags.lsi),
    vectorIndexes: indexes('--vector-index', flags.vectorIndex),
    ...Object.fromEntries(
      settingFlags().map(({ field, flag: { parseEntry }, name }) => {
        const value = memberOf(flags, name)
        if (parseEntry === undefined || !Array.isArray(value)) return [field, value]
        return [field, Object.fromEntries(read(value.map(String), parseEntry) ?? [])]
      }),
    ),
  }
  const [first] = wrong
  if (first !== undefined && wrong.length === 1) throw first
  if (first !== undefined) {
    throw new DynamoxError('usage', `${wrong.length} flags cannot be read`, {
      problems: wrong.map(({ message }) => ({ path: '', message })),
      hint: [...new Set(wrong.flatMap(({ hint }) => hint ?? []))].join('; '),
    })
  }
  const given = Object.entries(layer).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

type Entry = readonly [name: string, value: unknown]

const capacities = ['readCapacity', 'writeCapacity', 'maxReadUnits', 'maxWriteUnits', 'warmReadUnits', 'warmWriteUnits']
const numbers = [...capacities, 'dimensions']
const lists = ['partitionKey', 'sortKey', 'filters', 'include']
const projecting = ['projection', 'include']

interface IndexSyntax {
  readonly needs: readonly string[]
  /** Its parts besides these, its name and a projection. */
  readonly takes: readonly string[]
  readonly example: string
}

const indexFlags = {
  '--gsi': {
    needs: ['partitionKey'],
    takes: ['sortKey', ...capacities],
    example: 'name=email-index,partitionKey=email:S,sortKey=at:N',
  },
  '--lsi': { needs: ['sortKey'], takes: [], example: 'name=by-age,sortKey=age:N' },
  '--vector-index': {
    needs: ['attribute', 'dimensions', 'distance'],
    takes: ['partitionKey', 'filters'],
    example: 'name=by-meaning,attribute=meaning,dimensions=1024,distance=COSINE',
  },
} as const satisfies Record<string, IndexSyntax>

type IndexFlag = keyof typeof indexFlags

const partsOfIndex = (flag: IndexFlag): readonly string[] => {
  const { needs, takes } = indexFlags[flag]
  return ['name', ...needs, ...takes, ...projecting]
}

/**
 * An index by its name: `name=email-index,partitionKey=email:S,projection=INCLUDE,include=a`, or a JSON object of the same
 * fields. Throws `usage`.
 */
export function parseIndex(flag: IndexFlag, text: string): Entry {
  const { needs, example } = indexFlags[flag]
  const bad = (what: string): DynamoxError =>
    new DynamoxError('usage', `${flag} ${JSON.stringify(text)} ${what}`, {
      hint: `for example ${flag} '${example}', or a JSON object with the same fields`,
    })
  const { name, projection, include, ...rest } = text.trimStart().startsWith('{') ? fromJson() : fromPairs()
  if (typeof name !== 'string' || name === '') throw bad('has no name')
  const index = definedOnly({ ...rest, projection: resolveProjection() })
  const missing = needs.find(part => !(part in index))
  if (missing !== undefined) throw bad(`has no ${missing}`)
  return [name, index]

  function fromJson(): UntypedRecord {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      throw bad(`is not valid JSON (${messageOf(cause)})`)
    }
    if (typeof value !== 'object' || value === null) throw bad('is not a JSON object')
    for (const key of Object.keys(value)) checkPart(key)
    return { ...value }
  }

  function fromPairs(): UntypedRecord {
    const fields: Record<string, unknown> = {}
    for (const pair of pairsOf(flag, text)) {
      const at = pair.indexOf('=')
      if (at < 0) throw bad(`holds ${JSON.stringify(pair)}, which is not key=value`)
      const [key, value] = [pair.slice(0, at), pair.slice(at + 1)]
      checkPart(key)
      if (value === '') throw bad(`has an empty ${key}`)
      const before = fields[key]
      const all = [before ?? [], value].flat()
      if (numbers.includes(key)) fields[key] = toNumber(key, value)
      else fields[key] = all.length > 1 || key === 'filters' ? all : value
      if (before !== undefined && !lists.includes(key)) throw bad(`has ${key} twice`)
    }
    return fields
  }

  function checkPart(key: string): void {
    const known = partsOfIndex(flag)
    if (known.includes(key)) return
    if (flag === '--lsi' && key === 'partitionKey')
      throw bad("has a partitionKey; a local index always has the table's own")
    throw bad(`has an unknown part ${JSON.stringify(key)}${suggestion(key, known)}`)
  }

  function toNumber(key: string, value: string): number {
    const number = Number(value)
    if (Number.isSafeInteger(number) && number > 0) return number
    throw bad(`has ${key}=${value}, which is not a whole number above 0`)
  }

  function resolveProjection(): unknown {
    const kind = typeof projection === 'string' ? projection.toUpperCase() : projection
    if (include !== undefined) {
      if (kind !== undefined && kind !== 'INCLUDE')
        throw bad(`has include, which cannot be combined with projection=${String(projection)}`)
      return Array.isArray(include) ? include : [String(include)]
    }
    if (kind === 'INCLUDE') throw bad('has projection=INCLUDE, which needs include=attribute')
    if (kind === undefined || kind === 'ALL' || kind === 'KEYS_ONLY' || Array.isArray(kind)) return kind
    const meant = suggestion(String(kind), ['ALL', 'KEYS_ONLY', 'INCLUDE'])
    throw bad(`has the projection ${JSON.stringify(projection)}${meant || '; it must be ALL, KEYS_ONLY or INCLUDE'}`)
  }
}

/**
 * The `part=value` pairs of an index. Attribute names may contain commas and equals signs, so a pair starts only after a
 * comma that is followed by the name of a part and `=`; similar names count, so that a misspelt one is reported.
 */
function pairsOf(flag: IndexFlag, text: string): readonly string[] {
  const known = [...new Set([...partsOfIndex('--gsi'), ...partsOfIndex(flag)])]
  const pairs: string[] = []
  for (const pair of text.split(/,(?=[A-Za-z-]+=)/)) {
    const key = pair.slice(0, pair.indexOf('='))
    const isPart = pairs.length === 0 || known.includes(key) || didYouMean(key, known) !== undefined
    if (isPart) pairs.push(pair)
    else pairs.push(`${pairs.pop()},${pair}`)
  }
  return pairs
}
