import { checkExists } from '../apply/check-exists.ts'
import { systemClock } from '../apply/clock.ts'
import { deleteTable as applyDelete } from '../apply/delete-table.ts'
import type { TableApi } from '../apply/ports.ts'
import { readNamed } from '../apply/read-live.ts'
import { runPlan } from '../apply/run-plan.ts'
import { runWait } from '../apply/run-wait.ts'
import { DynamoxError } from '../errors.ts'
import { planTable } from '../plan/plan-table.ts'
import type { LiveTable } from '../table/live.ts'
import { checkCall, waitOptions } from './check-call.ts'
import type { CreateTableOptions, DeleteTableOptions, TableOutcome, WaitOptions } from './client-options.ts'
import { readCreateOptions } from './read-create-options.ts'
import { runOptions } from './run-options.ts'
import { toResult } from './to-result.ts'

// What the methods of DynamoxClient do, here and in the worker of their blocking twins.

/** A plan's own default is an update's, an hour. */
const createTimeoutMs = 300_000

export async function createTable(api: TableApi, name: string, options: CreateTableOptions): Promise<TableOutcome> {
  const { definition, wait, run } = readCreateOptions(name, options)
  const { timeoutMs = createTimeoutMs } = run
  const startedAt = systemClock.now()
  const { live, failed } = await readNamed(name, () => [], api, { ...run, timeoutMs })
  if (failed?.error !== undefined) throw failed.error
  if (live !== undefined) throw exists(name, live)
  // Planned after the first answer, which shows the engine behind an endpoint and what it keeps.
  const plan = planTable(definition, undefined, { capabilities: api.capabilities() })
  const left = timeoutMs - (systemClock.now() - startedAt)
  return toResult(await runPlan(plan, api, { ...run, timeoutMs: left, wait }))
}

export async function tableExists(api: TableApi, name: string, options: WaitOptions): Promise<boolean> {
  checkCall('tableExists', name, options, waitOptions)
  return toResult(await checkExists(name, api, runOptions(options))).action === 'exists'
}

export async function deleteTable(api: TableApi, name: string, options: DeleteTableOptions): Promise<TableOutcome> {
  checkCall('deleteTable', name, options, ['wait', 'disableProtection', ...waitOptions])
  const { wait = false, disableProtection = false } = options
  const outcome = toResult(await applyDelete(name, api, { ...runOptions(options), wait, disableProtection }))
  if (outcome.action === 'absent') throw new DynamoxError('not-found', `there is no table ${name}`, { table: name })
  return outcome
}

export async function waitForTable(
  api: TableApi,
  name: string,
  goal: 'active' | 'gone',
  options: WaitOptions,
): Promise<TableOutcome> {
  checkCall(goal === 'active' ? 'waitForTableActive' : 'waitForTableGone', name, options, waitOptions)
  return toResult(await runWait(name, goal, api, runOptions(options)))
}

function exists(name: string, { status }: LiveTable): DynamoxError {
  const state = status === 'ACTIVE' ? '' : ` (it is ${status})`
  return new DynamoxError('exists', `table ${name} already exists${state}`, {
    table: name,
    hint:
      status === 'DELETING'
        ? 'wait until it is gone: waitForTableGone'
        : 'ask tableExists first, or choose another name',
  })
}
