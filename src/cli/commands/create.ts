import { announce, guardAccount } from '../announce.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Creates the tables that are missing; one that is there is compared, and never changed. */
export async function create(run: Run): Promise<Result> {
  const { flags, signal } = run
  const loaded = await loadDefined(run, definitionFlags(flags))
  const { tables } = loaded
  const { createTable } = await import('../../apply/create-table.ts')
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')

  return withConnection(run, loaded, async connection => {
    const { api } = connection
    const dryRun = flags.dryRun === true
    const names = tables.map(({ definition }) => definition.name)
    await guardAccount(run, loaded, connection)
    await announce(run, loaded, connection, dryRun ? 'Planning' : 'Creating', names)
    const strict = flags.strict ?? loaded.config?.value.strict ?? false
    const timeoutMs = timeoutOf(run, loaded)
    const waiter = createWaiter(api, systemClock)
    const shared = { waiter, signal, wait: flags.wait !== false, dryRun, strict, timeoutMs }
    const result = await workOn(run, loaded, connection, {
      verb: dryRun ? 'Planning' : 'Creating',
      counted: dryRun ? 'planned' : 'ready',
      tables: tables.map(({ definition, warnings, onCreation }) => ({
        name: definition.name,
        warnings,
        onCreation,
        run: onEvent => createTable(definition, api, { ...shared, onEvent }),
      })),
    })
    await pointToPlan(run, result)
    return result
  })
}

/** Create leaves a table that differs as it is; where to go from there. */
async function pointToPlan({ report, flags }: Run, { tables = [] }: Result): Promise<void> {
  const names = tables.filter(({ action }) => action === 'different').map(({ name }) => name)
  if (names.length === 0) return
  const { completeCommands } = await import('../complete-commands.ts')
  const which = names.length < 4 ? ` ${names.join(' ')}` : ''
  const them = names.length === 1 ? 'it' : 'them'
  const next =
    definitionFlags(flags) === undefined
      ? completeCommands(`dynamox plan${which} shows how to bring ${them} to the definition`, flags)
      : `plan and update, which bring ${them} to the definition, read it from a model or a config`
  report.note(`nothing was changed; ${next}`)
}
