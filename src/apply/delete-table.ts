import { planDelete } from '../plan/plan-delete.ts'
import { carryOut } from './carry-out.ts'
import { isProtected, sendDelete } from './delete-step.ts'
import type { Outcome } from './events.ts'
import { look, waitOn } from './look.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, runTable } from './run.ts'

const usualTimeoutMs = 5 * 60_000

/**
 * Deletes a table and waits until it is gone (`wait`, the default). A table that is not there is `absent`; one that
 * is protected is `blocked`, and nothing is sent, unless `disableProtection` asks to turn that off first.
 * Never rejects; what went wrong is in the outcome's `error`.
 */
export function deleteTable(name: string, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  return runTable(name, api, options, usualTimeoutMs, remove)
}

async function remove(run: Run): Promise<Pick<Outcome, 'action' | 'steps'>> {
  const { disableProtection, dryRun, wait = true } = run.options
  const live = await look(run)
  if (live === undefined) return { action: 'absent' }
  const plan = planDelete(run.name, live, { disableProtection })
  if (plan.blocked.length > 0) throw isProtected(run.name)
  if (dryRun === true) return { action: 'planned', steps: plan.steps }
  if (plan.steps.length === 0) run.warn(`${run.name} was being deleted already`)
  for (const step of plan.steps) {
    if (step.request.api !== 'DeleteTable') await carryOut(run, step)
    else if ((await sendDelete(run, step)) === 'absent') {
      run.saw(undefined)
      return { action: 'deleted' }
    }
  }
  if (!wait) {
    run.status = 'DELETING'
    return { action: 'requested' }
  }
  const after = await waitOn(run, { kind: 'gone', id: live.id }, { work: 'delete' }, 'not gone')
  if (after !== undefined) run.warn(`${run.name} is gone, but a new table of that name is there by now`)
  return { action: 'deleted' }
}
