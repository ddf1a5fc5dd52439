import { DynamoxError } from '../errors.ts'
import type { WaitOptions } from './client-options.ts'

/** What apply is told of a call: its deadline and its signal. Throws `usage` for a deadline that is none. */
export function runOptions({ timeoutSeconds, signal }: WaitOptions): {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
} {
  if (timeoutSeconds !== undefined && !(typeof timeoutSeconds === 'number' && timeoutSeconds > 0)) {
    throw new DynamoxError('usage', `timeoutSeconds must be a number of seconds above 0, not ${String(timeoutSeconds)}`)
  }
  return {
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    ...(signal === undefined ? {} : { signal }),
  }
}
