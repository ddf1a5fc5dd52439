import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DataApi, Item } from '../apply/data-api.ts'
import { storeFolder } from '../local/store.ts'
import { type Seeded, type SeedRun, seedTables } from './seed/seed-tables.ts'

/** Where the items of a table wait while it is recreated, so that a stop in the middle does not lose them. */
export const asideFolder = (root: string): string => join(storeFolder(root), 'aside')

/** Writes the items down, complete or not at all. */
export async function setAside(folder: string, table: string, items: readonly Item[]): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${table}.jsonl`)
  await writeFile(`${file}.draft`, items.map(item => `${JSON.stringify(item, binaryAsText)}\n`).join(''))
  await rename(`${file}.draft`, file)
  return file
}

/** Puts back what a stop left aside. */
export async function restoreAside(data: DataApi, root: string, run: SeedRun): Promise<Seeded> {
  const folder = asideFolder(root)
  const names = await readdir(folder).catch(() => [])
  const known = new Set(run.tables.map(({ definition }) => `${definition.name}.jsonl`))
  const files = names.filter(name => known.has(name))
  const patterns = files.map(name => ({ pattern: name, base: folder, table: basename(name, '.jsonl') }))
  const restored = await seedTables(data, patterns, run)
  await Promise.all(files.map(name => rm(join(folder, name), { force: true })))
  return restored
}

/** DynamoDB JSON has binary in base64. */
function binaryAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
