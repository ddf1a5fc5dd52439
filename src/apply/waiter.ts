import type { DynamoxError } from '../errors.ts'
import { durations, type WorkName } from '../plan/durations.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { Clock } from './clock.ts'
import { type Cohort, createCohort, type Member } from './cohort.ts'
import { createBell, createDeadlines, type Deadlines } from './deadlines.ts'
import { type Goal, judge } from './goal.ts'
import { backoff, createGate, createLimiter, type Gate, jitter, throttledPauseMs } from './pace.ts'
import { type TableApi, TransientError } from './ports.ts'

export interface WaitRequest {
  readonly name: string
  readonly goal: Goal
  /**
   * The kind of work to wait for; it determines the polling. Tables that wait for the same work are watched together.
   */
  readonly work: WorkName | 'unknown'
  /** Settings outside DescribeTable to read at every look. */
  readonly fields?: readonly FollowUpField[] | undefined
  /** At this time, by the clock, the wait ends with `timeout`. */
  readonly deadline: number
  readonly signal?: AbortSignal | undefined
  /** Whether a table that is not found may still be created. Default `fail`, after a few seconds. */
  readonly missing?: 'wait' | 'fail' | undefined
  /** Called with every description, also when it shows nothing new. */
  readonly onLook?: ((live: LiveTable | undefined) => void) | undefined
  /** A look failed temporarily. */
  readonly onHeld?: ((reason: string, waitMs: number) => void) | undefined
  /** Throttling has slowed the looks down to `requestsPerSecond`. */
  readonly onPace?: ((requestsPerSecond: number) => void) | undefined
  /** Called periodically during a long wait, for one table; `others` counts the other tables still waited for. */
  readonly onStill?: ((others: number) => void) | undefined
}

export type WaitEnd =
  | { readonly kind: 'reached'; readonly live: LiveTable | undefined }
  | { readonly kind: 'never'; readonly error: DynamoxError }
  /** A look failed permanently: access denied, for example. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** `held`: the error of the last look, if it failed. */
  | { readonly kind: 'timeout'; readonly held: TransientError | undefined }
  | { readonly kind: 'interrupted' }

/** Watches all tables of a run, sharing the looks among them and the rates with the senders of requests. */
export interface Waiter {
  until(request: WaitRequest): Promise<WaitEnd>
  /** The gate for requests that change something; each region throttles for itself. */
  gate(region: string | undefined): Gate
  /** For other callers that need a deadline. */
  readonly deadlines: Deadlines
}

/** How often a long wait is reported. */
const stillMs = 30_000
/** The default number of concurrent looks. */
const usualLooks = 16

interface Entry extends Member {
  readonly request: WaitRequest
  readonly cohort: Cohort<Entry>
  readonly end: (end: WaitEnd) => void
  missingSince: number | undefined
  missedAgeMs: number | undefined
  /** Whether a look has succeeded. */
  seen: boolean
  failures: number
  held: TransientError | undefined
  open: boolean
  /** Ends the look in progress, if there is one. */
  look: AbortController | undefined
  readonly forgetDeadline: () => void
}

/**
 * One waiter serves all tables of a run. While nothing waits, it is idle and does not keep the process alive.
 * @param looks the number of concurrent looks.
 */
