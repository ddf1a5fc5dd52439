import type { Outcome } from '../apply/events.ts'
import { TransientError } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { TableOutcome } from './client-options.ts'

/** An outcome as the library gives it: its error thrown, everything else returned. */
export function toResult(outcome: Outcome): TableOutcome {
  const { error, ...result } = outcome
  if (error !== undefined) throw error
  return result
}

/** A single read, which nothing tries again: what would pass by itself is an error here. */
export async function readOnce<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof TransientError)) throw error
    const { kind, message } = error.refusal
    throw new DynamoxError(kind === 'throttled' ? 'throttled' : 'network', message, { hint: 'try again', cause: error })
  }
}
