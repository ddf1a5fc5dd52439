import type { Clock } from './clock.ts'
import type { Deadlines } from './deadlines.ts'

/** All changing requests of a run pass through the gate, which limits concurrent requests and requests per second. */
export interface Gate {
  /** Waits for a free place and for the current rate, sends, and adjusts both by the answer. */
  pass<T>(send: () => Promise<T>, wasThrottled: (answer: T) => boolean, signal?: AbortSignal): Promise<T>
  /** The current requests per second, when throttling has slowed the run down and the user should be told. */
  news(): number | undefined
}

/** After this many milliseconds without an answer, a request gives up its place to another one. */
const patienceMs = 1_000

export function createGate(clock: Clock, deadlines: Deadlines): Gate {
  const limiter = createLimiter(clock, { rate: Number.POSITIVE_INFINITY, burst: 4 })
  const width = createWidth()
  const queue: (() => void)[] = []
  let taken = 0

  const leave = () => {
    taken -= 1
    while (taken < width.places() && queue.length > 0) {
      taken += 1
      queue.shift()?.()
    }
  }
  const enter = async () => {
    if (taken < width.places()) {
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
        const throttled = wasThrottled(answer)
        limiter.answered(startedAt, throttled)
        // Measure only while the gate is full; otherwise the target is not at its limit.
        if (!throttled && queue.length > 0) width.answered(clock.now() - startedAt)
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

const leastRate = 2
const mostRate = 1_000
/** A round of answers ends after `leastMs` when there are `enough`, else after `mostMs`; never with less than `fewest`. */
const round = { leastMs: 250, enough: 32, mostMs: 1_000, fewest: 4 }
/** Up to this many refusals in a round are treated as chance. */
const fewRefusals = 2
/** When the share of refusals exceeds the usual share by this much, requests are sent too fast. */
const tolerance = 0.2
/** Above this share of refusals, the rate is always lowered. */
const nearlyAll = 0.7
/** Below this share of refusals, the rate is considered right. */
const someLeft = 0.1
/** How many lower rates are tried; the first may be based on burst capacity that the target has used up. */
const trialRounds = 2
/** Slow start, after a round in which nothing was accepted: the rate doubles in this time. */
const doublingMs = 250
/** Otherwise the rate first grows by this share per second, and twice as fast with each further second. */
const growth = 0.05
/** How often to tell the user again while nothing is accepted. */
const silenceMs = 4_000

/**
 * Counts answers in rounds. After a round with many refusals, the rate drops to just below what was accepted. If the
 * same share is still refused in the next round, the rate was not the cause (the target may throttle at random), and
 * the old rate is restored. Otherwise the rate grows faster and faster, as in CUBIC; after a round in which nothing was
 * accepted it doubles, as in TCP slow start.
 */
export function createLimiter(clock: Clock, { rate: firstRate, burst }: LimiterOptions): Limiter {
  let rate = firstRate
  /** How many requests may be sent at once; negative when more were spent. */
  let tokens = burst
  let filledAt = clock.now()
  let turn = Promise.resolve()
  let waiting = 0
  let counted = { from: clock.now(), accepted: 0, refused: 0 }
  /** The rate before a slowdown, kept until the next rounds show whether the slowdown helps. */
  let trial: { readonly rate: number; readonly share: number; readonly rounds: number } | undefined
  /** The share of refusals that remained at a lower rate. */
  let usual = 0
  let slowedAt = clock.now() - 4_000
  let slowStart = false
  /** Nothing was accepted in the last round, so the rate that the target accepts is unknown. */
  let isBlind = false
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
    const perSecond = growth * 2 ** Math.min(20, (now - slowedAt) / 1_000)
    const factor = slowStart ? 2 ** (passedMs / doublingMs) : 1 + (perSecond * passedMs) / 1_000
    fill()
    rate = Math.min(mostRate, rate * Math.min(2, factor))
  }

  function judge(now: number) {
    const { from, accepted, refused } = counted
    const seconds = (now - from) / 1_000
    const share = refused / (accepted + refused)
    begin(now)
    usual *= 0.97
    const tried = trial
    trial = undefined
    const wasBlind = isBlind
    isBlind = accepted === 0
    const isUnchanged = tried !== undefined && refused > fewRefusals && share < nearlyAll && share >= someLeft
    if (isUnchanged && tried.rounds === trialRounds) {
      usual = Math.max(share, tried.share)
      return setRate(tried.rate, 1)
    }
    if (tried !== undefined && !isUnchanged) untold = true
    if (!isUnchanged && (refused <= fewRefusals || share <= usual + tolerance)) return
    trial = isUnchanged ? { ...tried, rounds: tried.rounds + 1 } : { rate, share, rounds: 1 }
    slowStart = isBlind || wasBlind
    const sent = Math.min(rate, (accepted + refused) / seconds)
    setRate(Math.max(leastRate, slowStart ? sent / 2 : (0.9 * accepted) / seconds), 0)
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
      if (rate === Number.POSITIVE_INFINITY) return undefined
      const isSilent = now - acceptedAt >= silenceMs && (told === undefined || now - told.at >= silenceMs)
      const isSlower = untold && (told === undefined || rate < told.rate / 2 || now - told.at > 60_000)
      untold = false
      if (!isSilent && !isSlower) return undefined
      told = { rate, at: now }
      return rate
    },
    rate: () => rate,
  }
}

/** The number of concurrent requests. */
export interface Width {
  places(): number
  /** A request was answered after `ms`, while others waited for a place. */
  answered(ms: number): void
}

const levels = [2, 4, 8, 16, 32, 64]
/** A level stays only if its rate is at least this share of the best. */
const stayFrom = 0.85
/** How many measurements are taken before a level that was too slow is tried again. */
const patience = 8
/** Old measurements lose weight: targets warm up, and slow down as they fill. */
const fading = 0.98

/**
 * Finds the number of concurrent requests at which a target answers fastest. It starts with two, since a first burst of
 * hundreds would be throttled and some targets slow down beyond two. It tries neighbouring levels while the rate of
 * answers stays near the best one, and otherwise returns to the best level.
 */
export function createWidth(): Width {
  let level = 0
  let step = 1
  let rest = 0
  /** Answers per millisecond at each level, as last measured. */
  let rates = levels.map(() => 0)
  let answers = 0
  let totalMs = 0

  const placesAt = (at: number) => levels[at] ?? 1
  const measured = (rate: number) => {
    rates = rates.map((each, at) => (at === level ? rate : each * fading))
    const best = Math.max(...rates)
    if (rate < stayFrom * best) {
      level = rates.indexOf(best)
      step = -step
      rest = patience
    } else if (rest > 0) rest -= 1
    else {
      if (level + step < 0 || level + step >= levels.length) step = -step
      level += step
    }
  }
  return {
    places: () => placesAt(level),
    answered(ms) {
      answers += 1
      totalMs += ms
      const places = placesAt(level)
      if (answers < 2 * places) return
      const rate = (places * answers) / Math.max(0.001, totalMs)
      answers = 0
      totalMs = 0
      measured(rate)
    },
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
