import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describeBeside, isUnderstood, saysUnknown, versionsText } from '../adapters/adapter.ts'
import {
  explainValue,
  findAdapter,
  importedPackages,
  modelPackages,
  unreadablePackages,
} from '../adapters/all-adapters.ts'
import { isNameless, tableInput } from '../adapters/dynamox.ts'
import { attempt, DynamoxError, isDynamoxError, type Problem } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { Source } from '../table/input.ts'
import { findInPackage } from '../table/project-files.ts'
import { isRecord } from '../table/untyped.ts'
import { collectTables, rememberReaders, type UnreadValue } from './collect-tables.ts'
import type { Discovery } from './discover.ts'
import { expandFolders, expandModels, findTemplates, type ModelEntry } from './expand-models.ts'
import type { TemplateContext } from './load-templates.ts'
import type { Loader } from './loader.ts'
import { failedFile, type LoadedFile, type Requirement, skippedTexts, userError } from './messages.ts'
import { isDataFile, parseData, readText } from './parse-data.ts'
import { refuseHuge } from './parse-template.ts'
import { shownPath } from './shown-path.ts'

/** Why a model file could not be loaded, or contains no table. */
export interface Failure {
  /** Its name in messages. */
  readonly file: string
  readonly error: DynamoxError
}

interface ModelsRequest {
  /** Files or globs, relative to `base`. */
  readonly models: readonly string[]
  readonly base: string
  readonly cwd: string
  readonly require: readonly Requirement[]
  readonly export?: string | undefined
  /** Values for templates. */
  readonly templates: TemplateContext
}

export interface LoadedModels {
  readonly files: readonly LoadedFile[]
  readonly failures: readonly Failure[]
  /** Values and files that were skipped, for people. */
  readonly warnings: readonly string[]
  /** The files with tables that a search of folders found. */
  readonly discovered: readonly Discovery[]
}

/**
 * Loads model files, in the order of `models`. Code runs in the loader's worker; data files are read here.
 * @throws DynamoxError `model` when a file does not exist or stops the whole loading
 */
export async function loadModels(request: ModelsRequest, loader: Loader): Promise<LoadedModels> {
  const { cwd } = request
  const { entries, discovered } = await expandFolders(await expandModels(request.models, request.base, cwd), cwd)
  const files = [...new Set(entries.flatMap(entry => entry.files))]
  const templates = await findTemplates(files, cwd)
  const models = files.filter(file => !templates.has(file))
  const code = models.filter(file => !isDataFile(file))
  const fromCode =
    code.length === 0 ? [] : await loader.models({ files: code, require: request.require, export: request.export })
  const fromData = await Promise.all(models.filter(isDataFile).map(file => readDataFile(file, cwd, request.export)))
  const opened = new Set<string>()
  const fromTemplates = await Promise.all([...templates.values()].map(read => read(request.templates, loader, opened)))
  // A template that another one includes belongs to that one, unless the user named it.
  const isPart = (file: string) => opened.has(file) && discovered.some(({ path }) => path === file)
  const all = [...fromCode, ...fromData, ...fromTemplates].filter(({ file }) => !isPart(file))
  const loaded = new Map(all.map(file => [file.file, file]))
  const read = files.flatMap(file => loaded.get(file) ?? [])
  const isAnyRead = read.some(({ tables }) => tables.length > 0)
  // An unreadable table of a template is skipped with a warning, and its neighbours are kept.
  const losing = read.filter(
    file => isAnyRead && request.templates.strict !== true && file.problems.length > 0 && isForeign(file),
  )
  const lost = await placedProblems(
    losing.flatMap(({ problems }) => problems),
    losing,
    cwd,
  )
  const found = read.map(file => (losing.includes(file) ? { ...file, problems: [] } : file))
  const failed = found.flatMap(({ file, failure }) =>
    failure === undefined ? [] : [{ path: file, error: userError(failure, file, cwd, 'model') }],
  )
  // A file that the user did not name must not stop the others.
  const isNamed = ({ path }: { readonly path: string }) => !isAnyRead || !discovered.some(each => each.path === path)
  const failures = failed.filter(isNamed).map(({ path, error }) => ({ file: shownPath(path, cwd), error }))
  const empty = emptyEntries(entries, loaded, request)
  const passedOver = found.filter(({ file }) => !empty.some(({ files }) => files.includes(file)))
  const warnings = [
    ...failed.filter(each => !isNamed(each)).map(({ error }) => `skipped: ${error.message}`),
    ...skippedTexts(lost),
    ...unusedInputs(request.templates, found),
    ...found.flatMap(({ warnings: own }) => own ?? []),
    ...unreadWarnings(passedOver, found, cwd),
    ...(request.export === undefined ? strayLayers(passedOver, cwd) : []),
  ]
  const defining = discovered.filter(({ path }) => (loaded.get(path)?.tables.length ?? 0) > 0)
  return { files: found, failures: [...failures, ...empty], warnings, discovered: defining }
}

