import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * `<user's cache>/dynamox`, created when missing. Code is run from it, so only the user may own it and write to it;
 * `undefined` if that is not the case, or with DYNAMOX_NO_CACHE.
 */
export function cacheFolder(): string | undefined {
  if (process.env.DYNAMOX_NO_CACHE) return undefined
  try {
    const uid = process.getuid?.()
    const base = cacheOfUser(uid)
    if (base === undefined || !isAbsolute(base)) return undefined
    const folder = join(base, 'dynamox')
    const found = lstatSync(folder, { throwIfNoEntry: false }) ?? create(folder)
    if (!found.isDirectory()) return undefined
    const isShared = uid !== undefined && (found.uid !== uid || (found.mode & 0o022) !== 0)
    return isShared ? undefined : folder
  } catch {
    return undefined
  }
}

function cacheOfUser(uid: number | undefined): string | undefined {
  const { platform, env } = process
  const chosen = env.XDG_CACHE_HOME || (platform === 'win32' && env.LOCALAPPDATA)
  if (chosen) return chosen
  const home = homedir()
  // Under sudo, the home may belong to another user, who could not use files created there by root.
  if (uid !== undefined && statSync(home).uid !== uid) return undefined
  return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache')
}

function create(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return lstatSync(folder)
}

/** Removes files that were not written for a month: they belong to older versions or to changed models. */
export function dropOld(folder: string): void {
  try {
    const month = Date.now() - 30 * 24 * 3600 * 1000
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (statSync(file).mtimeMs < month) rmSync(file, { force: true, recursive: true })
    }
  } catch {}
}
