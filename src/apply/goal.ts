import { DynamoxError } from '../errors.ts'
import { isCarriedOut, isMadeAnew } from '../plan/carried-out.ts'
import type { Step, TableRequest } from '../settings/step.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { isReady, neverReady } from './readiness.ts'

/** What a wait waits for. */
export type Goal =
  /** Ready, and showing what `request` asked for: a description may be older than the request. */
  | { readonly kind: 'ready'; readonly request?: TableRequest | undefined }
  /** Not found any more, or replaced by a table with another id than `id`. */
  | { readonly kind: 'gone'; readonly id?: string | undefined }
  /** The index that `step` drops is no longer listed, or was made anew by somebody else. */
  | { readonly kind: 'index-gone'; readonly index: string; readonly step: Step }
  | { readonly kind: 'setting'; readonly field: FollowUpField; readonly request?: TableRequest | undefined }
  /** Anything else that can be said of a description. */
  | { readonly kind: 'holds'; readonly holds: (live: LiveTable | undefined) => boolean }

export interface Circumstances {
  readonly name: string
  /** How long the wait has lasted. */
  readonly ageMs: number
  /** How long the table has not been found, if it is not. */
  readonly missingMs: number
  /** Whether a table that is not there may still come (`wait`), or must have been deleted by somebody (`fail`). */
  readonly missing: 'wait' | 'fail'
}

/** DescribeTable is eventually consistent: right after a creation it may not find the table yet. */
const notFoundToleranceMs = 5_000
/** How long a settled description may go on showing the old values before it is taken at its word. */
const staleToleranceMs = 10_000

/** Whether the goal is reached, not yet, or never: then with the error to end with. */
export function judge(
  goal: Goal,
  live: LiveTable | undefined,
  at: Circumstances,
): 'reached' | 'pending' | DynamoxError {
  if (goal.kind === 'holds') return goal.holds(live) ? 'reached' : 'pending'
  if (goal.kind === 'gone') return judgeGone(goal.id, live)
  if (live === undefined)
    return at.missing === 'wait' || at.missingMs < notFoundToleranceMs ? 'pending' : vanished(at.name)
  const never = neverReady(at.name, live)
  if (never !== undefined) return new DynamoxError(never.code, never.message, { hint: never.hint, table: at.name })
  switch (goal.kind) {
    case 'ready':
      return isReady(live) && isCurrent(goal.request, live, at) ? 'reached' : 'pending'
    case 'index-gone':
      return isReady(live) && (live.indexes[goal.index] === undefined || isMadeAnew(goal.step, live))
        ? 'reached'
        : 'pending'
    case 'setting':
      return !live.settling.includes(goal.field) && isCurrent(goal.request, live, at) ? 'reached' : 'pending'
    default:
      return goal satisfies never
  }
}

function judgeGone(id: string | undefined, live: LiveTable | undefined) {
  if (live === undefined) return 'reached'
  return id !== undefined && live.id !== undefined && live.id !== id ? 'reached' : 'pending'
}

function isCurrent(request: TableRequest | undefined, live: LiveTable, { ageMs }: Circumstances): boolean {
  return request === undefined || ageMs > staleToleranceMs || isCarriedOut(request, live)
}

function vanished(name: string): DynamoxError {
  return new DynamoxError('not-found', `${name} is not there any more: somebody deleted it meanwhile`, {
    hint: 'find out who did; then run the command again',
    table: name,
  })
}
