import type { DataApi } from '../../apply/data-api.ts'
import { loadSeed, type SeedPattern } from './load-seed.ts'
import { planSeed, type SeedItem, type SeedTable } from './plan-seed.ts'
import { writeItems } from './write-items.ts'

export interface SeedRun {
  readonly cwd: string
  readonly tables: readonly SeedTable[]
  readonly signal?: AbortSignal | undefined
  /** Only tables without any item are written to; what somebody changed in the others stays. */
  readonly emptyOnly?: boolean | undefined
}

/** How many items went into each table. */
export type Seeded = ReadonlyMap<string, number>

/** Reads and checks all items before the first one is written. Throws `config`, `throttled`, `interrupted`. */
export async function seedTables(api: DataApi, patterns: readonly SeedPattern[], run: SeedRun): Promise<Seeded> {
  if (patterns.length === 0) return new Map()
  const planned = planSeed(await loadSeed(patterns, run.cwd), run.tables)
  const seeded = await Promise.all([...planned].map(([table, items]) => seedTable(api, table, items, run)))
  return new Map(seeded.flat())
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
    placeOf: write => (write.kind === 'put' ? places.get(write.item) : undefined),
  })
  return [[table, items.length]]
}

async function isEmpty(api: DataApi, table: string, signal: AbortSignal | undefined): Promise<boolean> {
  for await (const items of api.scan(table, { limit: 1, signal })) return items.length === 0
  return true
}
