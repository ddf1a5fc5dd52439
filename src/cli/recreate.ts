import type { DataApi } from '../apply/data-api.ts'
import type { OnEvent, Outcome } from '../apply/events.ts'
import { isLocalTarget } from '../aws/endpoint.ts'
import { DynamoxError } from '../errors.ts'
import { namesOrCount, plural } from '../table/text.ts'
import type { Session } from './command.ts'
import { consent, guardProtected, mustAsk } from './consent.ts'

/** Recreates a table whose outcome is `different` or `blocked`; puts back what an interrupted run left aside. */
export type Recreate = (outcome: Outcome, onEvent: OnEvent) => Promise<Outcome>

/**
 * How `create`, `update` and `local` recreate the tables of these outcomes with --recreate, keeping the items that still
 * fit; asks before it loses any. With --dry-run, what that would do. Without the flag, outcomes stay as they are. Throws
 * `usage` where the target is not a local engine.
 */
export async function recreation(session: Session, outcomes: readonly Outcome[]): Promise<Recreate> {
  const { connection, loaded, flags, io, signal, report } = session
  const { target, api } = connection
  if (flags.recreate !== true) return async outcome => outcome
  if (!isLocalTarget(target)) {
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
  const { asideFolder, recreateTable, restoreAside } = await import('../testing/recreate-table.ts')
  const data = createDataApi(target)
  const endpoint = target.kind === 'local' ? undefined : target.endpoint
  const aside = flags.inMemory === true ? undefined : asideFolder(dataRoot(loaded, io.cwd), endpoint)
  const losses = await agreeToLosses(session, outcomes, data)
  return async (outcome, onEvent) => {
    const { name, action, durationMs, error } = outcome
    const tables = loaded.tables.filter(({ definition }) => definition.name === name)
    const [table] = tables
    if (table === undefined) return outcome
    if (mustRecreate(outcome)) {
      const loss = losses.get(name)
      // A table that could not be compared at first was not part of the question.
      const mayLose = flags.yes === true || loss !== undefined
      if (flags.dryRun !== true)
        return recreateTable(table.definition, { api, data, aside }, { signal, onEvent, mayLose })
      if (loss === undefined) report.note(`${name}: all items fit and would be kept`)
      // AWS's durations are not those of a local engine.
      const steps = [deleteStep(name), createStep(table.definition)].map(({ expected: _, ...step }) => step)
      return { name, action: 'planned', durationMs, steps, warnings: loss === undefined ? [] : [loss] }
    }
    if (aside === undefined || error !== undefined || flags.dryRun === true || action === 'planned') return outcome
    const [count] = (await restoreAside(data, aside, { cwd: io.cwd, tables, signal })).values()
    if (count !== undefined) report.note(`${name}: ${plural(count, 'item')} of an interrupted --recreate put back`)
    return outcome
  }
}

/** Asks before a recreation loses items. Returns what each table would lose, in words. */
async function agreeToLosses(
  session: Session,
  outcomes: readonly Outcome[],
  data: DataApi,
): Promise<ReadonlyMap<string, string>> {
  const losses = await lossesOf(session, outcomes, data)
  const { report, flags } = session
  // Also when the question is refused without a terminal: the refusal is about these items.
  if (flags.yes !== true && flags.dryRun !== true) for (const [name, loss] of losses) report.note(`${name}: ${loss}`)
  if (losses.size > 0 && mustAsk(session)) {
    const names = [...losses.keys()]
    await consent(session, {
      action: `recreate ${namesOrCount(names, 1)} without these items`,
    })
  }
  return losses
}

const mustRecreate = ({ action }: Outcome) => action === 'different' || action === 'blocked'

/** The items that would be lost, by table. */
async function lossesOf(
  { loaded, signal }: Session,
  outcomes: readonly Outcome[],
  data: DataApi,
): Promise<ReadonlyMap<string, string>> {
  const { itemsLost } = await import('../testing/recreate-table.ts')
  const losses = new Map<string, string>()
  for (const { name } of outcomes.filter(mustRecreate)) {
    const definition = loaded.tables.find(table => table.definition.name === name)?.definition
    const loss = definition === undefined ? undefined : await itemsLost(definition, data, signal)
    if (loss !== undefined) losses.set(name, loss)
  }
  return losses
}

/** Advice for tables of a local engine that cannot be changed in place. */
export const recreateHint = '--recreate recreates such tables and keeps the items that still fit'
