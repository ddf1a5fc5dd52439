import { loadDefined } from '../load.ts'
import { planOne, planOptions } from '../plan-one.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Shows what `update` would do, step by step. Changes nothing. */
export async function plan(run: Run): Promise<Result> {
  const { flags, signal } = run
  const loaded = await loadDefined(run)
  const { tables } = loaded
  const options = { ...planOptions(flags), signal }
  return withConnection(run, loaded, connection =>
    workOn(run, loaded, connection, {
      verb: 'Planning',
      counted: 'planned',
      no: ({ action, steps = [] }) => flags.check === true && action === 'planned' && steps.length > 0,
      tables: tables.map(({ definition, warnings, onCreation }) => ({
        name: definition.name,
        warnings,
        onCreation,
        run: async () => (await planOne(definition, connection.api, options)).outcome,
      })),
    }),
  )
}
