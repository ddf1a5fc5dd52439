import { setMaxListeners } from 'node:events'
import { DynamoxError, type ErrorCode, isDynamoxError, messageOf } from '../errors.ts'
import { describeRequest, type Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { formatDuration } from '../table/text.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Event, type OnEvent, type Outcome, withReason } from './events.ts'
import { unsettled } from './goal.ts'
import type { TableApi } from './ports.ts'
import { createWaiter, type Waiter } from './waiter.ts'

/** How to work on one table: waiting, deadlines and events. */
export interface RunOptions {
  /** The system's clock by default; tests use a virtual one. */
  readonly clock?: Clock | undefined
  /** Shared by all tables of a run; created when left out. */
  readonly waiter?: Waiter | undefined
  /** Interrupts the work; requests that were already sent continue at DynamoDB. */
  readonly signal?: AbortSignal | undefined
  /** Called for every event of this table. */
  readonly onEvent?: OnEvent | undefined
  /** Whether to wait until the work is done (the default), or only until it was accepted. */
  readonly wait?: boolean | undefined
  /** The timeout of the whole operation, in milliseconds. */
  readonly timeoutMs?: number | undefined
  /** The deadline of the whole operation, by the clock; replaces `timeoutMs` when tables share one deadline. */
  readonly deadline?: number | undefined
  /** Return what would be sent, and send nothing. */
  readonly dryRun?: boolean | undefined
}

/** The work on one table: its state, and the steps sent so far. */
export interface Run {
  readonly name: string
  readonly api: TableApi
  readonly clock: Clock
  readonly waiter: Waiter
  readonly options: RunOptions
  readonly startedAt: number
  /** Extended when the work turns out to be long. */
  deadline: number
  /** The steps that were sent and accepted, in order. */
  readonly sent: Step[]
  readonly warnings: string[]
  /** This run only reads and changes nothing. */
  readonly looksOnly: boolean
  /** A step that was sent and has no answer, or whose answer was lost: it may have been carried out. */
  unanswered: Step | undefined
  /** Why `unanswered` has no clear answer. */
  lostBy: string | undefined
  /** A step whose answer was lost, and which was found not to have been carried out. */
  withoutEffect: Step | undefined
  /** Whether an accepted change was seen to have no effect: an emulator that drops one setting drops others as well. */
  dropping: boolean
  /** The id of the table that was last seen. */
  id: string | undefined
  /** The last status seen; `undefined` when the table was not found, or nothing was seen yet. */
  status: string | undefined
  /** Why the table was not ready at that time, when its own status does not show it. */
  settling: string | undefined
  /** Whether the table has been described successfully. */
  looked: boolean
  emit(event: Event): void
  /** Adds to the outcome's warnings and emits an event; each message once. */
  warn(message: string): void
  /** Records a description. */
  saw(live: LiveTable | undefined): void
}

export type RunResult = Pick<Outcome, 'action'> & Partial<Pick<Outcome, 'status' | 'changes' | 'steps' | 'error'>>

/**
 * Runs the work on one table and turns its result into an outcome; never rejects. The work returns its result, or
 * throws a DynamoxError. With `looksOnly` it changes nothing.
 */
export async function runTable(
  name: string,
  api: TableApi,
  options: RunOptions,
  defaultTimeoutMs: number,
  work: (run: Run) => Promise<RunResult>,
  looksOnly = false,
): Promise<Outcome> {
  const run = startRun(name, api, options, defaultTimeoutMs, looksOnly)
  run.emit({ kind: 'started', table: name })
  const result = await work(run).catch((error: unknown): RunResult => failure(run, error))
  const { warnings, sent, unanswered } = run
  // A request without an answer may have changed what was seen before.
  const status = unanswered === undefined ? run.status : undefined
  const steps = unanswered === undefined ? sent : [...sent, unanswered]
  const outcome = withReason({
    name,
    ...(status === undefined ? {} : { status }),
    ...(steps.length === 0 ? {} : { steps }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...result,
    durationMs: run.clock.now() - run.startedAt,
  })
  run.emit({ kind: 'finished', table: name, outcome })
  return outcome
}

function startRun(name: string, api: TableApi, options: RunOptions, defaultTimeoutMs: number, looksOnly: boolean): Run {
  // Every table of a run listens to the same signal.
  if (options.signal instanceof EventTarget) setMaxListeners(0, options.signal)
  const clock = options.clock ?? systemClock
  const startedAt = clock.now()
  const warnings: string[] = []
  let shown: string | undefined
  const emit = (event: Event) => options.onEvent?.(event)
  const run: Run = {
    name,
    api,
    clock,
    waiter: options.waiter ?? createWaiter(api, clock),
    options,
    startedAt,
    deadline: options.deadline ?? startedAt + (options.timeoutMs ?? defaultTimeoutMs),
    sent: [],
    warnings,
    looksOnly,
    unanswered: undefined,
    lostBy: undefined,
    withoutEffect: undefined,
    dropping: false,
    id: undefined,
    status: undefined,
    settling: undefined,
    looked: false,
    emit,
    warn(message) {
      if (warnings.includes(message)) return
      warnings.push(message)
      emit({ kind: 'warning', table: name, message })
    },
    saw(live) {
      run.looked = true
      // A table whose creation was just accepted may not be found yet.
      if (live !== undefined || run.id !== undefined || !run.sent.some(isCreation)) run.status = live?.status
      run.settling = live === undefined ? undefined : unsettled(live)
      const shows = live === undefined ? 'not found' : (run.settling ?? 'ready')
      if (shows !== shown) emit({ kind: 'status', table: name, live, elapsedMs: clock.now() - startedAt })
      shown = shows
      if (live?.id === undefined) return
      if (run.id !== undefined && run.id !== live.id)
        run.warn(`${name} was deleted and created again by another process in the meantime`)
      run.id = live.id
    },
  }
  return run
}

function isCreation({ request }: Step): boolean {
  return request.api === 'CreateTable'
}

function failure(run: Run, error: unknown): RunResult {
  if (run.options.signal?.aborted === true) return { action: 'interrupted', error: interrupted(run) }
  if (!isDynamoxError(error)) {
    const message = withFacts(run, messageOf(error))
    return { action: 'failed', error: new DynamoxError('internal', message, { cause: error, table: run.name }) }
  }
  return { action: 'failed', error: tellWhatWasSent(run, error) }
}

/** Errors whose messages do not say that a request may already have been sent. */
const unaware: readonly ErrorCode[] = ['network', 'throttled', 'credentials', 'access-denied', 'limit', 'aws']

function tellWhatWasSent(run: Run, error: DynamoxError): DynamoxError {
  const { code, message, hint, cause, problems, table } = error
  if (!unaware.includes(code) || sentSoFar(run).length === 0) return error
  return new DynamoxError(code, withFacts(run, message), {
    hint: code === 'network' || hint === undefined ? whatToDo(run) : hint,
    cause,
    problems,
    table,
  })
}

/** The error for an aborted signal. */
export function interrupted(run: Run): DynamoxError {
  return new DynamoxError('interrupted', withFacts(run, `${run.name}: interrupted`), {
    table: run.name,
    hint: whatToDo(run),
  })
}

/** The error for a passed deadline. `pending` says what had not happened yet. */
export function timedOut(run: Run, pending: string): DynamoxError {
  const isMissing = run.looksOnly && run.looked && run.status === undefined
  return new DynamoxError('timeout', withFacts(run, untilNow(run, pending)), {
    table: run.name,
    hint: whatToDo(run) ?? (isMissing ? whereToLook(run) : moreTime),
  })
}

/** The error for a passed deadline while DynamoDB could not be reached. */
export function outOfReach(run: Run, pending: string, reason: string): DynamoxError {
  const message = untilNow(run, `${pending} (${reason})`)
  return new DynamoxError('network', message, { table: run.name, hint: whatToDo(run) ?? moreTime })
}

function untilNow(run: Run, pending: string): string {
  return `${run.name}: ${pending} after ${formatDuration(run.clock.now() - run.startedAt)}`
}

function whatToDo({ name, sent, unanswered }: Run): string | undefined {
  if (unanswered !== undefined) return mayBeDone
  const last = sent.at(-1)
  if (last?.request.api === 'DeleteTable')
    return `the deletion continues: dynamox wait ${name} --for gone waits until it is done`
  return last === undefined
    ? undefined
    : `requests already sent continue: dynamox wait ${name} waits for them, and the same command again does the rest`
}

export const mayBeDone = 'it may have been carried out: run the same command again to find out and to do the rest'
/** The embedded engine has the same tables in every region. */
function whereToLook({ api }: Run): string {
  const where = api.capabilities().engine === 'dynalite' ? '' : ', the region and the endpoint'
  return `check its name${where}; dynamox list shows the tables that exist`
}
const moreTime = 'allow more time with --timeout (timeoutSeconds in code)'

/** `users: interrupted; CreateTable was sent, last seen CREATING`. */
function withFacts(run: Run, what: string): string {
  const { looksOnly, looked, status, settling } = run
  const told = sentSoFar(run)
  const done = told.length > 0 || looksOnly ? told : ['nothing was sent']
  const more = status === 'ACTIVE' && settling !== undefined ? ` (${settling})` : ''
  const seen = status !== undefined ? [`last seen ${status}${more}`] : looked ? ['the table does not exist'] : []
  const facts = [...done, ...seen]
  return `${what}${facts.length === 0 ? '' : `; ${facts.join(', ')}`}`
}

function sentSoFar({ sent, unanswered, lostBy, withoutEffect }: Run): string[] {
  const calls = sent.map(step => describeRequest(step.request))
  const were = `${calls.join(', ')} ${calls.length === 1 ? 'was' : 'were'} sent`
  const why = lostBy === undefined ? '' : ` (${lostBy})`
  const open =
    unanswered === undefined ? [] : [`${describeRequest(unanswered.request)} was sent without a clear answer${why}`]
  const lost = withoutEffect === undefined ? [] : [`${describeRequest(withoutEffect.request)} was sent without effect`]
  return [...(calls.length > 0 ? [were] : []), ...open, ...lost]
}

/** Throws when the signal has aborted. */
export function checkInterrupted(run: Run): void {
  if (run.options.signal?.aborted === true) throw interrupted(run)
}
