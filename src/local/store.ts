import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { DynamoxError, messageOf } from '../errors.ts'

/** The files of a store. */
export interface StorePlace {
  readonly folder: string
  /** The folder of the database itself. */
  readonly data: string
  /** Who serves the store, and where. */
  readonly lock: string
}

/** The folder to keep `.dynamox` in: the nearest one upwards from `from` with a config or a package.json, else `from` itself. */
export function localRoot(from: string): string {
  const start = resolve(from)
  for (let folder = start; ; folder = dirname(folder)) {
    if (isProject(folder)) return folder
    if (folder === dirname(folder)) return start
  }
}

/** The store of the project that `from` (the config file's folder, or the working directory) belongs to. */
export function storeFolder(from: string): string {
  return folderIn(localRoot(from))
}

/** Makes the store's folder where it is missing, hidden from git. Throws `config` when that cannot be done. */
export function prepareStore(root: string): StorePlace {
  const folder = folderIn(resolve(root))
  try {
    mkdirSync(folder, { recursive: true })
    hideFromGit(dirname(folder))
  } catch (cause) {
    throw unusable(folder, cause)
  }
  return storeIn(root)
}

/** Where the store's files are, or would be. */
export function storeIn(root: string): StorePlace {
  const folder = folderIn(resolve(root))
  return { folder, data: join(folder, 'data'), lock: join(folder, 'lock.json') }
}

/** The error for a store that cannot be read or written. */
export function unusable(folder: string, cause: unknown): DynamoxError {
  const reason = messageOf(cause)
  return new DynamoxError('config', `the local store ${folder} cannot be used: ${reason}`, {
    hint: 'check that the folder (and the disk) can be written to, or remove what stands in its way',
    cause,
  })
}

/** The error for a store whose files do not make sense any more. */
export function damaged(folder: string, cause: unknown): DynamoxError {
  const reason = messageOf(cause)
  return new DynamoxError('config', `the local store ${folder} is damaged: ${reason}`, {
    hint: 'delete that folder to start with an empty store; the tables in it are lost',
    cause,
  })
}

// A root that is a store's folder already is taken as it is.
function folderIn(root: string): string {
  const inside = join('.dynamox', 'local')
  return root.endsWith(`${sep}${inside}`) ? root : join(root, inside)
}

function isProject(folder: string): boolean {
  try {
    return readdirSync(folder).some(
      name => name === 'package.json' || /^(\.dynamoxrc(\..+)?|dynamox\.config\..+)$/.test(name),
    )
  } catch {
    return false
  }
}

function hideFromGit(folder: string): void {
  const file = join(folder, '.gitignore')
  if (!existsSync(file)) writeFileSync(file, '*\n')
}
