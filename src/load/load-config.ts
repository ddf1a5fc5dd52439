import { lstatSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, delimiter, dirname, extname, resolve } from 'node:path'
import { checkConfig, configPath } from '../config/check-config.ts'
import type { Config } from '../config/config.ts'
import { DynamoxError, isDynamoxError, oneOr, type Problem } from '../errors.ts'
import { settingFields } from '../settings/catalogue.ts'
import { readInput } from '../settings/read-input.ts'
import { type EnvironmentVariables, readVariable } from '../table/environment-variable.ts'
import { configFiles, dataEndings, isWithin, scriptEndings } from '../table/project-files.ts'
import { isRecord } from '../table/untyped.ts'
import { type FindOptions, findConfig, projectRoot } from './find-config.ts'
import type { LoadedConfig } from './load-options.ts'
import type { Loader } from './loader.ts'
import { parseData, readText } from './parse-data.ts'
import { processVariables } from './process-variables.ts'
import { shownPath } from './shown-path.ts'

interface ConfigOptions extends FindOptions {
  /** The environment that is applied. */
  readonly env?: string | undefined
  /** Environment variables; those of the process by default. */
  readonly variables?: EnvironmentVariables | undefined
  /** Called with the text of a config that is data before it is parsed. */
  readonly onText?: ((text: string) => void) | undefined
}

/**
 * Finds, reads and checks the config; `undefined` when there is none.
 * @throws DynamoxError `config`, with every problem of the file
 */
export async function loadConfig(options: ConfigOptions, loader: Loader): Promise<LoadedConfig | undefined> {
  const { cwd, config } = options
  const path = findConfig(options)
  if (path === undefined) return undefined
  const explorer = await createExplorer(async file => (await read(file, loader, options)) ?? {})
  const main = await checked(path, cwd, async () => {
    const found = config === undefined ? await explorer.search(dirname(path)) : await explorer.load(path)
    if (found === null && basename(path) !== 'package.json')
      throw new DynamoxError('config', `${shownPath(path, cwd)} cannot be read`)
    return found?.config ?? {}
  })
  if (main.extends === undefined) return refuseFarData({ path, value: main, files: [{ path, value: main }] }, cwd)
  const { withBases } = await import('./extend-config.ts')
  const quiet = { ...options, onText: undefined }
  const readBase = (file: string) =>
    checked(file, cwd, async () => {
      const value = await read(file, loader, quiet)
      return (basename(file) === 'package.json' && isRecord(value) ? value.dynamox : value) ?? {}
    })
  return refuseFarData(await placed(path, cwd, () => withBases({ path, value: main }, cwd, readBase)), cwd)
}

/** A config in a cloned repository must not lead `local --reset` to folders outside the project. */
function refuseFarData(config: LoadedConfig, cwd: string): Promise<LoadedConfig> {
  const { path, value } = config
  return placed(path, cwd, async () => {
    const root = projectRoot(path, cwd)
    const folder = resolve(dirname(path), value.dataFolder ?? '.')
    if (value.dataFolder === undefined || isWithin(folder, root)) return config
    const problem = { path: 'dataFolder', message: `${folder} is outside the project (${root})` }
    throw configError(shownPath(path, cwd), [problem])
  })
}

/** Reads and checks one file. */
async function checked(path: string, cwd: string, get: () => Promise<unknown>): Promise<Config> {
  return placed(path, cwd, async () => {
    const value = await get()
    const found = await checkConfig(value)
    if ('config' in found) return found.config
    throw configError(shownPath(path, cwd), [...found.problems, ...tableProblems(value)])
  })
}

/** Adds the places in a config to the problems of an error. */
async function placed<T>(path: string, cwd: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const found = isDynamoxError(error) ? error.problems : undefined
    // A file that this one extends may have been placed already.
    if (!isDynamoxError(error) || found === undefined || found.some(({ place }) => place !== undefined)) throw error
    const { withPlaces } = await import('./find-place.ts')
    throw await withPlaces(error, { cwd, configs: [path], others: [] })
  }
}

interface Explorer {
  search(from: string): Promise<{ readonly config: unknown } | null>
  load(file: string): Promise<{ readonly config: unknown } | null>
}

/** A cosmiconfig explorer for our file names in one folder. */
async function createExplorer(load: (file: string) => unknown): Promise<Explorer> {
  // The package's main entry runs `.config/config.js` of the working directory, which may be untrusted; its class does
  // not.
  const loaded: unknown = await import('cosmiconfig/dist/Explorer.js')
  const { Explorer } = loaded as { readonly Explorer: new (options: object) => Explorer }
  return new Explorer({
    moduleName: 'dynamox',
    packageProp: 'dynamox',
    searchPlaces: [...configFiles, 'package.json'],
    loaders: { default: load },
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (result: unknown) => result,
    metaConfigFilePath: null,
    mergeImportArrays: false,
  })
}

