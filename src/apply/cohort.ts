/** The facts about one waiting table that choosing the next look needs. A look is one DescribeTable call. */
export interface Member {
  readonly startedAt: number
  /** The earliest time for its next look. */
  dueAt: number
  /** It has not been seen yet; its first look needs no budget. */
  unseen: boolean
}

/** Up to this many tables are polled individually; more tables share one sentinel. */
const fewTables = 4
/** How many looks each finished table adds to the budget; this keeps the total below two per table. */
const looksPerSuccess = 1.8
const samplesKept = 32

/**
 * A cohort holds the tables that wait for the same kind of work, oldest first. Only one of them, the sentinel, is
 * polled. Each table found done adds almost two looks at other tables to the budget. So a cohort that finishes is read
 * quickly, and one that does not finish costs very few calls.
 */
export interface Cohort<M extends Member> {
  add(member: M): void
  /** Takes a member out: for a look, or for good. */
  remove(member: M): void
  /** A look starts; its member stays out of the cohort until `missed` puts it back. */
  looked(now: number, paid: boolean): void
  /** A look has ended, with any result. */
  returned(): void
  /** Puts a member back after a look that found it unfinished. */
  missed(member: M, dueAt: number): void
  /** A member was found done `ageMs` after its start; `missedAgeMs`: when it was last seen unfinished, if ever. */
  succeeded(ageMs: number, missedAgeMs: number | undefined): void
  /** A look was throttled, and has shown nothing: it costs no budget, and the sentinel may be polled again. */
  refund(paid: boolean): void
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
  /** The observed durations: most tables take at least `usualMs`, nearly all at most `mostMs`. */
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
      // The last age at which it was unfinished is a fact; the age at which it was found done depends on when we
      // looked.
      remember(atLeast, missedAgeMs ?? 0)
      learned = { usualMs: quantile(durations, 0.4), mostMs: quantile(atLeast, 0.95) }
    },
    refund(paid) {
      if (paid) credits += 1
      else sentinelAt = Number.NEGATIVE_INFINITY
    },
    next(now) {
      const few = isFew()
      // All members get the same time; otherwise the oldest would never get their turn.
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
        // No other look is due before the sentinel's turn, and this is the first member that can be the sentinel.
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

/** The delay between a request and the first look. */
const firstPollMs = 50
/** The polling interval for work that takes a few seconds. */
const steadyMs = 200
const longestMs = 15_000

/**
 * The delay before the next look: short at first, 200 ms for work of a few seconds, then 1/25 of the elapsed time. It
 * grows faster until `leastMs` (the least that AWS needs), so that an index build does not cost thousands of calls.
 */
function pollDelay(ageMs: number, leastMs: number): number {
  const usual = Math.max(Math.min(steadyMs, Math.max(firstPollMs, ageMs)), ageMs / 25)
  const early = leastMs > 3_500 && ageMs < 0.8 * leastMs
  return Math.min(longestMs, early ? Math.max(usual, ageMs / 4) : usual)
}
