import type { OnEvent, Outcome } from '../apply/events.ts'
import { isLocalEndpoint } from '../aws/endpoint.ts'
import { DynamoxError } from '../errors.ts'
import { plural } from '../table/text.ts'
import type { Session } from './command.ts'
import { guardProtected } from './consent.ts'

/** Recreates a table whose outcome is `different` or `blocked`; puts back what an interrupted run left aside. */
export type Recreate = (outcome: Outcome, onEvent: OnEvent) => Promise<Outcome>

/**
 * How `create` and `update` recreate a table with --recreate, keeping the items that still fit; with --dry-run, what that
 * would do. `undefined` without the flag. Throws `usage` where the target is not a local engine.
 */
export async function recreation(session: Session): Promise<Recreate | undefined> {
  const { connection, loaded, flags, io, signal, report } = session
  const { target, api } = connection
  if (flags.recreate !== true) return undefined
  const isLocal = target.kind === 'local' || (target.endpoint !== undefined && isLocalEndpoint(target.endpoint))
  if (!isLocal) {
    throw new DynamoxError('usage', '--recreate works on local engines only', {
      hint: 'on AWS, dynamox plan shows which changes can be made in place; --safe-replace replaces an index',
    })
  }
  await guardProtected(
    session,
    loaded.tables.map(({ definition }) => definition.name),
  )
  const { createStep, deleteStep } = await import('../plan/steps.ts')
  const { createDataApi } = await import('../aws/create-data-api.ts')
  const { dataRoot } = await import('../local/store.ts')
  const { asideFolder, planRecreation, recreateTable, restoreAside } = await import('../testing/recreate-table.ts')
  const data = createDataApi(target)
  const aside = asideFolder(dataRoot(loaded, io.cwd), target.kind === 'local' ? undefined : target.endpoint)
  return async (outcome, onEvent) => {
    const { name, action, error } = outcome
    const tables = loaded.tables.filter(({ definition }) => definition.name === name)
    const [table] = tables
    if (table === undefined) return outcome
    const mustRecreate = action === 'different' || action === 'blocked'
    if (flags.dryRun === true) {
      const steps = [deleteStep(name), createStep(table.definition)]
      return mustRecreate ? planRecreation(table.definition, data, { steps, signal }) : outcome
    }
    if (mustRecreate) return recreateTable(table.definition, { api, data, aside }, { signal, onEvent })
    if (error !== undefined) return outcome
    const [count] = (await restoreAside(data, aside, { cwd: io.cwd, tables, signal })).values()
    if (count !== undefined) report.note(`${name}: ${plural(count, 'item')} of an interrupted --recreate put back`)
    return outcome
  }
}

/** What to tell about tables of a local engine that cannot be changed in place. */
export const recreateHint = '--recreate recreates such tables and keeps the items that still fit'
