import { DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { isRecord, show } from '../table/untyped.ts'
import type { WaitOptions } from './client-options.ts'

/** The options that say how long to stay with a call. */
export const waitOptions: readonly string[] = ['timeoutSeconds', 'signal']

/**
 * Refuses what TypeScript would not have let through: a name that is not a string, options that are not an object, an option
 * that the method does not have. Throws `usage`.
 */
export function checkCall(method: string, name: unknown, options: unknown, known: readonly string[]): void {
  if (typeof name !== 'string' || name === '') {
    throw new DynamoxError(
      'usage',
      `${method} wants a table name first, not ${name === '' ? 'an empty text' : show(name)}`,
    )
  }
  checkOptions(method, options, known)
}

/** The same for options alone. */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) {
    throw new DynamoxError('usage', `${method} wants its options as an object, not ${show(options)}`)
  }
  const unknown = Object.keys(options).find(option => !known.includes(option) && options[option] !== undefined)
  if (unknown !== undefined) throw noOption(method, unknown, known)
  for (const flag of ['wait', 'disableProtection']) {
    const value = options[flag]
    if (value !== undefined && typeof value !== 'boolean')
      throw new DynamoxError('usage', `${flag} of ${method} must be true or false, not ${show(value)}`)
  }
}

function noOption(method: string, option: string, known: readonly string[]): DynamoxError {
  const meant = option === 'timeout' && known.includes('timeoutSeconds') ? '; did you mean "timeoutSeconds"?' : ''
  return new DynamoxError('usage', `${method} has no option "${option}"${meant || suggestion(option, known)}`, {
    hint: `it takes ${known.join(', ')}`,
  })
}

/** The deadline and the signal of a call, as apply takes them. Throws `usage` for an invalid deadline. */
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
