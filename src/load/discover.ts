import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { importedPackages, modelPackages } from '../adapters/all-adapters.ts'
import { attempt } from '../errors.ts'
import { findFormat } from '../formats/readers.ts'
import { readTemplate, templateFile } from './load-templates.ts'
import { shownPath } from './shown-path.ts'

/** A file or folder that seems to define tables. */
export interface Discovery {
  /** Absolute. */
  readonly path: string
  /** As messages name it. */
  readonly shown: string
  /** `CloudFormation template`, `models of Dynamoose`, `CreateTable input`. */
  readonly what: string
  readonly kind: 'template' | 'model' | 'data'
}

const skipped = /^(node_modules|bower_components|vendor|dist|build|out|coverage|tmp|temp|__tests__|__mocks__|\..*)$/i
const code = /(?<!\.d)\.[cm]?[jt]s$/i
const test = /[._-](test|spec|stories)\.[cm]?[jt]s$|\.min\.js$/i
const data = /\.(jsonc?|ya?ml|template|arc)$/i
const notTemplates = /^(package(-lock)?|tsconfig.*|pnpm-lock|composer|angular|nx|lerna)\.(json|ya?ml)$/i
const maxFiles = 20_000
const maxBytes = 3_000_000

/**
 * Finds the templates, data files and model files that define tables in a folder and below. Reads texts, and runs nothing.
 *
 * @param most how many files and folders to look at
 */
export async function discover(folder: string, cwd: string, most = maxFiles): Promise<readonly Discovery[]> {
  const found: Discovery[] = []
  let seen = 0
  const visit = async (path: string, isWithinFormat: boolean): Promise<void> => {
    const here = templateFile(path, cwd)
    const format = isWithinFormat ? undefined : await findFormat(here)
    if (format !== undefined) found.push({ path, shown: here.shown, what: format.title, kind: 'template' })
    // The folder of a CDK assembly holds nothing else; a folder of Terraform may also be the project's own.
    if (format?.name === 'cdk') return
    const entries = attempt(() => readdirSync(path, { withFileTypes: true })) ?? []
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      seen += 1
      if (seen > most) return
      if (entry.isDirectory() && !skipped.test(entry.name))
        await visit(join(path, entry.name), isWithinFormat || format?.name === 'terraform')
      else if (entry.isFile()) found.push(...(await look(join(path, entry.name), cwd)))
    }
  }
  await visit(folder, false)
  return found
}

async function look(path: string, cwd: string): Promise<readonly Discovery[]> {
  const shown = shownPath(path, cwd)
  const name = path.split(/[\\/]/).at(-1) ?? path
  const isCode = code.test(name) && !test.test(name)
  if (!isCode && (!data.test(name) || notTemplates.test(name))) return []
  if ((attempt(() => statSync(path).size) ?? maxBytes) >= maxBytes) return []
  try {
    const file = templateFile(path, cwd)
    const format = await findFormat(file)
    if (format !== undefined) return [{ path, shown, what: format.title, kind: 'template' }]
    if (isCode) return modelsIn(file.text()).map(title => ({ path, shown, what: `models of ${title}`, kind: 'model' }))
    const isInput = /\bKeySchema\b/.test(file.text()) && /\bAttributeDefinitions\b/.test(file.text())
    return isInput ? [{ path, shown, what: 'CreateTable input', kind: 'data' }] : []
  } catch {
    // A file that cannot be read or parsed defines nothing.
    return []
  }
}

// Calls, classes and decorators with which the libraries define a table or a model.
const makers =
  /\bnew\s+(\w+\.)?(Entity|Table|Schema|Model|Service|DynamoTable|TableManager|TableClient|CreateTableCommand)\b|\bdefine(Table|Model)\s*\(|\.(model|table|define)\s*[(<]|\bcreateSchema\s*\(|@(\w+\.)?(Entity|Table|Model|table)\s*\(/

/** The library that a source file defines tables with, when it does. */
function modelsIn(source: string): readonly string[] {
  const names = importedPackages(source)
  const title = names.includes('dynamox')
    ? 'dynamox'
    : names.flatMap(name => modelPackages.get(name)?.title ?? []).at(0)
  if (title !== undefined) return makers.test(source) ? [title] : []
  const isInput = /\bKeySchema\b/.test(source) && /\bAttributeDefinitions\b/.test(source) && /\bexport/.test(source)
  return isInput ? ['the AWS SDK'] : []
}

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
