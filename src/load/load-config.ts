import { dirname } from 'node:path'
import { checkConfig } from '../config/check-config.ts'
import type { Config } from '../config/config.ts'
import { DynamoxError, isDynamoxError, messageOf, type Problem } from '../errors.ts'
import { readInput } from '../table/read-input.ts'
import { isRecord } from '../table/untyped.ts'
import { searchPlaces } from './config-places.ts'
import { type FindOptions, findConfig } from './find-config.ts'
import type { Loader } from './loader.ts'
import { parseData } from './parse-data.ts'
import { shownPath } from './shown-path.ts'

export interface LoadedConfig {
  /** Absolute. */
  readonly path: string
  /** As written, checked. */
  readonly value: Config
}

/**
 * Finds, reads and checks the config; `undefined` when there is none.
 * @throws DynamoxError `config`, with every problem of the file
 */
export async function loadConfig(options: FindOptions, loader: Loader): Promise<LoadedConfig | undefined> {
  const path = findConfig(options)
  if (path === undefined) return undefined
  const shown = shownPath(path, options.cwd)
  const value = (await read(path, shown, loader)) ?? {}
  const checked = await checkConfig(value)
  if ('config' in checked) return { path, value: checked.config }
  throw configError(shown, [...checked.problems, ...tableProblems(value)])
}

/** What its tables have wrong whatever the rest of the config says: all problems at once. */
function tableProblems(config: unknown): Problem[] {
  const tables = isRecord(config) && Array.isArray(config.tables) ? config.tables : []
  return tables.flatMap((table: unknown, index) => {
    // Another shape is for its adapter to read.
    if (!isRecord(table) || !('table' in table || 'partitionKey' in table)) return []
    const name = typeof table.table === 'string' ? ` ${table.table}` : ''
    return readInput(table, `tables[${index}]${name}`).problems
  })
}

async function read(path: string, shown: string, loader: Loader): Promise<unknown> {
  const { cosmiconfig } = await import('cosmiconfig')
  const place = { code: 'config', file: shown } as const
  const script = (file: string) => loader.config(file)
  const data = (file: string, text: string) => parseData(text, file, place)
  const explorer = cosmiconfig('dynamox', {
    searchPlaces: [...searchPlaces],
    stopDir: dirname(path),
    cache: false,
    loaders: {
      ...Object.fromEntries(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'].map(ending => [ending, script])),
      ...Object.fromEntries(['.json', '.yaml', '.yml', 'noExt'].map(ending => [ending, data])),
    },
  })
  try {
    const found = await explorer.load(path)
    return found?.config as unknown
  } catch (cause) {
    if (isDynamoxError(cause)) throw cause
    const message = messageOf(cause)
    throw new DynamoxError('config', `${shown} cannot be read: ${message}`, { cause })
  }
}

function configError(shown: string, problems: readonly Problem[]): DynamoxError {
  const [first] = problems
  const message =
    first !== undefined && problems.length === 1
      ? `${shown}: ${first.path === '' ? '' : `${first.path}: `}${first.message}`
      : `${shown} has ${problems.length} problems`
  return new DynamoxError('config', message, { problems })
}
