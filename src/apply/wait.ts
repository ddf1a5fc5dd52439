import { DynamoxError } from '../errors.ts'
import { followUpFields, followUps } from '../settings/catalogue.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { OnEvent, Outcome } from './events.ts'
import { type Goal, isReady, neverReady } from './goal.ts'
import type { TableApi } from './ports.ts'
import { interrupted, outOfReach, type Run, type RunOptions, type RunResult, runTable, timedOut } from './run.ts'
import type { WaitRequest } from './waiter.ts'

export interface WaitOptions extends RunOptions {
  /** The table that another process may be creating; the default of `timeoutMs` depends on it. */
  readonly definition?: TableDefinition | undefined
}

/**
 * Waits until a table is ready (every index ACTIVE, encryption and warm throughput settled) or gone; sends nothing.
 * A table that does not exist may still be created by another process: waiting for it goes on to the timeout
 * (`timeoutMs`, five minutes by default). A table that can never become ready ends the wait at once. Never rejects;
 * a failure is in the outcome's `error`.
 */
export function waitFor(
  name: string,
  state: 'active' | 'gone',
  api: TableApi,
  options: WaitOptions = {},
): Promise<Outcome> {
  const work = async (run: Run): Promise<RunResult> => {
    if (state === 'gone') {
      await waitOn(run, { kind: 'gone' }, { work: 'unknown' }, 'not gone')
      return { action: 'gone' }
    }
    await waitOn(run, { kind: 'ready' }, { work: 'unknown', missing: 'wait' }, 'not ready')
    return { action: 'ready' }
  }
  return runTable(name, api, options, creationTimeoutMs(options.definition), work, true)
}

/** How long creating a table may take by default; raising warm throughput takes AWS up to nine minutes, and a replica one. */
export function creationTimeoutMs(definition: TableDefinition | undefined): number {
  const owners = definition === undefined ? [] : [definition, ...definition.globalIndexes]
  const isCopied = (definition?.replicas ?? []).length > 0
  const isWarmed = owners.some(owner => owner.warmReadUnits !== undefined || owner.warmWriteUnits !== undefined)
  return (isWarmed || isCopied ? 20 : 5) * 60_000
}

export interface ReadLiveOptions extends RunOptions {
  /** Wait until current changes have finished, so that a plan is not based on values that are about to change. */
  readonly settle?: boolean | undefined
}

export interface ReadLive {
  /** `undefined` when the table does not exist. */
  readonly live: LiveTable | undefined
  /** The outcome of a table that could not be read. */
  readonly failed: Outcome | undefined
}

const readTimeoutMs = { settling: 60 * 60_000, reading: 60_000 }

/**
 * The live table with all settings that the definition names, to plan from. `timeoutMs` is a minute by default, an
 * hour with `settle`.
 */
export function readLive(definition: TableDefinition, api: TableApi, options: ReadLiveOptions = {}): Promise<ReadLive> {
  // The target's capabilities are known only after the first answer.
  return readNamed(definition.name, () => followUpFields(definition, api.capabilities()), api, options)
}

/** The live table with every setting that the target keeps. */
export function readWhole(name: string, api: TableApi, options: ReadLiveOptions = {}): Promise<ReadLive> {
  return readNamed(name, () => followUps.filter(field => !api.capabilities().ignores.includes(field)), api, options)
}

async function readNamed(
  name: string,
  fieldsOf: () => readonly FollowUpField[],
  api: TableApi,
  options: ReadLiveOptions,
): Promise<ReadLive> {
  let live: LiveTable | undefined
  // A read does not report the start and end of work on a table.
  const onEvent: OnEvent = event => {
    if (event.kind !== 'started' && event.kind !== 'finished') options.onEvent?.(event)
  }
  // A table that is being deleted, or has lost its KMS key, never becomes ready.
  const rests = (now: LiveTable | undefined) => now === undefined || isReady(now) || neverReady(name, now) !== undefined
  const timeoutMs = options.settle === true ? readTimeoutMs.settling : readTimeoutMs.reading
  const outcome = await runTable(
    name,
    api,
    { ...options, onEvent },
    timeoutMs,
    async run => {
      live = await look(run)
      const resting = rests(live)
      if (options.settle === true && !resting) {
        await waitOn(run, { kind: 'holds', holds: rests }, { work: 'unknown' }, 'work is still under way')
      }
      const fields = fieldsOf()
      if (live !== undefined && (fields.length > 0 || !resting)) live = await look(run, fields)
      return { action: live === undefined ? 'missing' : 'exists' }
    },
    true,
  )
  return { live, failed: outcome.error === undefined ? undefined : outcome }
}

/** The table as it is now; repeats the call while the target throttles or fails. */
export function look(run: Run, fields: readonly FollowUpField[] = []): Promise<LiveTable | undefined> {
  return waitOn(run, { kind: 'holds', holds: () => true }, { work: 'unknown', fields }, 'could not be described')
}

type Details = Pick<WaitRequest, 'work' | 'missing' | 'fields'>

/** Waits until the goal is reached; throws when it never can be, when time runs out, and when interrupted. */
export async function waitOn(run: Run, goal: Goal, details: Details, pending: string): Promise<LiveTable | undefined> {
  const end = await watch(run, goal, details, run.deadline)
  switch (end.kind) {
    case 'reached':
      return end.live
    case 'never':
    case 'failed':
      throw end.error
    case 'interrupted':
      throw interrupted(run)
    case 'timeout':
      throw outOfTime(run, pending, end.held?.refusal)
  }
}

/** Waits, and returns how it ended instead of throwing. */
export function watch(run: Run, goal: Goal, details: Details, deadline: number) {
  return run.waiter.until({
    name: run.name,
    goal,
    ...details,
    deadline,
    signal: run.options.signal,
    onLook: run.saw,
    onHeld: (reason, waitMs) => run.emit({ kind: 'held', table: run.name, reason, waitMs }),
    onPace: requestsPerSecond => run.emit({ kind: 'pace', table: run.name, requestsPerSecond }),
    onStill: others =>
      run.emit({
        kind: 'waiting',
        table: run.name,
        status: run.settling ?? run.status,
        others,
        elapsedMs: run.clock.now() - run.startedAt,
      }),
  })
}

/** Distinguishes a target that kept throttling or could not be reached from work that takes long. */
function outOfTime(
  run: Run,
  pending: string,
  held: { readonly kind: 'throttled' | 'unavailable'; readonly message: string } | undefined,
): DynamoxError {
  if (held?.kind === 'throttled') return throttled(run, held.message)
  return held === undefined ? timedOut(run, pending) : outOfReach(run, pending, held.message)
}

export function throttled(run: Run, message: string): DynamoxError {
  return new DynamoxError('throttled', `${run.name}: DynamoDB kept throttling until time ran out: ${message}`, {
    table: run.name,
    hint: 'work on fewer tables at once (--concurrency), or allow more time (--timeout, timeoutSeconds in code)',
  })
}
