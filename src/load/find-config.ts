import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import { configFiles, foldersUpward, isFile, isFolder, isWithin, readManifest } from '../table/project-files.ts'
import type { Loaded } from './load-options.ts'
import { shownPath } from './shown-path.ts'

export interface FindOptions {
  readonly cwd: string
  /** The config file to use, relative to `cwd`; `false` for none. */
  readonly config?: string | false | undefined
  /** The topmost folder to search; the user's home by default. */
  readonly home?: string | undefined
}

/**
 * The absolute path of the nearest config file from `cwd` upward. cosmiconfig then searches only its folder: it tries
 * 20 names in each folder, which takes 20 ms in a project without a config, passes over files that it may not read, and
 * does not report two configs in one folder.
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
  const inPackage = names.has('package.json') && readManifest(folder).dynamox !== undefined
  return [...files, ...(inPackage ? ['package.json'] : [])].map(name => join(folder, name)).filter(isFile)
}

/** The folder of the project that a file belongs to: of the working directory's when the file is below it. */
export function projectRoot(file: string, cwd: string): string {
  const from = isWithin(file, cwd) ? cwd : isFile(file) ? dirname(file) : file
  return searchFolders(from).at(-1) ?? from
}

/**
 * The folders to search for a config, nearest first: from `cwd` up to the root of the repository, else of the outermost
 * workspace, else to the nearest package.json. Never above the home folder.
 */
function searchFolders(cwd: string, home: string = homedir()): readonly string[] {
  const all = foldersUpward(cwd)
  const folders = all.slice(0, all.includes(home) ? all.indexOf(home) + 1 : all.length)
  const ends = [
    folders.findIndex(folder => existsSync(join(folder, '.git'))),
    folders.findLastIndex(isWorkspace),
    folders.findIndex(folder => existsSync(join(folder, 'package.json'))),
  ]
  return folders.slice(0, (ends.find(end => end >= 0) ?? 0) + 1)
}

function isWorkspace(folder: string): boolean {
  return existsSync(join(folder, 'pnpm-workspace.yaml')) || readManifest(folder).workspaces !== undefined
}

function given(config: string, cwd: string): string {
  const path = resolve(cwd, config)
  if (isFile(path)) return path
  const inFolder = configsIn(path)
  if (inFolder.length > 1) throw twoConfigs(inFolder.map(file => shownPath(file, cwd)))
  if (inFolder[0] !== undefined) return inFolder[0]
  if (isFolder(path))
    throw new DynamoxError('config', `the folder ${config} holds no config`, {
      hint: 'dynamox init, run in that folder, writes one',
    })
  throw new DynamoxError('config', `config file ${config} not found`, {
    hint: 'check the path after --config, or leave it out to search for one',
  })
}

function twoConfigs(files: readonly string[]): DynamoxError {
  const shown = files.map(file => (file.endsWith('package.json') ? `${file} ("dynamox")` : file))
  return new DynamoxError('config', `${files.length} configs in one folder: ${shown.join(', ')}`, {
    hint: 'keep one of them, or name the one to use with --config',
  })
}

/** Why no table is defined, and how a config would define one; for messages of the command line and of test runners. */
export function nothingDefined({ config }: Pick<Loaded, 'config'>, cwd: string) {
  if (config === undefined)
    return { why: 'no model and no config with tables', into: 'write a config with dynamox init' }
  const file = shownPath(config.path, cwd)
  return { why: `no model, and ${file} defines no tables`, into: `put models or tables into ${file}` }
}
