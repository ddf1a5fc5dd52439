import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DynamoxError } from '../errors.ts'
import { configFiles } from './config-places.ts'
import { packageOf, searchFolders } from './search-folders.ts'
import { shownPath } from './shown-path.ts'

export interface FindOptions {
  readonly cwd: string
  /** This file, relative to `cwd`; `false` for none. */
  readonly config?: string | false | undefined
  /** The folder above which nothing is looked at; the user's home. */
  readonly home?: string | undefined
}

/**
 * The config file that counts, as an absolute path: the nearest from `cwd` upward. Looks at names only, so that a
 * project without a config pays for neither the finder's package nor the validator.
 * @throws DynamoxError `config` when a folder holds two, or when the file that was asked for is not there
 */
export function findConfig({ cwd, config, home }: FindOptions): string | undefined {
  if (config === false) return undefined
  if (config !== undefined) return given(config, cwd)
  for (const folder of searchFolders(cwd, home)) {
    const found = configsIn(folder)
    if (found.length > 1) throw twoConfigs(found.map(file => shownPath(file, cwd)))
    if (found[0] !== undefined) return found[0]
  }
  return undefined
}

function given(config: string, cwd: string): string {
  const path = resolve(cwd, config)
  if (isFile(path)) return path
  throw new DynamoxError('config', `there is no config file ${config}`, {
    hint: 'check the path after --config, or leave it out to search for one',
  })
}

/** The config files of one folder, as absolute paths; more than one is an error for whoever wants to read it. */
export function configsIn(folder: string): readonly string[] {
  const names = new Set(namesIn(folder))
  const files = configFiles.filter(name => names.has(name))
  const inPackage = names.has('package.json') && packageOf(folder)?.dynamox !== undefined
  return [...files, ...(inPackage ? ['package.json'] : [])].map(name => join(folder, name)).filter(isFile)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A folder that may not be read holds no config for us; those above it may still.
    return []
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function twoConfigs(files: readonly string[]): DynamoxError {
  const shown = files.map(file => (file.endsWith('package.json') ? `${file} ("dynamox")` : file))
  return new DynamoxError('config', `there are ${files.length} configs in one folder: ${shown.join(', ')}`, {
    hint: 'keep one of them, or name the one to use with --config',
  })
}
