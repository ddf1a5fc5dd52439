import type { OnEvent, Outcome } from '../apply/events.ts'
import type { TableApi } from '../apply/ports.ts'
import type { Waiter } from '../apply/waiter.ts'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanOptions } from '../plan/plan-table.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import type { Flags } from './flags.ts'

export interface Planned {
  readonly definition: TableDefinition
  /** What the plan was made from; absent when the table is not there, or could not be read. */
  readonly live: LiveTable | undefined
  /** Absent when the table could not be read. */
  readonly plan: Plan | undefined
  /** `planned`, `blocked` with the reasons, or `failed`. */
  readonly outcome: Outcome
  /** What keeps the table from being ready, in words: the plan rests on values that are about to change. */
  readonly underWay: string | undefined
}

export interface PlanOneOptions extends PlanOptions {
  readonly signal?: AbortSignal | undefined
  /** Wait until work that is under way has settled, so that the plan holds when it is carried out. */
  readonly settle?: boolean | undefined
  /** For `settle`: how long that may take, and whom to tell. */
  readonly timeoutMs?: number | undefined
  readonly waiter?: Waiter | undefined
  readonly onEvent?: OnEvent | undefined
}

/** Reads what is live of what the definition speaks of, and plans the way from there to the definition. */
export async function planOne(
  definition: TableDefinition,
  api: TableApi,
  options: PlanOneOptions = {},
): Promise<Planned> {
  const { planTable } = await import('../plan/plan-table.ts')
  const { unsettled } = await import('../apply/readiness.ts')
  const { systemClock } = await import('../apply/clock.ts')
  const { name } = definition
  const startedAt = systemClock.now()
  const elapsed = () => systemClock.now() - startedAt
  const { live, failed } = await read(definition, api, options)
  if (failed !== undefined) {
    const outcome = { ...failed, name, durationMs: elapsed() }
    return { definition, live: undefined, plan: undefined, outcome, underWay: undefined }
  }
  const capabilities = api.capabilities()
  const plan = planTable(definition, live, { ...options, capabilities })
  const underWay = live === undefined ? undefined : unsettled(live)
  const outcome = toOutcome(plan, live?.status, underWay, elapsed(), anew(plan.table, capabilities))
  return { definition, live, plan, outcome, underWay }
}

export function planOptions({ dropIndexes, pruneTags, safeReplace }: Flags): PlanOptions {
  return { dropIndexes: dropIndexes === true, pruneTags: pruneTags === true, safeReplace: safeReplace === true }
}

type Failed = Pick<Outcome, 'action' | 'error' | 'status'>

async function read(
  definition: TableDefinition,
  api: TableApi,
  options: PlanOneOptions,
): Promise<{ readonly live?: LiveTable | undefined; readonly failed?: Failed | undefined }> {
  if (options.settle === true) {
    const { readLive } = await import('../apply/read-live.ts')
    const { signal, timeoutMs, waiter, onEvent } = options
    return readLive(definition, api, { settle: true, signal, timeoutMs, waiter, onEvent })
  }
  const { followUpFields } = await import('../plan/follow-ups.ts')
  const { readTable } = await import('./read-table.ts')
  try {
    const fields = followUpFields(definition, api.capabilities())
    return { live: await readTable(api, definition.name, { fields, signal: options.signal }) }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    return { failed: { action: error.code === 'interrupted' ? 'interrupted' : 'failed', error } }
  }
}

function toOutcome(
  { table, steps, blocked, notices }: Plan,
  status: string | undefined,
  underWay: string | undefined,
  durationMs: number,
  wayOut: string | undefined,
): Outcome {
  const busy =
    underWay === undefined
      ? []
      : [`work is under way (${underWay}): update waits until it is done, and plans from what is there then`]
  const found = {
    name: table,
    status,
    durationMs,
    steps,
    changes: steps.flatMap(step => step.changes),
    warnings: [...busy, ...notices],
  }
  if (blocked.length === 0) return { ...found, action: 'planned' }
  const error = new DynamoxError('blocked', `${table} cannot be brought to its definition as it stands`, {
    table,
    problems: blocked,
    hint: wayOut,
  })
  return { ...found, action: 'blocked', error }
}

/** An engine's tables are there to be worked with, not to last. */
function anew(table: string, { engine }: Capabilities): string | undefined {
  if (engine === 'aws' || engine === 'unknown') return undefined
  const keeping = engine === 'dynalite' ? '; dynamox local --watch --recreate keeps the items that still fit' : ''
  return `here it can be made anew, without its items: dynamox delete ${table}, then dynamox create ${table}${keeping}`
}
