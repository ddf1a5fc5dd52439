import { createBell } from './bell.ts'
import type { Clock } from './clock.ts'

/** Deadlines of many waits, under one timer. */
export interface Deadlines {
  /** Calls `expire` at `at`, by the clock, unless what it returns is called before. */
  add(at: number, expire: () => void): () => void
}

interface Entry {
  readonly at: number
  readonly expire: () => void
}

/** It does nothing, and holds nothing, while nobody waits. */
export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>()
  const bell = createBell(clock)
  let next = Number.POSITIVE_INFINITY
  let watching = false

  async function watch() {
    watching = true
    while (entries.size > 0) {
      await bell.until(next)
      if (clock.now() >= next) expireAll()
    }
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

  return {
    add(at, expire) {
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
    },
  }
}
