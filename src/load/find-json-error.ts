/** Where a JSON text goes wrong. `JSON.parse` does not always say on Node 20, so the text is read once more. */
export interface JsonError {
  /** Offset into the text, from 0. */
  readonly offset: number
  readonly message: string
  /** Whether a comment is what stands there. */
  readonly comment: boolean
}

const space = /[ \t\r\n]*/y
const text = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** The first place at which `source` stops being JSON, or `undefined` when it is JSON. */
export function findJsonError(source: string): JsonError | undefined {
  let at = 0

  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(source)
    if (found) at = pattern.lastIndex
    return found
  }
  const sign = (wanted: string): boolean => {
    skip(space)
    if (source[at] !== wanted) return false
    at += 1
    return true
  }
  const fail = (expected: string): JsonError => {
    skip(space)
    const comment = source.startsWith('//', at) || source.startsWith('/*', at)
    if (comment) return { offset: at, message: 'JSON has no comments', comment }
    const found = at >= source.length ? 'the file ends' : `found ${JSON.stringify(source[at])}`
    return { offset: at, message: `expected ${expected}, ${found}`, comment }
  }

  const entries = (close: string, entry: () => JsonError | undefined): JsonError | undefined => {
    if (sign(close)) return undefined
    for (;;) {
      const error = entry()
      if (error) return error
      if (sign(close)) return undefined
      if (!sign(',')) return fail(`"," or "${close}"`)
    }
  }
  const member = (): JsonError | undefined => {
    skip(space)
    if (!skip(text)) return fail('a key in double quotes')
    return sign(':') ? value() : fail('":"')
  }
  const value = (): JsonError | undefined => {
    if (sign('{')) return entries('}', member)
    if (sign('[')) return entries(']', value)
    return skip(text) || skip(word) ? undefined : fail('a value')
  }

  const error = value()
  if (error) return error
  skip(space)
  return at < source.length ? fail('the end of the file') : undefined
}
