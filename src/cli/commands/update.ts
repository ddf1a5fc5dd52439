import type { Outcome } from '../../apply/events.ts'
import type { ResolvedTable } from '../../load/load-options.ts'
import { announce, guardProtected } from '../announce.ts'
import { consent, mustAsk } from '../consent.ts'
import { loadDefined } from '../load.ts'
import { type Planned, planOne, planOptions } from '../plan-one.ts'
import { plural } from '../report/format.ts'
import { stepLines } from '../report/lines.ts'
import type { Result } from '../report/report.ts'
import type { Connection, Run } from '../run.ts'
import { concurrencyOf, timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { type Task, workOn } from '../work-on.ts'

/** Creates what is missing and brings live tables to their definitions; asks before it destroys anything. */
export async function update(run: Run): Promise<Result> {
  const { flags } = run
  const loaded = await loadDefined(run)
  const { tables } = loaded
  const names = tables.map(({ definition }) => definition.name)
  return withConnection(run, loaded, async connection => {
    const dryRun = flags.dryRun === true
    await announce(run, loaded, connection, dryRun ? 'Planning' : 'Updating', names)
    const planned = await planAll(run, connection, tables, concurrencyOf(run, loaded))
    if (dryRun) {
      const plans = planned.map(({ outcome }) => ({ name: outcome.name, run: async () => outcome }))
      return workOn(run, loaded, connection, { verb: 'Planning', counted: 'planned', tables: plans })
    }
    const destroying = planned.filter(
      ({ plan }) => plan?.blocked.length === 0 && plan.steps.some(step => step.destroys),
    )
    if (destroying.length > 0) {
      guardProtected(run, loaded)
      await agree(run, destroying)
    }
    const tasks = await tasksFor(run, connection, planned, timeoutOf(run, loaded))
    return workOn(run, loaded, connection, { verb: 'Updating', counted: 'done', tables: tasks })
  })
}

async function planAll(
  run: Run,
  { api }: Connection,
  tables: readonly ResolvedTable[],
  concurrency: number,
): Promise<readonly Planned[]> {
  const { runTables } = await import('../../apply/run-tables.ts')
  const definitions = new Map(tables.map(({ definition }) => [definition.name, definition]))
  const planned = new Map<string, Planned>()
  const options = { ...planOptions(run.flags), signal: run.signal }
  const each = async (name: string): Promise<Outcome> => {
    const definition = definitions.get(name)
    if (definition === undefined) return { name, action: 'skipped', durationMs: 0 }
    const found = await planOne(definition, api, options)
    planned.set(name, found)
    return found.outcome
  }
  const outcomes = await runTables([...definitions.keys()], each, { concurrency, failFast: false, signal: run.signal })
  return outcomes.map(outcome => planned.get(outcome.name) ?? { plan: undefined, outcome })
}

/** Shows the steps of the tables that would lose something, and asks once for all of them. */
async function agree(run: Run, destroying: readonly Planned[]): Promise<void> {
  for (const { outcome } of destroying) {
    run.report.note(outcome.name)
    for (const line of stepLines(outcome.steps ?? [])) run.report.note(`  ${line}`)
  }
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
