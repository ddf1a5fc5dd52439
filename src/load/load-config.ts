import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import { checkConfig } from '../config/check-config.ts'
import type { Config } from '../config/config.ts'
import { DynamoxError, type Problem } from '../errors.ts'
import { readInput } from '../settings/read-input.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import { processVariables, userIds, type Variables } from './environment.ts'
import type { Loader } from './loader.ts'
import { parseData, readText } from './parse-data.ts'
import { shownPath } from './shown-path.ts'

const scripts = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
const data = ['json', 'yaml', 'yml']

/** The file names that hold a dynamox config; two in one folder are an error. */
export const configFiles: readonly string[] = [
  '.dynamoxrc',
  ...[...data, ...scripts].map(ending => `.dynamoxrc.${ending}`),
  ...[...scripts, ...data].map(ending => `dynamox.config.${ending}`),
]

export interface FindOptions {
  readonly cwd: string
  /** The config file to use, relative to `cwd`; `false` for none. */
  readonly config?: string | false | undefined
  /** The topmost folder to search; the user's home by default. */
  readonly home?: string | undefined
  /** Environment variables; those of the process by default. */
  readonly variables?: Variables | undefined
}

interface ConfigOptions extends FindOptions {
  /** Called with the text of a config that is data before it is parsed. */
  readonly onText?: ((text: string) => void) | undefined
}

export interface LoadedConfig {
  /** Absolute. */
  readonly path: string
  /** The checked config, as written. */
  readonly value: Config
}

/**
 * Finds, reads and checks the config; `undefined` when there is none.
 * @throws DynamoxError `config`, with every problem of the file
 */
export async function loadConfig(options: ConfigOptions, loader: Loader): Promise<LoadedConfig | undefined> {
  const { cwd, home, config, variables = processVariables() } = options
  const path = findConfig(options)
  // Search first without cosmiconfig and the validator, so that projects without a config do not load them.
  if (path === undefined) return undefined
  const shown = shownPath(path, cwd)
  refuseOthersFiles(path, shown, variables)
  const explorer = await createExplorer(searchFolders(cwd, home).at(-1) ?? cwd, async file => {
    if (file === path) return (await read(path, shown, loader, { ...options, variables })) ?? {}
    return basename(file) === 'package.json' ? {} : null
  })
  const found = config === undefined ? await explorer.search(cwd) : await explorer.load(path)
  if (found === null && basename(path) !== 'package.json') throw new DynamoxError('config', `${shown} cannot be read`)
  const value: unknown = found?.config ?? {}
  const checked = await checkConfig(value)
  if ('config' in checked) return { path, value: checked.config }
  const { withPlaces } = await import('./find-place.ts')
  throw await withPlaces(configError(shown, [...checked.problems, ...tableProblems(value)]), {
    cwd,
    config: path,
    others: [],
  })
}

/**
 * The absolute path of the nearest config file from `cwd` upward. Reads no file contents.
 * @throws DynamoxError `config` when a folder holds two, or when the file that was asked for does not exist
 */
export function findConfig({ cwd, config, home }: FindOptions): string | undefined {
  if (config === false) return undefined
  if (config !== undefined) return given(config, cwd)
  const found = searchFolders(cwd, home)
    .map(configsIn)
    .find(files => files.length > 0)
  if (found !== undefined && found.length > 1) throw twoConfigs(found.map(file => shownPath(file, cwd)))
  return found?.[0]
}

/** The config files of one folder, as absolute paths; more than one cannot be loaded. */
export function configsIn(folder: string): readonly string[] {
  const names = new Set(attempt(() => readdirSync(folder)) ?? [])
  const files = configFiles.filter(name => names.has(name))
  const inPackage = names.has('package.json') && packageOf(folder)?.dynamox !== undefined
  return [...files, ...(inPackage ? ['package.json'] : [])].map(name => join(folder, name)).filter(isFile)
}

interface Explorer {
  search(from: string): Promise<{ readonly config: unknown } | null>
  load(file: string): Promise<{ readonly config: unknown } | null>
}

/** A cosmiconfig explorer for our file names, from a folder up to `stopDir`; `load` returns `null` for other files. */
async function createExplorer(stopDir: string, load: (file: string) => unknown): Promise<Explorer> {
  // The package's main entry runs `.config/config.js` of the working directory, which may be untrusted; its class does
  // not.
  const loaded: unknown = await import('cosmiconfig/dist/Explorer.js')
  const { Explorer } = loaded as { readonly Explorer: new (options: object) => Explorer }
  return new Explorer({
    moduleName: 'dynamox',
    packageProp: 'dynamox',
    searchPlaces: [...configFiles, 'package.json'],
    loaders: { default: load },
    searchStrategy: 'global',
    stopDir,
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (result: unknown) => result,
    metaConfigFilePath: null,
    mergeImportArrays: false,
  })
}

