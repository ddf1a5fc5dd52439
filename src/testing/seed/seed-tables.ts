import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DataApi } from '../../apply/data-api.ts'
import { DynamoxError } from '../../errors.ts'
import { shownPath } from '../../load/shown-path.ts'
import { textList } from '../../table/untyped.ts'
import { planSeed, type SeedItem, type SeedSource, type SeedTable } from './plan-seed.ts'
import { readSeed } from './read-seed.ts'
import { writeItems } from './write-items.ts'

/** The seed setting: files or globs, or a map from table to files or globs. */
export type SeedSetting = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>

/** A file or glob with items, its base folder, and its table if the user named one. */
export interface SeedPattern {
  readonly pattern: string
  readonly base: string
  readonly table?: string | undefined
}

export interface SeedRun {
  readonly cwd: string
  readonly tables: readonly SeedTable[]
  readonly signal?: AbortSignal | undefined
  /** Write only to empty tables, so that changes in the others stay. */
  readonly emptyOnly?: boolean | undefined
  /** Write the sample items of the tables' templates as well; items of `patterns` with the same keys replace them. */
  readonly samples?: boolean | undefined
}

/** How many items each table received. */
export type Seeded = ReadonlyMap<string, number>

export function seedPatterns(seed: SeedSetting | undefined, base: string): readonly SeedPattern[] {
  if (seed === undefined) return []
  if (typeof seed === 'string' || isList(seed)) return textList(seed).map(pattern => ({ pattern, base }))
  return Object.entries(seed).flatMap(([table, files]) => textList(files).map(pattern => ({ pattern, base, table })))
}

/** Reads and checks all items before the first one is written. Throws `config`, `throttled`, `interrupted`. */
export async function seedTables(api: DataApi, patterns: readonly SeedPattern[], run: SeedRun): Promise<Seeded> {
  const samples = run.samples === true ? run.tables.flatMap(samplesOf) : []
  if (patterns.length + samples.length === 0) return new Map()
  const planned = planSeed([...samples, ...(await readAll(patterns, run.cwd))], run.tables)
  const seeded = await Promise.all([...planned].map(([table, items]) => seedTable(api, table, items, run)))
  return new Map(seeded.flat())
}

function samplesOf({ baseName, items = [], sources = [] }: SeedTable): readonly SeedSource[] {
  const { file = baseName, line = 1, column = 1 } = sources[0] ?? {}
  const group = { table: baseName, items, placeOf: () => ({ file, line, column, source: '' }) }
  return items.length === 0 ? [] : [{ file, groups: [group], problems: [] }]
}

async function readAll(patterns: readonly SeedPattern[], cwd: string): Promise<readonly SeedSource[]> {
  const files = (await Promise.all(patterns.map(expand))).flat()
  return Promise.all(
    files.map(async ({ path, table }) => {
      const file = shownPath(path, cwd)
      return { file, table, ...(await readSeed(await readFile(path, 'utf8'), file)) }
    }),
  )
}

const readable = /\.(json|jsonl|ndjson|ya?ml)$/i

/** The files of a pattern. Throws `config` when there is none. */
async function expand({ pattern, base, table }: SeedPattern) {
  const path = resolve(base, pattern)
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) {
    if (readable.test(path)) return [{ path, table }]
    throw new DynamoxError('config', `the seed file ${pattern} must end in .json, .jsonl, .ndjson, .yaml or .yml`)
  }
  if (found?.isDirectory()) {
    throw new DynamoxError('config', `the seed ${pattern} is a folder`, { hint: `name its files: "${pattern}/*.json"` })
  }
  const { glob } = await import('tinyglobby')
  const files = await glob(pattern, { cwd: base, absolute: true, ignore: ['**/node_modules/**'] })
  const paths = files.filter(file => readable.test(file)).sort()
  if (paths.length > 0) return paths.map(file => ({ path: resolve(file), table }))
  throw new DynamoxError('config', `seed file ${pattern} not found`, { hint: `seed files are relative to ${base}` })
}

async function seedTable(
  api: DataApi,
  table: string,
  items: readonly SeedItem[],
  { signal, emptyOnly }: SeedRun,
): Promise<readonly (readonly [string, number])[]> {
  if (emptyOnly === true && !(await isEmpty(api, table, signal))) return []
  const places = new Map(items.map(({ item, place }) => [item, place]))
  const writes = items.map(({ item }) => ({ kind: 'put', item }) as const)
  await writeItems(api, table, writes, {
    signal,
    placeOf: write => (write.kind === 'put' ? places.get(write.item)?.() : undefined),
  })
  return [[table, items.length]]
}

async function isEmpty(api: DataApi, table: string, signal: AbortSignal | undefined): Promise<boolean> {
  for await (const items of api.scan(table, { limit: 1, signal })) return items.length === 0
  return true
}

const isList = (value: SeedSetting): value is readonly string[] => Array.isArray(value)
