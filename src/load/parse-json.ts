import { findJsonError } from './find-json-error.ts'
import { type SyntaxPlace, syntaxError } from './syntax-error.ts'

/** JSON, with errors that say file, line and column. A byte order mark is allowed. */
export function parseJson(text: string, place: SyntaxPlace): unknown {
  const source = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(source)
  } catch (cause) {
    const error = findJsonError(source)
    throw syntaxError(place, source, error?.offset ?? 0, error?.message ?? 'this is not JSON', {
      cause,
      ...(error?.comment
        ? { hint: 'remove the comment, or write the file as YAML (comments start with #) or as dynamox.config.ts' }
        : {}),
    })
  }
}
