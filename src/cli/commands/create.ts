import type { Command } from '../command.ts'
import { withConnection } from '../connect.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { adviseOn, beginChanges, compareAll } from '../plan-tables.ts'
import { recreation } from '../recreate.ts'
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

  /** Creates the missing tables; an existing table is compared but never changed. */
  async run(run) {
    const { flags } = run
    const loaded = await loadDefined(run, definitionFlags(flags))
    const { createTable } = await import('../../apply/reconcile.ts')
    return withConnection(run, loaded, async session => {
      const { api } = session.connection
      const dryRun = flags.dryRun === true
      const strict = flags.strict ?? loaded.config?.value.strict ?? false
      const { verb, ...work } = await beginChanges(session, 'Creating')
      const shared = { ...work, dryRun, strict }
      const recreate = flags.recreate === true ? await recreation(session, await compareAll(session, work)) : undefined
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
      const flagsOnly = definitionFlags(flags) !== undefined
      const advice = flagsOnly && hasDifferent(result) ? inModels : await adviseOn(session, result)
      if (advice !== undefined) session.report.note(`nothing was changed; ${advice}`)
      return result
    })
  },
}

const hasDifferent = ({ tables = [] }: Result) => tables.some(({ action }) => action === 'different')

const inModels = 'put the definition into a model or a config; then plan and update change the table'
