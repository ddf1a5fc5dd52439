import { setMaxListeners } from 'node:events'
import { DynamoxError, isDynamoxError, messageOf } from '../errors.ts'
import { describeRequest } from '../plan/describe-request.ts'
import type { Step } from '../settings/step.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Event, OnEvent, Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import { unsettled } from './readiness.ts'
import { createWaiter, type Waiter } from './waiter.ts'

export interface RunOptions {
  readonly clock?: Clock | undefined
  /** Shared by all tables of a run; a table on its own gets one of its own. */
  readonly waiter?: Waiter | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnEvent | undefined
  /** Whether to wait until the work is done (the default), or only until it was accepted. */
  readonly wait?: boolean | undefined
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs?: number | undefined
  /** create: a table that is there already is an error, also when it matches. */
  readonly strict?: boolean | undefined
  /** Say what would be sent and send nothing. */
  readonly dryRun?: boolean | undefined
  /** delete: turn deletion protection off first. */
  readonly disableProtection?: boolean | undefined
}

/** One table being worked on: where it stands, and what was done so far. */
export interface Run {
  readonly name: string
  readonly api: TableApi
  readonly clock: Clock
  readonly waiter: Waiter
  readonly options: RunOptions
  readonly startedAt: number
  readonly deadline: number
  /** What was sent and accepted, in order. */
  readonly sent: Step[]
  readonly warnings: string[]
  /** Nothing is ever sent: this run only looks. */
  readonly looksOnly: boolean
  /** What is under way, or had no answer that says whether it was carried out. */
  unanswered: Step | undefined
  /** The last status seen; `undefined` when the table was not there, or nothing was seen yet. */
  status: string | undefined
  /** What kept the table from being ready then, where its own status does not say it. */
  settling: string | undefined
  /** Whether anything was seen. */
  looked: boolean
  emit(event: Event): void
  /** Adds to the outcome's warnings and tells whoever listens; the same line once. */
  warn(message: string): void
  /** Takes note of a description. */
  saw(live: LiveTable | undefined): void
}

type Result = Pick<Outcome, 'action'> & Partial<Pick<Outcome, 'status' | 'changes' | 'steps' | 'error'>>

/**
 * Runs the work on one table and turns whatever comes of it into an outcome; it never rejects.
 * The work returns what became of the table, or throws a DynamoxError. `looksOnly`: it sends nothing.
 */
export async function runTable(
  name: string,
  api: TableApi,
  options: RunOptions,
  defaultTimeoutMs: number,
  work: (run: Run) => Promise<Result>,
  looksOnly = false,
): Promise<Outcome> {
  const run = startRun(name, api, options, defaultTimeoutMs, looksOnly)
  run.emit({ kind: 'started', table: name })
  const result = await work(run).catch((error: unknown): Result => failure(run, error))
  const { warnings, sent, status } = run
  const outcome: Outcome = {
    name,
    ...(status === undefined ? {} : { status }),
    ...(sent.length === 0 ? {} : { steps: sent }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...result,
    durationMs: run.clock.now() - run.startedAt,
  }
  run.emit({ kind: 'finished', table: name, outcome })
  return outcome
}

function startRun(name: string, api: TableApi, options: RunOptions, defaultTimeoutMs: number, looksOnly: boolean): Run {
  // One signal may stand for any number of tables, each of which listens to it.
  if (options.signal instanceof EventTarget) setMaxListeners(0, options.signal)
  const clock = options.clock ?? systemClock
  const startedAt = clock.now()
  const warnings: string[] = []
  let shown: string | undefined
  let id: string | undefined
  const emit = (event: Event) => options.onEvent?.(event)
  const run: Run = {
    name,
    api,
    clock,
    waiter: options.waiter ?? createWaiter(api, clock),
    options,
    startedAt,
    deadline: startedAt + (options.timeoutMs ?? defaultTimeoutMs),
    sent: [],
    warnings,
    looksOnly,
    unanswered: undefined,
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
      // A table that was accepted a moment ago may not be found yet.
      if (live !== undefined || id !== undefined || !run.sent.some(isCreation)) run.status = live?.status
      run.settling = live === undefined ? undefined : unsettled(live)
      const shows = live === undefined ? 'not found' : (run.settling ?? 'ready')
      if (shows !== shown) emit({ kind: 'status', table: name, live, elapsedMs: clock.now() - startedAt })
      shown = shows
      if (live?.id === undefined) return
      if (id !== undefined && id !== live.id)
        run.warn(`${name} was deleted and created again by somebody else meanwhile`)
      id = live.id
    },
  }
  return run
}

