import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { selectNames } from '../select-names.ts'
import { concurrencyOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Says of each table whether it is there. One that is being deleted is not. */
export async function exists(run: Run): Promise<Result> {
  const { flags, signal } = run
  // Config says how long work may take; this is one look.
  const options = { signal, timeoutMs: flags.timeout }
  const { loaded, names } = await selectNames(run)
  const { checkExists, prepareChecks } = await import('../../apply/check-exists.ts')
  return withConnection(run, loaded, async connection => {
    const { api } = connection
    const shared = await prepareChecks(names.length, api, { ...options, looks: concurrencyOf(run, loaded) })
    return workOn(run, loaded, connection, {
      verb: 'Checking',
      counted: 'checked',
      no: ({ action }) => action === 'missing',
      tables: names.map(name => ({ name, run: onEvent => checkExists(name, api, { ...shared, onEvent }) })),
    })
  })
}
