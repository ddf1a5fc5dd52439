import { DynamoxError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'

/** The error for a plan that cannot be carried out: all that stands in its way. */
export function blockedBy(plan: Plan): DynamoxError {
  const [first] = plan.blocked
  const message =
    plan.blocked.length === 1 && first !== undefined
      ? `${first.path}: ${first.message}`
      : `${plan.table}: ${plan.blocked.length} changes cannot be made`
  return new DynamoxError('blocked', message, { table: plan.table, problems: plan.blocked })
}
