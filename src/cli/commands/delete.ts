import { DynamoxError } from '../../errors.ts'
import type { LiveTable } from '../../table/live.ts'
import { announce, guardProtected } from '../announce.ts'
import { consent, mustAsk } from '../consent.ts'
import { readTable } from '../read-table.ts'
import { align, formatBytes, plural } from '../report/format.ts'
import type { Result } from '../report/report.ts'
import type { Connection, Run } from '../run.ts'
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
    await announce(
      run,
      loaded,
      connection,
      dryRun ? 'Planning to delete' : asks ? 'About to delete' : 'Deleting',
      names,
    )
    if (asks) await askFor(run, connection, names)
    const shared = { waiter: createWaiter(api, systemClock), signal, wait: flags.wait !== false, dryRun }
    const disableProtection = flags.disableProtection === true
    const timeoutMs = timeoutOf(run, loaded)
    return workOn(run, loaded, connection, {
      verb: 'Deleting',
      counted: 'gone',
      tables: names.map(name => ({
        name,
        run: onEvent => deleteTable(name, api, { ...shared, disableProtection, timeoutMs, onEvent }),
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

/** Lists what is there, and asks. On AWS the name (or the number of tables) has to be typed. */
async function askFor(run: Run, { api, target }: Connection, names: readonly string[]): Promise<void> {
  const { isLoopback } = await import('../../aws/endpoint.ts')
  const rows = await Promise.all(
    names.map(async name => {
      // What cannot be read now is left to the deletion itself to report.
      const live = await readTable(api, name, { signal: run.signal }).catch(() => undefined)
      return live === undefined ? undefined : [`  ${name}`, contents(live)]
    }),
  )
  for (const line of align(rows.filter(row => row !== undefined))) run.report.note(line)
  const harmless = target.kind === 'local' || (target.endpoint !== undefined && isLoopback(target.endpoint))
  const [first = ''] = names
  const deed = `delete ${names.length === 1 ? first : plural(names.length, 'table')}`
  await consent(run, { deed, ...(harmless ? {} : { word: names.length === 1 ? first : String(names.length) }) })
}

/** AWS counts some four times a day. */
function contents({ itemCount = 0, sizeBytes = 0 }: LiveTable): string {
  if (itemCount === 0) return 'no items at the last count'
  return `about ${plural(itemCount, 'item')}, ${formatBytes(sizeBytes)}`
}
