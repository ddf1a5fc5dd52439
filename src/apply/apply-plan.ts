import { DynamoxError, isDynamoxError, oneOr } from '../errors.ts'
import { fieldsToJudge, isStepDone } from '../plan/carried-out.ts'
import { workOf } from '../plan/durations.ts'
import type { Plan } from '../plan/plan-table.ts'
import { describeChange } from '../settings/change.ts'
import { describeRequest, type Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { canonicalJson } from '../table/text.ts'
import { epochOf } from './clock.ts'
import type { Outcome } from './events.ts'
import { type Goal, judge } from './goal.ts'
import { backoff } from './pace.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, type RunResult, runTable } from './run.ts'
import { type Answer, accepted, pause, refused, send } from './send.ts'
import { look, waitOn } from './wait.ts'

const usualTimeoutMs = 60 * 60_000
/** Right after a creation, some operations answer "not found" although DescribeTable already finds the table. */
const notFoundToleranceMs = 10_000
/**
 * Allowed clock difference: a table whose creation date is at most this much before our request counts as created by
 * it.
 */
const clockToleranceMs = 5_000

/**
 * Applies a plan step by step; each step waits until the table is ready for it. It can be stopped at any point:
 * finished steps stay, and a new plan contains the rest. A plan with `blocked` changes is not started. With `wait:
 * false` it stops at the first step that would have to wait. `timeoutMs` defaults to one hour. Never rejects; a failure
 * is in the outcome's `error`.
 */
export function applyPlan(plan: Plan, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  return runTable(plan.table, api, options, usualTimeoutMs, run => carryOut(run, plan))
}

async function carryOut(run: Run, plan: Plan): Promise<RunResult> {
  if (plan.blocked.length > 0) throw blockedBy(plan)
  const [first] = plan.steps
  const isDryRun = run.options.dryRun === true
  if (first?.request.api === 'CreateTable' && !isDryRun) {
    const meet = async (existing: LiveTable) => {
      if (existing.status !== 'DELETING') throw appeared(run.name)
      return nameFreed(run, existing)
    }
    return carryOutCreation(run, { plan: () => plan, meet })
  }
  for (const notice of plan.notices) run.warn(notice)
  if (first === undefined) return { action: 'unchanged' }
  if (isDryRun) return { action: 'planned', steps: plan.steps }
  // AWS accepts some changes during another change, and then silently loses one of the two.
  const waits = first.request.api === 'UpdateTable' && run.options.wait !== false
  const seen = waits ? await waitOn(run, { kind: 'ready' }, { work: 'unknown' }, 'not ready for changes') : undefined
  await takeSteps(run, plan.steps, seen)
  const action = plan.steps.some(step => step.request.api === 'DeleteTable') ? 'deleted' : 'updated'
  return { action: run.options.wait === false ? 'requested' : action }
}

/** How a missing table is created. */
export interface Creation {
  /** The plan for the target as far as it is known: the first answer may identify it, and change the plan. */
  plan(): Plan
  /** Deals with a table that exists already: returns the result, or `gone` when its name is free again. */
  meet(existing: LiveTable): Promise<RunResult | 'gone'>
  /** Called when the table is ready for the steps that are left. */
  created?(live: LiveTable, rest: readonly Step[]): void
}

/** Sends CreateTable, waits until the table is ready, and takes the other steps of the plan. */
export async function carryOutCreation(run: Run, creation: Creation): Promise<RunResult> {
  let capabilities = run.api.capabilities()
  let plan: Plan | undefined
  const first = (): Step => {
    capabilities = run.api.capabilities()
    plan = creation.plan()
    const [step] = plan.steps
    if (plan.blocked.length > 0 || step === undefined) throw blockedBy(plan)
    return step
  }
  for (;;) {
    const existing = await createOnce(run, first)
    if (existing === undefined) break
    const met = await creation.meet(existing)
    if (met !== 'gone') return met
  }
  const created = run.sent.at(-1)
  if (plan === undefined || created === undefined) throw new DynamoxError('internal', 'nothing was sent')
  if (run.api.capabilities() !== capabilities) plan = creation.plan()
  const rest = plan.steps.slice(1)
  const live = await settle(run, created, rest)
  for (const notice of plan.notices) run.warn(notice)
  if (live === 'left') return { action: 'requested' }
  if (live !== undefined) creation.created?.(live, rest)
  await takeSteps(run, rest)
  return { action: run.options.wait === false ? 'requested' : 'created' }
}

/** Waits until a table's deletion has finished: its name is free again then. */
export async function nameFreed(run: Run, leaving: LiveTable): Promise<'gone'> {
  await waitOn(run, { kind: 'gone', id: leaving.id }, { work: 'delete' }, 'still being deleted')
  return 'gone'
}

/** The error for a plan with blocked changes; it lists all of them. */
export function blockedBy(plan: Plan): DynamoxError {
  const message = oneOr(plan.blocked, `${plan.table}: ${plan.blocked.length} changes cannot be made`)
  return new DynamoxError('blocked', message, { table: plan.table, problems: plan.blocked })
}

function appeared(name: string): DynamoxError {
  return new DynamoxError('exists', `${name} already exists, but the plan creates it`, {
    table: name,
    hint: 'another process created it in the meantime: make a new plan with dynamox plan',
  })
}

/**
 * Sends CreateTable without a DescribeTable first: the answer says whether the table exists. Returns the existing
 * table, or `undefined` when the request was accepted. After a lost answer, or a refusal that may hide an existing
 * table, it calls DescribeTable before sending again.
 */
async function createOnce(run: Run, prepare: () => Step): Promise<LiveTable | undefined> {
  let step: Step | undefined
  let lostSince: number | undefined
  const prepared = () => {
    step = prepare()
    return step
  }
  for (let attempt = 0; ; attempt += 1) {
    const sentAt = epochOf(run.clock)
    const answer = await send(run, prepared).catch((error: unknown) => error)
    if (answer === undefined || step === undefined) {
      if (answer !== undefined) throw answer
      return undefined
    }
    if (!isAnswer(answer)) {
      // A user without permission to create tables may still be allowed to describe them.
      if (!isDynamoxError(answer) || answer.code !== 'access-denied') throw answer
      const existing = await look(run).catch(() => undefined)
      if (existing === undefined) throw answer
      return existing
    }
    if (answer.kind === 'unavailable') lostSince ??= sentAt
    const live = await look(run)
    if (live !== undefined && lostSince !== undefined && isSince(live, lostSince)) {
      accepted(run, step)
      return undefined
    }
    if (live !== undefined) {
      if (answer.kind === 'unavailable') run.withoutEffect = step
      run.unanswered = undefined
      return live
    }
    // The answer may have told which engine this is, and so what to leave out.
    if (answer.kind === 'static' && canonicalJson(prepare().request) !== canonicalJson(step.request)) continue
    if (answer.kind !== 'unavailable' && answer.kind !== 'exists') throw refused(run, step, answer)
    await pause(run, step, answer, backoff(attempt, 200, 5_000))
  }
}

const isAnswer = (value: unknown): value is NonNullable<Answer> =>
  typeof value === 'object' && value !== null && 'kind' in value

/** Whether a table was created at or after `epoch`, so that our request (whose answer was lost) may have created it. */
function isSince(live: LiveTable, epoch: number): boolean {
  return (
    live.status === 'CREATING' || (live.createdAt !== undefined && live.createdAt.getTime() >= epoch - clockToleranceMs)
  )
}

/**
 * Sends the steps in order. A permanent refusal does not stop independent steps; all refusals are thrown together at
 * the end. A destructive step is not sent after a refusal.
 */
export async function takeSteps(run: Run, steps: readonly Step[], seen?: LiveTable): Promise<void> {
  const failed: { readonly step: Step; readonly error: DynamoxError }[] = []
  const skipped: Step[] = []
  let live = seen
  for (const [index, step] of steps.entries()) {
    // Another process may have carried this step out since the plan was made.
    const isJudged = step.request.api === 'UpdateTable' && step.request.region === undefined
    if (isJudged && live !== undefined && isStepDone(step, live)) continue
    if (failed.length > 0 && (step.destroys || failed.some(({ step: other }) => sharesChange(step, other)))) {
      skipped.push(step)
      continue
    }
    try {
      const sent = step.request.api === 'DeleteTable' ? await deleteOnce(run, step) : await changeOnce(run, step)
      if (sent === 'over') continue
      const settled = await settle(run, step, steps.slice(index + 1))
      if (settled === 'left') break
      live = settled ?? live
    } catch (error) {
      if (!isDynamoxError(error) || !mayGoOnAfter(error, step)) {
        for (const other of failed) run.warn(other.error.message)
        throw error
      }
      failed.push({ step, error })
    }
  }
  if (failed.length > 0) throw together(run, failed, skipped)
}

/**
 * A refusal concerns one request; other errors (no connection, timeout, interrupt) concern the whole run. A region that is
 * out of reach concerns only its replica.
 */
function mayGoOnAfter({ code }: DynamoxError, { request }: Step): boolean {
  if (request.region !== undefined && (code === 'network' || code === 'not-found')) return true
  return code === 'aws' || code === 'limit' || code === 'access-denied'
}

/** Steps from the same change depend on each other: for example, a stream that is turned off and on again. */
function sharesChange(one: Step, other: Step): boolean {
  const texts = new Set(other.changes.map(change => JSON.stringify(change)))
  return one.changes.some(change => texts.has(JSON.stringify(change)))
}

function together(
  run: Run,
  failed: readonly { readonly step: Step; readonly error: DynamoxError }[],
  skipped: readonly Step[],
): DynamoxError {
  const [first] = failed
  const left = skipped.map(({ summary }) => `not sent: ${summary}`)
  for (const message of left) run.warn(message)
  if (first === undefined || failed.length === 1)
    return first?.error ?? new DynamoxError('internal', 'no step has failed', { table: run.name })
  const { code, hint, cause } = first.error
  const problems = failed.map(({ step, error }) => ({ path: step.summary, message: error.message, rule: error.code }))
  return new DynamoxError(code, failed.map(({ error }) => error.message).join('; '), {
    table: run.name,
    problems,
    hint,
    cause,
  })
}

/**
 * Sends one step that changes an existing table. After a lost answer, or a refusal because another process was faster,
 * it calls DescribeTable to see whether the change was made. `over`: the target does not support the operation; this is
 * a warning, and nothing is waited for.
 */
export async function changeOnce(run: Run, step: Step): Promise<'sent' | 'over'> {
  const startedAt = run.clock.now()
  let already = false
  const recheck = async () => {
    const live = await look(run, fieldsToJudge(step.request))
    if (live === undefined) throw gone(run, step)
    already = isStepDone(step, live)
    return already
  }
  const isCarriedOut = async () => {
    if (await recheck()) return true
    if (run.settling === undefined || step.request.api !== 'UpdateTable') return false
    // The change in progress may be this one; judge the table once it is ready.
    await waitOn(run, { kind: 'ready', request: step.request }, { work: workOf(step.request) }, 'not ready')
    return recheck()
  }
  for (let attempt = 0; ; attempt += 1) {
    const answer = await send(run, () => step, recheck)
    if (answer === undefined) return 'sent'
    if (answer.kind === 'unsupported') {
      const { label } = run.api.capabilities()
      run.warn(`not applied: ${changeTexts(step)}; ${label} does not support ${step.request.api}`)
      return 'over'
    }
    if (await (answer.kind === 'unavailable' ? isCarriedOut() : recheck())) {
      if (answer.kind === 'unavailable') accepted(run, step)
      return 'sent'
    }
    const isYoung = answer.kind === 'not-found' && run.clock.now() - startedAt < notFoundToleranceMs
    if (answer.kind !== 'unavailable' && !isYoung) throw refused(run, step, answer)
    await pause(run, step, answer, backoff(attempt, 500, 5_000))
    // The description before the pause may have been older than the request.
    if (answer.kind === 'unavailable' && (await isCarriedOut())) {
      accepted(run, step)
      return 'sent'
    }
  }
}

/** Sends DeleteTable; `over` when the table no longer existed. */
async function deleteOnce(run: Run, step: Step): Promise<'sent' | 'over'> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await send(run, () => step)
    if (answer === undefined) return 'sent'
    const live = answer.kind === 'not-found' ? undefined : await look(run)
    if (answer.kind === 'unavailable' && (live === undefined || live.status === 'DELETING')) {
      accepted(run, step)
      return 'sent'
    }
    if (live === undefined) {
      run.unanswered = undefined
      run.saw(undefined)
      return 'over'
    }
    if (answer.kind !== 'unavailable')
      throw live.definition.deletionProtection === true ? protectedTable(run.name) : refused(run, step, answer)
    await pause(run, step, answer, backoff(attempt, 200, 5_000))
  }
}

