import { DynamoxError, oneOr, type Problem } from '../errors.ts'
import { inSentence } from './untyped.ts'

/**
 * One error for all problems of one or several definitions: a single problem becomes the message, several are counted
 * and listed.
 * @param what names the definitions: `users`, `src/models/user.ts User`.
 */
export function definitionError(
  what: string | readonly string[],
  problems: readonly Problem[],
  hint?: string,
): DynamoxError {
  const message = oneOr(problems, `${subject(typeof what === 'string' ? [what] : what)} ${problems.length} problems`)
  return new DynamoxError('definition', message, { hint, problems })
}

// The list of problems contains all names.
function subject(given: readonly string[]): string {
  // Problems of one definition may start at several places: `template.yaml:3:5 Orders`, `template.yaml:9:7 Orders`.
  const names = [...new Map(given.map(name => [name.replace(/(:\d+)+(?= )/, ''), name])).keys()]
  if (names.length === 1) return `the definition of ${names.join()} has`
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  return `the definitions of ${inSentence(shown, 'and')} have`
}
