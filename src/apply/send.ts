import { DynamoxError } from '../errors.ts'
import { describeRequest } from '../plan/describe-request.ts'
import { type Work, workOf } from '../plan/durations.ts'
import type { Step } from '../settings/step.ts'
import { epochOf } from './clock.ts'
import { throttled } from './look.ts'
import { backoff, jitter, throttledPauseMs } from './pace.ts'
import type { Refusal } from './ports.ts'
import { checkInterrupted, mayBeDone, type Run, timedOut } from './run.ts'

/** Refusals that pass by themselves. */
type Passing =
  | Extract<Refusal, { kind: 'in-use' | 'throttled' | 'cool-down' }>
  | (Extract<Refusal, { kind: 'limit' }> & { retryable: true })
/** What is left for the caller to judge. */
export type Answer = Exclude<Refusal, { kind: 'in-use' | 'throttled' | 'cool-down' }> | undefined

interface SendOptions {
  /** What to do about a step while somebody else holds the table: `true` when there is nothing left to send. */
  readonly recheck?: (() => Promise<boolean>) | undefined
  /** Called when its turn to send has come, each time. */
  readonly onTurn?: (() => void) | undefined
}

/**
 * Sends a step's request until it is answered with something other than "not now"; `undefined` means accepted, or
 * that `recheck`, asked before it is sent again to a table that was in use, found it carried out by somebody else.
 * A request is let finish once it is out, also when interrupted: else nobody would know whether it was carried out.
 */
export async function send(run: Run, step: Step, { recheck, onTurn }: SendOptions = {}): Promise<Answer> {
  run.emit({ kind: 'sending', table: run.name, step })
  let refusal: Refusal | undefined
  for (let attempt = 0; ; attempt += 1) {
    refusal = await sendOnce(run, step, refusal, onTurn)
    if (refusal?.kind !== 'unavailable') run.unanswered = undefined
    if (refusal === undefined) {
      accepted(run, step)
      return undefined
    }
    if (!isPassing(refusal)) return refusal
    await hold(run, step, refusal, attempt)
    const heldByOthers = refusal.kind === 'in-use' || refusal.kind === 'limit'
    if (heldByOthers && (await recheck?.()) === true) return undefined
  }
}

/** `last`: what the request was answered before, if it was sent before. */
function sendOnce(
  run: Run,
  step: Step,
  last: Refusal | undefined,
  onTurn: (() => void) | undefined,
): Promise<Refusal | undefined> {
  const { signal } = run.options
  const post = () => {
    onTurn?.()
    checkInterrupted(run)
    // Waiting for its turn may have taken all the time there was.
    if (run.clock.now() >= run.deadline) throw notAccepted(run, step, last)
    run.unanswered = step
    return beforeDeadline(run, step)
  }
  return run.waiter.gate.pass(post, refusal => refusal?.kind === 'throttled', signal)
}

/** Sends, and gives up at the deadline on an answer that does not come. */
function beforeDeadline({ api, waiter, deadline, name }: Run, { request }: Step): Promise<Refusal | undefined> {
  const late = waiter.deadlines.signalAt(deadline)
  return new Promise((resolve, reject) => {
    const forget = waiter.deadlines.add(deadline, () => {
      const message = `${name}: ${describeRequest(request)} was sent, and no answer came before time ran out`
      reject(new DynamoxError('timeout', message, { table: name, hint: mayBeDone }))
    })
    const over = () => {
      forget()
      late.release()
    }
    api.send(request, { signal: late.signal }).then(resolve, reject).finally(over)
  })
}

/** Takes note that a request was carried out. */
export function accepted(run: Run, step: Step): void {
  run.sent.push(step)
  run.unanswered = undefined
  // What AWS answers these with; a look that says so may never come, after Ctrl-C or at the deadline.
  if (step.request.api === 'CreateTable') run.status = 'CREATING'
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
  if (run.clock.now() >= run.deadline) throw notAccepted(run, step, refusal)
}

/** The gate slows the whole run down, and says so once; this request goes to the end of its queue. */
async function stepAside(run: Run, step: Step, refusal: Refusal): Promise<void> {
  const requestsPerSecond = run.waiter.gate.news()
  if (requestsPerSecond !== undefined) run.emit({ kind: 'pace', table: run.name, requestsPerSecond })
  await sleep(run, step, refusal, jitter(throttledPauseMs, run.name, run.clock.now()))
}

function notAccepted(run: Run, step: Step, last: Refusal | undefined): DynamoxError {
  if (last?.kind === 'throttled') return throttled(run, last.message)
  const what = describeRequest(step.request)
  return timedOut(run, last === undefined ? `${what} was not sent yet` : `${what} was not accepted (${last.message})`)
}

/** The error for a request that will not be accepted, however often it is sent. */
export function refused(run: Run, step: Step, refusal: NonNullable<Answer>): DynamoxError {
  const what = `${run.name}: ${describeRequest(step.request)} was refused: ${refusal.message}`
  const details = { table: run.name, ...('cause' in refusal ? { cause: refusal.cause } : {}) }
  switch (refusal.kind) {
    case 'limit':
      return new DynamoxError('limit', what, {
        ...details,
        hint: 'free some of the quota, or ask AWS to raise it (Service Quotas)',
      })
    case 'exists':
      return new DynamoxError('exists', what, details)
    case 'not-found':
      return new DynamoxError('not-found', what, details)
    case 'unavailable':
      return new DynamoxError('network', what, details)
    case 'unsupported':
    case 'static':
      return new DynamoxError('aws', what, details)
    default:
      return refusal satisfies never
  }
}

function isPassing(refusal: Refusal): refusal is Passing {
  const { kind } = refusal
  return kind === 'in-use' || kind === 'throttled' || kind === 'cool-down' || (kind === 'limit' && refusal.retryable)
}

async function hold(run: Run, step: Step, refusal: Passing, attempt: number): Promise<void> {
  switch (refusal.kind) {
    case 'in-use':
      return pause(run, step, refusal, backoff(attempt, 200, 5_000, 1.5))
    case 'limit':
      return pause(run, step, refusal, backoff(attempt, 1_000, 15_000, 1.5))
    case 'throttled':
      return stepAside(run, step, refusal)
    case 'cool-down':
      return coolDown(run, step, refusal, attempt)
    default:
      return refusal satisfies never
  }
}

// Budgets that AWS gives back after hours or days: nobody waits for those.
const longBudgets: readonly Work[] = ['class', 'encryption', 'to-on-demand']

/** AWS sometimes says until when; a time past our own deadline is not waited for. */
async function coolDown(run: Run, step: Step, refusal: Extract<Refusal, { kind: 'cool-down' }>, attempt: number) {
  const { until, message } = refusal
  if (until === undefined) {
    if (longBudgets.includes(workOf(step.request)))
      throw refused(run, step, { kind: 'limit', message, retryable: false })
    return pause(run, step, refusal, backoff(attempt, 5_000, 60_000))
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