/** Whether AWS's own words define the tables of a file: a template, or CreateTable inputs as data. */
const isForeign = ({ isTemplate, tables }: LoadedFile) =>
  isTemplate || (tables.length > 0 && tables.every(({ source }) => isInputData(source)))

/** Whether a table comes from a CreateTable input in a data file. */
export const isInputData = ({ adapter, file }: Source): boolean => adapter === 'create-table' && isDataFile(file)

/** Problems with their places in data files; those of templates have theirs. */
export async function placedProblems(
  problems: readonly Problem[],
  files: readonly LoadedFile[],
  cwd: string,
): Promise<readonly Problem[]> {
  const others = files.flatMap(({ file, isTemplate }) => (isTemplate ? [] : [file]))
  if (problems.length === 0 || others.length === 0) return problems
  const { withPlaces } = await import('./find-place.ts')
  const placed = await withPlaces(new DynamoxError('model', '', { problems }), { cwd, configs: [], others })
  return placed.problems ?? problems
}

/** `./setup.ts` and `setup.ts` are files if they exist; anything else is a package name. */
export function requirements(ids: readonly string[], base: string): readonly Requirement[] {
  return ids.map(id => ({ id: existsSync(resolve(base, id)) ? resolve(base, id) : id, base }))
}

async function readDataFile(file: string, cwd: string, only: string | undefined): Promise<LoadedFile> {
  const shown = shownPath(file, cwd)
  const place = { code: 'model', file: shown } as const
  try {
    const text = readText(file, place)
    refuseHuge(text, /^\s*[[{]/.test(text), shown)
    const value = await parseData(text, file, place)
    // A data file can define a table without a name only in this way; `--table` names it.
    const findReader = rememberReaders(found =>
      found === value && isRecord(found) && isNameless(found) ? tableInput : findAdapter(found),
    )
    return { file, ...(await collectTables(value, { file: shown, export: only, findReader, explain: explainValue })) }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    return failedFile(file, error)
  }
}

/** Warnings for parameters and names on the command line that no template has. */
function unusedInputs({ given = {} }: TemplateContext, files: readonly LoadedFile[]): readonly string[] {
  const ids = files.flatMap(({ tables }) => tables.flatMap(({ source }) => source.export ?? []))
  const names = Object.keys(given.names ?? {}).map(name => name.replace(/^.*#/, ''))
  const known = files.flatMap(({ parameters = [] }) => parameters)
  const parameters = files.some(file => file.parameters !== undefined) ? Object.keys(given.parameters ?? {}) : []
  return [
    ...names
      .filter(name => !ids.includes(name))
      .map(name => `--name ${name} is not used: no template has this logical id${suggestion(name, ids)}`),
    ...parameters
      .filter(name => !name.startsWith('AWS::') && !known.includes(name))
      .map(name => `--param ${name} is not used: no template has this parameter${suggestion(name, known)}`),
  ]
}

/** No warning for entities whose table is in another file. */
function unreadWarnings(files: readonly LoadedFile[], all: readonly LoadedFile[], cwd: string): readonly string[] {
  const adapters = adaptersOf(all)
  return files.flatMap(({ file, unread }) =>
    unread
      .filter(({ adapter }) => adapter === undefined || !adapters.has(adapter))
      .map(({ why }) => `${shownPath(file, cwd)}: ${why}`),
  )
}

/** Warns about a `dynamox` export in a file without tables. */
function strayLayers(files: readonly LoadedFile[], cwd: string): readonly string[] {
  return files.flatMap(({ file, sidecar, tables, problems, repeated, failure }) =>
    sidecar === undefined || tables.length + problems.length + repeated > 0 || failure !== undefined
      ? []
      : [`${shownPath(file, cwd)}: its export dynamox has no effect, because the file exports no tables`],
  )
}

const adaptersOf = (files: readonly LoadedFile[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ tables }) => tables.map(({ source }) => source.adapter)))

/** Failures for files and globs without tables, and for an export name that no file has. */
function emptyEntries(
  entries: readonly ModelEntry[],
  loaded: ReadonlyMap<string, LoadedFile>,
  request: ModelsRequest,
): readonly (Failure & Pick<ModelEntry, 'files'>)[] {
  const adapters = adaptersOf([...loaded.values()])
  const held = (path: string): number => {
    const file = loaded.get(path)
    if (file === undefined) return 0
    const entities = file.belonging.filter(adapter => adapters.has(adapter)).length
    return file.tables.length + file.problems.length + file.repeated + entities + Number(file.failure !== undefined)
  }
  if (request.export !== undefined) {
    const files = [...loaded.keys()]
    if (files.some(file => held(file) > 0)) return []
    const where = files.map(file => shownPath(file, request.cwd)).join(', ')
    return [{ file: where, files, error: noSuchExport(request.export, [...loaded.values()], where) }]
  }
  return entries.flatMap(({ pattern, isGlob, files }) => {
    if (files.some(file => held(file) > 0)) return []
    const what = isGlob ? pattern : shownPath(files[0] ?? pattern, request.cwd)
    const why = files.flatMap(file => loaded.get(file)?.empty ?? []).at(0)
    if (why !== undefined) return { file: what, files, error: new DynamoxError('model', `${what} ${why}`) }
    const exports = files.flatMap(file => loaded.get(file)?.exports ?? [])
    const unread = eachKind(files.flatMap(file => loaded.get(file)?.unread ?? []))
    const error =
      unread.length === 0 && files.every(isDataFile)
        ? new DynamoxError('model', `${what} defines no table`, {
            hint: 'give a template or a CreateTable input, or a list of them; tables: belongs in a config',
          })
        : unread.length === 0
          ? new DynamoxError('model', `${what} ${nothingBut(exports)}`, { hint: nearestGuess(files, exports) })
          : new DynamoxError('model', `${what} exports no table: ${unread.map(({ why }) => why).join('; ')}`, {
              hint: unread.some(({ why }) => saysUnknown(why))
                ? [unknownVersion(files), describeBeside].filter(part => part !== undefined).join('; ')
                : undefined,
            })
    return { file: what, files, error }
  })
}

/** The first of several values with the same problem. */
function eachKind(unread: readonly UnreadValue[]): readonly UnreadValue[] {
  const trouble = ({ why }: UnreadValue) => why.replace(/^\S+ /, '')
  return unread.filter((each, index) => index === unread.findIndex(other => trouble(other) === trouble(each)))
}

function nothingBut(exports: readonly string[]): string {
  if (exports.length === 0) return 'exports nothing'
  // A list, a text or nothing.
  const [, kind] = /^the file \((.+)\)$/.exec(exports.length === 1 ? (exports[0] ?? '') : '') ?? []
  if (kind !== undefined) return kind === 'null' ? 'is empty' : `holds no table, only a ${kind}`
  const shown = exports.slice(0, 8).join(', ')
  return `exports no table, only ${shown}${exports.length > 8 ? ` and ${exports.length - 8} more` : ''}`
}

function noSuchExport(name: string, files: readonly LoadedFile[], where: string): DynamoxError {
  const exports = files.flatMap(file => file.exports)
  const named = exports.filter(text => text.startsWith(`${name} (`))
  if (named.length > 0) {
    const hint = nearestGuess(
      files.map(({ file }) => file),
      named,
    )
    return new DynamoxError('model', `${named.join(', ')} of ${where} is not a table`, { hint })
  }
  const names = exports.map(text => text.replace(/ \(.*$/, ''))
  const message = `${where} does not export "${name}"${suggestion(name, names)}`
  return new DynamoxError('model', message, {
    hint: exports.length > 0 ? `its exports are ${exports.join(', ')}` : undefined,
  })
}

/** A hint for model files without tables, based on their imports, else on their exports. */
function nearestGuess(files: readonly string[], exports: readonly string[]): string {
  return files.flatMap(file => byImports(file) ?? []).at(0) ?? byExports(exports)
}

/** `electrodb 5.0.0 is installed`, when dynamox does not know that version. */
function unknownVersion(files: readonly string[]): string | undefined {
  return files
    .flatMap(file => importedPackages(read(file) ?? '').map(name => ({ name, version: versionOf(name, file) })))
    .filter(({ name, version }) => {
      const known = modelPackages.get(name)
      return known !== undefined && version !== undefined && !isUnderstood(known, version)
    })
    .map(({ name, version }) => `${name} ${version} is installed`)
    .at(0)
}

function byImports(file: string): string | undefined {
  const names = importedPackages(read(file) ?? '')
  const unreadable = names.find(name => unreadablePackages.includes(name))
  if (unreadable !== undefined) return `models of ${unreadable} cannot be read: ${describeBeside}`
  const known = names.flatMap(name => modelPackages.get(name) ?? []).at(0)
  if (known === undefined) return undefined
  const { title, exports } = known
  const newer = unknownVersion([file])
  return newer === undefined
    ? `it is written with ${title}: export ${exports}`
    : `${newer}, and dynamox understands ${versionsText(known)}: ${describeBeside}`
}

const list = 'the README lists the libraries that are understood ("Models of other libraries")'

function byExports(exports: readonly string[]): string {
  const named = (kind: RegExp) => exports.map(text => kind.exec(text)?.[1]).find(name => name !== undefined)
  const near = named(/^(\S+) \(object with .*\b(?:hash|partition|primary)_?(?:key|index)\b/i)
  if (near !== undefined) return `write ${near} as { table: '...', partitionKey: '...', sortKey: '...' }`
  const pending = named(/^(\S+) \(instance of Promise\)/)
  if (pending !== undefined) return `${pending} is a promise: export its result, with a top-level await`
  const made = named(/\(function (\w+)\)/) ?? named(/^(\S+) \(function\)/)
  if (made !== undefined) return `functions are not called: export what ${made} returns; ${list}`
  const written = named(/\(class (\w+)\)/)
  if (written !== undefined) return `the class ${written} has no decorators of a supported library; ${list}`
  return `export what defineTable or defineModel returns, a CreateTable input, or a library's model; ${list}`
}

// Not by `require.resolve`: many packages do not export their package.json.
function versionOf(name: string, file: string): string | undefined {
  const manifest = findInPackage(dirname(file), name, 'package.json')
  return manifest && /"version"\s*:\s*"([^"]+)"/.exec(read(manifest) ?? '')?.[1]
}

const read = (file: string) => attempt(() => readFileSync(file, 'utf8'))
