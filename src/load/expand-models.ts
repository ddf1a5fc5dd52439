import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
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
