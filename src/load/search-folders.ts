import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * The folders to look for a config in, nearest first: from `cwd` up to the root of the repository or, where there is
 * none, of the outermost workspace; outside of both up to the nearest package.json. Never above the home folder.
 */
export function searchFolders(cwd: string, home: string = homedir()): readonly string[] {
  const folders = upward(cwd, home)
  const end = indexOf(folders, isRepository) ?? lastIndexOf(folders, isWorkspace) ?? indexOf(folders, hasPackage) ?? 0
  return folders.slice(0, end + 1)
}

function upward(from: string, home: string): readonly string[] {
  const folders = [from]
  for (let folder = from; folder !== home && dirname(folder) !== folder; ) {
    folder = dirname(folder)
    folders.push(folder)
  }
  return folders
}

const isRepository = (folder: string): boolean => existsSync(join(folder, '.git'))
const hasPackage = (folder: string): boolean => existsSync(join(folder, 'package.json'))

function isWorkspace(folder: string): boolean {
  return (
    existsSync(join(folder, 'pnpm-workspace.yaml')) ||
    (hasPackage(folder) && packageOf(folder)?.workspaces !== undefined)
  )
}

/** The folder's package.json, as far as this room reads it; `undefined` when there is none or it cannot be read. */
export function packageOf(folder: string): { readonly workspaces?: unknown; readonly dynamox?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function indexOf(folders: readonly string[], test: (folder: string) => boolean): number | undefined {
  const index = folders.findIndex(test)
  return index < 0 ? undefined : index
}

function lastIndexOf(folders: readonly string[], test: (folder: string) => boolean): number | undefined {
  const index = folders.findLastIndex(test)
  return index < 0 ? undefined : index
}
