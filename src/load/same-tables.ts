import { findFormat } from '../formats/registry.ts'
import type { Discovery } from './discover.ts'
import { readTemplate, templateFile } from './load-templates.ts'

/** A file whose tables another one defines as well. */
export interface Double {
  readonly file: Discovery
  /** The template that is kept. */
  readonly by: Discovery
  readonly tables: readonly string[]
}

/**
 * Finds files that define the tables of a template once more, so that a config names one source for each table. The
 * template is kept, since it is what is deployed. Code is not run: its text names the table in quotes.
 */
export async function findDoubles(found: readonly Discovery[], cwd: string): Promise<readonly Double[]> {
  const owners = new Map<string, Discovery>()
  const doubles: Double[] = []
  for (const file of found.filter(({ kind }) => kind === 'template')) {
    const names = await tableNames(file, cwd)
    const [by] = names.flatMap(name => owners.get(name) ?? [])
    if (by !== undefined && names.every(name => owners.has(name))) doubles.push({ file, by, tables: names })
    for (const name of names) if (!owners.has(name)) owners.set(name, file)
  }
  for (const file of found.filter(({ kind }) => kind !== 'template')) {
    const text = templateFile(file.path, cwd).text()
    const tables = [...owners.keys()].filter(name => ["'", '"', '`'].some(mark => text.includes(mark + name + mark)))
    const by = owners.get(tables[0] ?? '')
    if (by !== undefined) doubles.push({ file, by, tables })
  }
  return doubles
}

/** The tables of a template; none when reading it takes running code or values that are not known. */
async function tableNames({ path }: Discovery, cwd: string): Promise<readonly string[]> {
  const file = templateFile(path, cwd)
  const format = await findFormat(file)
  if (format === undefined) return []
  const runsNothing = { script: async () => Promise.reject(new Error('not run')) }
  const { tables } = await readTemplate(format, file, cwd, { inputs: {} }, runsNothing).catch(() => ({ tables: [] }))
  return tables.flatMap(({ input }) => (typeof input.table === 'string' ? [input.table] : []))
}
