import { hrtime } from 'node:process'

/** The time functions that waiting needs. Tests use a virtual clock. */
export interface Clock {
  /** Milliseconds from an arbitrary start: only differences are meaningful. */
  now(): number
  /** Resolves after `ms` (at most 24 days), or as soon as `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** The time of day in epoch milliseconds, for "not before" times from AWS; the system's by default. */
  epoch?(): number
}

/** Node fires a timer longer than 31 bits of milliseconds immediately. */
export const longestTimerMs = 2 ** 31 - 1

/**
 * The real clock. It is monotonic, so that changing the system clock does not end a wait early. (`performance.now()` is
 * monotonic too, but makes Node load a dozen modules.)
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

/** The time of day by this clock. */
export function epochOf(clock: Clock): number {
  return clock.epoch?.() ?? Date.now()
}
