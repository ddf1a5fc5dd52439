import type { OnEvent, Outcome } from '../apply/events.ts'
import type { CreateOptions } from '../apply/reconcile.ts'
import type { RunOptions } from '../apply/run.ts'
import type { Waiter } from '../apply/waiter.ts'
import { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { Plan, PlanOptions } from '../plan/plan-table.ts'
import type { Change } from '../settings/change.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { namesOrCount } from '../table/text.ts'
import type { Invocation, Session } from './command.ts'
import { announce, guardAccount } from './connect.ts'
import { consent, guardProtected, mustAsk, wordFor } from './consent.ts'
import { parseDuration } from './options/option.ts'
import type { Flags } from './options/options.ts'
import { type Recreate, recreateHint, recreation } from './recreate.ts'
import { stepLines } from './report/lines.ts'
import type { Result } from './report/report.ts'
import { concurrencyOf, type Task, workOn } from './work-on.ts'

/** The plan of one table and its inputs. */
export interface Planned {
  readonly definition: TableDefinition
  /** Absent when the table does not exist or could not be read. */
  readonly live: LiveTable | undefined
  /** Absent when the table could not be read. */
  readonly plan: Plan | undefined
  /** `planned`, `blocked` with the reasons, or `failed`. */
  readonly outcome: Outcome
  /** Why the table is not ready, in words. The plan is then based on values that are about to change. */
  readonly underWay: string | undefined
}

/** The state shared by planning and applying: one waiter for all tables, and the timeout of each. */
export interface ChangeOptions extends RunOptions {
  readonly waiter: Waiter
  readonly wait: boolean
}

export async function startWork(session: Session): Promise<ChangeOptions> {
  const { createWaiter } = await import('../apply/waiter.ts')
  const { systemClock } = await import('../apply/clock.ts')
  const { flags, signal, loaded, connection } = session
  return {
    waiter: createWaiter(connection.api, systemClock),
    signal,
    wait: flags.wait !== false,
    timeoutMs: timeoutOf(flags, loaded),
  }
}

/** The flag, else the config; `undefined` means the default for the kind of work. */
function timeoutOf({ timeout }: Flags, { config }: Loaded): number | undefined {
  const configured = config?.value.timeout
  if (timeout !== undefined || configured === undefined) return timeout
  return parseDuration(String(configured), 'timeout in the config')
}

/** Checks the account, prints the action and the target, and creates the shared state. */
export async function beginChanges(session: Session, verb: string): Promise<ChangeOptions & { readonly verb: string }> {
  const shown = session.flags.dryRun === true ? 'Planning' : verb
  await guardAccount(session)
  await announce(
    session,
    shown,
    session.loaded.tables.map(({ definition }) => definition.name),
  )
  return { ...(await startWork(session)), verb: shown }
}

/**
 * Plans all tables concurrently; the result is in the order of the definitions. It first waits for changes in progress,
 * except in a dry run or with --no-wait, so that the plans are still valid when applied. Only this wait is reported.
 */
export async function planAll(session: Session, work: Partial<ChangeOptions> = {}): Promise<readonly Planned[]> {
  const { runTables } = await import('../apply/run-tables.ts')
  const { loaded, signal, flags } = session
  const { waiter, timeoutMs } = work
  const definitions = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
  const planned = new Map<string, Planned>()
  const settle = flags.dryRun !== true && work.wait !== false
  const onEvent = await onlyWaiting(session)
  const options = { ...planOptions(flags), waiter, timeoutMs, settle, signal, onEvent }
  const each = async (name: string): Promise<Outcome> => {
    const definition = definitions.get(name)
    if (definition === undefined) return { name, action: 'skipped', durationMs: 0 }
    const found = await planOne(definition, session, options)
    planned.set(name, found)
    return found.outcome
  }
  const limits = { concurrency: concurrencyOf(session), failFast: false, signal }
  const outcomes = await runTables([...definitions.keys()], each, limits)
  return loaded.tables.map(({ definition }, at) => {
    const outcome = outcomes[at] ?? { name: definition.name, action: 'skipped', durationMs: 0 }
    const nothing = { definition, live: undefined, plan: undefined, outcome, underWay: undefined }
    return planned.get(definition.name) ?? nothing
  })
}

/** Creates each table that is missing, and recreates those that differ with --recreate. */
export async function creationTasks(session: Session, work: ChangeOptions & CreateOptions): Promise<readonly Task[]> {
  const { createTable } = await import('../apply/reconcile.ts')
  const { loaded, connection, flags } = session
  const dryRun = flags.dryRun === true
  const recreate = await recreation(session, flags.recreate === true ? await compareAll(session, work) : [])
  return loaded.tables.map(({ definition }) => ({
    name: definition.name,
    run: async onEvent => {
      // The outcome carries the warnings as well; that of a recreated table has its own.
      const quietly: OnEvent = event => (event.kind === 'warning' ? undefined : onEvent(event))
      const options = { ...work, dryRun, onEvent: flags.recreate === true ? quietly : onEvent }
      return recreate(await createTable(definition, connection.api, options), onEvent)
    },
  }))
}

/** The tables as `create` and `local` find them: an existing one that differs in any way is `different`. */
async function compareAll(session: Session, work: ChangeOptions): Promise<readonly Outcome[]> {
  const planned = await planAll(session, work)
  return planned.map(({ live, outcome }) =>
    live !== undefined && outcome.action === 'planned' && outcome.steps?.length !== 0
      ? { ...outcome, action: 'different' }
      : outcome,
  )
}

export function planOptions({ dropIndexes, pruneTags, safeReplace }: Flags): PlanOptions {
  return { dropIndexes: dropIndexes === true, pruneTags: pruneTags === true, safeReplace: safeReplace === true }
}

type PlanOneOptions = PlanOptions & RunOptions & { readonly settle?: boolean }

/** Reads the live settings that the definition names, and plans the changes. */
export async function planOne(
  given: TableDefinition,
  { connection: { api } }: Session,
  options: PlanOneOptions,
): Promise<Planned> {
  // Live tags are only read and compared for a definition with `tags`.
  const definition = options.pruneTags === true ? { ...given, tags: given.tags ?? {} } : given
  const { planTable } = await import('../plan/plan-table.ts')
  const { readLive } = await import('../apply/wait.ts')
  const { regionFor } = await import('../apply/reconcile.ts')
  const { unsettled } = await import('../apply/goal.ts')
  const { systemClock } = await import('../apply/clock.ts')
  const { name } = definition
  const startedAt = systemClock.now()
  const elapsed = () => systemClock.now() - startedAt
  const { live, failed } = await readLive(definition, api, options)
  if (failed !== undefined) {
    const outcome = { ...failed, name, durationMs: elapsed() }
    return { definition, live: undefined, plan: undefined, outcome, underWay: undefined }
  }
  const capabilities = api.capabilities()
  const region = await regionFor({ api }, definition)
  const plan = planTable(definition, live, { ...options, capabilities, region })
  const underWay = live === undefined ? undefined : unsettled(live)
  const outcome = { ...toOutcome(plan, capabilities, underWay), status: live?.status, durationMs: elapsed() }
  return { definition, live, plan, outcome, underWay }
}

function toOutcome(
  { table, steps, blocked, notices }: Plan,
  capabilities: Capabilities,
  underWay: string | undefined,
): Omit<Outcome, 'durationMs'> {
  const busy = `work is under way (${underWay}); update waits until it is done and plans from the result`
  const found = {
    name: table,
    steps,
    // An index that is replaced is one change of two steps.
    changes: [...new Set(steps.flatMap(step => step.changes))],
    warnings: [...(underWay === undefined ? [] : [busy]), ...notices],
  }
  if (blocked.length === 0) return { ...found, action: 'planned' }
  const error = new DynamoxError('blocked', `${table} cannot be brought to its definition in place`, {
    table,
    problems: blocked,
    hint: hintFor(capabilities),
  })
  return { ...found, action: 'blocked', error }
}

/** Tables of a local engine are for development, so suggest recreating them. */
const hintFor = ({ engine }: Capabilities): string | undefined =>
  engine === 'aws' || engine === 'unknown' ? undefined : `with create, update or local, ${recreateHint}`

async function onlyWaiting({ report }: Invocation): Promise<OnEvent> {
  const { unsettled } = await import('../apply/goal.ts')
  return event => {
    if (['held', 'pace', 'waiting', 'warning'].includes(event.kind)) report.event(event)
    if (event.kind !== 'status' || event.live === undefined || event.live.status === 'DELETING') return
    const what = unsettled(event.live)
    if (what !== undefined) report.note(`${event.table}: waiting for work under way (${what})`)
  }
}

/**
 * Shows all plans, asks once if anything would be destroyed, and applies the plans; with `--dry-run` it only shows
 * them.
 */
export async function carryOutPlans(
  session: Session,
  planned: readonly Planned[],
  work: ChangeOptions,
): Promise<Result> {
  const outcomes = planned.map(({ outcome }) => outcome)
  if (session.flags.dryRun === true) {
    const recreate = await recreation(session, outcomes)
    const plans = planned.map(({ outcome }) => ({
      name: outcome.name,
      run: (onEvent: OnEvent) => recreate(outcome, onEvent),
    }))
    return workOn(session, { verb: 'Planning', counted: 'planned', tables: plans })
  }
  showPlans(session, planned)
  adviseOnReplaced(session, planned)
  const destroying = planned.filter(({ plan }) => plan?.blocked.length === 0 && plan.steps.some(step => step.destroys))
  if (destroying.length > 0) {
    await guardProtected(
      session,
      destroying.map(({ outcome }) => outcome.name),
      // Each replica of a table loses what the table loses, such as an index.
      {
        regions: destroying.flatMap(({ live }) => Object.keys(live?.replicaStatuses ?? {})),
        instead: destroying.every(isAvoidable) ? safeReplace : undefined,
      },
    )
    await agree(session, destroying)
  }
  const recreate = await recreation(session, outcomes)
  return workOn(session, {
    verb: 'Updating',
    counted: 'done',
    tables: changeTasks(session, planned, work, recreate),
  })
}

/** Applies each plan; what it could not change is left to `recreate`. */
export function changeTasks(
  session: Session,
  planned: readonly Planned[],
  work: ChangeOptions,
  recreate: Recreate,
): readonly Task[] {
  return planned.map(each => ({
    name: each.outcome.name,
    run: taskFor(each, session, work, recreate),
  }))
}

/** The changes of all steps. */
const changesOf = (planned: readonly Planned[]) =>
  planned.flatMap(({ plan }) => plan?.steps ?? []).flatMap(({ changes }) => changes)

const safeReplace = '--safe-replace keeps the old index and adds the changed one under a new name'

const isReplaced = ({ kind }: Change) => kind === 'replace-index' || kind === 'replace-vector-index'

/** Whether --safe-replace would avoid every loss of a plan. */
const isAvoidable = ({ plan }: Planned) =>
  plan?.steps.every(step => !step.destroys || step.changes.every(isReplaced)) === true

/** Tells of --safe-replace where an index would be rebuilt, which takes a while except on a local engine. */
export function adviseOnReplaced(session: Session, planned: readonly Planned[]): void {
  const { report, flags, connection } = session
  if (
    !changesOf(planned).some(isReplaced) ||
    flags.safeReplace === true ||
    connection.api.capabilities().hasOwnPace === true
  )
    return
  report.note('--safe-replace adds a changed index under a new name and keeps the old one, so that queries do not fail')
}

/** Shows all changes before the first is made. */
function showPlans({ report }: Invocation, planned: readonly Planned[]): void {
  for (const { plan } of planned) {
    if (plan === undefined || plan.blocked.length > 0 || plan.steps.length === 0) continue
    report.note(style => [plan.table, ...stepLines(plan.steps, style).map(line => `  ${line}`)])
  }
}

/** Asks once for all tables that would lose something. */
async function agree(run: Session, destroying: readonly Planned[]): Promise<void> {
  if (!mustAsk(run)) return
  const names = destroying.map(({ outcome }) => outcome.name)
  // A region that loses its copy needs the same consent as deleting a table.
  const dropsReplica = changesOf(destroying).some(({ kind }) => kind === 'drop-replica')
  const word = dropsReplica ? await wordFor(run, names) : undefined
  await consent(run, {
    action: `apply these changes to ${namesOrCount(names, 1)}`,
    word,
  })
}

function taskFor(
  { plan, outcome, underWay }: Planned,
  { connection }: Session,
  work: ChangeOptions,
  recreate: Recreate,
): Task['run'] {
  return async onEvent => {
    if (plan === undefined) return outcome
    if (plan.blocked.length > 0) return recreate(outcome, onEvent)
    if (underWay !== undefined && underWay !== 'DELETING' && !work.wait && plan.steps.length > 0)
      return leave(outcome, plan, underWay)
    const { applyPlan } = await import('../apply/apply-plan.ts')
    const options = { ...work, timeoutMs: left(work.timeoutMs, outcome.durationMs), onEvent }
    return recreate(await applyPlan(plan, connection.api, options), onEvent)
  }
}

/** With --no-wait, nothing is sent to a table with changes in progress: a plan made now may not stay valid. */
function leave(outcome: Outcome, { steps, notices }: Plan, underWay: string): Outcome {
  const pending = steps.map(
    ({ summary }) => `not applied yet, ${underWay}: ${summary}; run the same command again to finish`,
  )
  return { ...outcome, action: 'requested', steps: [], changes: [], warnings: [...notices, ...pending] }
}

/** The remaining timeout of a table. The time spent waiting for the user's answer does not count. */
function left(timeoutMs: number | undefined, spentMs: number): number | undefined {
  return timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - spentMs)
}

/**
 * How to bring the tables that differ to their definitions, for commands that leave them as they are; `undefined` when
 * there are none. Only a local engine is asked which of them cannot be changed in place.
 */
export async function adviseOn(session: Session, { tables = [] }: Result): Promise<string | undefined> {
  const { loaded, connection, complete } = session
  const differing = tables.filter(({ action }) => action === 'different').map(({ name }) => name)
  if (differing.length === 0) return undefined
  const them = differing.length === 1 ? 'it' : 'them'
  const which = differing.length < 4 ? ` ${differing.join(' ')}` : ''
  const { engine } = connection.api.capabilities()
  if (engine === 'aws' || engine === 'unknown')
    return `${complete(`dynamox plan${which} shows how to bring ${them} to the definition`)}, and update does it`
  const ofThese = loaded.tables.filter(({ definition }) => differing.includes(definition.name))
  const planned = await planAll({ ...session, loaded: { ...loaded, tables: ofThese } }, { wait: false })
  const blocked = planned.filter(({ plan }) => plan !== undefined && plan.blocked.length > 0)
  if (blocked.length > 0) return `some cannot be changed in place; ${recreateHint}`
  return complete(`dynamox update${which} brings ${them} to the definition, and plan shows the steps first`)
}
