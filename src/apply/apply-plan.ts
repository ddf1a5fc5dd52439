import type { Plan } from '../plan/plan.ts'
import type { Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import type { RunOptions } from './run.ts'

/**
 * Carries a plan out, step by step, each when what it needs holds. Can be stopped at any point: what is done is
 * done, and a new plan holds the rest. A plan with anything `blocked` is not begun. With `wait: false` it goes on
 * for as long as the table is ready for the next step at once. `timeoutMs` is an hour when left out.
 * Never rejects; what went wrong is in the outcome's `error`.
 */
export async function applyPlan(plan: Plan, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  const { runPlan } = await import('./run-plan.ts')
  return runPlan(plan, api, options)
}
