import type { Outcome } from '../../apply/events.ts'
import type { RunOptions } from '../../apply/run.ts'
import type { Waiter } from '../../apply/waiter.ts'
import type { Loaded } from '../../load/load-options.ts'
import type { Plan } from '../../plan/plan.ts'
import { announce, guardAccount, guardProtected } from '../announce.ts'
import { consent, mustAsk } from '../consent.ts'
import { loadDefined } from '../load.ts'
import { planAll } from '../plan-all.ts'
import type { Planned } from '../plan-one.ts'
import { plural } from '../report/format.ts'
import { stepLines } from '../report/lines.ts'
import type { Result } from '../report/report.ts'
import type { Connection, Run } from '../run.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { type Task, workOn } from '../work-on.ts'

/** Creates what is missing and brings live tables to their definitions; asks before it destroys anything. */
export async function update(run: Run): Promise<Result> {
  const { flags } = run
  const loaded = await loadDefined(run)
  const names = loaded.tables.map(({ definition }) => definition.name)
  const said = (name: string) => {
    const { warnings, onCreation } = loaded.tables.find(({ definition }) => definition.name === name) ?? {}
    return { name, warnings, onCreation }
  }
  return withConnection(run, loaded, async connection => {
    const dryRun = flags.dryRun === true
    await guardAccount(run, loaded, connection)
    await announce(run, loaded, connection, dryRun ? 'Planning' : 'Updating', names)
    const work = await startWork(run, loaded, connection)
    const settle = !dryRun && work.wait
    const planned = await planAll(run, loaded, connection, { settle, timeoutMs: work.timeoutMs, waiter: work.waiter })
    if (dryRun) {
      const plans = planned.map(({ outcome }) => ({ ...said(outcome.name), run: async () => outcome }))
      return workOn(run, loaded, connection, { verb: 'Planning', counted: 'planned', tables: plans })
    }
    showPlans(run, planned)
    const destroying = planned.filter(
      ({ plan }) => plan?.blocked.length === 0 && plan.steps.some(step => step.destroys),
    )
    if (destroying.length > 0) {
      guardProtected(run, loaded)
      await agree(run, destroying)
    }
    const tables = planned.map(each => ({ ...said(each.outcome.name), run: taskFor(each, connection, work) }))
    return workOn(run, loaded, connection, { verb: 'Updating', counted: 'done', tables })
  })
}

/** All that is to be done, before any of it is. */
function showPlans({ report }: Run, planned: readonly Planned[]): void {
  for (const { plan } of planned) {
    if (plan === undefined || plan.blocked.length > 0 || plan.steps.length === 0) continue
    report.note(plan.table)
    for (const line of stepLines(plan.steps)) report.note(`  ${line}`)
  }
}

/** Asks once for all tables that would lose something. */
async function agree(run: Run, destroying: readonly Planned[]): Promise<void> {
  if (!mustAsk(run)) return
  const names = destroying.map(({ outcome }) => outcome.name)
  await consent(run, { deed: `carry this out on ${names.length === 1 ? names.join() : plural(names.length, 'table')}` })
}

interface Work extends RunOptions {
  readonly waiter: Waiter
  readonly wait: boolean
}

/** What planning and carrying out share: one waiter for all tables, and how long each may take. */
async function startWork(run: Run, loaded: Loaded, { api }: Connection): Promise<Work> {
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')
  const { flags, signal } = run
  const waiter = createWaiter(api, systemClock)
  return { waiter, signal, wait: flags.wait !== false, timeoutMs: timeoutOf(run, loaded) }
}

function taskFor({ plan, outcome, underWay }: Planned, { api }: Connection, work: Work): Task['run'] {
  return async onEvent => {
    if (plan === undefined || plan.blocked.length > 0) return outcome
    if (underWay !== undefined && !work.wait && plan.steps.length > 0) return leave(outcome, plan, underWay)
    const { applyPlan } = await import('../../apply/apply-plan.ts')
    return applyPlan(plan, api, { ...work, timeoutMs: left(work.timeoutMs, outcome.durationMs), onEvent })
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
