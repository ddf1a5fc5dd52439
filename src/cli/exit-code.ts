import type { Outcome } from '../apply/events.ts'
import type { DynamoxError, ErrorCode } from '../errors.ts'
import type { StopSignal } from './command.ts'

/** The process's exit code for each error code. */
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

/** 128 plus the signal number, as in shells. */
export const stopCodes: Record<StopSignal, number> = { SIGINT: 130, SIGTERM: 143 }

// By severity: interrupted, bug, refused by AWS, timed out, invalid input, negative result.
const worstFirst = [143, 130, 70, 3, 4, 2, 1, 0]

/** The exit code of a run over several tables: the most severe one. */
export function worstExit(codes: readonly number[]): number {
  return worstFirst.find(code => codes.includes(code)) ?? 0
}

/** The exit code for an error; 0 without one. */
export function exitFor(error: DynamoxError | undefined): number {
  return error === undefined ? 0 : exitCodes[error.code]
}

/** The exit code of one table's outcome; `no`: the outcome is a negative result for this command (exit code 1). */
export function exitOf(outcome: Outcome, no: boolean): number {
  if (no) return 1
  return outcome.error === undefined && outcome.action === 'different' ? 1 : exitFor(outcome.error)
}
