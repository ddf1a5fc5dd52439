import type { Command } from '../command.ts'
import { withConnection } from '../connect.ts'
import { whileReading } from '../live-tables.ts'
import { loadDefined } from '../load.ts'
import { timeoutMeaning } from '../options/options.ts'
import { beginChanges, carryOutPlans, planAll } from '../plan-tables.ts'

export const update: Command = {
  name: 'update',
  summary: 'create what is missing and bring live tables to their definitions',
  takes: 'tables',
  reads: 'definitions',
  contacts: true,
  changes: true,
  waits: true,
  plans: true,
  destroys: true,
  options: ['recreate', 'plan'],
  meanings: { timeout: timeoutMeaning('60m') },
  otherWords: ['apply', 'deploy', 'migrate', 'up', 'push', 'sync', 'alter', 'upgrade', 'update-table'],
  examples: [['dynamox update users --dry-run', 'prints the plan; changes nothing']],

  /** Creates missing tables and updates live tables to match their definitions; asks before it destroys anything. */
  async run(invocation) {
    const { flags } = invocation
    if (flags.plan !== undefined) {
      return (await import('../saved-plan.ts')).updateSaved(invocation, flags.plan)
    }
    const loaded = await loadDefined(invocation)
    return withConnection(invocation, loaded, async session => {
      const work = await beginChanges(session, 'Updating')
      const names = loaded.tables.map(({ definition }) => definition.name)
      const planned = await whileReading(session, 'Looking at', names, () => planAll(session, work))
      return carryOutPlans(session, planned, work)
    })
  },

  async calls(run) {
    const { callsOfPlans } = await import('../print-policy.ts')
    const { plan } = run.flags
    if (plan === undefined) return [callsOfPlans(run, await loadDefined(run))]
    const { saved, loaded } = await (await import('../saved-plan.ts')).loadSaved(run, plan)
    return [callsOfPlans({ ...run, flags: { ...run.flags, ...saved.options } }, loaded)]
  },
}