export function createWaiter(api: TableApi, clock: Clock, looks = usualLooks): Waiter {
  const cohorts = new Map<string, Cohort<Entry>>()
  const entries = new Set<Entry>()
  const watchedSignals = new WeakSet<AbortSignal>()
  const reads = createLimiter(clock, { rate: 250, burst: 64 })
  let looking = 0
  let pumping = false
  const bell = createBell(clock)
  const deadlines = createDeadlines(clock)
  let stillFrom = clock.now()

  function until(request: WaitRequest): Promise<WaitEnd> {
    if (request.signal?.aborted === true) return Promise.resolve({ kind: 'interrupted' })
    return new Promise(resolve => {
      const now = clock.now()
      const cohort = cohortFor(request)
      const entry: Entry = {
        request,
        cohort,
        end: resolve,
        startedAt: now,
        dueAt: now,
        unseen: request.work === 'unknown',
        missingSince: undefined,
        missedAgeMs: undefined,
        seen: false,
        failures: 0,
        held: undefined,
        open: true,
        look: undefined,
        forgetDeadline: deadlines.add(request.deadline, () => finish(entry, { kind: 'timeout', held: entry.held })),
      }
      entries.add(entry)
      cohort.add(entry)
      listen(request.signal)
      bell.ring()
      if (!pumping) {
        stillFrom = now
        void pump()
      }
    })
  }

  function cohortFor({ goal, work }: WaitRequest): Cohort<Entry> {
    const key = `${goal.kind} ${work}`
    const cohort = cohorts.get(key) ?? createCohort<Entry>(durations[work]?.leastMs ?? 0)
    cohorts.set(key, cohort)
    return cohort
  }

  /** One listener for each signal, however many tables share it. */
  function listen(signal: AbortSignal | undefined) {
    if (signal === undefined || watchedSignals.has(signal)) return
    watchedSignals.add(signal)
    signal.addEventListener(
      'abort',
      () => {
        for (const entry of [...entries]) if (entry.request.signal === signal) finish(entry, { kind: 'interrupted' })
      },
      { once: true },
    )
  }

  async function pump() {
    pumping = true
    while (entries.size > 0) {
      tellStill()
      const next = looking < looks ? choose() : undefined
      const at = next === undefined ? Number.POSITIVE_INFINITY : Math.max(next.at, reads.readyAt())
      if (next !== undefined && at <= clock.now()) begin(next.member, next.paid)
      else await bell.until(at)
    }
    bell.rest()
    pumping = false
  }

  function tellStill() {
    const now = clock.now()
    if (now - stillFrom < stillMs) return
    stillFrom = now
    const oldest = [...entries].find(({ startedAt }) => now - startedAt >= stillMs)
    oldest?.request.onStill?.(entries.size - 1)
  }

  function choose() {
    let soonest: ReturnType<Cohort<Entry>['next']>
    for (const cohort of cohorts.values()) {
      const next = cohort.next(clock.now())
      if (next !== undefined && (soonest === undefined || next.at < soonest.at)) soonest = next
    }
    return soonest
  }

  function begin(entry: Entry, paid: boolean) {
    entry.cohort.remove(entry)
    entry.cohort.looked(clock.now(), paid)
    entry.unseen = false
    reads.spend(1 + (entry.request.fields?.length ?? 0))
    looking += 1
    void look(entry, paid).finally(() => {
      looking -= 1
      entry.cohort.returned()
      bell.ring()
    })
  }

  async function look(entry: Entry, paid: boolean) {
    const { name, fields } = entry.request
    const stop = new AbortController()
    entry.look = stop
    const sentAt = clock.now()
    const answered = () => {
      entry.look = undefined
    }
    try {
      const live = await api.describe(name, fields, { signal: stop.signal }).finally(answered)
      reads.answered(sentAt, false)
      entry.held = undefined
      entry.seen = true
      entry.failures = 0
      consider(entry, live)
    } catch (error) {
      failed(entry, error, sentAt, paid)
    }
  }

  function consider(entry: Entry, live: LiveTable | undefined) {
    const { request, cohort } = entry
    if (!entry.open) return
    const now = clock.now()
    const ageMs = now - entry.startedAt
    entry.missingSince = live === undefined ? (entry.missingSince ?? now) : undefined
    request.onLook?.(live)
    const missingMs = entry.missingSince === undefined ? 0 : now - entry.missingSince
    const verdict = judge(request.goal, live, {
      name: request.name,
      ageMs,
      missingMs,
      missing: request.missing ?? 'fail',
    })
    if (verdict === 'pending') {
      entry.missedAgeMs = ageMs
      return cohort.missed(entry, now + jitter(cohort.delayFor(ageMs), request.name, now))
    }
    cohort.succeeded(ageMs, entry.missedAgeMs)
    finish(entry, verdict === 'reached' ? { kind: 'reached', live } : { kind: 'never', error: verdict })
  }

  function failed(entry: Entry, error: unknown, sentAt: number, paid: boolean) {
    const { request, cohort } = entry
    const now = clock.now()
    if (!entry.open) return
    if (request.signal?.aborted === true) return finish(entry, { kind: 'interrupted' })
    if (!(error instanceof TransientError)) {
      // The others probably fail with the same error: look at them soon.
      cohort.succeeded(now - entry.startedAt, entry.missedAgeMs)
      return finish(entry, { kind: 'failed', error })
    }
    entry.held = error
    entry.failures += 1
    // A failed look has shown nothing, so the next one needs no budget either.
    entry.unseen = request.work === 'unknown' && !entry.seen
    if (error.refusal.kind === 'throttled') {
      reads.answered(sentAt, true)
      cohort.refund(paid)
      const rate = reads.news()
      if (rate !== undefined) request.onPace?.(rate)
      return cohort.missed(entry, now + jitter(throttledPauseMs, request.name, now))
    }
    if (paid) cohort.refund(true)
    const waitMs = jitter(backoff(entry.failures - 1, 250, 5_000), request.name, now)
    request.onHeld?.(error.message, waitMs)
    cohort.missed(entry, now + waitMs)
  }

  function finish(entry: Entry, end: WaitEnd) {
    if (!entry.open) return
    entry.open = false
    entries.delete(entry)
    entry.forgetDeadline()
    entry.cohort.remove(entry)
    entry.end(end)
    entry.look?.abort()
    bell.ring()
  }

  const gates = new Map<string | undefined, Gate>()
  function gate(region: string | undefined): Gate {
    const own = gates.get(region) ?? createGate(clock, deadlines)
    gates.set(region, own)
    return own
  }

  return { until, gate, deadlines }
}
