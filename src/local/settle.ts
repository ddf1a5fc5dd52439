import { randomUUID } from 'node:crypto'
import { DynamoxError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { engineFailure } from './engine-failure.ts'
import { claimLock, type Holder, mayLive, readLock, releaseLock, updateLock } from './lock.ts'
import { joinUsers, type Membership } from './membership.ts'
import { monotonicMs, pause } from './pause.ts'
import { thisProcess } from './process-identity.ts'
import { type StorePlace, unusable } from './store.ts'

/** How we come to the store: by serving it, or among the users of the process that does. */
export type Position =
  | { readonly kind: 'holder'; readonly engine: Engine; readonly endpoint: string }
  | { readonly kind: 'member'; readonly membership: Membership }

export interface SettleOptions {
  readonly port: number
  readonly keepAlive: boolean
  start(instance: string): Engine
  /** An engine that waits to be opened already. */
  readonly spare?: { readonly instance: string; readonly engine: Engine } | undefined
}

/** How long a holder may give no sign of life before it is taken for gone, in milliseconds. */
export interface Patience {
  /** It lives and names no endpoint: it is starting. */
  readonly startingMs: number
  /** Nobody answers at its endpoint: it is ending, or is another process by now that got the same number. */
  readonly endingMs: number
  /** The database says that it is open, whoever has it: long enough for one that ends to write everything down. */
  readonly lockedMs: number
}

const usualPatience: Patience = { startingMs: 15_000, endingMs: 1500, lockedMs: 8000 }
const pollMs = 25

/** Serves the store, or joins the process that does; of several that start at the same moment one serves. */
export async function settle(place: StorePlace, options: SettleOptions, patience = usualPatience): Promise<Position> {
  let mine = options.spare
  const isOverdue = watch(patience)
  const lockedUntil = monotonicMs() + patience.lockedMs
  try {
    for (;;) {
      const found = look(place)
      if (found !== 'unreadable' && (found === undefined || !mayLive(found) || isOverdue(found))) {
        mine ??= newEngine(options)
        const position = await serve(place, options, mine, found)
        if (typeof position === 'object') {
          mine = undefined
          return position
        }
        if (position === 'locked' && monotonicMs() > lockedUntil) throw heldBySomebody(place, found)
      } else if (found !== 'unreadable' && found.endpoint !== undefined) {
        const joined = await joinUsers({ ...found, endpoint: found.endpoint }, options.keepAlive)
        if (typeof joined === 'object') return { kind: 'member', membership: joined }
        if (joined === 'silent') throw heldBySomebody(place, found)
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
  const holder: Holder = { ...thisProcess(), instance }
  if (!claim(place, holder, stale)) return 'taken'
  const report = await engine.open(options.port)
  if (report.kind === 'listening') {
    const endpoint = `http://127.0.0.1:${report.port}`
    updateLock(place.lock, { ...holder, endpoint })
    return { kind: 'holder', engine, endpoint }
  }
  releaseLock(place.lock, instance)
  if (report.reason !== 'locked') throw engineFailure(report, options.port, place.folder)
  // The database knows better: the holder that we took for gone is there, perhaps in a container that hides it from us.
  if (stale !== undefined) claimLock(place.lock, stale, undefined)
  return 'locked'
}

function newEngine(options: SettleOptions): Spare {
  const instance = randomUUID()
  return { instance, engine: options.start(instance) }
}

function look(place: StorePlace): ReturnType<typeof readLock> {
  try {
    return readLock(place.lock)
  } catch (cause) {
    throw unusable(place.folder, cause)
  }
}

function claim(place: StorePlace, holder: Holder, stale: Holder | undefined): boolean {
  try {
    return claimLock(place.lock, holder, stale)
  } catch (cause) {
    throw unusable(place.folder, cause)
  }
}

function watch({ startingMs, endingMs }: Patience): (found: Holder) => boolean {
  const since = new Map<string, number>()
  return ({ instance, endpoint }) => {
    const key = `${instance} ${endpoint}`
    const first = since.get(key) ?? monotonicMs()
    since.set(key, first)
    return monotonicMs() - first > (endpoint === undefined ? startingMs : endingMs)
  }
}

function heldBySomebody(place: StorePlace, holder: Holder | undefined): DynamoxError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`
  return new DynamoxError('conflict', `the local store ${place.folder} is in use by ${who}, which does not answer`, {
    hint: 'end that process (or let it go on, when it was stopped), then try again',
  })
}
