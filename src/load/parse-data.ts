import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { ParseError } from 'jsonc-parser'
import { DynamoxError, messageOf } from '../errors.ts'
import { parseYaml, tooDeep } from './parse-yaml.ts'
import { type SyntaxPlace, syntaxError } from './syntax-error.ts'

/** Whether a file is data (JSON, YAML) rather than code: read without running anything. */
export function isDataFile(file: string): boolean {
  return /\.(json|ya?ml)$/i.test(file)
}

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark, as PowerShell's `>` writes it. */
export function readText(path: string, { code, file }: SyntaxPlace): string {
  try {
    return decode(readFileSync(path))
  } catch (cause) {
    throw new DynamoxError(code, `${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** JSON or YAML by the file's ending; without one (`.dynamoxrc`), either. Throws the place's error with line and column. */
export async function parseData(text: string, path: string, place: SyntaxPlace): Promise<unknown> {
  const source = text.replace(/^\uFEFF/, '')
  const ending = extname(path).toLowerCase()
  if (ending === '.json') return parseJson(source, place)
  if (ending !== '' || !/^\s*\{/.test(source)) return parseYaml(source, place)
  // A text in braces may be YAML as well; only a comment shows that JSON was meant.
  const { value, error } = await readJson(source, place)
  if (error === undefined) return value
  return isComment(source, error.offset) ? parseJson(source, place) : parseYaml(source, place)
}

async function parseJson(text: string, place: SyntaxPlace): Promise<unknown> {
  const { value, error } = await readJson(text, place)
  if (error === undefined) return value
  const { offset, length } = error
  if (isComment(text, offset)) {
    const asScript = place.code === 'config' ? ', or as dynamox.config.ts' : ''
    throw syntaxError(place, text, offset, 'JSON has no comments', {
      hint: `remove the comment, or write the file as YAML, where comments start with #${asScript}`,
    })
  }
  const shown = text.slice(offset, offset + Math.min(length, 30))
  const found =
    offset >= text.length ? 'the file ends' : `found ${shown.length > 1 ? shown : JSON.stringify(text[offset])}`
  throw syntaxError(place, text, offset, `expected ${await expected(error)}, ${found}`)
}

interface JsonError {
  readonly error: number
  readonly offset: number
  readonly length: number
}

/** The value, or the first place where the text is not JSON. */
async function readJson(
  text: string,
  place: SyntaxPlace,
): Promise<{ readonly value?: unknown; readonly error?: JsonError }> {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // JSON.parse does not always tell the position, and words it differently in each version of Node.
    const { parse } = await import('jsonc-parser')
    const errors: JsonError[] = []
    try {
      parse(text, errors as ParseError[], { disallowComments: true, allowEmptyContent: false })
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw syntaxError(place, text, 0, tooDeep, { cause })
    }
    const [first = { error: 0, offset: 0, length: 0 }, next] = errors
    // The error after a word that is not JSON says what was expected in its place.
    return { error: first.error === invalidSymbol && next !== undefined ? { ...first, error: next.error } : first }
  }
}

const invalidSymbol = 1

const isComment = (text: string, offset: number): boolean => /^\/[/*]/.test(text.slice(offset))

async function expected({ error }: JsonError): Promise<string> {
  const { printParseErrorCode } = await import('jsonc-parser')
  return wanted[printParseErrorCode(error)] ?? 'a value'
}

const wanted: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes',
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"," or "}"',
  CloseBracketExpected: '"," or "]"',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'a closing quote',
}
