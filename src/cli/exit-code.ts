import type { Outcome } from '../apply/events.ts'
import type { ErrorCode } from '../errors.ts'
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

// The user stopped it, a bug, AWS's no, time, the user's input, the answer no.
const worstFirst = [143, 130, 70, 3, 4, 2, 1, 0]

/** The exit code of a run over several tables: the worst of theirs. */
export function worstExit(codes: readonly number[]): number {
  return worstFirst.find(code => codes.includes(code)) ?? 0
}

/** The exit code that one table's outcome asks for; `no` says whether it is this command's way of saying no. */
export function exitOf(outcome: Outcome, no: boolean): number {
  if (no) return 1
  switch (outcome.action) {
    case 'failed':
      return outcome.error === undefined ? exitCodes.aws : exitCodes[outcome.error.code]
    case 'interrupted':
      return exitCodes.interrupted
    case 'blocked':
      return exitCodes.blocked
    case 'different':
      return 1
    default:
      return outcome.error === undefined ? 0 : exitCodes[outcome.error.code]
  }
}
