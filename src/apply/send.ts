import { DynamoxError, isDynamoxError } from '../errors.ts'
import { type WorkName, workOf } from '../plan/durations.ts'
import { describeRequest, type Step } from '../settings/step.ts'
import { epochOf } from './clock.ts'
import { backoff, jitter, throttledPauseMs } from './pace.ts'
import type { Refusal } from './ports.ts'
import { checkInterrupted, mayBeDone, type Run, timedOut } from './run.ts'
import { throttled } from './wait.ts'

/** Temporary refusals. */
type Passing =
  | Extract<Refusal, { kind: 'in-use' | 'throttled' | 'cool-down' }>
  | (Extract<Refusal, { kind: 'limit' }> & { retryable: true })
/** The answers that the caller handles. */
export type Answer = Exclude<Refusal, { kind: 'in-use' | 'throttled' | 'cool-down' }> | undefined

/** A request that was sent, and its answer. */
interface Attempt {
  readonly step: Step
  readonly refusal: Refusal | undefined
}

/**
 * Sends a step's request, and repeats it after temporary refusals. Before it is repeated for a table that was in use,
 * `recheck` is called: it returns true when another process has carried it out. Returns `undefined` for success. An
 * interrupt does not abort a request that was sent: its answer tells whether it was carried out.
 * @param prepare is called right before each sending: the target's capabilities may be known by then.
 */
export async function send(run: Run, prepare: () => Step, recheck?: () => Promise<boolean>): Promise<Answer> {
  let last: Attempt | undefined
  for (let attempt = 0; ; attempt += 1) {
    last = await sendOnce(run, prepare, last)
    const { step, refusal } = last
    if (refusal === undefined) {
      accepted(run, step)
      return undefined
    }
    if (refusal.kind !== 'unavailable') run.unanswered = undefined
    else run.lostBy = refusal.message
    if (!isPassing(refusal)) return refusal
    await hold(run, step, refusal, attempt)
    const heldByOthers = refusal.kind === 'in-use' || refusal.kind === 'limit'
    if (heldByOthers && (await recheck?.()) === true) return undefined
  }
}

async function sendOnce(run: Run, prepare: () => Step, last: Attempt | undefined): Promise<Attempt> {
  const post = async () => {
    checkInterrupted(run)
    // The deadline may have passed while the request waited for its turn.
    if (isOver(run)) throw notAccepted(run, last?.step ?? prepare(), last?.refusal)
    const step = prepare()
    if (last === undefined) run.emit({ kind: 'sending', table: run.name, step })
    const before = run.unanswered
    run.unanswered = step
    try {
      return { step, refusal: await beforeDeadline(run, step) }
    } catch (error) {
      // Other failures were answered, or the request was never sent.
      if (!isDynamoxError(error) || error.code !== 'timeout') run.unanswered = before
      throw error
    }
  }
  const { region } = (last?.step ?? prepare()).request
  return run.waiter.gate(region).pass(post, ({ refusal }) => refusal?.kind === 'throttled', run.options.signal)
}

/** A timer may fire a little early. A request sent in the last milliseconds would only end without an answer. */
const isOver = ({ clock, deadline }: Run): boolean => clock.now() >= deadline - lastMs

const lastMs = 5

/** Sends, and stops waiting for the answer at the deadline. */
function beforeDeadline({ api, waiter, deadline, name }: Run, { request }: Step): Promise<Refusal | undefined> {
  const stop = new AbortController()
  return new Promise((resolve, reject) => {
    const forget = waiter.deadlines.add(deadline, () => {
      const message = `${name}: ${describeRequest(request)} was sent, and no answer came before time ran out`
      reject(new DynamoxError('timeout', message, { table: name, hint: mayBeDone }))
      stop.abort()
    })
    api.send(request, { signal: stop.signal }).then(resolve, reject).finally(forget)
  })
}

/** Records that a request was carried out. */
export function accepted(run: Run, step: Step): void {
  run.sent.push(step)
  run.unanswered = undefined
  run.lostBy = undefined
  // Record the status from AWS's answer: after Ctrl-C or at the deadline, no DescribeTable may follow.
  if (step.request.api === 'CreateTable') {
    run.status = 'CREATING'
    run.id = undefined
  }
  if (step.request.api === 'DeleteTable') run.status = 'DELETING'
  run.emit({ kind: 'sent', table: run.name, step })
}

