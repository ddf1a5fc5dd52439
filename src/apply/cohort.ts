import { firstPollMs, pollDelay } from './pace.ts'

/** One table in a cohort, as far as choosing whom to look at next goes. */
export interface Member {
  readonly startedAt: number
  /** Not to be looked at before. */
  dueAt: number
  /** Nothing is known of it yet: its first look is free. */
  unseen: boolean
}

/** Up to so many tables are each polled on their own; more share one sentinel. */
const fewTables = 4
/** Looks that one success pays for: 1.5 keeps the whole at less than two and a half calls a table, whatever happens. */
const looksPerSuccess = 1.5
const samplesKept = 32

/**
 * Tables that wait for the same kind of work, oldest first. One of them, the sentinel, is looked at now and then;
 * the others only when something is to be expected: every table found done pays for one or two more looks, so a
 * cohort that turns is swept in a moment, and one that does not costs next to nothing.
 */
export interface Cohort<M extends Member> {
  add(member: M): void
  /** Takes a member out: for a look, or for good. */
  remove(member: M): void
  /** A look begins; its member is out of the cohort until it is put back. */
  looked(now: number, paid: boolean): void
  /** A look is over, whatever it found. */
  returned(): void
  /** Puts a member back after a look that found it unfinished. */
  missed(member: M, dueAt: number): void
  /** A member was found done `ageMs` after its start; `missedAgeMs`: when it was last seen unfinished, if ever. */
  succeeded(ageMs: number, missedAgeMs: number | undefined): void
  /** No more sweeping: reads are being throttled. */
  calm(): void
  /** Whom to look at next, and when. */
  next(now: number): { readonly member: M; readonly at: number; readonly paid: boolean } | undefined
  delayFor(ageMs: number): number
}

export function createCohort<M extends Member>(leastMs: number): Cohort<M> {
  const waiting = new Set<M>()
  const samples: number[] = []
  let credits = 0
  let sentinelAt = Number.NEGATIVE_INFINITY
  let learnedMs = firstPollMs
  let looking = 0
  let unseen = 0

  // A table that comes back goes to the end of the set, so that all take turns at being the sentinel.
  return {
    add(member) {
      if (member.unseen) unseen += 1
      waiting.add(member)
    },
    remove(member) {
      if (waiting.delete(member) && member.unseen) unseen -= 1
    },
    missed(member, dueAt) {
      member.dueAt = dueAt
      waiting.add(member)
    },
    succeeded(ageMs, missedAgeMs) {
      credits = Math.min(credits + looksPerSuccess, waiting.size)
      samples.push(missedAgeMs === undefined ? 0.8 * ageMs : (ageMs + missedAgeMs) / 2)
      if (samples.length > samplesKept) samples.shift()
      // The quicker ones set the pace: a look before that is in vain for nearly all.
      learnedMs = 0.9 * (samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 8)] ?? 0)
    },
    calm() {
      credits = 0
    },
    next(now) {
      const few = waiting.size + looking <= fewTables
      const firstLookMs = few ? Math.min(firstPollMs, learnedMs) : learnedMs
      let soonest: { member: M; at: number; paid: boolean } | undefined
      const consider = (member: M, at: number, paid: boolean) => {
        if (soonest === undefined || at < soonest.at) soonest = { member, at, paid }
      }
      for (const member of waiting) {
        const { startedAt, unseen: free } = member
        const dueAt = free ? member.dueAt : Math.max(member.dueAt, startedAt + firstLookMs)
        if (few || free) consider(member, dueAt, false)
        else if (credits >= 1) consider(member, dueAt, true)
        else consider(member, Math.max(dueAt, sentinelAt + pollDelay(now - startedAt, leastMs)), false)
        if (soonest !== undefined && soonest.at <= now) break
        // Nobody comes before the sentinel's turn, and this is the first who may take it.
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
    delayFor: ageMs => pollDelay(ageMs, leastMs),
  }
}
