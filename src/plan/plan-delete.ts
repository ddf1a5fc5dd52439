import { unprotectStep } from '../settings/deletion-protection.ts'
import { presentReplicas, regionalLive } from '../settings/replica-settings.ts'
import { removeReplicas } from '../settings/replica-steps.ts'
import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import type { Plan } from './plan.ts'
import { atPaceOf, type PlanOptions } from './plan-table.ts'
import { deleteStep } from './steps.ts'

/**
 * The plan to delete a table and, before that, its replicas: no steps when it does not exist or is being deleted;
 * blocked when the table or a replica is protected, unless `disableProtection` is set.
 */
export function planDelete(name: string, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  return atPaceOf(options.capabilities, planFor(name, live, options))
}

function planFor(name: string, live: LiveTable | undefined, options: PlanOptions): Plan {
  const plan = { table: name, steps: [], blocked: [], notices: [] }
  if (live === undefined || live.status === 'DELETING') return plan
  const isProtected = live.definition.deletionProtection === true
  const regions = presentReplicas(live)
    .map(({ region }) => region)
    .filter(region => regionalLive(live, region)?.definition.deletionProtection === true)
  const steps = [...removeReplicas(name, live), deleteStep(name)]
  if (!isProtected && regions.length === 0) return { ...plan, steps }
  if (options.disableProtection === true) {
    // DeleteTable is accepted right after this change is answered; no wait is needed.
    const own = isProtected ? [unprotectStep(name, { kind: 'answered' })] : []
    return { ...plan, steps: [...regions.map(region => unprotectIn(name, region)), ...own, ...steps] }
  }
  const who = isProtected ? 'the table' : `the replica in ${regions.join(' and ')}`
  const message = `${who} is protected against deletion; turn that off first (--disable-protection, disableProtection)`
  return { ...plan, blocked: [{ path: at(name, 'deletionProtection'), message, rule: 'D1' }] }
}

function unprotectIn(name: string, region: string): Step {
  const step = unprotectStep(name, { kind: 'answered' })
  return { ...step, summary: `${step.summary} in ${region}`, request: { ...step.request, region } }
}
