import { DynamoxError, type ErrorDetails } from '../errors.ts'

/** The file that a text comes from: what kind of error to throw, and the file as messages name it. */
export interface SyntaxPlace {
  readonly code: 'config' | 'model'
  readonly file: string
}

/** `.dynamoxrc:3:7: expected ":", found "}"`, from an offset into the text. */
export function syntaxError(
  { code, file }: SyntaxPlace,
  text: string,
  offset: number,
  message: string,
  details: ErrorDetails = {},
): DynamoxError {
  const before = text.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return new DynamoxError(code, `${file}:${before.length}:${column}: ${message}`, details)
}
