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

const leastRate = 2
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

  const spacing = () => 1_000 / rate
  const readyAt = () =>
    rate === Number.POSITIVE_INFINITY ? clock.now() : Math.max(clock.now(), freeAt - (burst - 1) * spacing())
  const spend = (count = 1) => {
    if (rate === Number.POSITIVE_INFINITY) return
    freeAt = Math.max(clock.now(), freeAt) + count * spacing()
  }
  return {
    readyAt,
    spend,
    async take(signal) {
      const at = readyAt()
      spend()
      if (at > clock.now()) await clock.sleep(at - clock.now(), signal)
    },
    succeeded() {
      const now = clock.now()
      if (now - windowFrom > observationMs) {
        windowFrom = now
        inWindow = 0
      }
      inWindow += 1
      if (rate !== Number.POSITIVE_INFINITY) rate = Math.min(most, rate + Math.max(0.2, rate * 0.005))
    },
    throttled() {
      const now = clock.now()
      if (now - throttledAt < sameRefusalMs) return
      throttledAt = now
      // Nothing was known yet: what got through of late is the best guess of what AWS takes.
      const seen = rate === Number.POSITIVE_INFINITY ? inWindow / Math.max(0.5, (now - windowFrom) / 1_000) : rate
      rate = Math.max(leastRate, seen / 2)
      freeAt = Math.max(freeAt, now) + burst * spacing()
    },
    rate: () => rate,
  }
}
