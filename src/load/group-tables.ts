import { findAdapter } from '../adapters/all-adapters.ts'
import { isDynamoxError, type Place, type Problem } from '../errors.ts'
import { givenName } from '../formats/read/name-table.ts'
import { mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import { readInput } from '../settings/read-input.ts'
import type { Source, SourcedTable, TableInput, TableLayer, TemplateInputs } from '../table/input.ts'
import { at } from '../table/problems.ts'
import { problemsOf } from './collect-tables.ts'
import { type Side, settleGuesses } from './merge-sources.ts'
import type { LoadedFile } from './messages.ts'
import { shownPath } from './shown-path.ts'

/** All sources that describe one table. */
export interface TableGroup {
  /** The resolved name, with prefix and suffix. */
  readonly name: string
  readonly baseName: string
  readonly sides: readonly Side[]
  readonly sources: readonly Source[]
  /** Sample items of the sources. */
  readonly items?: readonly unknown[] | undefined
  /** Where it stands in a template, when only a template defines it. */
  readonly place?: Place | undefined
}

interface Naming {
  readonly prefix: string
  readonly suffix: string
  /** The names for tables without a name, by file and export. */
  readonly inputs: TemplateInputs
  /** The name for tables that then have none. */
  readonly table?: string | undefined
}

/** Found tables by resolved name, in the order of first appearance. A table without a name is a problem. */
export function groupTables(
  found: readonly FoundTable[],
  { prefix, suffix, inputs, table }: Naming,
): { readonly groups: readonly TableGroup[]; readonly nameless: readonly Problem[] } {
  const groups = new Map<string, TableGroup>()
  const nameless: Problem[] = []
  for (const each of found) {
    const baseName = each.input.table ?? nameOf(each.source, inputs) ?? table
    if (typeof baseName !== 'string' || baseName === '') {
      nameless.push(...whyNameless(each))
      continue
    }
    const group = groups.get(baseName) ?? { name: `${prefix}${baseName}${suffix}`, baseName, sides: [], sources: [] }
    const place = group.sides.length === 0 ? each.place : group.place && each.place
    groups.set(baseName, {
      ...group,
      sides: [...group.sides, sideOf(each)],
      sources: [...group.sources, each.source],
      items: each.items === undefined ? group.items : [...(group.items ?? []), ...each.items],
      place,
    })
  }
  return { groups: [...groups.values()], nameless }
}

/** The name that the config gives to an export (`schema.User`), to what holds it (`schema`), or to the file. */
function nameOf({ file, export: name = '' }: Source, inputs: TemplateInputs): string | undefined {
  const holders = name.split('.').map((_, at, parts) => parts.slice(0, parts.length - at).join('.'))
  return holders.flatMap(holder => givenName(holder, file, inputs) ?? []).at(0) ?? inputs.names?.[file]
}

/** The name may have the wrong type (from JavaScript or YAML), or be in a misspelt field. */
function whyNameless({ input, label }: FoundTable): readonly Problem[] {
  const { problems, misnamed } = readInput(input, label)
  const place = at(label, 'table')
  if (misnamed.includes(place)) return problems
  const wrong = problems.filter(({ path }) => path === place)
  if (wrong.length > 0) return wrong
  if (Object.hasOwn(input, 'table') && input.table === undefined)
    return [{ path: place, message: 'is undefined; is an environment variable not set?' }]
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

/** A table from its source, and its label in messages. */
interface FoundTable extends SourcedTable {
  /** `src/models/user.ts User`, `tables[0] users`. */
  readonly label: string
  /** The file's `dynamox` export, which overrides the source. */
  readonly sidecar?: { readonly label: string; readonly layer: TableLayer } | undefined
}

/** Tables, and the problems of those that could not be read. */
export interface FoundTables {
  readonly tables: readonly FoundTable[]
  readonly problems: readonly Problem[]
}

/** The tables of model files. */
export function tablesOfFiles(files: readonly LoadedFile[], cwd: string): FoundTables {
  return together(
    files.map(({ file, tables, problems, sidecar }) => {
      const label = `${shownPath(file, cwd)} dynamox`
      const layer = sidecar === undefined ? undefined : { label, layer: sidecar as TableLayer }
      const misread = sidecar === undefined ? [] : readInput(sidecar, label).problems
      const found = tables.map(table => ({
        ...table,
        label: labelOf(table),
        sidecar: misread.length > 0 ? undefined : layer,
      }))
      return { tables: found, problems: [...problems, ...misread] }
    }),
  )
}

/** The tables of a config. An entry may also have the shape of a CreateTable input. */
export async function tablesOfConfig(tables: readonly TableInput[], file: string, path: string): Promise<FoundTables> {
  return together(await Promise.all(tables.map((table, index) => tableOfConfig(table, file, `${path}[${index}]`))))
}

async function tableOfConfig(table: TableInput, file: string, path: string): Promise<FoundTables> {
  const adapter = 'table' in table || 'partitionKey' in table ? undefined : findAdapter(table)
  try {
    const read = await adapter?.toDefinitions(table, { file, export: path })
    const sourced = read ?? [{ input: table, source: { file, export: path, adapter: 'config' }, assumed: [] }]
    const label = (each: SourcedTable) => [path, each.input.table].filter(part => typeof part === 'string').join(' ')
    return { tables: sourced.map(each => ({ ...each, label: label(each) })), problems: [] }
  } catch (error) {
    const name: unknown = Reflect.get(table, 'TableName')
    const label = typeof name === 'string' ? `${path} ${name}` : path
    if (isDynamoxError(error)) return { tables: [], problems: problemsOf(error, label) }
    throw error
  }
}

/** Tables and problems of several sources. */
export function together(found: readonly FoundTables[]): FoundTables {
  return { tables: found.flatMap(({ tables }) => tables), problems: found.flatMap(({ problems }) => problems) }
}

function labelOf({ source, input }: SourcedTable): string {
  const { file, export: name, line, column } = source
  if (line !== undefined) return `${file}:${line}:${column} ${name}`
  // Add the table's name, since an index in a list is not meaningful to readers.
  const parts = name === undefined || name.endsWith(']') ? [file, name, input.table] : [file, name]
  return parts.filter(part => typeof part === 'string').join(' ')
}
