import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type ProcessIdentity, standing } from './process-identity.ts'

/** Who serves a store. Whoever holds it also holds the database's own lock on its files, which is what keeps two writers apart. */
export interface Holder extends ProcessIdentity {
  /** New for every engine: an answer from the endpoint that names it comes from this holder and nobody else. */
  readonly instance: string
  /** Absent while the engine starts. */
  readonly endpoint?: string | undefined
}

// A file that is being written where hard links are not to be had is empty for a moment.
const unreadableForMs = 2000
// Drafts live for a moment, unless a kill comes in between.
const draftForMs = 60_000

/** The holder that the lock file names; undefined when there is none, or only what a crash left of one. */
export function readLock(file: string): Holder | 'unreadable' | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isHolder(value)) return value
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  return Date.now() - modified(file) < unreadableForMs ? 'unreadable' : undefined
}

/** Whether the process that the lock names may still be there. */
export const mayLive = (holder: Holder): boolean => standing(holder) !== 'dead'

/**
 * Takes the lock for `mine`, in the place of `stale` when that is what the file still names.
 * False when somebody else was faster. What the file names afterwards is never half written.
 */
export function claimLock(file: string, mine: Holder, stale: Holder | undefined): boolean {
  if (!setAside(file, stale)) return false
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    linkSync(draft, file)
    sweepDrafts(file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    return claimWithoutLinks(file, mine)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Writes what the holder has become; only for the one that holds the lock. */
export function updateLock(file: string, mine: Holder): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine))
  renameSync(draft, file)
}

/** Gives the lock up, unless it is somebody else's by now. Never throws. */
export function releaseLock(file: string, instance: string): void {
  try {
    const holder = readLock(file)
    if (holder !== undefined && holder !== 'unreadable' && holder.instance === instance) rmSync(file, { force: true })
  } catch {
    // A lock that stays behind names a process that is gone, and is taken over by the next one.
  }
}

/** Removes the stale lock; false when the file names another holder than the one that was judged. */
function setAside(file: string, stale: Holder | undefined): boolean {
  const aside = `${file}.${randomUUID()}`
  try {
    // Of several that find the same stale lock, the rename succeeds for one.
    renameSync(file, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true
    throw error
  }
  try {
    const moved = readLock(aside)
    if (moved === undefined || (moved !== 'unreadable' && moved.instance === stale?.instance)) return true
    putBack(aside, file)
    return false
  } finally {
    rmSync(aside, { force: true })
  }
}

function putBack(aside: string, file: string): void {
  try {
    linkSync(aside, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) renameSync(aside, file)
  }
}

function sweepDrafts(file: string): void {
  for (const name of readdirSync(dirname(file))) {
    const draft = join(dirname(file), name)
    const isDraft = name.startsWith(`${basename(file)}.`)
    if (isDraft && Date.now() - modified(draft) > draftForMs) rmSync(draft, { force: true })
  }
}

function claimWithoutLinks(file: string, mine: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const { host, pid, instance, endpoint } = value as Partial<Record<keyof Holder, unknown>>
  return (
    typeof host === 'string' &&
    typeof pid === 'number' &&
    typeof instance === 'string' &&
    (endpoint === undefined || typeof endpoint === 'string')
  )
}

function modified(file: string): number {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