async function read(
  path: string,
  shown: string,
  loader: Loader,
  { onText, variables }: ConfigOptions & { readonly variables: Variables },
): Promise<unknown> {
  const ending = extname(path).slice(1).toLowerCase()
  if (scripts.includes(ending)) return loader.config(path)
  if (ending !== '' && !data.includes(ending)) {
    throw new DynamoxError('config', `${shown}: a config file cannot end in .${ending}`, {
      hint: `it ends in ${[...data, ...scripts].map(each => `.${each}`).join(', ')}, or has no ending, as .dynamoxrc`,
    })
  }
  const place = { code: 'config', file: shown } as const
  const text = readText(path, place)
  onText?.(text)
  const value = await parseData(text, path, place)
  // Ignore the other members of package.json.
  const isPackage = basename(path) === 'package.json' && isRecord(value)
  const own = withVariables(isPackage ? value.dynamox : value, '', variables, shown)
  if (isRecord(own) && '$import' in own) throw new DynamoxError('config', `${shown}: $import: unknown key`)
  return isPackage ? { dynamox: own } : own
}

/** Replaces `${STAGE}` and `${STAGE:-dev}` in texts with the variable's value. */
function withVariables(value: unknown, path: string, variables: Variables, file: string): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => {
      const found = variables[name] || otherwise
      if (found !== undefined) return found
      throw new DynamoxError('config', `${file}: ${path}: the environment variable ${name} is not set`, {
        hint: `set it, or give a default, as in \${${name}:-dev}`,
      })
    })
  }
  if (Array.isArray(value)) return value.map((each, at) => withVariables(each, `${path}[${at}]`, variables, file))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      withVariables(each, path === '' ? key : `${path}.${key}`, variables, file),
    ]),
  )
}

/**
 * A config can run code and set endpoints. Refuse one that another user could have written, as git does
 * (safe.directory).
 */
function refuseOthersFiles(path: string, shown: string, variables: Variables): void {
  const folder = dirname(path)
  const trusted = (variables.DYNAMOX_TRUST_CONFIG ?? '').split(delimiter)
  if (trusted.includes('*') || trusted.some(each => each !== '' && resolve(each) === folder)) return
  const users = userIds(variables)
  if (users.length === 0) return
  const owners = [lstatSync(path), statSync(path), statSync(folder)].map(({ uid }) => uid)
  if (owners.every(uid => uid === 0 || users.includes(uid))) return
  throw new DynamoxError('config', `${shown} is not used: it or its folder belongs to another user`, {
    hint: `if you trust it, set DYNAMOX_TRUST_CONFIG=${folder}; --no-config runs without it`,
  })
}

/** The folder of the project that a file belongs to: of the working directory's when the file is below it. */
export function projectRoot(file: string, cwd: string): string {
  const below = relative(cwd, file)
  const isOutside = below.startsWith('..') || isAbsolute(below)
  const from = isOutside ? (isFile(file) ? dirname(file) : file) : cwd
  return searchFolders(from).at(-1) ?? from
}

/**
 * The folders to search for a config, nearest first: from `cwd` up to the root of the repository, else of the outermost
 * workspace, else to the nearest package.json. Never above the home folder.
 */
function searchFolders(cwd: string, home: string = homedir()): readonly string[] {
  const folders = upward(cwd, home)
  const ends = [
    folders.findIndex(folder => exists(folder, '.git')),
    folders.findLastIndex(isWorkspace),
    folders.findIndex(folder => exists(folder, 'package.json')),
  ]
  return folders.slice(0, (ends.find(end => end >= 0) ?? 0) + 1)
}

function upward(from: string, home: string): readonly string[] {
  const folders = [from]
  for (let folder = from; folder !== home && dirname(folder) !== folder; ) {
    folder = dirname(folder)
    folders.push(folder)
  }
  return folders
}

function isWorkspace(folder: string): boolean {
  return (
    exists(folder, 'pnpm-workspace.yaml') ||
    (exists(folder, 'package.json') && packageOf(folder)?.workspaces !== undefined)
  )
}

const exists = (folder: string, name: string): boolean =>
  statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined

/** The folder's package.json; `undefined` when there is none or it cannot be read. */
function packageOf(folder: string): UntypedRecord | undefined {
  const value: unknown = attempt(() => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  return isRecord(value) ? value : undefined
}

function given(config: string, cwd: string): string {
  const path = resolve(cwd, config)
  if (isFile(path)) return path
  throw new DynamoxError('config', `config file ${config} not found`, {
    hint: 'check the path after --config, or leave it out to search for one',
  })
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function twoConfigs(files: readonly string[]): DynamoxError {
  const shown = files.map(file => (file.endsWith('package.json') ? `${file} ("dynamox")` : file))
  return new DynamoxError('config', `${files.length} configs in one folder: ${shown.join(', ')}`, {
    hint: 'keep one of them, or name the one to use with --config',
  })
}

/** The problems of the config's tables, so that all problems of a config are reported at once. */
function tableProblems(config: unknown): readonly Problem[] {
  const tables = isRecord(config) && Array.isArray(config.tables) ? config.tables : []
  return tables.flatMap((table: unknown, index) => {
    // Tables in other shapes are checked by their adapter.
    if (!isRecord(table) || !('table' in table || 'partitionKey' in table)) return []
    const name = typeof table.table === 'string' ? ` ${table.table}` : ''
    return readInput(table, `tables[${index}]${name}`).problems
  })
}

function configError(shown: string, problems: readonly Problem[]): DynamoxError {
  const [first] = problems
  const message =
    first !== undefined && problems.length === 1
      ? `${shown}: ${first.path === '' ? '' : `${first.path}: `}${first.message}`
      : `${shown} has ${problems.length} problems`
  return new DynamoxError('config', message, { problems })
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
