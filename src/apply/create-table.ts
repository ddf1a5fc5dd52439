import { describeChange } from '../plan/describe-change.ts'
import { diffTable } from '../plan/diff.ts'
import { workOf } from '../plan/durations.ts'
import type { Plan } from '../plan/plan.ts'
import { planTable } from '../plan/plan-table.ts'
import type { Step } from '../settings/step.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { blockedBy } from './blocked-by.ts'
import { carryOut, waitAfter } from './carry-out.ts'
import { sendCreate } from './create-step.ts'
import type { Outcome } from './events.ts'
import { look, waitOn } from './look.ts'
import { matchExisting } from './match-existing.ts'
import type { TableApi } from './ports.ts'
import { isReady } from './readiness.ts'
import { creationTimeoutMs, type Run, type RunOptions, runTable } from './run.ts'

/**
 * Creates a table unless it is there, and waits until it is ready with all its settings on (`wait`, the default).
 *
 * Can be repeated and raced: a table that is there and matches is `unchanged`, one that differs `different` (nothing
 * is changed), one being created by somebody else is waited for, one being deleted is created once it is gone, and
 * what an interrupted create left undone is finished. Never rejects; what went wrong is in the outcome's `error`.
 */
export function createTable(definition: TableDefinition, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  return runTable(definition.name, api, options, creationTimeoutMs(definition), run => create(run, definition))
}

async function create(run: Run, definition: TableDefinition): Promise<Pick<Outcome, 'action'>> {
  if (run.options.dryRun === true) return dryRun(run, definition)
  for (;;) {
    // Thousands would otherwise wait at the gate with all that they need in hand.
    const onTurn = await run.waiter.gate.turn()
    const begun = await begin(run, definition, onTurn).finally(onTurn)
    if (begun === undefined) continue
    if (begun.existing === undefined) {
      return run.options.wait === false ? requested(run, begun.plan) : finishCreated(run, definition, begun)
    }
    const matched = await matchExisting(run, definition, begun.existing)
    if (matched !== 'gone') return matched
  }
}

interface Begun {
  readonly plan: Plan
  /** The plan's first step. */
  readonly created: Step
  /** What the plan was made for. */
  readonly capabilities: Capabilities
  /** The table that is there already; otherwise the request was accepted. */
  readonly existing: LiveTable | undefined
}

/** Sends CreateTable; `undefined` when its refusal showed that the plan was made for another engine than there is. */
async function begin(run: Run, definition: TableDefinition, onTurn: () => void): Promise<Begun | undefined> {
  const capabilities = run.api.capabilities()
  const plan = planCreation(run, definition)
  const [first] = plan.steps
  if (plan.blocked.length > 0 || first === undefined) throw blockedBy(plan)
  try {
    const { existing } = await sendCreate(run, first, onTurn)
    return { plan, created: first, capabilities, existing }
  } catch (error) {
    // The very refusal may have shown which engine it is, and that it takes less.
    if (isSameRequest(first, planCreation(run, definition).steps[0])) throw error
    return undefined
  }
}

function planCreation(run: Run, definition: TableDefinition): Plan {
  return planTable(definition, undefined, { capabilities: run.api.capabilities() })
}

function isSameRequest(one: Step, other: Step | undefined): boolean {
  return JSON.stringify(one.request) === JSON.stringify(other?.request)
}

async function requested(run: Run, { steps }: Plan) {
  run.status ??= 'CREATING'
  await sendIfReady(run, steps.slice(1))
  return { action: 'requested' as const }
}

/** The table is ours: wait for it, then send what CreateTable could not carry. */
async function finishCreated(run: Run, definition: TableDefinition, begun: Begun) {
  const live = await waitOn(run, { kind: 'ready' }, { work: workOf(begun.created.request) }, 'not ready')
  // The first answer showed what kind of target it is; the plan may have been made without knowing.
  const capabilities = run.api.capabilities()
  const { notices, steps } = capabilities === begun.capabilities ? begun.plan : planCreation(run, definition)
  for (const notice of notices) run.warn(notice)
  if (live !== undefined) {
    for (const change of diffTable(definition, live, { capabilities })) {
      run.warn(`asked for, but not kept by ${capabilities.label}: ${describeChange(change)}`)
    }
  }
  for (const step of steps.slice(1)) {
    await waitAfter(run, step, await carryOut(run, step))
  }
  return { action: 'created' as const }
}

/** Without waiting, a setting that needs a call of its own is sent only if the table can take it by now. */
async function sendIfReady(run: Run, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return
  const live = await look(run)
  const ready = live !== undefined && isReady(live)
  for (const step of steps) {
    if (ready) await carryOut(run, step)
    else
      run.warn(
        `not applied yet: ${step.changes.map(describeChange).join('; ')}; dynamox create ${run.name} finishes it`,
      )
  }
}

async function dryRun(run: Run, definition: TableDefinition): Promise<Pick<Outcome, 'action'>> {
  // What the target is known to refuse is said whatever is there.
  const plan = planCreation(run, definition)
  if (plan.blocked.length > 0) throw blockedBy(plan)
  const live = await look(run)
  if (live !== undefined && live.status !== 'DELETING') {
    const matched = await matchExisting(run, definition, live)
    return matched === 'gone' ? { action: 'planned' } : matched
  }
  return planned(run, planCreation(run, definition))
}

function planned(run: Run, plan: Plan) {
  if (plan.blocked.length > 0) throw blockedBy(plan)
  for (const notice of plan.notices) run.warn(notice)
  return { action: 'planned' as const, steps: plan.steps }
}
