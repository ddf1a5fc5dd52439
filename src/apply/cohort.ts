/** One waiting table, as far as choosing the next look needs it. */
export interface Member {
  readonly startedAt: number
  /** Not to be looked at before. */
  dueAt: number
  /** Nothing is known of it yet: its first look is free. */
  unseen: boolean
}

/** Up to so many tables are polled one by one; more share one sentinel. */
const fewTables = 4
/** How many looks one success pays for: less than two per table in total. */
const looksPerSuccess = 1.8
const samplesKept = 32

/**
 * A cohort holds the tables that wait for the same kind of work, oldest first. One of them, the sentinel, is polled;
 * the others are looked at only when tables start to finish: each one found done pays for nearly two more looks. So a
 * cohort that finishes is read in a moment, and one that does not costs next to nothing.
 */
export interface Cohort<M extends Member> {
  add(member: M): void
  /** Takes a member out: for a look, or for good. */
  remove(member: M): void
  /** A look begins; its member stays out of the cohort until it is put back. */
  looked(now: number, paid: boolean): void
  /** A look is over, whatever it found. */
  returned(): void
  /** Puts a member back after a look that found it unfinished. */
  missed(member: M, dueAt: number): void
  /** A member was found done `ageMs` after its start; `missedAgeMs`: when it was last seen unfinished, if ever. */
  succeeded(ageMs: number, missedAgeMs: number | undefined): void
  /** Reads are throttled: only the sentinel is polled. */
  calm(): void
  /** The next table to look at, and when. */
  next(now: number): { readonly member: M; readonly at: number; readonly paid: boolean } | undefined
  delayFor(ageMs: number): number
}

export function createCohort<M extends Member>(leastMs: number): Cohort<M> {
  const waiting = new Set<M>()
  const durations: number[] = []
  const atLeast: number[] = []
  let credits = 0
  let sentinelAt = Number.NEGATIVE_INFINITY
  /** How long most of them take at least, and nearly all of them at most, as far as is known. */
  let learned: { readonly usualMs: number; readonly mostMs: number } = { usualMs: firstPollMs, mostMs: 0 }
  let looking = 0
  let unseen = 0
  let youngest = Number.NEGATIVE_INFINITY

  const isFew = () => waiting.size + looking <= fewTables

  // A table that is put back goes to the end of the set, so that all take turns as the sentinel.
  return {
    add(member) {
      if (member.unseen) unseen += 1
      youngest = Math.max(youngest, member.startedAt)
      waiting.add(member)
    },
    remove(member) {
      if (waiting.delete(member) && member.unseen) unseen -= 1
    },
    missed(member, dueAt) {
      if (member.unseen) unseen += 1
      member.dueAt = dueAt
      waiting.add(member)
    },
    succeeded(ageMs, missedAgeMs) {
      credits = Math.min(credits + looksPerSuccess, waiting.size)
      remember(durations, missedAgeMs === undefined ? 0.8 * ageMs : (ageMs + missedAgeMs) / 2)
      // The age at which it was last seen unfinished is certain; when it finished depends on when we looked.
      remember(atLeast, missedAgeMs ?? 0)
      learned = { usualMs: quantile(durations, 0.4), mostMs: quantile(atLeast, 0.95) }
    },
    calm() {
      credits = 0
    },
    next(now) {
      const few = isFew()
      // The same time for all; otherwise the oldest would never have their turn.
      const sentinelFrom = sentinelAt + pollDelay(now - youngest, leastMs)
      const firstLookMs = few ? Math.min(firstPollMs, learned.usualMs) : learned.usualMs
      let soonest: { member: M; at: number; paid: boolean } | undefined
      const consider = (member: M, at: number, paid: boolean) => {
        if (soonest === undefined || at < soonest.at) soonest = { member, at, paid }
      }
      for (const member of waiting) {
        const { startedAt, unseen: free } = member
        const dueAt = free ? member.dueAt : Math.max(member.dueAt, startedAt + firstLookMs)
        if (few || free) consider(member, dueAt, false)
        else if (credits >= 1) consider(member, dueAt, true)
        else consider(member, Math.max(dueAt, sentinelFrom), false)
        if (soonest !== undefined && soonest.at <= now) break
        // No look is due before the sentinel's turn, and this is the first member that may take it.
        if (!few && unseen === 0 && credits < 1 && dueAt <= now) break
      }
      return soonest
    },
    looked(now, paid) {
      looking += 1
      if (paid) credits -= 1
      else sentinelAt = now
    },
    returned() {
      looking -= 1
    },
    delayFor(ageMs) {
      const usual = pollDelay(ageMs, leastMs)
      // With many tables every look counts: wait half the time until nearly all are done.
      return isFew() ? usual : Math.max(usual, (learned.mostMs - ageMs) / 2)
    },
  }
}

function remember(samples: number[], value: number): void {
  samples.push(value)
  if (samples.length > samplesKept) samples.shift()
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? 0
}

/** How soon a table is looked at after something was asked for. */
const firstPollMs = 50
/** Where polling settles for work of a few seconds. */
const steadyMs = 200
const longestMs = 15_000

/**
 * How long to let pass before a table is looked at again. Fast at first, 200 ms for work of a few seconds, then a
 * twenty-fifth of the time that has passed already; while AWS is known to be far from done (`leastMs`) it grows
 * faster, so that an index build does not cost thousands of calls.
 */
function pollDelay(ageMs: number, leastMs: number): number {
  const usual = Math.max(Math.min(steadyMs, Math.max(firstPollMs, ageMs)), ageMs / 25)
  const early = leastMs > 3_500 && ageMs < 0.8 * leastMs
  return Math.min(longestMs, early ? Math.max(usual, ageMs / 4) : usual)
}
