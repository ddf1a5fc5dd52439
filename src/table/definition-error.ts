import { DynamoxError, type Problem } from '../errors.ts'

/**
 * All that is wrong with a definition as one error: a single problem is the message, several are counted and listed.
 * @param what names the definition: `users`, `src/models/user.ts User`.
 */
export function definitionError(what: string, problems: readonly Problem[], hint?: string): DynamoxError {
  const [first] = problems
  const message =
    first !== undefined && problems.length === 1
      ? `${first.path}: ${first.message}`
      : `the definition of ${what} has ${problems.length} problems`
  return new DynamoxError('definition', message, { hint, problems })
}
