import { DynamoxError } from '../errors.ts'
import { fieldsToJudge, isStepDone } from '../plan/carried-out.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { blockedBy } from './blocked-by.ts'
import { type CarriedOut, carryOut, goalOf, waitAfter } from './carry-out.ts'
import { sendCreate } from './create-step.ts'
import { sendDelete } from './delete-step.ts'
import type { Action, Outcome } from './events.ts'
import { judge } from './goal.ts'
import { look, waitOn } from './look.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, runTable } from './run.ts'

const usualTimeoutMs = 60 * 60_000

/** What applyPlan does. */
export function runPlan(plan: Plan, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  return runTable(plan.table, api, options, usualTimeoutMs, run => apply(run, plan))
}

async function apply(run: Run, plan: Plan): Promise<Pick<Outcome, 'action' | 'steps'>> {
  if (plan.blocked.length > 0) throw blockedBy(plan)
  for (const notice of plan.notices) run.warn(notice)
  if (plan.steps.length === 0) return { action: 'unchanged' }
  if (run.options.dryRun === true) return { action: 'planned', steps: plan.steps }
  let seen: LiveTable | undefined
  // AWS accepts some changes while another is under way, and then loses one of the two without a word.
  if (plan.steps[0]?.request.api === 'UpdateTable' && run.options.wait !== false) {
    seen = await waitOn(run, { kind: 'ready' }, { work: 'unknown' }, 'not ready for changes')
  }
  for (const [index, step] of plan.steps.entries()) {
    // Since the plan was made another process, or a long wait for consent, may have left nothing of a step to do.
    if (step.request.api === 'UpdateTable' && seen !== undefined && isStepDone(step, seen)) continue
    const carriedOut = await sendStep(run, step)
    const rest = plan.steps.slice(index + 1)
    if (run.options.wait !== false) seen = (await waitAfter(run, step, carriedOut)) ?? seen
    else if (carriedOut !== 'left-out' && !(await mayGoOn(run, step, rest))) return { action: 'requested' }
  }
  return { action: run.options.wait === false ? 'requested' : actionOf(plan) }
}

async function sendStep(run: Run, step: Step): Promise<CarriedOut> {
  switch (step.request.api) {
    case 'CreateTable': {
      const { existing } = await sendCreate(run, step)
      if (existing === undefined) return 'done'
      if (existing.status !== 'DELETING') throw appeared(run.name)
      await waitOn(run, { kind: 'gone', id: existing.id }, { work: 'delete' }, 'still being deleted')
      return sendStep(run, step)
    }
    case 'DeleteTable':
      await sendDelete(run, step)
      return 'done'
    default:
      return carryOut(run, step)
  }
}

/** Without waiting: whether what the next step needs holds by now; if not, what is left is named. */
async function mayGoOn(run: Run, step: Step, rest: readonly Step[]): Promise<boolean> {
  if (rest.length === 0) return true
  const goal = goalOf(step)
  if (goal === undefined) return true
  const live = await look(run, step.until.kind === 'setting' ? [step.until.field] : fieldsToJudge(step.request))
  if (judge(goal, live, { name: run.name, ageMs: 0, missingMs: 0, missing: 'wait' }) === 'reached') return true
  for (const { summary } of rest) run.warn(`not applied yet: ${summary}; the same command again does the rest`)
  return false
}

function actionOf(plan: Plan): Action {
  const apis = plan.steps.map(step => step.request.api)
  if (apis.includes('CreateTable')) return 'created'
  return apis.includes('DeleteTable') ? 'deleted' : 'updated'
}

function appeared(name: string): DynamoxError {
  return new DynamoxError('exists', `${name} is there by now, though the plan was made to create it`, {
    table: name,
    hint: 'somebody created it meanwhile: make a new plan with dynamox plan',
  })
}
