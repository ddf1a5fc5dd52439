import type { Command } from '../command.ts'
import { withConnection } from '../connect.ts'
import { suggestForMissing } from '../live-tables.ts'
import { selectNames } from '../load.ts'
import { concurrencyOf, workOn } from '../work-on.ts'

export const exists: Command = {
  name: 'exists',
  summary: 'report which tables exist',
  exit1: 'at least one table does not exist',
  takes: 'tables',
  reads: 'names',
  contacts: true,
  otherWords: ['check', 'has', 'test'],
  examples: [['dynamox exists users orders --region eu-west-1', 'exit 0 if both exist']],

  /** Reports whether each table exists. A table that is being deleted counts as missing. */
  async run(invocation) {
    const { flags, signal } = invocation
    // The config's timeout is meant for changes; this is a single check.
    const options = { signal, timeoutMs: flags.timeout }
    const { loaded, names } = await selectNames(invocation)
    const { checkExists, prepareChecks } = await import('../../apply/check-exists.ts')
    return withConnection(invocation, loaded, async session => {
      const { api } = session.connection
      const looks = concurrencyOf(session)
      const shared = await prepareChecks(names.length, api, { ...options, looks })
      const result = await workOn(session, {
        verb: 'Checking',
        counted: 'checked',
        no: ({ action }) => action === 'missing',
        tables: names.map(name => ({ name, run: onEvent => checkExists(name, api, { ...shared, onEvent }) })),
      })
      await suggestForMissing(session, result)
      return result
    })
  },

  async calls(run) {
    const { callsOfNamed } = await import('../print-policy.ts')
    return callsOfNamed(run)
  },
}
