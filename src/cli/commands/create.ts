import type { Command } from '../command.ts'
import { withConnection } from '../connect.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { patientTimeout } from '../options/options.ts'
import { adviseOn, beginChanges, creationTasks } from '../plan-tables.ts'
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
  destroys: true,
  options: ['recreate'],
  meanings: {
    timeout: patientTimeout,
    strict: 'treat warnings (W-..., except W-assumed-...) as errors; exit 1 if a table already exists',
  },
  otherWords: ['new', 'add', 'make', 'mk', 'create-table', 'bootstrap', 'ensure'],
  examples: [
    ['dynamox create --local --model src/models/user.ts', 'on the embedded engine'],
    ['dynamox create users --partition-key pk:S --sort-key at:N', 'from flags alone'],
  ],

  /** Creates the missing tables; an existing table is compared but never changed. */
  async run(run) {
    const { flags } = run
    const loaded = await loadDefined(run, definitionFlags(flags))
    return withConnection(run, loaded, async session => {
      const strict = flags.strict ?? loaded.config?.value.strict ?? false
      const { verb, ...work } = await beginChanges(session, 'Creating')
      const tables = await creationTasks(session, { ...work, strict })
      const result = await workOn(session, { verb, counted: flags.dryRun === true ? 'planned' : 'ready', tables })
      const flagsOnly = definitionFlags(flags) !== undefined
      const advice = flagsOnly && hasDifferent(result) ? inModels : await adviseOn(session, result)
      if (advice !== undefined) session.report.note(`tables that differ are left as they are; ${advice}`)
      return result
    })
  },

  async calls(run) {
    const { callsFor, callsOfPlan } = await import('../print-policy.ts')
    const { planTable } = await import('../../plan/plan-table.ts')
    const loaded = await loadDefined(run, definitionFlags(run.flags))
    const calls = await callsFor(loaded.tables, ({ definition }) =>
      callsOfPlan(planTable(definition, undefined), definition),
    )
    return [{ run, loaded, find: async () => ({ calls }) }]
  },
}

const hasDifferent = ({ tables = [] }: Result) => tables.some(({ action }) => action === 'different')

const inModels = 'put the definition into a model or a config, then dynamox update changes the table'
