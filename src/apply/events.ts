import { DynamoxError } from '../errors.ts'
import type { Change } from '../settings/change.ts'
import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'

/** The result for one table, in the words of the JSON contract. */
export type Action =
  | 'created'
  | 'unchanged'
  | 'different'
  | 'updated'
  | 'deleted'
  | 'absent'
  | 'exists'
  | 'missing'
  | 'ready'
  | 'gone'
  | 'planned'
  | 'blocked'
  | 'requested'
  | 'failed'
  | 'interrupted'
  | 'skipped'

/** The end of the work on one table. An outcome with an `error` is `failed`, `blocked` or `interrupted` (or `exists`). */
export interface Outcome {
  /** The table's resolved name. */
  readonly name: string
  readonly action: Action
  /** The last status seen; absent when the table does not exist. */
  readonly status?: string | undefined
  /** From the start of the work on this table to its end, in milliseconds. */
  readonly durationMs: number
  /** How the live table differs from its definition (`different`). */
  readonly changes?: readonly Change[] | undefined
  /** Steps of the plan (`planned`), or those that were sent. */
  readonly steps?: readonly Step[] | undefined
  /** Settings that the target does not keep or that could not be read, and what other processes did; a line each. */
  readonly warnings?: readonly string[] | undefined
  /** Why it failed. */
  readonly error?: DynamoxError | undefined
}

/** Events while a table is worked on. The core emits them and never prints. */
export type Event =
  | { readonly kind: 'started'; readonly table: string }
  | { readonly kind: 'sending'; readonly table: string; readonly step: Step }
  | { readonly kind: 'sent'; readonly table: string; readonly step: Step }
  /** A poll showed something new. */
  | {
      readonly kind: 'status'
      readonly table: string
      readonly live: LiveTable | undefined
      readonly elapsedMs: number
    }
  /** AWS refused the request temporarily; it is sent again after `waitMs`. */
  | { readonly kind: 'held'; readonly table: string; readonly reason: string; readonly waitMs: number }
  /** DynamoDB throttles: the whole run has slowed down to `requestsPerSecond`. Emitted for one table only. */
  | { readonly kind: 'pace'; readonly table: string; readonly requestsPerSecond: number }
  /** Still waiting: emitted every 30 s for one table; `others` counts the other tables still waited for. */
  | {
      readonly kind: 'waiting'
      readonly table: string
      readonly status: string | undefined
      readonly others: number
      readonly elapsedMs: number
    }
  | { readonly kind: 'warning'; readonly table?: string | undefined; readonly message: string }
  | { readonly kind: 'finished'; readonly table: string; readonly outcome: Outcome }

/** Receives the events of a run as they happen; must not throw. */
export type OnEvent = (event: Event) => void

const failures: readonly Action[] = ['failed', 'blocked', 'interrupted']

/**
 * Makes an outcome's action and error agree: an outcome with an error is a failure (including `exists` under --strict),
 * and a failure has an error.
 */
export function withReason(outcome: Outcome): Outcome {
  const { action, error, name } = outcome
  if (error === undefined && !failures.includes(action)) return outcome
  if (error === undefined) {
    const reason = new DynamoxError('internal', `${name} ended as ${action} without a reason`, { table: name })
    return { ...outcome, action: 'failed', error: reason }
  }
  if (error.code === 'exists' && action === 'exists') return outcome
  return { ...outcome, action: error.code === 'interrupted' || error.code === 'blocked' ? error.code : 'failed' }
}