/** The error for a table with deletion protection when `disableProtection` is not set. */
export function protectedTable(name: string): DynamoxError {
  return new DynamoxError('blocked', `${name} is protected against deletion`, {
    table: name,
    hint: 'turn the protection off first (--disable-protection, disableProtection in code)',
  })
}

/**
 * After a step: waits until the next one may be sent, and returns the table as last described. With `wait: false` it
 * checks once; if the table is not ready, it warns about the remaining steps and returns `left`.
 */
async function settle(run: Run, step: Step, rest: readonly Step[]): Promise<LiveTable | undefined | 'left'> {
  const goal = goalOf(run, step)
  if (goal === undefined) return undefined
  const { request, until } = step
  if (run.options.wait !== false) {
    const fields = until.kind === 'setting' ? [until.field] : []
    const pending = waitsFor(step)
    const live = await waitOn(run, goal, { work: workOf(request), fields }, pending)
    if (request.api === 'DeleteTable') {
      if (live !== undefined) run.warn(`${run.name} was deleted, and a new table of that name exists now`)
    } else if (live !== undefined && request.api !== 'CreateTable' && !isStepDone(step, live)) {
      run.warn(`${describeRequest(request)} was accepted, but the table does not show it`)
      run.dropping = run.api.capabilities().engine !== 'aws'
    }
    return live
  }
  if (rest.length === 0) return undefined
  const live = await look(run, until.kind === 'setting' ? [until.field] : fieldsToJudge(request))
  if (judge(goal, live, { name: run.name, ageMs: 0, missingMs: 0, missing: 'wait' }) === 'reached') return live
  const how = request.api === 'CreateTable' ? `dynamox create ${run.name} does` : 'the same command again does'
  for (const { summary } of rest) run.warn(`not applied yet: ${summary}; ${how} the rest`)
  return 'left'
}

function waitsFor({ request }: Step): string {
  if (request.api === 'CreateTable') return 'not ready'
  return request.api === 'DeleteTable' ? 'not gone' : `${describeRequest(request)} has not settled`
}

/** The waiter's goal for a step; `undefined` when the step is done once it is answered. */
function goalOf(run: Run, step: Step): Goal | undefined {
  const { until } = step
  // The description is then not an old one that will show the change later.
  const request = run.dropping ? undefined : step.request
  switch (until.kind) {
    case 'ready':
      return { kind: 'ready', request }
    case 'gone':
      return { kind: 'gone', id: run.id }
    case 'index-gone':
      return { kind: 'index-gone', index: until.index, step }
    case 'setting':
      return { kind: 'setting', field: until.field, request }
    case 'answered':
      return undefined
  }
}

export const changeTexts = (step: Step) => step.changes.map(describeChange).join('; ')

function gone(run: Run, step: Step): DynamoxError {
  return new DynamoxError(
    'not-found',
    `${run.name} no longer exists; ${describeRequest(step.request)} was not carried out`,
    { table: run.name, hint: 'another process deleted it in the meantime; dynamox create creates it again' },
  )
}
