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
    const planned = await planAll(run, loaded, connection)
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
    const tasks = await tasksFor(run, connection, planned, timeoutOf(run, loaded))
    const tables = tasks.map(task => ({ ...said(task.name), ...task }))
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

async function tasksFor(
  { flags, signal }: Run,
  { api }: Connection,
  planned: readonly Planned[],
  timeoutMs: number | undefined,
): Promise<Task[]> {
  const { applyPlan } = await import('../../apply/apply-plan.ts')
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')
  const shared = { waiter: createWaiter(api, systemClock), signal, wait: flags.wait !== false, timeoutMs }
  return planned.map(({ plan, outcome }) => ({
    name: outcome.name,
    run: async onEvent =>
      plan === undefined || plan.blocked.length > 0 ? outcome : applyPlan(plan, api, { ...shared, onEvent }),
  }))
}
