import { DynamoxError } from '../errors.ts'
import { isUnfinishedCreate } from '../plan/after-creation.ts'
import { type Plan, planDelete, planTable } from '../plan/plan-table.ts'
import { followUpFields } from '../settings/catalogue.ts'
import { describeChange } from '../settings/change.ts'
import { presentReplicas } from '../settings/replica-settings.ts'
import type { Step } from '../settings/step.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { canonicalJson } from '../table/text.ts'
import { blockedBy, carryOutCreation, changeTexts, nameFreed, protectedTable, takeSteps } from './apply-plan.ts'
import type { Outcome } from './events.ts'
import { isReady } from './goal.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, type RunResult, runTable } from './run.ts'
import { creationTimeoutMs, look, waitOn, watch } from './wait.ts'

export interface CreateOptions extends RunOptions {
  /** A table that already exists is an error, even when it matches. */
  readonly strict?: boolean | undefined
  /** Whether to wait for a table that is being deleted (the default), or to treat it as existing. */
  readonly waitForDeletion?: boolean | undefined
}

export interface DeleteOptions extends RunOptions {
  /** Turn deletion protection off first. */
  readonly disableProtection?: boolean | undefined
  /** Delete only the table with this id: one that was created again in the meantime is `skipped`. */
  readonly id?: string | undefined
}

const deleteTimeoutMs = 5 * 60_000
/**
 * How long another process gets to send the settings that CreateTable cannot carry; longer when it was seen creating
 * the table. After that, a table that lacks only such settings counts as an interrupted creation.
 */
const graceMs = { seenCreating: 8_000, otherwise: 2_000 }

/**
 * Creates a table unless it exists, and waits until it is ready with all its settings on (`wait`, the default).
 *
 * Safe to repeat, also by several processes at once. An existing table is `unchanged` or `different` and is never
 * changed; a table that another process is creating is waited for; one that is being deleted is created again
 * afterwards; an interrupted creation is completed. Never rejects; a failure is in the outcome's `error`.
 */
export function createTable(definition: TableDefinition, api: TableApi, options: CreateOptions = {}): Promise<Outcome> {
  const work = (run: Run) => (options.dryRun === true ? wouldCreate : create)(run, definition, options)
  return runTable(definition.name, api, options, creationTimeoutMs(definition), work)
}

/**
 * Deletes a table and waits until it is gone (`wait`, the default). A table that does not exist is `absent`. A
 * protected table is `blocked` and nothing is sent, unless `disableProtection` is set. Never rejects; a failure is in
 * the outcome's `error`.
 */
export function deleteTable(name: string, api: TableApi, options: DeleteOptions = {}): Promise<Outcome> {
  return runTable(name, api, options, deleteTimeoutMs, async run => {
    const found = await look(run)
    if (found === undefined) return { action: 'absent' }
    if (options.id !== undefined && found.id !== options.id) {
      run.warn(`${name} was created again in the meantime, and is kept`)
      return { action: 'skipped' }
    }
    const hasReplicas = presentReplicas(found).length > 0
    // A replica may be protected in its own region.
    const live = hasReplicas ? ((await look(run, ['replicas'])) ?? found) : found
    const plan = planDelete(name, live, { ...options, capabilities: run.api.capabilities() })
    for (const warning of live.warnings) run.warn(warning)
    if (plan.blocked.length > 0) throw hasReplicas ? blockedBy(plan) : protectedTable(name)
    if (hasReplicas && options.timeoutMs === undefined && options.deadline === undefined)
      run.deadline = run.startedAt + plan.steps.length * deleteTimeoutMs
    if (options.dryRun === true) return { action: 'planned', steps: plan.steps }
    await takeSteps(run, plan.steps)
    if (plan.steps.length === 0) {
      run.warn(`${name} was being deleted already`)
      if (options.wait !== false) await waitOn(run, { kind: 'gone', id: live.id }, { work: 'delete' }, 'not gone')
    }
    return { action: options.wait === false && run.status !== undefined ? 'requested' : 'deleted' }
  })
}

async function create(run: Run, definition: TableDefinition, options: CreateOptions): Promise<RunResult> {
  const region = await regionFor(run, definition)
  return carryOutCreation(run, {
    plan: () => planCreation(run, definition, region),
    meet: existing => match(run, definition, existing, options),
    created: (live, rest) => warnOfLost(run, definition, live, rest),
  })
}

function planCreation(run: Run, definition: TableDefinition, region: string | undefined): Plan {
  return planTable(definition, undefined, { capabilities: run.api.capabilities(), region })
}

/** The region of the target, where needed: no replica can be there. */
export async function regionFor(
  { api }: Pick<Run, 'api'>,
  { replicas = [] }: TableDefinition,
): Promise<string | undefined> {
  return replicas.length === 0 ? undefined : (await api.identify()).region
}

