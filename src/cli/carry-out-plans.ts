import type { Outcome } from '../apply/events.ts'
import type { RunOptions } from '../apply/run.ts'
import type { Waiter } from '../apply/waiter.ts'
import type { Loaded } from '../load/load-options.ts'
import type { Plan } from '../plan/plan.ts'
import { guardProtected } from './announce.ts'
import { consent, mustAsk } from './consent.ts'
import type { Planned } from './plan-one.ts'
import { plural } from './report/format.ts'
import { stepLines } from './report/lines.ts'
import type { Result } from './report/report.ts'
import type { Connection, Run } from './run.ts'
import { type Task, workOn } from './work-on.ts'

export type PlannedWork = Pick<Planned, 'plan' | 'outcome' | 'underWay'>

export interface Work extends RunOptions {
  readonly waiter: Waiter
  readonly wait: boolean
}

/** What planning and carrying out share: one waiter for all tables, and how long each may take. */
export async function startWork(
  { flags, signal }: Run,
  timeoutMs: number | undefined,
  api: Connection['api'],
): Promise<Work> {
  const { createWaiter } = await import('../apply/waiter.ts')
  const { systemClock } = await import('../apply/clock.ts')
  return { waiter: createWaiter(api, systemClock), signal, wait: flags.wait !== false, timeoutMs }
}

/** Shows all plans, asks once where something would be destroyed, and carries them out; with `--dry-run` only shows. */
export async function carryOutPlans(
  run: Run,
  loaded: Loaded,
  connection: Connection,
  planned: readonly PlannedWork[],
  work: Work,
): Promise<Result> {
  const said = (name: string) => {
    const { warnings, onCreation } = loaded.tables.find(({ definition }) => definition.name === name) ?? {}
    return { name, warnings, onCreation }
  }
  if (run.flags.dryRun === true) {
    const plans = planned.map(({ outcome }) => ({ ...said(outcome.name), run: async () => outcome }))
    return workOn(run, loaded, connection, { verb: 'Planning', counted: 'planned', tables: plans })
  }
  showPlans(run, planned)
  const destroying = planned.filter(({ plan }) => plan?.blocked.length === 0 && plan.steps.some(step => step.destroys))
  if (destroying.length > 0) {
    guardProtected(run, loaded)
    await agree(run, destroying)
  }
  const tables = planned.map(each => ({ ...said(each.outcome.name), run: taskFor(each, connection, work) }))
  return workOn(run, loaded, connection, { verb: 'Updating', counted: 'done', tables })
}

/** All that is to be done, before any of it is. */
function showPlans({ report }: Run, planned: readonly PlannedWork[]): void {
  for (const { plan } of planned) {
    if (plan === undefined || plan.blocked.length > 0 || plan.steps.length === 0) continue
    report.note(plan.table)
    for (const line of stepLines(plan.steps)) report.note(`  ${line}`)
  }
}

/** Asks once for all tables that would lose something. */
async function agree(run: Run, destroying: readonly PlannedWork[]): Promise<void> {
  if (!mustAsk(run)) return
  const names = destroying.map(({ outcome }) => outcome.name)
  await consent(run, { deed: `carry this out on ${names.length === 1 ? names.join() : plural(names.length, 'table')}` })
}

function taskFor({ plan, outcome, underWay }: PlannedWork, { api }: Connection, work: Work): Task['run'] {
  return async onEvent => {
    if (plan === undefined || plan.blocked.length > 0) return outcome
    if (underWay !== undefined && underWay !== 'DELETING' && !work.wait && plan.steps.length > 0)
      return leave(outcome, plan, underWay)
    const { runPlan } = await import('../apply/run-plan.ts')
    return runPlan(plan, api, { ...work, timeoutMs: left(work.timeoutMs, outcome.durationMs), onEvent })
  }
}

/** Without waiting nothing is sent to a table that is being worked on: what would be planned now may not hold. */
function leave(outcome: Outcome, { steps, notices }: Plan, underWay: string): Outcome {
  const pending = steps.map(
    ({ summary }) => `not applied yet, ${underWay}: ${summary}; the same command again does the rest`,
  )
  return { ...outcome, action: 'requested', steps: [], changes: [], warnings: [...notices, ...pending] }
}

/** A table's time counts from when it was first looked at; how long a question stood unanswered does not. */
function left(timeoutMs: number | undefined, spentMs: number): number | undefined {
  return timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - spentMs)
}
