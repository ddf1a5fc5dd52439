import { basename, extname } from 'node:path'
import type { Item } from '../../apply/data-api.ts'
import { DynamoxError, oneOr, type Problem } from '../../errors.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { didYouMean, suggestion } from '../../table/did-you-mean.ts'
import type { Source } from '../../table/input.ts'
import { placeText } from '../../table/problems.ts'
import { checkKeys, keyText } from './check-keys.ts'
import type { SeedFile, SeedGroup } from './read-seed.ts'
import { toItem } from './to-item.ts'

/** A table that can be seeded: its definition and its name before prefix and suffix, which files use. */
export interface SeedTable {
  readonly definition: TableDefinition
  readonly baseName: string
  /** Sample items of its template, and where it stands. */
  readonly items?: readonly unknown[] | undefined
  readonly sources?: readonly Source[] | undefined
}

/** A file that was read, with its name in messages; `table` if the user named the table. */
export interface SeedSource extends SeedFile {
  readonly file: string
  readonly table?: string | undefined
}

/** An item and its place in a file. */
export interface SeedItem {
  readonly item: Item
  /** `users.json:3:5` */
  place(): string
}

/**
 * The items for each table, checked against its keys. If two files contain the same key, the later file wins. Throws
 * `config` with every bad item, by file and line.
 */
export function planSeed(
  sources: readonly SeedSource[],
  tables: readonly SeedTable[],
): ReadonlyMap<string, readonly SeedItem[]> {
  const problems: Problem[] = []
  const planned = new Map<string, Map<string, SeedItem>>()
  for (const source of sources) {
    problems.push(...source.problems)
    for (const group of source.groups) {
      const table = tableOf(group, source, tables)
      if ('message' in table) problems.push(table)
      else {
        const items = planned.get(table.definition.name) ?? new Map<string, SeedItem>()
        planned.set(table.definition.name, items)
        problems.push(...addItems(items, group, table.definition))
      }
    }
  }
  if (problems.length > 0) throw seedError(problems)
  return new Map([...planned].map(([table, items]) => [table, [...items.values()]]))
}

function addItems(
  items: Map<string, SeedItem>,
  { items: given, placeOf }: SeedGroup,
  definition: TableDefinition,
): Problem[] {
  const mine = new Map<string, number>()
  return given.flatMap((value, index) => {
    const place = () => placeText(placeOf(index))
    const wrong = (message: string): Problem[] => [{ path: place(), message, place: placeOf(index) }]
    const read = toItem(value)
    if ('wrong' in read) return wrong(read.path === '' ? read.wrong : `${read.path}: ${read.wrong}`)
    const problem = checkKeys(read.value, definition)
    if (problem !== undefined) return wrong(problem)
    const key = keyText(read.value, definition)
    const before = mine.get(key)
    if (before !== undefined) return wrong(`has the same key as the item on line ${placeOf(before).line}`)
    mine.set(key, index)
    items.set(key, { item: read.value, place })
    return []
  })
}

/** The table named by the config or in the file, else by the file's name, else the only table. */
function tableOf(
  group: SeedGroup,
  { file, table: given }: SeedSource,
  tables: readonly SeedTable[],
): SeedTable | Problem {
  const named = (name: string) =>
    tables.find(({ definition, baseName }) => baseName === name || definition.name === name)
  const said = group.table ?? given
  const place = group.items.length === 0 ? undefined : group.placeOf(0)
  const path = place === undefined ? file : placeText(place)
  const names = tables.map(({ baseName }) => baseName)
  if (said !== undefined) {
    return named(said) ?? { path, place, message: `the table ${said} is not defined${suggestion(said, names)}` }
  }
  const stem = basename(file).replace(/\.\w+$/, '')
  const [only] = tables
  const found = named(stem) ?? (tables.length === 1 ? only : undefined)
  return (
    found ?? {
      path,
      place,
      message: `the table ${stem} is not defined; name the file after the table of its items (${didYouMean(stem, names) ?? names[0] ?? 'users'}${extname(file)}), or write a map from table to items`,
    }
  )
}

function seedError(problems: readonly Problem[]): DynamoxError {
  const message = oneOr(problems, `the seed has ${problems.length} problems; nothing was written`)
  return new DynamoxError('config', message, {
    problems,
    place: problems.length === 1 ? problems[0]?.place : undefined,
  })
}