/** Warns about settings that CreateTable sent and the target did not keep; those of later steps are still missing. */
function warnOfLost(run: Run, definition: TableDefinition, live: LiveTable, rest: readonly Step[]): void {
  const capabilities = run.api.capabilities()
  const later = rest.flatMap(({ changes }) => changes.map(canonicalJson))
  for (const change of planTable(definition, live, { capabilities }).changes)
    if (!later.includes(canonicalJson(change))) run.warn(`not kept by ${capabilities.label}: ${describeChange(change)}`)
}

async function wouldCreate(run: Run, definition: TableDefinition, options: CreateOptions): Promise<RunResult> {
  // A setting that the target refuses is an error even if the table exists.
  const region = await regionFor(run, definition)
  const before = planCreation(run, definition, region)
  if (before.blocked.length > 0) throw blockedBy(before)
  const live = await look(run)
  if (live !== undefined && live.status !== 'DELETING') {
    const matched = await match(run, definition, live, options)
    return matched === 'gone' ? { action: 'planned' } : matched
  }
  const plan = planCreation(run, definition, region)
  if (plan.blocked.length > 0) throw blockedBy(plan)
  for (const notice of plan.notices) run.warn(notice)
  return { action: 'planned', steps: plan.steps }
}

/** Compares an existing table with its definition; `gone` when the table was being deleted and no longer exists. */
async function match(
  run: Run,
  definition: TableDefinition,
  found: LiveTable,
  { strict = false, waitForDeletion = true, wait = true, dryRun = false }: CreateOptions,
): Promise<RunResult | 'gone'> {
  run.saw(found)
  if (found.status === 'DELETING' && waitForDeletion) return nameFreed(run, found)
  if (strict) return { action: 'exists', error: existsAlready(run.name, found) }
  const waits = wait && !dryRun && !isReady(found)
  if (waits) await waitOn(run, { kind: 'ready' }, { work: 'unknown' }, 'not ready')
  const plan = await compare(run, definition, waits ? undefined : found)
  if (!isUnfinished(plan)) return compared(plan)
  if (dryRun) {
    if (plan.blocked.length > 0) throw blockedBy(plan)
    return { action: 'planned', steps: plan.steps }
  }
  const grace = found.status === 'CREATING' ? graceMs.seenCreating : graceMs.otherwise
  return finish(run, definition, wait ? grace : 0)
}

/**
 * Compares with a description that includes all settings in the definition; uses `known` when no extra calls are
 * needed.
 */
async function compare(run: Run, definition: TableDefinition, known?: LiveTable): Promise<Plan> {
  const fields = followUpFields(definition, run.api.capabilities())
  const live = known !== undefined && fields.length === 0 ? known : await look(run, fields)
  if (live === undefined) throw goneAgain(run.name)
  // Reading the settings may have shown which calls the target does not support.
  const plan = planTable(definition, live, { capabilities: run.api.capabilities() })
  for (const notice of plan.notices) run.warn(notice)
  return plan
}

/** Whether a table lacks nothing but settings that CreateTable cannot carry. */
const isUnfinished = ({ changes }: Plan) => changes.length > 0 && changes.every(isUnfinishedCreate)

const compared = ({ changes }: Plan): RunResult =>
  changes.length === 0 ? { action: 'unchanged' } : { action: 'different', changes }

/** Gives another creator `grace` milliseconds to finish, then sends the missing settings. */
async function finish(run: Run, definition: TableDefinition, grace: number): Promise<RunResult> {
  const capabilities = run.api.capabilities()
  const fields = followUpFields(definition, capabilities)
  const holds = (live: LiveTable | undefined) =>
    live === undefined || !isUnfinished(planTable(definition, live, { capabilities }))
  if (grace > 0) {
    const deadline = Math.min(run.deadline, run.clock.now() + grace)
    await watch(run, { kind: 'holds', holds }, { work: 'quick', fields }, deadline)
  }
  const plan = await compare(run, definition)
  if (!isUnfinished(plan)) return compared(plan)
  if (plan.blocked.length > 0) throw blockedBy(plan)
  const before = run.sent.length
  await takeSteps(run, plan.steps)
  const finished = run.sent.slice(before).map(changeTexts)
  if (finished.length > 0)
    run.warn(
      `turned on what the existing table lacked, as after an interrupted create: ${[...new Set(finished)].join('; ')}`,
    )
  return { action: 'unchanged' }
}

function existsAlready(name: string, { status }: LiveTable): DynamoxError {
  const state = status === 'ACTIVE' ? '' : ` (it is ${status})`
  return new DynamoxError('exists', `table ${name} already exists${state}`, {
    table: name,
    hint: 'leave out --strict to accept a table that matches',
  })
}

function goneAgain(name: string): DynamoxError {
  return new DynamoxError('not-found', `${name} was deleted by another process while it was compared`, {
    table: name,
    hint: 'run the command again to create it',
  })
}
