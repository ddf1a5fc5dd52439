/** How soon a table is looked at after something was asked for. */
export const firstPollMs = 50
/** Where polling settles for work of a few seconds. */
const steadyMs = 200
const longestMs = 15_000

/**
 * How long to let pass before a table is looked at again. Fast at first, 200 ms for work of a few seconds, then a
 * twenty-fifth of the time that has passed already; while AWS is known to be far from done (`leastMs`) it grows
 * faster, so that an index build does not cost thousands of calls.
 */
export function pollDelay(ageMs: number, leastMs: number): number {
  const usual = Math.max(Math.min(steadyMs, Math.max(firstPollMs, ageMs)), ageMs / 25)
  const early = leastMs > 3_500 && ageMs < 0.8 * leastMs
  return Math.min(longestMs, early ? Math.max(usual, ageMs / 4) : usual)
}

/** How long one throttled request steps aside; the rate that all share does the rest. */
export const throttledPauseMs = 100

/** `first` doubling (or growing by `factor`) with each attempt up to `most`. */
export function backoff(attempt: number, first: number, most: number, factor = 2): number {
  return Math.min(most, first * factor ** attempt)
}

/**
 * Spreads a delay by a fifth either way, so that tables (and processes) do not move in step. Drawn from what is at
 * hand, not from chance, so that waiting in virtual time can be repeated.
 */
export function jitter(ms: number, name: string, now: number): number {
  let hash = 2_166_136_261 ^ Math.floor(now * 1_000)
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619)
  return ms * (0.8 + ((hash >>> 8) % 1_024) / 2_560)
}
