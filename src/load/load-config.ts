import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { checkConfig } from '../config/check-config.ts'
import type { Config } from '../config/config.ts'
import { DynamoxError, messageOf, type Problem } from '../errors.ts'
import { readInput } from '../settings/read-input.ts'
import { isRecord } from '../table/untyped.ts'
import { dataEndings, scriptEndings } from './config-places.ts'
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

interface ConfigOptions extends FindOptions {
  /** Told the text of a config that is data before it is looked into. */
  readonly onText?: ((text: string) => void) | undefined
}

/**
 * Finds, reads and checks the config; `undefined` when there is none.
 * @throws DynamoxError `config`, with every problem of the file
 */
export async function loadConfig(options: ConfigOptions, loader: Loader): Promise<LoadedConfig | undefined> {
  const path = findConfig(options)
  if (path === undefined) return undefined
  const shown = shownPath(path, options.cwd)
  const value = (await read(path, shown, loader, options.onText)) ?? {}
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

async function read(path: string, shown: string, loader: Loader, onText: ConfigOptions['onText']): Promise<unknown> {
  const ending = extname(path).slice(1).toLowerCase()
  if (scriptEndings.includes(ending)) return loader.config(path)
  if (ending !== '' && !dataEndings.includes(ending)) {
    throw new DynamoxError('config', `${shown}: a config file does not end in .${ending}`, {
      hint: `it ends in ${[...dataEndings, ...scriptEndings].map(each => `.${each}`).join(', ')}, or in nothing as .dynamoxrc does`,
    })
  }
  const text = readText(path, shown)
  if (text.trim() === '') return undefined
  onText?.(text)
  const value = await parseData(text, path, { code: 'config', file: shown })
  return basename(path) === 'package.json' && isRecord(value) ? value.dynamox : value
}

function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new DynamoxError('config', `${shown} cannot be read: ${messageOf(cause)}`, { cause })
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
