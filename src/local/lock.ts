import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { memberOf } from '../table/untyped.ts'

/**
 * The process that serves a store. The lock file only says how to reach it; the database's own lock prevents two
 * writers.
 */
export interface Holder {
  readonly host: string
  readonly pid: number
  /** The start time of the process, in the system's unit; absent on systems without /proc. */
  readonly started?: string | undefined
  /**
   * The inode of the store's folder. A copy of the project has another inode, so a copied lock file is not valid there.
   */
  readonly inode: number
  /** A secret of this engine; an endpoint that proves to know it belongs to this holder. */
  readonly instance: string
  /** `http://127.0.0.1:<port>`; absent while the engine starts. */
  readonly endpoint?: string | undefined
}

// On file systems without hard links, a lock is written in place and is empty for a moment.
const halfWrittenMs = 2000
// A draft file exists only for a moment, unless its process was killed.
const draftMs = 60_000

/** This process as the holder of the store in `folder`. */
export const holderOf = (instance: string, folder: string): Holder => ({
  host: hostname(),
  pid: process.pid,
  started: processStat(process.pid)?.started,
  inode: statSync(folder).ino,
  instance,
})

/**
 * The holder in a lock file. `half-written` while another process writes it; `undefined` without a valid holder: no
 * file, a leftover of a crash, the lock of another folder, or contents that dynamox does not write.
 */
export function readLock(file: string): Holder | 'half-written' | undefined {
  try {
    // Read only regular files; reading a pipe would block.
    if (!statSync(file).isFile()) return undefined
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isHolder(value) && value.inode === statSync(dirname(file)).ino ? value : undefined
  } catch (error) {
    if (memberOf(error, 'code') === 'ENOENT') return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  const age = Date.now() - modified(file)
  return Math.abs(age) < halfWrittenMs ? 'half-written' : undefined
}

/** How long ago the lock was written, in milliseconds. */
export const ageOfLock = (file: string): number => Math.max(0, Date.now() - modified(file))

/**
 * Whether the holder's process still runs; `unknown` for a process on another machine or in another container. A pid
 * alone does not identify a process: numbers are reused, and containers have their own.
 */
export function standing({ host, pid, started }: Holder): 'alive' | 'dead' | 'unknown' {
  if (host !== hostname()) return 'unknown'
  if (!takesSignals(pid)) return 'dead'
  const stat = processStat(pid)
  if (stat === undefined) return 'alive'
  // A zombie process still accepts signals, but has released its locks.
  if (stat.state === 'Z' || stat.state === 'X') return 'dead'
  return started === stat.started ? 'alive' : 'dead'
}

/**
 * Takes the lock for `mine`, replacing `stale` if the file still contains it; false when another process was faster.
 * The file is written atomically, except on file systems without hard links.
 */
export function claimLock(file: string, mine: Holder, stale: Holder | undefined): boolean {
  if (!setAside(file, stale)) return false
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine), { flag: 'wx' })
  try {
    linkSync(draft, file)
    sweepDrafts(file)
    return true
  } catch (error) {
    if (memberOf(error, 'code') === 'EEXIST') return false
    return claimWithoutLinks(file, mine)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Rewrites the lock; only for the process that holds it. */
export function updateLock(file: string, mine: Holder): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine), { flag: 'wx' })
  renameSync(draft, file)
}

/** Releases the lock unless another process holds it. Never throws. */
export function releaseLock(file: string, instance: string): void {
  try {
    const holder = readLock(file)
    if (typeof holder === 'object' && holder.instance === instance) rmSync(file, { force: true })
  } catch {
    // A lock that cannot be removed names an ended process; the next process takes it over.
  }
}

/** Removes the stale lock; false when the file now names another holder. */
function setAside(file: string, stale: Holder | undefined): boolean {
  const aside = `${file}.${randomUUID()}`
  try {
    // If several processes find the same stale lock, the rename succeeds for only one of them.
    renameSync(file, aside)
  } catch (error) {
    if (memberOf(error, 'code') === 'ENOENT') return true
    throw error
  }
  try {
    const moved = readLock(aside)
    if (moved === undefined || (moved !== 'half-written' && moved.instance === stale?.instance)) return true
    putBack(aside, file)
    return false
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function putBack(aside: string, file: string): void {
  try {
    linkSync(aside, file)
  } catch (error) {
    if (memberOf(error, 'code') !== 'EEXIST') renameSync(aside, file)
  }
}

function sweepDrafts(file: string): void {
  for (const name of readdirSync(dirname(file))) {
    const draft = join(dirname(file), name)
    const isDraft = name.startsWith(`${basename(file)}.`)
    if (isDraft && Date.now() - modified(draft) > draftMs) rmSync(draft, { force: true })
  }
}

function claimWithoutLinks(file: string, mine: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx' })
    return true
  } catch (error) {
    if (memberOf(error, 'code') === 'EEXIST') return false
    throw error
  }
}

/** Accepts only what dynamox writes: a repository may contain a lock file, which must not point to another address. */
function isHolder(value: unknown): value is Holder {
  const pid = memberOf(value, 'pid')
  const started = memberOf(value, 'started')
  const endpoint = memberOf(value, 'endpoint')
  return (
    typeof memberOf(value, 'host') === 'string' &&
    typeof memberOf(value, 'instance') === 'string' &&
    typeof memberOf(value, 'inode') === 'number' &&
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    (started === undefined || typeof started === 'string') &&
    (endpoint === undefined || isOwnEndpoint(endpoint))
  )
}

const isOwnEndpoint = (endpoint: unknown): boolean => {
  const [, port] = /^http:\/\/127\.0\.0\.1:(\d{1,5})$/.exec(String(endpoint)) ?? []
  return typeof endpoint === 'string' && Number(port) > 0 && Number(port) < 65_536
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    return memberOf(error, 'code') === 'EPERM'
  }
}

function processStat(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may hold anything; the others follow it (proc(5)).
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const started = rest[18]
    return state === undefined || started === undefined ? undefined : { state, started }
  } catch {
    return undefined
  }
}

function modified(file: string): number {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}
