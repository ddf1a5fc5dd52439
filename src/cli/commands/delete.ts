import { DynamoxError } from '../../errors.ts'
import { memberOf } from '../../table/untyped.ts'
import type { Command, Invocation } from '../command.ts'
import { announce, guardAccount, withConnection } from '../connect.ts'
import { askToDelete, guardProtected, guardReplicas, mustAsk } from '../consent.ts'
import { load, selectNames } from '../load.ts'
import { startWork } from '../plan-tables.ts'
import type { Result } from '../report/report.ts'
import { workOn } from '../work-on.ts'

export const deleteTables: Command = {
  name: 'delete',
  summary: 'delete tables and wait until they are gone; asks first',
  takes: 'tables',
  reads: 'names',
  contacts: true,
  changes: true,
  waits: true,
  examples: [
    ['dynamox delete users', 'asks, deletes, waits'],
    ['dynamox delete --all --yes --local', 'all that config and models define'],
    ["dynamox delete --match 'pr-*' --older-than 7d", 'live tables, after a look at the list'],
  ],
  run,
}

/** Deletes tables after confirmation, and waits until they are gone. */
async function run(invocation: Invocation): Promise<Result> {
  const { flags } = invocation
  if (flags.match !== undefined) {
    const { deleteMatching } = await import('../delete-matching.ts')
    return deleteMatching(invocation, flags.match)
  }
  await checkSelection(invocation)
  const asks = mustAsk(invocation)
  const { loaded, names } = await selectNames(invocation)
  await guardProtected({ ...invocation, loaded }, names)
  const { deleteTable } = await import('../../apply/reconcile.ts')
  return withConnection(invocation, loaded, async session => {
    const { api } = session.connection
    const dryRun = flags.dryRun === true
    await guardAccount(session)
    await guardReplicas(session, names)
    const agreed = asks ? await askToDelete(session, names) : names
    if (!asks) await announce(session, dryRun ? 'Planning to delete' : 'Deleting', names)
    const shared = { ...(await startWork(session)), disableProtection: flags.disableProtection === true }
    return workOn(session, {
      verb: 'Deleting',
      counted: 'gone',
      tables: names.map(name => ({
        name,
        // Do not delete a table that did not exist when the user confirmed.
        run: onEvent => deleteTable(name, api, { ...shared, dryRun: dryRun || !agreed.includes(name), onEvent }),
      })),
    })
  })
}

/** A config alone never selects tables for deletion. */
async function checkSelection(invocation: Invocation): Promise<void> {
  const { names, flags } = invocation
  const narrowing = flags.olderThan !== undefined ? '--older-than' : memberOf(flags, 'tag') === undefined ? '' : '--tag'
  if (narrowing !== '')
    throw new DynamoxError('usage', `${narrowing} needs --match`, {
      hint: "it narrows down live tables: dynamox delete --match 'pr-*' --older-than 7d",
    })
  if (names.length > 0 && flags.all === true)
    throw new DynamoxError('usage', '--all cannot be combined with table names')
  // With --plain, `selectNames` checks for names.
  if (names.length > 0 || flags.model !== undefined || flags.all === true || flags.plain === true) return
  // Without defined tables, --all would be refused.
  const { tables } = await load(invocation)
  throw new DynamoxError('usage', 'delete needs to know which tables', {
    hint:
      tables.length === 0
        ? 'give table names, or a model file with --model'
        : 'give table names, a model file with --model, or --all for every table that config and models define',
  })
}
