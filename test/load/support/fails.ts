import { isDynamoxError } from '../../../src/errors.ts'

/** What a promise or function fails with, as the code, the message, the hint and the problems of a DynamoxError. */
export async function failure(work: Promise<unknown> | (() => unknown)): Promise<Failure> {
  try {
    const result = await (typeof work === 'function' ? work() : work)
    return { code: 'none', message: JSON.stringify(result) }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    const { code, message, hint, problems } = error
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(problems === undefined ? {} : { problems: problems.map(({ path, message }) => `${path}: ${message}`) }),
    }
  }
}

export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly problems?: readonly string[]
}
