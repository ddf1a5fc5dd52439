import { announce, guardAccount } from '../announce.ts'
import { carryOutPlans, startWork } from '../carry-out-plans.ts'
import { loadDefined } from '../load.ts'
import { planAll } from '../plan-all.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'

/** Creates what is missing and brings live tables to their definitions; asks before it destroys anything. */
export async function update(run: Run): Promise<Result> {
  const { flags } = run
  if (flags.plan !== undefined) return (await import('../saved-plan/update-saved.ts')).updateSaved(run, flags.plan)
  const loaded = await loadDefined(run)
  const names = loaded.tables.map(({ definition }) => definition.name)
  return withConnection(run, loaded, async connection => {
    const dryRun = flags.dryRun === true
    await guardAccount(run, loaded, connection)
    await announce(run, loaded, connection, dryRun ? 'Planning' : 'Updating', names)
    const work = await startWork(run, timeoutOf(run, loaded), connection.api)
    const settle = !dryRun && work.wait
    const planned = await planAll(run, loaded, connection, { settle, timeoutMs: work.timeoutMs, waiter: work.waiter })
    return carryOutPlans(run, loaded, connection, planned, work)
  })
}
