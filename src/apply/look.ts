import { DynamoxError } from '../errors.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { Goal } from './goal.ts'
import { interrupted, type Run, timedOut } from './run.ts'
import type { WaitRequest } from './waiter.ts'

/** The table as it is now; looks again while the target is throttling or out of breath. */
export function look(run: Run, fields: readonly FollowUpField[] = []): Promise<LiveTable | undefined> {
  return waitOn(run, { kind: 'holds', holds: () => true }, { work: 'unknown', fields }, 'could not be described')
}

type Details = Pick<WaitRequest, 'work' | 'missing' | 'fields'>

/** Waits until the goal is reached; throws when it never can be, when time runs out, and when interrupted. */
export async function waitOn(run: Run, goal: Goal, details: Details, pending: string): Promise<LiveTable | undefined> {
  const end = await watch(run, goal, details, run.deadline)
  switch (end.kind) {
    case 'reached':
      return end.live
    case 'never':
      throw end.error
    case 'failed':
      throw end.error
    case 'interrupted':
      throw interrupted(run)
    case 'timeout':
      if (end.held?.refusal.kind === 'throttled') throw throttled(run, end.held.message)
      throw timedOut(run, end.held === undefined ? pending : `${pending} (${end.held.message})`)
    default:
      return end satisfies never
  }
}

/** Waits, and says how it ended instead of throwing. */
export function watch(run: Run, goal: Goal, details: Details, deadline: number) {
  return run.waiter.until({
    name: run.name,
    goal,
    ...details,
    deadline,
    signal: run.options.signal,
    onLook: run.saw,
    onHeld: (reason, waitMs) => run.emit({ kind: 'held', table: run.name, reason, waitMs }),
    onPace: requestsPerSecond => run.emit({ kind: 'pace', table: run.name, requestsPerSecond }),
  })
}

export function throttled(run: Run, message: string): DynamoxError {
  return new DynamoxError('throttled', `${run.name}: DynamoDB kept throttling until time ran out: ${message}`, {
    table: run.name,
    hint: 'work on fewer tables at once (--concurrency), or give it more time (--timeout, timeoutSeconds)',
  })
}
