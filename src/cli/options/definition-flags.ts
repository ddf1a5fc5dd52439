import { DynamoxError, isDynamoxError } from '../../errors.ts'
import { type SettingField, settingFields } from '../../settings/catalogue.ts'
import type { Field, SettingFlag } from '../../settings/setting.ts'
import type { TableLayer } from '../../table/input.ts'
import { memberOf } from '../../table/untyped.ts'
import { type NamedIndex, parseGlobalIndex, parseLocalIndex, parseVectorIndex } from './index-flag.ts'
import { inGroup, type OptionSpec, type Policy, partsOf } from './option.ts'

const define = inGroup('Definition')
const defining = (command: Policy) => command.defines === true
// For `delete`, a tag narrows down the tables that match.
const tagging = (command: Policy) => defining(command) || command.name === 'delete'

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
  if (choices !== undefined) return define.choice(spec, meaning, defining, choices)
  if (value === 'count') return define.count(spec, meaning, defining)
  if (value === 'list' && spec.startsWith('--tag '))
    return define.list(
      spec,
      { elsewhere: meaning, delete: 'with --match: only tables with this tag; repeatable' },
      tagging,
    )
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

/** The untyped values of the settings' flags; `definitionFlags` reads them. */
export type SettingFlags = { readonly [Field in SettingField]?: unknown }

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
  const read = <Value>(texts: readonly string[] | undefined, parse: (text: string) => Value) =>
    texts?.flatMap(text => {
      try {
        return [parse(text)]
      } catch (error) {
        if (!isDynamoxError(error)) throw error
        wrong.push(error)
        return []
      }
    })
  const globalIndexes = byName('--gsi', read(flags.gsi, parseGlobalIndex))
  const localIndexes = byName('--lsi', read(flags.lsi, parseLocalIndex))
  const vectorIndexes = byName('--vector-index', read(flags.vectorIndex, parseVectorIndex))
  const settings = settingFlags().map(({ field, flag, name }) => {
    const value = memberOf(flags, name)
    const { parseEntry } = flag
    if (parseEntry === undefined || !Array.isArray(value)) return [field, value] as const
    return [field, Object.fromEntries(read(value.map(String), parseEntry) ?? [])] as const
  })
  const layer: TableLayer = {
    partitionKey: flags.partitionKey,
    sortKey: flags.sortKey,
    ...Object.fromEntries(settings),
    globalIndexes,
    localIndexes,
    vectorIndexes,
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

function byName<Index>(
  flag: string,
  indexes: readonly NamedIndex<Index>[] | undefined,
): Record<string, Index> | undefined {
  if (indexes === undefined) return undefined
  const twice = indexes.find(({ name }, at) => indexes.findIndex(other => other.name === name) < at)
  if (twice !== undefined) throw new DynamoxError('usage', `${flag} defines the index ${twice.name} twice`)
  return Object.fromEntries(indexes.map(({ name, index }) => [name, index]))
}
