import { setTimeout as sleep } from 'node:timers/promises'

/** Waits `ms` milliseconds; without `ref` the process may end meanwhile. */
export const pause = (ms: number, options: { readonly ref?: boolean } = {}): Promise<void> =>
  sleep(ms, undefined, { ref: options.ref ?? true })

/** Milliseconds that only go forward. */
export const monotonicMs = (): number => performance.now()
