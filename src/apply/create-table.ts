import { describeChange } from '../plan/describe-change.ts'
import { diffTable } from '../plan/diff.ts'
import { workOf } from '../plan/durations.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { planTable } from '../plan/plan-table.ts'
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
  for (;;) {
    const presumed = run.api.capabilities()
    const plan = planCreation(run, definition)
    const [first, ...rest] = plan.steps
    if (plan.blocked.length > 0) throw blockedBy(plan)
    if (first === undefined) return { action: 'unchanged' }
    if (run.options.dryRun === true) return dryRun(run, definition)
    const sent = await sendCreate(run, first).catch((error: unknown) => {
      // The very refusal may have shown which engine it is, and that it takes less.
      if (isSameRequest(first, planCreation(run, definition).steps[0])) throw error
      return undefined
    })
    if (sent === undefined) continue
    if (sent.existing === undefined) {
      if (run.options.wait === false) return requested(run, rest)
      const live = await waitOn(run, { kind: 'ready' }, { work: workOf(first.request) }, 'not ready')
      // The first answer showed what kind of target it is; the plan may have been made without knowing.
      const isKnown = run.api.capabilities() === presumed
      return finishCreated(run, definition, live, isKnown ? plan : planCreation(run, definition))
    }
    const matched = await matchExisting(run, definition, sent.existing)
    if (matched !== 'gone') return matched
  }
}

function planCreation(run: Run, definition: TableDefinition): Plan {
  return planTable(definition, undefined, { capabilities: run.api.capabilities() })
}

function isSameRequest(one: Step, other: Step | undefined): boolean {
  return JSON.stringify(one.request) === JSON.stringify(other?.request)
}

async function requested(run: Run, followUps: readonly Step[]) {
  run.status ??= 'CREATING'
  await sendIfReady(run, followUps)
  return { action: 'requested' as const }
}

/** The table is ours and ready: what CreateTable could not carry is sent. */
async function finishCreated(
  run: Run,
  definition: TableDefinition,
  live: LiveTable | undefined,
  { notices, steps }: Plan,
) {
  const capabilities = run.api.capabilities()
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
