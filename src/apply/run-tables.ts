import { DynamoxError, isDynamoxError, messageOf } from '../errors.ts'
import { type Outcome, withReason } from './events.ts'

export interface RunTablesOptions {
  /** How many tables to process at once; 16 by default. */
  readonly concurrency?: number | undefined
  /** After a failure, start no further tables; those already started are finished. */
  readonly failFast?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

const usualConcurrency = 16

/**
 * Processes several tables concurrently and returns their outcomes in the order of `names`. One failure does not stop
 * the others unless `failFast` is set; tables that were not started are `skipped`.
 */
export async function runTables(
  names: readonly string[],
  work: (name: string) => Promise<Outcome>,
  options: RunTablesOptions = {},
): Promise<Outcome[]> {
  const { concurrency = usualConcurrency, failFast = false, signal } = options
  const outcomes: Outcome[] = names.map(name => ({ name, action: 'skipped', durationMs: 0 }))
  let failed = false
  await inParallel(names, concurrency, async (name, index) => {
    if (signal?.aborted === true || (failFast && failed)) return
    const outcome = await work(name).catch((error: unknown) => broken(name, error))
    outcomes[index] = withReason(outcome)
    if (outcome.error !== undefined) failed = true
  })
  return outcomes
}

function broken(name: string, error: unknown): Outcome {
  const message = messageOf(error)
  const known = isDynamoxError(error) ? error : new DynamoxError('internal', message, { cause: error, table: name })
  return { name, action: 'failed', durationMs: 0, error: known }
}

/** Processes all items, at most `width` at a time. Rejects when one fails, and starts no others. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  let failed = false
  const line = async () => {
    for (const [index, item] of queue) {
      if (failed) return
      try {
        await work(item, index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, line))
}
