import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { DynamoxError } from '../errors.ts'
import type { Allowed } from './engines/engine.ts'
import { ageOfLock, claimLock, type Holder, holderOf, readLock, releaseLock, standing, updateLock } from './lock.ts'
import { joinUsers, type Membership } from './sharing.ts'
import { type Engine, engineError } from './start-engine.ts'
import { type StorePlace, usingStore } from './store.ts'

/** How this process accesses the store: it serves the store, or uses another process's engine. */
export type Position =
  | { readonly kind: 'holder'; readonly engine: Engine; readonly endpoint: string }
  | { readonly kind: 'member'; readonly membership: Membership }

export interface SettleOptions {
  readonly port: number
  readonly keepAlive: boolean
  /** The hosts and origins that this process allows, also on a shared engine. */
  readonly allowed: Allowed
  start(instance: string): Engine
  /** A loaded engine that only has to be opened. */
  readonly spare?: { readonly instance: string; readonly engine: Engine } | undefined
}

/** How long a holder may stay silent before its lock is taken over, in milliseconds. */
export interface Patience {
  /** For a holder without an endpoint: it is starting. */
  readonly startingMs: number
  /** For a holder whose endpoint refuses us: it is ending, or another program uses the port. */
  readonly endingMs: number
  /** For a database opened by another process: enough time for an ending process to write its data to disk. */
  readonly lockedMs: number
}

const usualPatience: Patience = { startingMs: 15_000, endingMs: 1500, lockedMs: 8000 }
const pollMs = 25

/**
 * Serves the store, or joins the process that serves it; of several processes that start together, one serves. A lock's
 * endpoint is used only if it proves to belong to the holder; otherwise the database's own lock decides.
 */
export async function settle(place: StorePlace, options: SettleOptions, patience = usualPatience): Promise<Position> {
  let mine = options.spare
  const isOverdue = watchOver(place, patience)
  const lockedUntil = performance.now() + patience.lockedMs
  try {
    for (;;) {
      const found = usingStore(place.folder, () => readLock(place.lock))
      if (found === undefined || (found !== 'half-written' && (standing(found) === 'dead' || isOverdue(found)))) {
        mine ??= newEngine(options)
        const position = await serve(place, options, mine, found)
        if (typeof position === 'object') {
          mine = undefined
          return position
        }
        if (position === 'locked' && performance.now() > lockedUntil) throw inUse(place, found)
      } else if (found !== 'half-written' && found.endpoint !== undefined) {
        const joined = await joinUsers(found, found.endpoint, options)
        if (typeof joined === 'object') return { kind: 'member', membership: joined }
        if (joined === 'silent') throw inUse(place, found)
      }
      await pause(pollMs)
    }
  } finally {
    await mine?.engine.close()
  }
}

type Spare = NonNullable<SettleOptions['spare']>

async function serve(
  place: StorePlace,
  options: SettleOptions,
  { instance, engine }: Spare,
  stale: Holder | undefined,
): Promise<Position | 'taken' | 'locked'> {
  const { folder, lock } = place
  const holder = usingStore(folder, () => holderOf(instance, folder))
  if (!usingStore(folder, () => claimLock(lock, holder, stale))) return 'taken'
  const report = await engine.open(options.port)
  if (report.kind === 'listening') {
    const endpoint = `http://127.0.0.1:${report.port}`
    usingStore(folder, () => updateLock(lock, { ...holder, endpoint }))
    return { kind: 'holder', engine, endpoint }
  }
  releaseLock(lock, instance)
  if (report.reason !== 'locked') throw engineError(report, options.port, folder)
  // The holder seemed dead but is alive, perhaps in a container whose processes are not visible here.
  if (stale !== undefined) usingStore(folder, () => claimLock(lock, stale, undefined))
  return 'locked'
}

function newEngine(options: SettleOptions): Spare {
  const instance = randomUUID()
  return { instance, engine: options.start(instance) }
}

/** Whether a holder has been silent for too long, counted from when it was first seen. */
function watchOver({ lock }: StorePlace, { startingMs, endingMs }: Patience): (found: Holder) => boolean {
  const firstSeen = new Map<string, number>()
  return ({ instance, endpoint }) => {
    const key = `${instance} ${endpoint}`
    const since = firstSeen.get(key) ?? performance.now()
    firstSeen.set(key, since)
    const waited = performance.now() - since
    return endpoint === undefined ? Math.max(waited, ageOfLock(lock)) > startingMs : waited > endingMs
  }
}

function inUse(place: StorePlace, holder: Holder | undefined): DynamoxError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`
  return new DynamoxError('conflict', `the local store ${place.folder} is in use by ${who}, which does not answer`, {
    hint: 'end that process (or resume it, if it was stopped), then try again',
  })
}
