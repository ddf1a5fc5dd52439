import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describeBeside } from '../adapters/not-understood.ts'
import { explainValue, findAdapter, libraries } from '../adapters/registry.ts'
import { isNameless, tableInput } from '../adapters/table-input.ts'
import { DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { isRecord } from '../table/untyped.ts'
import { collectTables } from './collect-tables.ts'
import { expandModels, type ModelEntry } from './expand-models.ts'
import type { Loader } from './loader.ts'
import type { LoadedFile, Requirement } from './messages.ts'
import { isDataFile, parseData } from './parse-data.ts'
import { shownPath } from './shown-path.ts'

export interface ModelsRequest {
  /** Files or globs, relative to `base`. */
  readonly models: readonly string[]
  readonly base: string
  readonly cwd: string
  readonly require: readonly Requirement[]
  readonly export?: string | undefined
  /** A file that fails to load is a problem among others. */
  readonly goOn: boolean
}

/**
 * What model files hold, in the order of `models`. Code runs in the loader's worker; data files are read here.
 * @throws DynamoxError `model` when a file is not there, fails to load, or exports nothing usable
 */
export async function loadModels(request: ModelsRequest, loader: Loader): Promise<readonly LoadedFile[]> {
  const { cwd } = request
  const entries = await expandModels(request.models, request.base, cwd)
  const files = [...new Set(entries.flatMap(entry => entry.files))]
  const code = files.filter(file => !isDataFile(file))
  const fromCode =
    code.length === 0
      ? []
      : await loader.models({ files: code, require: request.require, export: request.export, goOn: request.goOn })
  const fromData = await Promise.all(files.filter(isDataFile).map(file => readDataFile(file, cwd, request.export)))
  const loaded = new Map([...fromCode, ...fromData].map(file => [file.file, file]))
  const found = files.flatMap(file => loaded.get(file) ?? [])
  refuseEmpty(entries, loaded, request)
  return found
}

/** `./setup.ts` and `setup.ts` are files when they are there; anything else is a package's name. */
export function requirements(ids: readonly string[], base: string): readonly Requirement[] {
  return ids.map(id => ({ id: existsSync(resolve(base, id)) ? resolve(base, id) : id, base }))
}

async function readDataFile(file: string, cwd: string, only: string | undefined): Promise<LoadedFile> {
  const { readFile } = await import('node:fs/promises')
  const shown = shownPath(file, cwd)
  const value = await parseData(await readFile(file, 'utf8'), file, { code: 'model', file: shown })
  // A data file has no other way to be a model that carries no name: `--table` gives it one.
  const findReader = (found: unknown) =>
    found === value && isRecord(found) && isNameless(found) ? tableInput : findAdapter(found)
  return { file, ...(await collectTables(value, { file: shown, export: only, findReader, explain: explainValue })) }
}

/** What was passed over, for people; entities whose table another file has are in good hands. */
export function unreadWarnings(files: readonly LoadedFile[], cwd: string): readonly string[] {
  const adapters = adaptersOf(files)
  return files.flatMap(({ file, unread }) =>
    unread
      .filter(({ adapter }) => adapter === undefined || !adapters.has(adapter))
      .map(({ why }) => `${shownPath(file, cwd)}: ${why}`),
  )
}

const adaptersOf = (files: readonly LoadedFile[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ tables }) => tables.map(({ source }) => source.adapter)))

function refuseEmpty(
  entries: readonly ModelEntry[],
  loaded: ReadonlyMap<string, LoadedFile>,
  request: ModelsRequest,
): void {
  const adapters = adaptersOf([...loaded.values()])
  const held = (path: string): number => {
    const file = loaded.get(path)
    if (file === undefined) return 0
    const entities = file.belonging.filter(adapter => adapters.has(adapter)).length
    return file.tables.length + file.problems.length + file.repeated + entities
  }
  if (request.export !== undefined) {
    if (![...loaded.keys()].some(file => held(file) > 0))
      throw noSuchExport(request.export, [...loaded.values()], request.cwd)
    return
  }
  for (const { pattern, isGlob, files } of entries) {
    if (files.some(file => held(file) > 0)) continue
    const what = isGlob ? pattern : shownPath(files[0] ?? pattern, request.cwd)
    const exports = files.flatMap(file => loaded.get(file)?.exports ?? [])
    const [unread] = files.flatMap(file => loaded.get(file)?.unread ?? [])
    if (unread !== undefined)
      throw new DynamoxError('model', `${what} exports no table: ${unread.why}`, {
        hint: unread.adapter === undefined ? describeBeside : undefined,
      })
    throw new DynamoxError('model', `${what} ${nothingBut(exports)}`, {
      hint: `export what defineModel or defineTable returns, a CreateTable input, or a model of ${libraries.join(', ')}`,
    })
  }
}

function nothingBut(exports: readonly string[]): string {
  if (exports.length === 0) return 'exports nothing'
  const shown = exports.slice(0, 8).join(', ')
  return `exports no table that dynamox understands, only ${shown}${exports.length > 8 ? ` and ${exports.length - 8} more` : ''}`
}

function noSuchExport(name: string, files: readonly LoadedFile[], cwd: string): DynamoxError {
  const exports = files.flatMap(file => file.exports)
  const where = files.map(({ file }) => shownPath(file, cwd)).join(', ')
  const names = exports.map(text => text.replace(/ \(.*$/, ''))
  const known = names.includes(name)
  const message = known
    ? `the export "${name}" of ${where} is no table that dynamox understands`
    : `there is no export "${name}" in ${where}${suggestion(name, names)}`
  return new DynamoxError('model', message, { hint: exports.length > 0 ? `there is ${exports.join(', ')}` : undefined })
}
