import { checkExists } from '../apply/check-exists.ts'
import type { Outcome } from '../apply/events.ts'
import type { ReadOptions, TableApi } from '../apply/ports.ts'
import * as apply from '../apply/reconcile.ts'
import { waitFor } from '../apply/wait.ts'
import { patiently } from '../aws/session.ts'
import { DynamoxError } from '../errors.ts'
import type { LiveTable } from '../table/live.ts'
import {
  type CreateTableOptions,
  checkCall,
  type DeleteTableOptions,
  limitsOf,
  readCreateOptions,
  type TableOutcome,
  type WaitOptions,
  waitOptions,
} from './client-options.ts'

// The methods of DynamoxClient, for the client itself and for the worker of the blocking methods.

export async function createTable(api: TableApi, name: string, options: CreateTableOptions): Promise<TableOutcome> {
  const { definition, wait, limits } = readCreateOptions(name, options)
  const outcome = await apply.createTable(definition, api, { ...limits, wait, strict: true, waitForDeletion: false })
  return toResult(outcome.error?.code === 'exists' ? { ...outcome, error: exists(outcome, outcome.error) } : outcome)
}

export async function tableExists(api: TableApi, name: string, options: WaitOptions): Promise<boolean> {
  checkCall('tableExists', name, options, waitOptions)
  return toResult(await checkExists(name, api, limitsOf(options))).action === 'exists'
}

export async function deleteTable(api: TableApi, name: string, options: DeleteTableOptions): Promise<TableOutcome> {
  checkCall('deleteTable', name, options, ['wait', 'disableProtection', ...waitOptions])
  const { wait = false, disableProtection = false } = options
  const outcome = toResult(await apply.deleteTable(name, api, { ...limitsOf(options), wait, disableProtection }))
  if (outcome.action === 'absent') throw new DynamoxError('not-found', `table ${name} does not exist`, { table: name })
  return outcome
}

export async function waitForTable(
  api: TableApi,
  name: string,
  goal: 'active' | 'gone',
  options: WaitOptions,
): Promise<TableOutcome> {
  checkCall(goal === 'active' ? 'waitForTableActive' : 'waitForTableGone', name, options, waitOptions)
  return toResult(await waitFor(name, goal, api, limitsOf(options)))
}

function exists({ name, status }: Outcome, { message, cause }: DynamoxError): DynamoxError {
  const isLeaving = status === 'DELETING'
  const hint = isLeaving ? 'wait until it is gone: waitForTableGone' : 'call tableExists first, or choose another name'
  return new DynamoxError('exists', message, { table: name, hint, cause })
}

/** Converts an outcome for the library: throws its error, or returns the rest. */
function toResult(outcome: Outcome): TableOutcome {
  const { error, ...result } = outcome
  if (error !== undefined) throw error
  return result
}

/** Reads once: a temporary failure is an error here. */
export function describeTable(api: TableApi, name: string, { signal }: ReadOptions): Promise<LiveTable | undefined> {
  return patiently(() => api.describe(name, [], { signal }), { subject: name, table: name, tries: 1, signal })
}
