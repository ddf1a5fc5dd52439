import { statSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { Discovery } from './discover.ts'
import type { ModelEntry } from './expand-models.ts'
import type { TemplateContext } from './load-templates.ts'
import type { Loader } from './loader.ts'
import type { LoadedFile } from './messages.ts'
import { isDataFile } from './parse-data.ts'
import { shownPath } from './shown-path.ts'

/** Reads one template; the files that it leads to are added to `opened`. */
type ReadTemplate = (context: TemplateContext, loader: Loader, opened: Set<string>) => Promise<LoadedFile>

// Scripts of other tools that define tables; any other script is a model file.
const templateScript = /(^|[-_.])(serverless|sst\.config|jest-(dynamodb|dynalite)[-.]config)\.[cm]?[jt]s$/i

/** The files and folders that are templates, each with its reader. The formats are loaded only where one may match. */
export async function findTemplates(files: readonly string[], cwd: string): Promise<ReadonlyMap<string, ReadTemplate>> {
  const candidates = files.filter(file => !/\.[cm]?[jt]s$/i.test(file) || templateScript.test(basename(file)))
  if (candidates.length === 0) return new Map()
  const { findFormat } = await import('../formats/registry.ts')
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

/** Warnings for parameters and names on the command line that no template has. */
export function unusedInputs({ given = {} }: TemplateContext, files: readonly LoadedFile[]): readonly string[] {
  const ids = files.flatMap(({ tables }) => tables.flatMap(({ source }) => source.export ?? []))
  const names = Object.keys(given.names ?? {}).map(name => name.replace(/^.*#/, ''))
  const known = files.flatMap(({ parameters = [] }) => parameters)
  const parameters = files.some(file => file.parameters !== undefined) ? Object.keys(given.parameters ?? {}) : []
  return [
    ...names
      .filter(name => !ids.includes(name))
      .map(name => `--name ${name} is not used: no template has it${suggestion(name, ids)}`),
    ...parameters
      .filter(name => !name.startsWith('AWS::') && !known.includes(name))
      .map(name => `--param ${name} is not used: no template has this parameter${suggestion(name, known)}`),
  ]
}

/**
 * Replaces each folder that is not a template itself by what defines tables in it.
 * @throws DynamoxError `model` for a folder in which nothing defines tables
 */
export async function expandFolders(
  entries: readonly ModelEntry[],
  cwd: string,
): Promise<{ readonly entries: readonly ModelEntry[]; readonly discovered: readonly Discovery[] }> {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const discovered: Discovery[] = []
  const searched: ModelEntry[] = []
  for (const entry of entries) {
    const [path = ''] = entry.files
    if (entry.isGlob || !isFolder(path)) searched.push(entry)
    else {
      const { discover } = await import('./discover.ts')
      const all = await discover(path, cwd)
      const [first] = all
      // A folder that is a template is read alone; the project's own folder holds more than one thing.
      const found = first?.path === path && relative(cwd, path) !== '' ? [first] : all
      if (found.length === 0) throw nothingIn(shownPath(path, cwd))
      discovered.push(...found)
      searched.push({ ...entry, isGlob: true, files: found.map(each => each.path) })
    }
  }
  return { entries: searched, discovered }
}

function nothingIn(folder: string): DynamoxError {
  return new DynamoxError('model', `nothing in the folder ${folder} defines tables`, {
    hint: 'dynamox looks for templates, CreateTable inputs and models of the libraries that it understands; give other files by their names',
  })
}
