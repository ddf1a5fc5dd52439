import type { Clock } from './clock.ts'
import type { Deadlines } from './deadlines.ts'

/** All changing requests of a run pass through the gate, which limits concurrent requests and requests per second. */
export interface Gate {
  /** Waits for a free place and for the current rate, sends, and adjusts the rate by the answer. */
  pass<T>(send: () => Promise<T>, wasThrottled: (answer: T) => boolean, signal?: AbortSignal): Promise<T>
  /** The current requests per second, when throttling has slowed the run down and the user should be told. */
  news(): number | undefined
}

/**
 * How many requests are under way at once. Measured: a search between 2 and 64 for the number at which a target answers
 * fastest saved no time on dynalite, dynoxide and DynamoDB Local, and 0.3 s for 200 tables on ExtendDB.
 */
export const places = 10
/** After this many milliseconds without an answer, a request gives up its place to another one. */
const patienceMs = 1_000

export function createGate(clock: Clock, deadlines: Deadlines): Gate {
  const limiter = createLimiter(clock, { rate: Number.POSITIVE_INFINITY, burst: 4 })
  const queue: (() => void)[] = []
  let taken = 0

  const leave = () => {
    taken -= 1
    while (taken < places && queue.length > 0) {
      taken += 1
      queue.shift()?.()
    }
  }
  const enter = async () => {
    if (taken < places) {
      taken += 1
      return
    }
    await new Promise<void>(resolve => {
      queue.push(resolve)
    })
  }
  return {
    async pass(send, wasThrottled, signal) {
      await enter()
      let isLent = false
      let stopWatching = () => {}
      try {
        await limiter.take(signal)
        const startedAt = clock.now()
        // A few requests that are never answered must not block all others.
        stopWatching = deadlines.add(startedAt + patienceMs, () => {
          isLent = true
          leave()
        })
        const answer = await send()
        limiter.answered(startedAt, wasThrottled(answer))
        return answer
      } finally {
        stopWatching()
        if (!isLent) leave()
      }
    },
    news: limiter.news,
  }
}

export interface LimiterOptions {
  /** The initial requests per second; `Infinity` means no limit until the first refusal. */
  readonly rate: number
  /** How many requests may go out together after a pause. */
  readonly burst: number
}

/** The rate of requests that the tables of a run share. It slows down when DynamoDB throttles, and recovers. */
export interface Limiter {
  /** The time at which the next request may be sent; it may be now. */
  readyAt(): number
  /** Takes `count` requests off the budget. */
  spend(count?: number): void
  /** Waits until a request may be sent, and spends one. */
  take(signal?: AbortSignal): Promise<void>
  /** Learns from the answer to a request that went out at `sentAt`. */
  answered(sentAt: number, wasThrottled: boolean): void
  /**
   * The rate to report to the user: set once per slowdown, and again every few seconds while no request is accepted.
   */
  news(): number | undefined
  /** The current requests per second. */
  rate(): number
}

const leastRate = 8
const mostRate = 1_000
/**
 * A round of answers ends after `leastMs` when there are `enough`, else after `mostMs`; never with less than `fewest`, as
 * few answers show chance.
 */
const round = { leastMs: 250, enough: 32, mostMs: 1_000, fewest: 16 }
/**
 * Above this share of refusals in a round, requests are sent too fast. It is high, because a target that refuses half of
 * all requests at random is not helped by fewer of them.
 */
const tooMany = 0.7
/** The rate after such a round, as a multiple of the requests that were accepted. */
const overshoot = 1.5
/** From then on, when more than this share is refused, a lower rate is tried: just below what was accepted. */
const tolerance = 0.06
const justBelow = 0.95
/** When this part of the earlier share is still refused at the lower rate, the rate was not the cause. */
const likeBefore = 0.55
/** Above this share of refusals in two rounds, the user is told. */
const worthTelling = 0.5
/** Slow start, after a round in which nothing was accepted: the rate doubles in this time. */
const doublingMs = 250
/** Otherwise the rate first grows by this share per second, and twice as fast after each `quickeningMs`. */
const growth = 0.25
const quickeningMs = 600
/** The same once a lower rate has proved right: then more requests are only a probe. */
const provedGrowth = 0.05
const provedQuickeningMs = 6_000
/** How often to tell the user again while nothing is accepted. */
const silenceMs = 4_000

/**
 * Counts answers in rounds. After a round of refusals, the rate is set to a multiple of what was accepted, as in adaptive
 * throttling; when many are still refused, to just below it, unless that does not help. It then grows faster and faster,
 * as in CUBIC, or doubles after a round in which nothing was accepted, as in TCP slow start.
 * Measured: a token bucket that only halves its rate takes 1.1 times as long at a limit of 40 requests a second, and 12
 * times as long when 5 % of the requests are refused at random.
 */
