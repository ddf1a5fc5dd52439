import { DynamoxError, type ErrorDetails } from '../errors.ts'

/** Whose text it is: what kind of error to make, and the file as messages name it. */
export interface SyntaxPlace {
  readonly code: 'config' | 'model'
  readonly file: string
}

/** `.dynamoxrc:3:7: expected ":", found "}"`, from an offset into the text. */
export function syntaxError(
  place: SyntaxPlace,
  text: string,
  offset: number,
  message: string,
  details: ErrorDetails = {},
): DynamoxError {
  const before = text.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return new DynamoxError(place.code, `${place.file}:${before.length}:${column}: ${message}`, details)
}
