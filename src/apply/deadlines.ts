import { setMaxListeners } from 'node:events'
import { createBell } from './bell.ts'
import type { Clock } from './clock.ts'

/** Deadlines of many waits, under one timer. */
export interface Deadlines {
  /** Calls `expire` at `at`, by the clock, unless what it returns is called before. */
  add(at: number, expire: () => void): () => void
  /** A signal that aborts at `at` or shortly after; whatever ends at about the same time shares one. */
  signalAt(at: number): { readonly signal: AbortSignal; release(): void }
}

/** Signals that abort within so many milliseconds are one: making one for each request takes longer than it helps. */
const togetherMs = 250

interface Entry {
  readonly at: number
  readonly expire: () => void
}

interface Shared {
  readonly signal: AbortSignal
  users: number
  readonly forget: () => void
}

/** It does nothing, and holds nothing, while nobody waits. */
export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>()
  const signals = new Map<number, Shared>()
  const bell = createBell(clock)
  let next = Number.POSITIVE_INFINITY
  let watching = false

  async function watch() {
    watching = true
    while (entries.size > 0) {
      await bell.until(next)
      if (clock.now() >= next) expireAll()
    }
    bell.rest()
    watching = false
    next = Number.POSITIVE_INFINITY
  }

  function expireAll() {
    const now = clock.now()
    next = Number.POSITIVE_INFINITY
    for (const entry of [...entries]) {
      if (entry.at > now) next = Math.min(next, entry.at)
      else if (entries.delete(entry)) entry.expire()
    }
  }

  function add(at: number, expire: () => void) {
    const entry = { at, expire }
    entries.add(entry)
    if (at < next) {
      next = at
      bell.ring()
    }
    if (!watching) void watch()
    return () => {
      // The last one to leave lets the timer go.
      if (entries.delete(entry) && entries.size === 0) bell.ring()
    }
  }

  function shared(at: number): Shared {
    const known = signals.get(at)
    if (known !== undefined) return known
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const forget = add(at, () => controller.abort('late'))
    const made = { signal: controller.signal, users: 0, forget }
    signals.set(at, made)
    return made
  }

  return {
    add,
    signalAt(at) {
      const together = Math.ceil(at / togetherMs) * togetherMs
      const one = shared(together)
      one.users += 1
      return {
        signal: one.signal,
        release() {
          one.users -= 1
          if (one.users > 0) return
          signals.delete(together)
          one.forget()
        },
      }
    },
  }
}
