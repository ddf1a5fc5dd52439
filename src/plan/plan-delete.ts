import { unprotectStep } from '../settings/deletion-protection.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import type { Plan } from './plan.ts'
import type { PlanOptions } from './plan-table.ts'
import { deleteStep } from './steps.ts'

/**
 * The plan to delete a table: no steps when it does not exist or is being deleted; blocked when it is protected, unless
 * `disableProtection` is set.
 */
export function planDelete(name: string, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  const plan = { table: name, steps: [], blocked: [], notices: [] }
  if (live === undefined || live.status === 'DELETING') return plan
  if (live.definition.deletionProtection !== true) return { ...plan, steps: [deleteStep(name)] }
  // DeleteTable is accepted right after this change is answered; no wait is needed.
  if (options.disableProtection === true)
    return { ...plan, steps: [unprotectStep(name, { kind: 'answered' }), deleteStep(name)] }
  const message =
    'the table is protected against deletion; turn that off first (--disable-protection, disableProtection)'
  return { ...plan, blocked: [{ path: at(name, 'deletionProtection'), message, rule: 'D1' }] }
}
