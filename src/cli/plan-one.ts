import type { Outcome } from '../apply/events.ts'
import type { ReadOptions, TableApi } from '../apply/ports.ts'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanOptions } from '../plan/plan-table.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { Flags } from './flags.ts'

export interface Planned {
  /** Absent when the table could not be read. */
  readonly plan: Plan | undefined
  /** `planned`, `blocked` with the reasons, or `failed`. */
  readonly outcome: Outcome
}

/** Reads what is live of what the definition speaks of, and plans the way from there to the definition. */
export async function planOne(
  definition: TableDefinition,
  api: TableApi,
  options: PlanOptions & ReadOptions,
): Promise<Planned> {
  const { planTable } = await import('../plan/plan-table.ts')
  const { followUpFields } = await import('../plan/follow-ups.ts')
  const { systemClock } = await import('../apply/clock.ts')
  const { readTable } = await import('./read-table.ts')
  const { name } = definition
  const startedAt = systemClock.now()
  const elapsed = () => systemClock.now() - startedAt
  try {
    const live = await readTable(api, name, {
      fields: followUpFields(definition, api.capabilities()),
      signal: options.signal,
    })
    const plan = planTable(definition, live, { ...options, capabilities: api.capabilities() })
    return { plan, outcome: toOutcome(plan, live?.status, elapsed()) }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    const action = error.code === 'interrupted' ? 'interrupted' : 'failed'
    return { plan: undefined, outcome: { name, action, durationMs: elapsed(), error } }
  }
}

export function planOptions({ dropIndexes, pruneTags }: Flags): PlanOptions {
  return { dropIndexes: dropIndexes === true, pruneTags: pruneTags === true }
}

function toOutcome({ table, steps, blocked, notices }: Plan, status: string | undefined, durationMs: number): Outcome {
  const found = {
    name: table,
    status,
    durationMs,
    steps,
    changes: steps.flatMap(step => step.changes),
    warnings: notices,
  }
  if (blocked.length === 0) return { ...found, action: 'planned' }
  const error = new DynamoxError('blocked', `${table} cannot be brought to its definition as it stands`, {
    table,
    problems: blocked,
  })
  return { ...found, action: 'blocked', error }
}
