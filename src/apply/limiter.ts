import type { Clock } from './clock.ts'

export interface LimiterOptions {
  /** Requests a second to begin with; `Infinity` until the first refusal shows where the limit lies. */
  readonly rate: number
  /** The most that it grows to. */
  readonly most?: number | undefined
  /** How many may go at once after a pause. */
  readonly burst?: number | undefined
}

/** A rate that is shared by all tables of a run: it slows down when AWS throttles and recovers as requests succeed. */
export interface Limiter {
  /** When the next request may go: now, or later. */
  readyAt(): number
  /** Takes `count` requests off the budget. */
  spend(count?: number): void
  /** Waits for its turn and takes it. */
  take(signal?: AbortSignal): Promise<void>
  succeeded(): void
  throttled(): void
  /** Requests a second at this moment. */
  rate(): number
}

const leastRate = 1
/** Answers to requests that were on their way together count as one refusal. */
const sameRefusalMs = 500
const observationMs = 2_000

export function createLimiter(clock: Clock, options: LimiterOptions): Limiter {
  const { most = 1_000, burst = 16 } = options
  let rate = options.rate
  let freeAt = clock.now()
  let throttledAt = Number.NEGATIVE_INFINITY
  let windowFrom = clock.now()
  let inWindow = 0
  let turn = Promise.resolve()
  let waiting = 0
  /** Where throttling set in last: approached quickly up to nine tenths, and carefully beyond. */
  let ceiling = Number.POSITIVE_INFINITY

  const growth = () => {
    if (ceiling === Number.POSITIVE_INFINITY) return 0.01
    return rate < 0.9 * ceiling ? 0.005 : 0.0005
  }
  const spacing = () => 1_000 / rate
  const readyAt = () => {
    const now = clock.now()
    return rate === Number.POSITIVE_INFINITY ? now : Math.max(now, freeAt - (burst - 1) * spacing())
  }
  const spend = (count = 1) => {
    if (rate !== Number.POSITIVE_INFINITY) freeAt = Math.max(clock.now(), freeAt) + count * spacing()
  }
  return {
    readyAt,
    spend,
    take(signal) {
      if (readyAt() <= clock.now() && waiting === 0) {
        spend()
        return Promise.resolve()
      }
      waiting += 1
      // One sleeps at a time, and looks at the rate again when it wakes: it may have changed meanwhile.
      const mine = turn.then(async () => {
        while (readyAt() > clock.now() && signal?.aborted !== true) await clock.sleep(readyAt() - clock.now(), signal)
        spend()
        waiting -= 1
      })
      turn = mine
      return mine
    },
    succeeded() {
      const now = clock.now()
      if (now - windowFrom > observationMs) {
        windowFrom = now
        inWindow = 0
      }
      inWindow += 1
      if (rate !== Number.POSITIVE_INFINITY) rate = Math.min(most, rate * (1 + growth()))
    },
    throttled() {
      const now = clock.now()
      if (now - throttledAt < sameRefusalMs) return
      throttledAt = now
      if (rate === Number.POSITIVE_INFINITY) {
        // What got through of late is a guess to begin with, mostly too low: a first burst is throttled at any rate.
        rate = inWindow / Math.max(0.5, (now - windowFrom) / 1_000)
      } else ceiling = rate
      rate = Math.max(leastRate, 0.7 * rate)
      freeAt = now + burst * spacing()
    },
    rate: () => rate,
  }
}
