import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { isFolder } from '../table/project-files.ts'
import type { Discovery } from './discover.ts'
import type { TemplateContext } from './load-templates.ts'
import type { Loader } from './loader.ts'
import type { LoadedFile } from './messages.ts'
import { isDataFile } from './parse-data.ts'
import { shownPath } from './shown-path.ts'

/** An entry of `models` and its files. */
export interface ModelEntry {
  /** As written by the user. */
  readonly pattern: string
  readonly isGlob: boolean
  /** Absolute, sorted. */
  readonly files: readonly string[]
}

const readable = /\.([cm]?[jt]s|jsonc?|ya?ml|template|tf|arc)$/i
const declaration = /\.d\.[cm]?ts$/i
const kinds = '.ts, .mts, .cts, .js, .mjs, .cjs, .json, .jsonc, .yaml, .yml, .template, .tf or .arc'

/**
 * The files that match `models`; `!pattern` excludes files. The glob library is loaded only when there is a glob.
 * @param base the folder that relative paths start from
 * @throws DynamoxError `model` for a file that does not exist and a glob that matches nothing
 */
export async function expandModels(
  patterns: readonly string[],
  base: string,
  cwd: string,
): Promise<readonly ModelEntry[]> {
  const ignore = patterns.filter(pattern => pattern.startsWith('!')).map(pattern => pattern.slice(1))
  const entries: ModelEntry[] = []
  for (const pattern of patterns.filter(each => !each.startsWith('!'))) {
    const stats = statSync(resolve(base, pattern), { throwIfNoEntry: false })
    if (stats === undefined && isGlob(pattern)) entries.push(await expandGlob(pattern, ignore, base))
    else entries.push(plainFile(pattern, base, cwd, stats))
  }
  return entries
}

/** Whether a file of this name can be a model file. */
export function isModelFile(name: string): boolean {
  return readable.test(name) && !declaration.test(name)
}

function isGlob(pattern: string): boolean {
  return /[*?{}[\]]|[!+@]\(/.test(pattern)
}

async function expandGlob(pattern: string, ignore: readonly string[], base: string): Promise<ModelEntry> {
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern, { cwd: base, absolute: true, ignore: ['**/node_modules/**', ...ignore] })
  const files = found
    .filter(isModelFile)
    .filter(file => !isInPackage(file, base))
    .sort()
  if (files.length > 0) return { pattern, isGlob: true, files: files.map(file => resolve(file)) }
  throw new DynamoxError('model', `no model file matches ${pattern}`, {
    hint: found.length > 0 ? `it matches only files that do not end in ${kinds}` : `globs are relative to ${base}`,
  })
}

/** Whether a symbolic link leads from the project into a package. */
function isInPackage(file: string, base: string): boolean {
  const inside = (path: string) => path.split(/[\\/]/).filter(part => part === 'node_modules').length
  return inside(realpathSync(file)) > inside(realpathSync(base))
}

function plainFile(pattern: string, base: string, cwd: string, stats: ReturnType<typeof statSync>): ModelEntry {
  const file = resolve(base, pattern)
  const shown = shownPath(file, cwd)
  if (stats === undefined) {
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new DynamoxError('model', `${shown} is a link to a file that does not exist`)
    throw new DynamoxError('model', `model file ${shown} not found${suggestion(basename(file), siblings(file))}`, {
      hint: 'give the path of a file that exports models or tables, or a quoted glob: "src/models/*.ts"',
    })
  }
  if (stats.isDirectory()) return { pattern, isGlob: false, files: [file] }
  if (!readable.test(file)) throw new DynamoxError('model', `${shown} is not a model file; it must end in ${kinds}`)
  return { pattern, isGlob: false, files: [file] }
}

function siblings(file: string): readonly string[] {
  return (attempt(() => readdirSync(dirname(file))) ?? []).filter(name => readable.test(name))
}

/** Reads one template; the files that it leads to are added to `opened`. */
type ReadTemplate = (context: TemplateContext, loader: Loader, opened: Set<string>) => Promise<LoadedFile>

// Scripts of other tools that define tables; any other script is a model file.
const templateScript = /(^|[-_.])(serverless|sst\.config|jest-(dynamodb|dynalite)[-.]config)\.[cm]?[jt]s$/i

/** The files and folders that are templates, each with its reader. The formats are loaded only where one may match. */
export async function findTemplates(files: readonly string[], cwd: string): Promise<ReadonlyMap<string, ReadTemplate>> {
  const candidates = files.filter(file => !/\.[cm]?[jt]s$/i.test(file) || templateScript.test(basename(file)))
  if (candidates.length === 0) return new Map()
  const { findFormat } = await import('../formats/readers.ts')
  const { readTemplate, templateFile } = await import('./load-templates.ts')
  const found = new Map<string, ReadTemplate>()
  for (const path of candidates) {
    const file = templateFile(path, cwd)
    const format = await findFormat(file)
    if (format !== undefined) {
      found.set(path, (context, loader, opened) => readTemplate(format, file, cwd, { ...context, opened }, loader))
    } else if (!isDataFile(path)) {
      throw new DynamoxError('model', `${file.shown} is not a template that dynamox understands`)
    }
  }
  return found
}

/**
 * Replaces each folder that is not a template itself by what defines tables in it.
 * @throws DynamoxError `model` for a folder in which nothing defines tables
 */
export async function expandFolders(
  entries: readonly ModelEntry[],
  cwd: string,
): Promise<{ readonly entries: readonly ModelEntry[]; readonly discovered: readonly Discovery[] }> {
  const discovered: Discovery[] = []
  const searched: ModelEntry[] = []
  for (const entry of entries) {
    const [path = ''] = entry.files
    if (entry.isGlob || !isFolder(path)) {
      searched.push(entry)
      continue
    }
    const { discover } = await import('./discover.ts')
    const all = await discover(path, cwd)
    const [first] = all
    // A folder that is a template is read alone; the project's own folder holds more than one thing.
    const found = first?.path === path && relative(cwd, path) !== '' ? [first] : all
    if (found.length === 0)
      throw new DynamoxError('model', `nothing in the folder ${shownPath(path, cwd)} defines tables`, {
        hint: 'dynamox looks for templates, CreateTable inputs and models of the libraries that it understands; give other files by their names',
      })
    discovered.push(...found)
    searched.push({ ...entry, isGlob: true, files: found.map(each => each.path) })
  }
  return { entries: searched, discovered }
}
