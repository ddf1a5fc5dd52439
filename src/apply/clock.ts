import { hrtime } from 'node:process'

/** Time, as far as waiting needs it. Tests put a virtual one in its place. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number
  /** Resolves after `ms` (some 24 days at most), or as soon as `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** The time of day in epoch milliseconds, for "not before" times that AWS names; the system's when left out. */
  epoch?(): number
}

/** A timer holds 31 bits of milliseconds; beyond that Node fires it at once. */
export const longestTimerMs = 2 ** 31 - 1

/**
 * The real clock: monotonic, so a laptop's clock adjustment never ends a wait early. (`performance.now()` would do as
 * well, but touching `performance` makes Node load a dozen modules.)
 */
export const systemClock: Clock = {
  now() {
    const [seconds, nanoseconds] = hrtime()
    return seconds * 1_000 + nanoseconds / 1_000_000
  },
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(ms, longestTimerMs))
      signal?.addEventListener('abort', done, { once: true })
    }),
  epoch: () => Date.now(),
}

/** The time of day, by the clock where it knows it. */
export function epochOf(clock: Clock): number {
  return clock.epoch?.() ?? Date.now()
}
