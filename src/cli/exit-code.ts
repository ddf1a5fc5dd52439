import type { Action, Outcome } from '../apply/events.ts'
import { DynamoxError, type ErrorCode } from '../errors.ts'
import type { StopSignal } from './io.ts'

/** What the process ends with for each kind of error. */
export const exitCodes: Record<ErrorCode, number> = {
  usage: 2,
  config: 2,
  model: 2,
  definition: 2,
  conflict: 2,
  blocked: 2,
  exists: 1,
  'not-found': 3,
  'access-denied': 3,
  credentials: 3,
  throttled: 3,
  limit: 3,
  aws: 3,
  network: 3,
  timeout: 4,
  interrupted: 130,
  internal: 70,
}

/** 128 and the signal's number, as shells count. */
export const stopCodes: Record<StopSignal, number> = { SIGINT: 130, SIGTERM: 143 }

// Interrupted, a bug, AWS's refusal, timed out, the user's input, the answer no.
const worstFirst = [143, 130, 70, 3, 4, 2, 1, 0]

/** The exit code of a run over several tables: the worst of theirs. */
export function worstExit(codes: readonly number[]): number {
  return worstFirst.find(code => codes.includes(code)) ?? 0
}

/** The exit code of one table's outcome; `no` says whether it is this command's way of answering no. */
export function exitOf(outcome: Outcome, no: boolean): number {
  if (no) return 1
  const { action, error } = outcome
  if (error !== undefined) return exitCodes[error.code]
  return action === 'different' ? 1 : 0
}

const failures: Partial<Record<Action, ErrorCode>> = { failed: 'aws', interrupted: 'interrupted', blocked: 'blocked' }

/**
 * The outcome with an action that agrees with its error, so that the exit code, `ok` and `action` cannot disagree: a
 * failure has an error, and an outcome with an error is a failure (or says `exists`, with --strict).
 */
export function consistent(outcome: Outcome): Outcome {
  const { name, action, status, error } = outcome
  const code = failures[action]
  if (error === undefined) {
    if (code === undefined) return outcome
    const message = `${name}: ${action}${status === undefined ? '' : `, last seen ${status}`}`
    return { ...outcome, error: new DynamoxError(code, message, { table: name }) }
  }
  if (error.code === 'exists' && action === 'exists') return outcome
  if (error.code === 'interrupted') return { ...outcome, action: 'interrupted' }
  if (error.code === 'blocked') return { ...outcome, action: 'blocked' }
  return { ...outcome, action: 'failed' }
}
