import type { Command, Invocation } from '../command.ts'
import { announce, guardAccount, withConnection } from '../connect.ts'
import { loadDefined } from '../load.ts'
import { carryOutPlans, planAll, startWork } from '../plan-tables.ts'
import type { Result } from '../report/report.ts'

export const update: Command = {
  name: 'update',
  summary: 'create what is missing and bring live tables to their definitions',
  takes: 'tables',
  reads: 'definitions',
  contacts: true,
  changes: true,
  waits: true,
  examples: [['dynamox update users --dry-run', 'prints the plan; changes nothing']],
  run,
}

/** Creates what is missing and brings live tables to their definitions; asks before it destroys anything. */
async function run(invocation: Invocation): Promise<Result> {
  const { flags } = invocation
  if (flags.plan !== undefined) {
    return (await import('../saved-plan.ts')).updateSaved(invocation, flags.plan)
  }
  const loaded = await loadDefined(invocation)
  const names = loaded.tables.map(({ definition }) => definition.name)
  return withConnection(invocation, loaded, async session => {
    const dryRun = flags.dryRun === true
    await guardAccount(session)
    await announce(session, dryRun ? 'Planning' : 'Updating', names)
    const work = await startWork(session)
    const { timeoutMs, waiter } = work
    const planned = await planAll(session, { settle: !dryRun && work.wait, timeoutMs, waiter })
    return carryOutPlans(session, planned, work)
  })
}