function isCreation({ request }: Step): boolean {
  return request.api === 'CreateTable'
}

function failure(run: Run, error: unknown): Result {
  if (run.options.signal?.aborted === true) return { action: 'interrupted', error: interrupted(run) }
  if (!isDynamoxError(error)) {
    const message = messageOf(error)
    return { action: 'failed', error: new DynamoxError('internal', message, { cause: error, table: run.name }) }
  }
  if (error.code === 'interrupted') return { action: 'interrupted', error }
  return { action: error.code === 'blocked' ? 'blocked' : 'failed', error }
}

/** What to throw once the signal has aborted. */
export function interrupted(run: Run): DynamoxError {
  const hint = run.sent.length > 0 ? whatGoesOn(run) : run.unanswered === undefined ? undefined : mayBeDone
  return new DynamoxError('interrupted', soFar(run, 'interrupted'), { table: run.name, hint })
}

/** What to throw at the deadline. `pending` says what was still to come. */
export function timedOut(run: Run, pending: string): DynamoxError {
  const seconds = Math.round((run.clock.now() - run.startedAt) / 100) / 10
  const isMissing = run.looksOnly && run.looked && run.status === undefined
  const hint = run.sent.length > 0 ? whatGoesOn(run) : isMissing ? whereToLook : moreTime
  return new DynamoxError('timeout', soFar(run, `${pending} after ${seconds} s`), { table: run.name, hint })
}

const whatGoesOn = ({ name }: Run) =>
  `what was sent goes on by itself: dynamox wait ${name} waits for it, and the same command again does the rest`
export const mayBeDone = 'it may have been carried out all the same: the same command again finds out and does the rest'
const whereToLook = 'check its name, the region and the endpoint: dynamox list shows the tables that are there'
const moreTime = 'a longer timeout gives it more time (--timeout, timeoutSeconds)'

/** `users: interrupted; CreateTable was sent, last seen CREATING`. */
function soFar({ name, sent, unanswered, looksOnly, looked, status, settling }: Run, what: string): string {
  const calls = sent.map(step => describeRequest(step.request))
  const were = `${calls.join(', ')} ${calls.length === 1 ? 'was' : 'were'} sent`
  const open = unanswered === undefined ? [] : [`${describeRequest(unanswered.request)} was sent, with no clear answer`]
  const told = [...(calls.length > 0 ? [were] : []), ...open]
  const done = told.length > 0 || looksOnly ? told : ['nothing was sent']
  const more = status === 'ACTIVE' && settling !== undefined ? ` (${settling})` : ''
  const seen = status !== undefined ? [`last seen ${status}${more}`] : looked ? ['the table is not there'] : []
  const facts = [...done, ...seen]
  return `${name}: ${what}${facts.length === 0 ? '' : `; ${facts.join(', ')}`}`
}

/** Throws when the signal has aborted. */
export function checkInterrupted(run: Run): void {
  if (run.options.signal?.aborted === true) throw interrupted(run)
}

/** How long creating a table may take when nobody says otherwise; raising warm throughput takes AWS up to nine minutes. */
export function creationTimeoutMs(definition: TableDefinition | undefined): number {
  const owners = definition === undefined ? [] : [definition, ...definition.globalIndexes]
  const isWarmed = owners.some(owner => owner.warmReadUnits !== undefined || owner.warmWriteUnits !== undefined)
  return (isWarmed ? 20 : 5) * 60_000
}
