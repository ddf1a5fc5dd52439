import { DynamoxError } from '../../errors.ts'
import { announce, guardAccount, guardProtected } from '../announce.ts'
import { askToDelete } from '../ask-to-delete.ts'
import { mustAsk } from '../consent.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { selectNames } from '../select-names.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Deletes tables, with consent, and waits until they are gone. */
export async function deleteTables(run: Run): Promise<Result> {
  const { flags, signal } = run
  checkSelection(run)
  const asks = mustAsk(run)
  const { loaded, names } = await selectNames(run)
  guardProtected(run, loaded)
  const { deleteTable } = await import('../../apply/delete-table.ts')
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')

  return withConnection(run, loaded, async connection => {
    const { api } = connection
    const dryRun = flags.dryRun === true
    await guardAccount(run, loaded, connection)
    const agreed = asks ? await askToDelete(run, loaded, connection, names) : names
    if (!asks) await announce(run, loaded, connection, dryRun ? 'Planning to delete' : 'Deleting', names)
    const timeoutMs = timeoutOf(run, loaded)
    const disableProtection = flags.disableProtection === true
    const shared = {
      waiter: createWaiter(api, systemClock),
      signal,
      wait: flags.wait !== false,
      disableProtection,
      timeoutMs,
    }
    return workOn(run, loaded, connection, {
      verb: 'Deleting',
      counted: 'gone',
      tables: names.map(name => ({
        name,
        // What was not there when the question was asked was not agreed to.
        run: onEvent => deleteTable(name, api, { ...shared, dryRun: dryRun || !agreed.includes(name), onEvent }),
      })),
    })
  })
}

/** A config alone never selects tables for deletion. */
function checkSelection({ names, flags }: Run): void {
  if (names.length > 0 && flags.all === true) throw new DynamoxError('usage', '--all and table names say two things')
  if (names.length > 0 || flags.model !== undefined || flags.all === true) return
  throw new DynamoxError('usage', 'delete needs to be told which tables', {
    hint: 'give table names, a model file with --model, or --all for every table that config and models define',
  })
}
