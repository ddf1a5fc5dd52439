import { unprotectStep } from '../settings/deletion-protection.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import type { Plan } from './plan.ts'
import type { PlanOptions } from './plan-table.ts'
import { deleteStep } from './steps.ts'

/**
 * How to delete the table: no steps when it is gone or going, blocked where it is protected, unless turning the protection
 * off was asked for.
 */
export function planDelete(name: string, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  const plan = { table: name, steps: [], blocked: [], notices: [] }
  if (live === undefined || live.status === 'DELETING') return plan
  if (live.definition.deletionProtection !== true) return { ...plan, steps: [deleteStep(name)] }
  // The change holds as soon as it is answered: DeleteTable is accepted at once.
  if (options.disableProtection === true)
    return { ...plan, steps: [unprotectStep(name, { kind: 'answered' }), deleteStep(name)] }
  const message =
    'the table is protected against deletion; turn that off first (--disable-protection, disableProtection)'
  return { ...plan, blocked: [{ path: at(name, 'deletionProtection'), message, rule: 'D1' }] }
}