/** Waits before a request is sent again; throws when that would be past the deadline. */
export async function pause(run: Run, step: Step, refusal: Refusal, ms: number): Promise<void> {
  const waitMs = Math.min(jitter(ms, run.name, run.clock.now()), Math.max(0, run.deadline - run.clock.now()))
  run.emit({ kind: 'held', table: run.name, reason: refusal.message, waitMs })
  await sleep(run, step, refusal, waitMs)
}

async function sleep(run: Run, step: Step, refusal: Refusal, ms: number): Promise<void> {
  await run.clock.sleep(Math.min(ms, Math.max(0, run.deadline - run.clock.now())), run.options.signal)
  checkInterrupted(run)
  if (isOver(run)) throw notAccepted(run, step, refusal)
}

/** The gate slows down all requests to the region and reports it once; this one goes to the back of the queue. */
async function stepAside(run: Run, step: Step, refusal: Refusal): Promise<void> {
  const requestsPerSecond = run.waiter.gate(step.request.region).news()
  if (requestsPerSecond !== undefined) run.emit({ kind: 'pace', table: run.name, requestsPerSecond })
  await sleep(run, step, refusal, jitter(throttledPauseMs, run.name, run.clock.now()))
}

function notAccepted(run: Run, step: Step, last: Refusal | undefined): DynamoxError {
  if (last?.kind === 'throttled') return throttled(run, last.message)
  const what = describeRequest(step.request)
  if (last === undefined) return timedOut(run, `${what} was not sent yet`)
  // The message already mentions the lost answer.
  return timedOut(run, last.kind === 'unavailable' ? 'not done' : `${what} was not accepted (${last.message})`)
}

/** The error for a permanently refused request. */
export function refused(run: Run, step: Step, refusal: NonNullable<Answer>): DynamoxError {
  const message = `${run.name}: ${describeRequest(step.request)} was refused: ${refusal.message}`
  const details = { table: run.name, ...('cause' in refusal ? { cause: refusal.cause } : {}) }
  switch (refusal.kind) {
    case 'limit':
      return new DynamoxError('limit', message, {
        ...details,
        hint: 'free some of the quota, or ask AWS to raise it (Service Quotas)',
      })
    case 'exists':
    case 'not-found':
      return new DynamoxError(refusal.kind, message, details)
    case 'unavailable':
      return new DynamoxError('network', message, details)
    case 'unsupported':
    case 'static':
      return new DynamoxError('aws', message, details)
  }
}

function isPassing(refusal: Refusal): refusal is Passing {
  const { kind } = refusal
  return kind === 'in-use' || kind === 'throttled' || kind === 'cool-down' || (kind === 'limit' && refusal.retryable)
}

function hold(run: Run, step: Step, refusal: Passing, attempt: number): Promise<void> {
  switch (refusal.kind) {
    case 'in-use':
      return pause(run, step, refusal, backoff(attempt, 200, 5_000, 1.5))
    case 'limit':
      return pause(run, step, refusal, backoff(attempt, 1_000, 15_000, 1.5))
    case 'throttled':
      return stepAside(run, step, refusal)
    case 'cool-down':
      return coolDown(run, step, refusal, attempt)
  }
}

// Quotas that reset after hours or days: fail instead of waiting.
const longBudgets: readonly WorkName[] = ['class', 'encryption', 'to-on-demand']

/** AWS sometimes says until when it refuses; fail immediately when that is after our deadline. */
async function coolDown(run: Run, step: Step, refusal: Extract<Refusal, { kind: 'cool-down' }>, attempt: number) {
  const { until, message } = refusal
  if (until === undefined) {
    if (longBudgets.includes(workOf(step.request)))
      throw refused(run, step, { kind: 'limit', message, retryable: false })
    // AWS's cool-downs last long, those of local engines a moment.
    return pause(run, step, refusal, backoff(attempt, 200, 60_000, 3))
  }
  const waitMs = Math.max(0, until - epochOf(run.clock)) + 250
  if (run.clock.now() + waitMs > run.deadline) {
    const at = new Date(until).toISOString()
    throw timedOut(run, `${describeRequest(step.request)} is not accepted before ${at} (${message})`)
  }
  run.emit({ kind: 'held', table: run.name, reason: message, waitMs })
  await run.clock.sleep(waitMs, run.options.signal)
  checkInterrupted(run)
}