async function read(
  path: string,
  loader: Loader,
  { cwd, onText, env, variables = processVariables() }: ConfigOptions,
): Promise<unknown> {
  const shown = shownPath(path, cwd)
  refuseOthersFiles(path, shown, variables)
  const ending = extname(path).slice(1).toLowerCase()
  if (scriptEndings.includes(ending)) return loader.config(path)
  if (ending !== '' && !dataEndings.includes(ending)) {
    throw new DynamoxError('config', `${shown}: a config file cannot end in .${ending}`, {
      hint: `it ends in ${[...dataEndings, ...scriptEndings].map(each => `.${each}`).join(', ')}, or has no ending, as .dynamoxrc`,
    })
  }
  const place = { code: 'config', file: shown } as const
  const text = readText(path, place)
  onText?.(text)
  const value = await parseData(text, path, place)
  // Ignore the other members of package.json.
  const isPackage = basename(path) === 'package.json' && isRecord(value)
  const own = withVariables(isPackage ? value.dynamox : value, { variables, env, file: shown })
  if (isRecord(own) && '$import' in own) throw new DynamoxError('config', `${shown}: $import: unknown key`)
  return isPackage ? { dynamox: own } : own
}

/**
 * A config can run code and set endpoints. Refuse one that another user could have written, as git does
 * (safe.directory).
 */
function refuseOthersFiles(path: string, shown: string, variables: EnvironmentVariables): void {
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

/**
 * The ids of the user who runs this process, including the user behind sudo; empty on Windows, where files have no
 * owner ids.
 */
function userIds(variables: EnvironmentVariables): readonly number[] {
  const { uid } = userInfo()
  if (uid < 0) return []
  const behindSudo = uid === 0 ? Number(variables.SUDO_UID ?? Number.NaN) : Number.NaN
  return Number.isInteger(behindSudo) ? [uid, behindSudo] : [uid]
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
  const message =
    problems.length === 1 ? `${shown}: ${oneOr(problems, '')}` : `${shown} has ${problems.length} problems`
  return new DynamoxError('config', message, { problems })
}

interface VariableOptions {
  readonly variables: EnvironmentVariables
  /** The name of the config file in messages. */
  readonly file: string
  /** The environment that is applied; variables of other environments need not be set. */
  readonly env: string | undefined
}

/**
 * Replaces `${STAGE}` and `${STAGE:-dev}` in the texts of a config. Where another environment uses a variable that is
 * not set, that value is left out.
 * @throws DynamoxError `config` with every variable that is not set
 */
function withVariables(config: unknown, options: VariableOptions): unknown {
  const problems: MissingVariable[] = []
  const value = replaced(config, [], options, problems)
  if (problems.length === 0) return value
  const message = oneOr(problems, `${problems.length} environment variables are missing`)
  const set = `set ${problems.length === 1 ? 'it' : 'them'}, or give a default, as in \${NAME:-default}`
  const rename = 'use a variable whose name does not suggest a secret'
  throw new DynamoxError('config', `${options.file}: ${message}`, {
    problems: problems.map(({ isSecret: _, ...problem }) => problem),
    hint: [set, rename].filter((_, at) => problems.some(({ isSecret }) => isSecret === (at === 1))).join('; '),
  })
}

type MissingVariable = Problem & { readonly isSecret: boolean }
type Path = readonly (string | number)[]

function replaced(value: unknown, path: Path, options: VariableOptions, problems: MissingVariable[]): unknown {
  if (typeof value === 'string') return replacedText(value, path, options, problems)
  if (Array.isArray(value)) return value.map((entry, index) => replaced(entry, [...path, index], options, problems))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, replaced(entry, [...path, key], options, problems)]),
  )
}

const variable = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

function replacedText(
  text: string,
  path: Path,
  { variables, env }: VariableOptions,
  problems: MissingVariable[],
): unknown {
  const missing: Pick<MissingVariable, 'message' | 'isSecret'>[] = []
  const result = text.replace(variable, (_, name: string, otherwise: string | undefined) => {
    const { value, missing: message, isSecret } = readVariable(name, variables)
    // A secret has no default: it would hide that the value is ignored.
    const used = isSecret ? undefined : value || otherwise
    if (used === undefined) missing.push({ message, isSecret })
    return used ?? ''
  })
  if (missing.length > 0) {
    const isOther = path[0] === 'environments' && path[1] !== env
    if (!isOther) problems.push(...missing.map(each => ({ path: configPath(path), ...each })))
    // An environment whose `protected` cannot be read counts as protected.
    return isOther && path.at(-1) === 'protected' ? true : undefined
  }
  const isWhole = text.replace(variable, '') === ''
  return isWhole && result !== text ? typed(result, path) : result
}

const trueOrFalse = ['local', 'strict', 'protected']
const numbers = ['concurrency']

/** A value that is nothing but a variable is a number, true or false where its field is one. */
function typed(text: string, path: Path): unknown {
  const key = String(path.at(-1))
  const schema = JSON.stringify(Object.entries(settingFields).find(([field]) => field === key)?.[1].check.schema ?? {})
  const isBoolean = trueOrFalse.includes(key) || /\b(true|false|boolean)\b/.test(schema)
  if (isBoolean && /^(true|false)$/.test(text)) return text === 'true'
  const isNumber = numbers.includes(key) || schema.includes('"integer"')
  return isNumber && /^\d+$/.test(text) ? Number(text) : text
}
