import { DynamoxError } from '../errors.ts'
import type { PlainError } from './messages.ts'
import { shownPath } from './shown-path.ts'

/**
 * An error of user code as dynamox reports it: `src/models/user.ts:12: TypeError: ...`.
 * @param file the file that was being loaded (absolute, or a package's name)
 */
export function userError(error: PlainError, file: string, cwd: string, code: 'config' | 'model'): DynamoxError {
  const shown = shownPath(file, cwd)
  // dynamox's own complaint about the file, with nothing of the user's on the stack: it names the file already.
  if (error.code !== undefined && error.file === undefined) {
    return new DynamoxError(error.code, error.message, { hint: error.hint, problems: error.problems })
  }
  const elsewhere = error.file !== undefined && error.file !== file
  const hint = error.hint ?? (elsewhere ? `${shown} imports it` : undefined)
  return new DynamoxError(error.code ?? code, `${placeOf(error, shown, cwd)}: ${textOf(error)}`, {
    hint,
    problems: error.problems,
    cause: causeOf(error),
  })
}

/** One line for an unhandled error. */
export function strayWarning(error: PlainError, file: string, cwd: string): string {
  return `${placeOf(error, shownPath(file, cwd), cwd)}: an error that nothing handled: ${textOf(error)}`
}

/** `src/models/user.ts:12`, as exactly as it is known. */
export function placeOf({ file, line, column }: PlainError, otherwise: string, cwd: string): string {
  if (file === undefined) return otherwise
  return [shownPath(file, cwd), line, column].filter(part => part !== undefined).join(':')
}

// The name of a plain Error says nothing; that of a TypeError does. Parsers name the error in their text.
export function textOf({ name, message, code }: PlainError): string {
  const [first = ''] = message.split('\n')
  const bare = code !== undefined || name === 'Error' || name === 'SyntaxError'
  return bare ? first : `${name}: ${first}`
}

function causeOf({ name, message, stack }: PlainError): Error {
  const cause = new Error(message)
  cause.name = name
  cause.stack = stack ?? `${name}: ${message}`
  return cause
}