export function createLimiter(clock: Clock, { rate: firstRate, burst }: LimiterOptions): Limiter {
  let rate = firstRate
  /** How many requests may be sent at once; negative when more were spent. */
  let tokens = burst
  let filledAt = clock.now()
  let turn = Promise.resolve()
  let waiting = 0
  let counted = { from: clock.now(), accepted: 0, refused: 0 }
  let slowedAt = clock.now() - 4_000
  let slowStart = false
  /** The rate before a lower one was tried, kept until the next round shows whether that helps. */
  let trial: { readonly rate: number; readonly share: number } | undefined
  /** Whether the target seems to take only so many requests per second, instead of refusing some at random. */
  let isLimited = false
  /** Whether a lower rate was refused less. */
  let isProved = false
  /** The requests per second that were accepted in the last round, and whether most were refused in it. */
  let accepts = 0
  let wasRefused = false
  let acceptedAt = clock.now()
  let told: { readonly rate: number; readonly at: number } | undefined
  let untold = false

  function fill(): number {
    const now = clock.now()
    const isUnlimited = rate === Number.POSITIVE_INFINITY
    tokens = isUnlimited ? burst : Math.min(burst, tokens + ((now - filledAt) / 1_000) * rate)
    filledAt = now
    return now
  }

  function readyAt(): number {
    const now = fill()
    return tokens >= 1 ? now : now + Math.max(1, (1_000 * (1 - tokens)) / rate)
  }

  function spend(count = 1) {
    fill()
    tokens -= count
  }

  /** Tokens saved or owed at the old rate do not count at the new one. */
  function setRate(to: number, startsWith: number) {
    fill()
    rate = to
    tokens = startsWith
  }

  function begin(now: number) {
    counted = { from: now, accepted: 0, refused: 0 }
  }

  function grow(now: number) {
    // A round with a pause of our own does not show how much the target accepts.
    const passedMs = Math.min(1_000, now - acceptedAt)
    // Beyond 20 s the rate doubles with every answer anyway; an infinite share times no time would not be a number.
    const [share, doubledIn] = isProved ? [provedGrowth, provedQuickeningMs] : [growth, quickeningMs]
    const perSecond = share * 2 ** Math.min(20, (now - slowedAt) / doubledIn)
    const factor = slowStart ? 2 ** (passedMs / doublingMs) : 1 + (perSecond * passedMs) / 1_000
    fill()
    rate = Math.min(mostRate, rate * Math.min(2, factor))
  }

  function judge(now: number) {
    const { from, accepted, refused } = counted
    const seconds = (now - from) / 1_000
    const share = refused / (accepted + refused)
    const tried = trial
    const isTooFast = share > tooMany
    begin(now)
    trial = undefined
    slowStart = accepted === 0 || (slowStart && !isTooFast)
    untold ||= tried !== undefined || (share > worthTelling && wasRefused)
    wasRefused = share > worthTelling
    accepts = accepted / seconds
    const isLikeBefore = tried !== undefined && share >= tried.share * likeBefore
    isProved = !isTooFast && (tried === undefined ? isProved : !isLikeBefore)
    if (tried !== undefined && !isTooFast && isLikeBefore) {
      isLimited = false
      return setRate(tried.rate, 1)
    }
    if (!isTooFast && (!isLimited || share <= tolerance)) return
    if (!isTooFast) trial = { rate, share }
    isLimited = true
    const sent = Math.min(rate, (accepted + refused) / seconds)
    const lower = isTooFast ? overshoot : justBelow
    setRate(Math.max(leastRate, accepted === 0 ? sent / 2 : lower * accepts), 0)
    slowedAt = now
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
      // Only one caller sleeps at a time, and checks the rate again when it wakes: it may have changed in the meantime.
      const mine = turn.then(async () => {
        while (readyAt() > clock.now() && signal?.aborted !== true)
          await clock.sleep(Math.min(250, readyAt() - clock.now()), signal)
        spend()
        waiting -= 1
      })
      turn = mine
      return mine
    },
    answered(sentAt, wasThrottled) {
      const now = clock.now()
      if (!wasThrottled) {
        if (rate !== Number.POSITIVE_INFINITY) grow(now)
        acceptedAt = now
      }
      // Ignore requests sent before the round began; they were sent at another rate.
      if (sentAt < counted.from) return
      if (counted.accepted + counted.refused === 0) begin(sentAt)
      if (wasThrottled) counted.refused += 1
      else counted.accepted += 1
      const answers = counted.accepted + counted.refused
      const isClear = answers >= (counted.accepted > 1 ? round.enough : 2 * round.enough)
      if (answers >= round.fewest && now - counted.from >= (isClear ? round.leastMs : round.mostMs)) judge(now)
    },
    news() {
      const now = clock.now()
      const isDue = told === undefined || now - told.at >= silenceMs
      const isSilent = rate !== Number.POSITIVE_INFINITY && now - acceptedAt >= silenceMs && isDue
      const isSlower = untold && (told === undefined || accepts < told.rate / 2 || now - told.at > 60_000)
      untold = false
      if (!isSilent && !isSlower) return undefined
      told = { rate: isSilent ? rate : accepts, at: now }
      return told.rate
    },
    rate: () => rate,
  }
}

/** How long one throttled request waits; the shared rate slows down the others. */
export const throttledPauseMs = 100

/** Exponential backoff: `first`, multiplied by `factor` with each attempt, up to `most`. */
export function backoff(attempt: number, first: number, most: number, factor = 2): number {
  return Math.min(most, first * factor ** attempt)
}

/**
 * Varies a delay by up to 20 % either way, so that tables and processes do not act at the same moment. Derived from
 * name and time instead of a random number, so that tests in virtual time are repeatable.
 */
export function jitter(ms: number, name: string, now: number): number {
  let hash = 2_166_136_261 ^ Math.floor(now * 1_000)
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619)
  return ms * (0.8 + ((hash >>> 8) % 1_024) / 2_560)
}
