import { randomUUID } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { attempt, DynamoxError, fileReason, isDynamoxError, messageOf } from '../errors.ts'
import { configFiles, foldersUpward } from '../table/project-files.ts'
import { memberOf } from '../table/untyped.ts'
import type { LocalEngineName } from './engines/engine.ts'
import { claimLock, type Holder, holderOf, readLock, releaseLock, standing } from './lock.ts'

/** The files of an engine's store. */
export interface StorePlace {
  /** `.dynamox/local`, which the stores of all engines share. */
  readonly folder: string
  /** The folder of this engine's data. */
  readonly data: string
  /** The file that names the process that serves the store. */
  readonly lock: string
}

/** The folder to keep `.dynamox` in: the nearest one upwards from `from` with a config or a package.json, else `from` itself. */
export function localRoot(from: string): string {
  return foldersUpward(from).find(isProject) ?? resolve(from)
}

/** The config, when there is one; `dataFolder` is relative to it. */
interface Configured {
  readonly config: { readonly path: string; readonly value: { readonly dataFolder?: string | undefined } } | undefined
}

/** The folder to keep `.dynamox` in: the config's `dataFolder`, else that of the config's or the working directory's project. */
export function dataRoot({ config }: Configured, cwd: string): string {
  if (config === undefined) return localRoot(cwd)
  const { dataFolder } = config.value
  return dataFolder === undefined ? localRoot(dirname(config.path)) : resolve(dirname(config.path), dataFolder)
}

/** The store's folder below a data root; a root that is already a store's folder is used as it is. */
export function storeFolder(root: string): string {
  const inside = join('.dynamox', 'local')
  return root.endsWith(`${sep}${inside}`) ? root : join(root, inside)
}

/** Creates the store's folder if it is missing, hidden from git. Throws `config` when it cannot be used. */
export function prepareStore(root: string, engine: LocalEngineName = 'dynalite'): StorePlace {
  const place = placeOf(root, engine)
  return usingStore(place.folder, () => {
    refuseLinksOut(place)
    mkdirSync(place.folder, { recursive: true })
    hideFromGit(dirname(place.folder))
    return place
  })
}

/**
 * Removes an engine's data from the project's store. Throws `conflict` when another process serves it, `config` when
 * it cannot be removed or a symbolic link leads out of the project.
 */
export function resetStore(root: string, engine: LocalEngineName): void {
  const place = placeOf(root, engine)
  usingStore(place.folder, () => {
    refuseLinksOut(place)
    if (!existsSync(place.data)) return
    const mine = holdStore(place)
    try {
      rmSync(place.data, { recursive: true, force: true, maxRetries: 3 })
    } finally {
      releaseLock(place.lock, mine.instance)
    }
  })
}

/** Takes the lock of a store that only one process may use. Throws `conflict` when another process holds it. */
export function holdStore(place: StorePlace): Holder {
  const mine = holderOf(randomUUID(), place.folder)
  const found = readLock(place.lock)
  const isFree = found === undefined || (found !== 'half-written' && standing(found) === 'dead')
  if (isFree && claimLock(place.lock, mine, found)) return mine
  const holder = isFree ? readLock(place.lock) : found
  const who = typeof holder === 'object' ? `process ${holder.pid} on ${holder.host}` : 'another process'
  const where = typeof holder === 'object' && holder.endpoint !== undefined ? `, at ${holder.endpoint}` : ''
  throw new DynamoxError('conflict', `the local store ${place.data} is in use by ${who}${where}`, {
    hint: `use that endpoint, end that process, or work without a store: --in-memory (if no such process runs, delete ${place.lock})`,
  })
}

/** Runs `work`; file system errors become a `config` error that names the store. */
export function usingStore<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw isDynamoxError(cause) ? cause : unusable(folder, cause)
  }
}

/** The error for a store that cannot be read or written. */
export function unusable(folder: string, cause: unknown): DynamoxError {
  return new DynamoxError('config', `the local store ${folder} cannot be used: ${fileReason(cause)}`, {
    hint: 'check that the folder is writable and the disk is not full, or remove what is in its place',
    cause,
  })
}

/** The error for a store whose files cannot be understood. */
export function damaged(folder: string, cause: unknown): DynamoxError {
  return new DynamoxError('config', `the local store ${folder} is damaged: ${messageOf(cause)}`, {
    hint: 'delete that folder to start with an empty store; the tables in it are lost',
    cause,
  })
}

/**
 * Refuses symbolic links among the engine's files that lead out of the project or do not resolve. A repository may
 * contain such links, and engines would write to, and `--reset` would delete, their targets.
 */
function refuseLinksOut({ folder, data }: StorePlace): void {
  const project = dirname(dirname(folder))
  const inside = existsSync(project) ? realpathSync(project) : project
  const entries = (path: string) => (isFolder(path) ? readdirSync(path).map(name => join(path, name)) : [])
  const aside = asideIn(folder)
  for (const path of [dirname(folder), folder, data, aside, ...entries(folder), ...entries(data), ...entries(aside)]) {
    if (entryAt(path)?.isSymbolicLink() !== true) continue
    const target = realPath(path)
    if (target === inside || target?.startsWith(inside + sep)) continue
    throw new DynamoxError(
      'config',
      `${path} is a symbolic link that leads out of the project${target === undefined ? '' : `, to ${target}`}`,
      { hint: 'remove the link; dynamox keeps local tables inside the project only' },
    )
  }
}

/** The folder for items of tables that are being recreated. */
export const asideIn = (folder: string): string => join(folder, 'aside')

export function placeOf(root: string, engine: LocalEngineName): StorePlace {
  const folder = storeFolder(resolve(root))
  return engine === 'dynalite'
    ? { folder, data: join(folder, 'data'), lock: join(folder, 'lock.json') }
    : { folder, data: join(folder, engine), lock: join(folder, `${engine}.lock.json`) }
}

function isProject(folder: string): boolean {
  const names = attempt(() => readdirSync(folder)) ?? []
  return names.some(name => name === 'package.json' || configFiles.includes(name))
}

const isFolder = (path: string): boolean => entryAt(path)?.isDirectory() === true

/** Also undefined below a path that is not a folder. */
const entryAt = (path: string) => attempt(() => lstatSync(path))

const realPath = (path: string) => attempt(() => realpathSync(path))

// 'wx' does not follow a symbolic link at this path.
function hideFromGit(folder: string): void {
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    if (memberOf(error, 'code') !== 'EEXIST') throw error
  }
}
