import type { Loaded } from '../../load/load-options.ts'
import { loadDefined } from '../load.ts'
import { type Planned, planOne, planOptions } from '../plan-one.ts'
import type { Result } from '../report/report.ts'
import type { Connection, Run } from '../run.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Shows what `update` would do, step by step, and saves it with `--out`. Changes nothing. */
export async function plan(run: Run): Promise<Result> {
  const { flags, signal } = run
  const loaded = await loadDefined(run)
  const { tables } = loaded
  const options = { ...planOptions(flags), signal }
  const planned: Planned[] = []
  return withConnection(run, loaded, async connection => {
    const result = await workOn(run, loaded, connection, {
      verb: 'Planning',
      counted: 'planned',
      no: ({ action, steps = [] }) => flags.check === true && action === 'planned' && steps.length > 0,
      tables: tables.map(({ definition, warnings, onCreation }) => ({
        name: definition.name,
        warnings,
        onCreation,
        run: async () => {
          const one = await planOne(definition, connection.api, options)
          planned.push(one)
          return one.outcome
        },
      })),
    })
    return flags.out === undefined ? result : save(run, connection, flags.out, inOrder(planned, loaded), result)
  })
}

function inOrder(planned: readonly Planned[], { tables }: Loaded): readonly Planned[] {
  const byName = new Map(planned.map(each => [each.definition.name, each]))
  return tables.flatMap(({ definition }) => byName.get(definition.name) ?? [])
}

/** Only a plan that can be carried out for every table is worth a file. */
async function save(
  run: Run,
  connection: Connection,
  file: string,
  planned: readonly Planned[],
  result: Result,
): Promise<Result> {
  if (result.exit > 1) {
    run.report.note(`${file} was not written: there is no plan for every table`)
    return result
  }
  const { savePlan } = await import('../saved-plan/save-plan.ts')
  const path = await savePlan(run, connection, file, planned)
  const { completeCommands } = await import('../complete-commands.ts')
  const { withoutDecided } = await import('../saved-plan/decided.ts')
  const next = completeCommands(`dynamox update --plan ${file} carries out exactly this`, withoutDecided(run.flags))
  run.report.note(`saved in ${file}; ${next}`)
  return { ...result, extra: { ...result.extra, path } }
}
