import type { Command, Invocation, Session } from '../command.ts'
import { withConnection } from '../connect.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { beginChanges } from '../plan-tables.ts'
import { recreateHint, recreation } from '../recreate.ts'
import type { Result } from '../report/report.ts'
import { workOn } from '../work-on.ts'

export const create: Command = {
  name: 'create',
  summary: 'create the tables that are missing and wait until each is ready',
  exit1: 'an existing table differs from its definition (or any exists, with --strict)',
  takes: 'tables',
  reads: 'definitions',
  defines: true,
  contacts: true,
  changes: true,
  waits: true,
  examples: [
    ['dynamox create --local --model src/models/user.ts', 'on the embedded engine'],
    ['dynamox create users --partition-key pk:S --sort-key at:N', 'from flags alone'],
  ],
  run: createTables,
}

/** Creates the missing tables; an existing table is compared but never changed. */
async function createTables(run: Invocation): Promise<Result> {
  const { flags } = run
  const loaded = await loadDefined(run, definitionFlags(flags))
  const { createTable } = await import('../../apply/reconcile.ts')
  return withConnection(run, loaded, async session => {
    const { api } = session.connection
    const dryRun = flags.dryRun === true
    const strict = flags.strict ?? loaded.config?.value.strict ?? false
    const { verb, ...work } = await beginChanges(session, 'Creating')
    const shared = { ...work, dryRun, strict }
    const recreate = await recreation(session)
    const result = await workOn(session, {
      verb,
      counted: dryRun ? 'planned' : 'ready',
      tables: loaded.tables.map(({ definition, warnings, onCreation }) => ({
        name: definition.name,
        warnings,
        onCreation,
        run: async onEvent => {
          const outcome = await createTable(definition, api, { ...shared, onEvent })
          return recreate === undefined ? outcome : recreate(outcome, onEvent)
        },
      })),
    })
    pointToPlan(session, result)
    return result
  })
}

/** Create does not change a table that differs; tells the user how to change it. */
function pointToPlan({ report, flags, complete, connection }: Session, { tables = [] }: Result): void {
  const names = tables.filter(({ action }) => action === 'different').map(({ name }) => name)
  if (names.length === 0) return
  const which = names.length < 4 ? ` ${names.join(' ')}` : ''
  const them = names.length === 1 ? 'it' : 'them'
  const next =
    definitionFlags(flags) === undefined
      ? complete(`dynamox plan${which} shows how to bring ${them} to the definition`)
      : `to bring ${them} to the definition, put it into a model or a config and use plan and update`
  const { engine } = connection.api.capabilities()
  const isLocal = engine !== 'aws' && engine !== 'unknown'
  report.note(`nothing was changed; ${next}${isLocal ? `; ${recreateHint}` : ''}`)
}
