import type { Clock } from './clock.ts'
import type { Deadlines } from './deadlines.ts'

/** The gate that all changing requests of a run pass through: it limits how many are under way, and how many a second. */
export interface Gate {
  /** Waits for a free place and for the current rate, sends, and learns from the answer. */
  pass<T>(send: () => Promise<T>, wasThrottled: (answer: T) => boolean, signal?: AbortSignal): Promise<T>
  /** The requests a second to tell the user about, when throttling has slowed the run down. */
  news(): number | undefined
}

/** A request that is not answered within this time, in milliseconds, lends its place to another one. */
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
        // A few requests that are never answered must not hold up all others.
        stopWatching = deadlines.add(startedAt + patienceMs, () => {
          isLent = true
          leave()
        })
        const answer = await send()
        const throttled = wasThrottled(answer)
        limiter.answered(startedAt, throttled)
        // Only a full gate shows how much the target can do.
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
  /** Requests a second at first; `Infinity` sends without a limit until a refusal sets one. */
  readonly rate: number
  /** How many requests may go out together after a pause. */
  readonly burst: number
}

/** The rate of requests that the tables of a run share. It slows down when DynamoDB throttles, and recovers. */
export interface Limiter {
  /** When the next request may go out: now, or later. */
  readyAt(): number
  /** Takes `count` requests off the budget. */
  spend(count?: number): void
  /** Waits for its turn and takes it. */
  take(signal?: AbortSignal): Promise<void>
  /** Learns from the answer to a request that went out at `sentAt`. */
  answered(sentAt: number, wasThrottled: boolean): void
  /** The rate to tell the user about: set once for each slowdown, and again every few seconds while nothing gets through. */
  news(): number | undefined
  /** Requests a second at this moment. */
  rate(): number
}

const leastRate = 2
const mostRate = 1_000
/** A round of answers ends after `leastMs` when there are `enough`, else after `mostMs`; never with less than `fewest`. */
const round = { leastMs: 250, enough: 32, mostMs: 1_000, fewest: 4 }
/** So few refusals in a round are chance. */
const fewRefusals = 2
/** A share of refusals that is higher than usual by this much shows that requests are sent too fast. */
const tolerance = 0.2
/** A larger share calls for a lower rate in any case. */
const nearlyAll = 0.7
/** At the right rate, a smaller share than this is refused. */
const someLeft = 0.1
/** How many lower rates are tried: the first may rest on a reserve that the target has used up since. */
const trialRounds = 2
/** Slow start, after a round that showed no rate to go by: the rate doubles in this time. */
const doublingMs = 250
/** Otherwise it grows by so much a second at first, and twice as fast with each second. */
const growth = 0.05
/** How often to tell the user again while nothing is accepted. */
const silenceMs = 4_000

/**
 * Counts answers in rounds. A round with many refusals slows down to just below what was accepted in it. The next
 * round is the test: if about the same share is refused at the lower rate, then the rate is not the cause (a target
 * that throttles at random, say), and the old rate comes back. Otherwise the rate grows, slowly near the limit and
 * ever faster, as in CUBIC; after a round in which nothing was accepted it doubles as in TCP's slow start.
 */
export function createLimiter(clock: Clock, { rate: firstRate, burst }: LimiterOptions): Limiter {
  let rate = firstRate
  /** How many requests may go out at once; below zero when more were taken. */
  let tokens = burst
  let filledAt = clock.now()
  let turn = Promise.resolve()
  let waiting = 0
  let counted = { from: clock.now(), accepted: 0, refused: 0 }
  /** The rate before a slowdown, until the next rounds have shown whether it helps. */
  let trial: { readonly rate: number; readonly share: number; readonly rounds: number } | undefined
  /** The share of refusals that a lower rate did not change. */
  let usual = 0
  let slowedAt = clock.now() - 4_000
  let slowStart = false
  /** Nothing was accepted in the last round, so nothing is known of what the target takes. */
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
    // A pause of our own does not show how much the target accepts.
    const passedMs = Math.min(1_000, now - acceptedAt)
    const perSecond = growth * 2 ** ((now - slowedAt) / 1_000)
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
      // One sleeps at a time, and looks at the rate again when it wakes: it may have changed in the meantime.
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
      // Requests that went out before the round began were sent at another rate.
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

/** How many requests are under way at once. */
export interface Width {
  places(): number
  /** A request was answered after `ms`, while others waited for a place. */
  answered(ms: number): void
}

const levels = [2, 4, 8, 16, 32, 64]
/** A level stays only if its rate is at least this share of the best. */
const stayFrom = 0.85
/** How many measurements pass before a level that was too slow is tried again. */
const patience = 8
/** Old measurements fade: targets warm up, and get slower as they fill. */
const fading = 0.98

/**
 * Some targets get slower with every request beyond the second, others take any number, and a first burst of hundreds
 * would be throttled. So it starts with two places, climbs up and down the levels while the rate of answers stays
 * near the best one seen, and otherwise goes back to that level.
 */
export function createWidth(): Width {
  let level = 0
  let step = 1
  let rest = 0
  /** Answers a millisecond at each level, as last measured. */
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

/** How long one throttled request steps aside; the rate that all share does the rest. */
export const throttledPauseMs = 100

/** `first` doubling (or growing by `factor`) with each attempt up to `most`. */
export function backoff(attempt: number, first: number, most: number, factor = 2): number {
  return Math.min(most, first * factor ** attempt)
}

/**
 * Spreads a delay by a fifth either way, so that tables (and processes) do not move in step. Derived from name and
 * time instead of chance, so that tests in virtual time are repeatable.
 */
export function jitter(ms: number, name: string, now: number): number {
  let hash = 2_166_136_261 ^ Math.floor(now * 1_000)
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619)
  return ms * (0.8 + ((hash >>> 8) % 1_024) / 2_560)
}
