import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { ParseError } from 'jsonc-parser'
import type { Document, DocumentOptions, ParseOptions, SchemaOptions, YAMLError } from 'yaml'
import { DynamoxError, type ErrorDetails, fileReason, isDynamoxError, messageOf } from '../errors.ts'
import { placeAt, placeText } from '../table/problems.ts'
import { lowerFirst } from '../table/text.ts'

/** Whether a file is data (JSON, YAML) rather than code: read without running anything. */
export function isDataFile(file: string): boolean {
  return /\.(jsonc?|ya?ml|template)$/i.test(file)
}

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark, as PowerShell's `>` writes it. */
export function readText(path: string, { code, file }: SyntaxPlace): string {
  try {
    return decode(readFileSync(path))
  } catch (cause) {
    throw new DynamoxError(code, `${file} cannot be read: ${fileReason(cause)}`, { cause })
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
  refuseDeep(source, place)
  const ending = extname(path).toLowerCase()
  if (/^\.jsonc?$/.test(ending)) return parseJson(source, place)
  if (ending !== '' || !/^\s*\{/.test(source)) return parseYaml(source, place)
  // A text in braces may also be YAML; only a comment shows that JSON was meant.
  const { value, errors } = await readJson(source, place)
  if (errors === undefined) return value
  return isComment(source, errors[0]?.offset ?? 0) ? parseJson(source, place) : parseYaml(source, place)
}

async function parseJson(text: string, place: SyntaxPlace): Promise<unknown> {
  const { value, errors } = await readJson(text, place)
  if (errors === undefined) return value
  const { offset, message } = await explainJson(text, errors)
  // Files of models keep comments, as editors allow them.
  if (place.code === 'model' && isComment(text, offset)) {
    const { parse } = await import('jsonc-parser')
    const others: ParseError[] = []
    const value: unknown = parse(text, others, { allowTrailingComma: true })
    if (others.length === 0) return value
  }
  const hint = `remove the comment, or write the file as YAML, where comments start with #, or as dynamox.config.ts`
  throw syntaxError(place, text, offset, message, isComment(text, offset) ? { hint } : {})
}

/** The place and reason of the first error in a text that is not valid JSON. */
export async function jsonProblem(text: string, file: string): Promise<Explained> {
  const { errors = [] } = await readJson(text, { code: 'config', file })
  return explainJson(text, errors)
}

/** The place and reason of the first of a parser's errors; without errors, the text is empty. */
export async function explainJson(text: string, errors: readonly ParseError[]): Promise<Explained> {
  const [first, next] = errors
  const { offset = 0, length = 1 } = first ?? {}
  if (isComment(text, offset)) return { offset, message: 'JSON has no comments' }
  const shown = text.slice(offset, offset + Math.min(length, 30))
  const found =
    offset >= text.length
      ? 'found the end of the file'
      : `found ${shown.length > 1 ? shown : JSON.stringify(text[offset])}`
  const { printParseErrorCode } = await import('jsonc-parser')
  // The error after an invalid word says what was expected instead.
  const { error } = (first?.error === invalidSymbol && next) || first || {}
  const expected = error === undefined ? undefined : wanted[printParseErrorCode(error)]
  return { offset, message: `expected ${expected ?? 'a value'}, ${found}` }
}

/** The value, or the errors of a text that is not valid JSON. */
async function readJson(
  text: string,
  place: SyntaxPlace,
): Promise<{ readonly value?: unknown; readonly errors?: readonly ParseError[] }> {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // JSON.parse does not always give the position, and its message differs between Node versions.
    const { parse } = await import('jsonc-parser')
    const errors: ParseError[] = []
    parsed(() => parse(text, errors, { disallowComments: true, allowEmptyContent: false }), place, text)
    return { errors }
  }
}

const invalidSymbol = 1

const isComment = (text: string, offset: number): boolean => /^\/[/*]/.test(text.slice(offset))

const wanted: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes',
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"," or "}"',
  CloseBracketExpected: '"," or "]"',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'a closing quote',
}

type Yaml = typeof import('yaml')

/** YAML 1.2 with merge keys (`<<`). Throws the place's error with file, line and column. */
async function parseYaml(text: string, place: SyntaxPlace): Promise<unknown> {
  const yaml = await import('yaml')
  const documents = parsed(() => filledDocuments(yaml, text, { merge: true }), place, text)
  const [, second] = documents
  // Several definitions in a file are a list; a config is one.
  if (second !== undefined && place.code !== 'model') throw syntaxError(place, text, second.range[0], secondDocument)
  const values = documents.map(document => documentValue(yaml, document, text, place))
  return second === undefined ? (values[0] ?? null) : values
}

/** The documents of a text that hold something: a `---` at its end begins an empty one. */
export function filledDocuments(yaml: Yaml, text: string, options: ParseOptions & DocumentOptions & SchemaOptions) {
  const documents = yaml.parseAllDocuments(text, { prettyErrors: false, ...options })
  if (!Array.isArray(documents)) return []
  return documents.filter(
    ({ contents, errors }) => errors.length > 0 || (contents !== null && contents.range?.[0] !== contents.range?.[1]),
  )
}

export const secondDocument = 'a second document (---) starts here; a file may hold only one'

function documentValue(yaml: Yaml, document: Document.Parsed, text: string, place: SyntaxPlace): unknown {
  const error = explain(document.errors, text)
  if (error !== undefined) throw syntaxError(place, text, error.offset, error.message)
  const unread = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED')
  if (unread) throw unknownTag(unread, text, place)
  const trap = findTrap(yaml, document, place, text)
  if (trap) throw trap
  return parsed(() => plain(document.toJS()), place, text)
}

/**
 * Runs `work` and turns the failures of hostile texts (extreme nesting, exponentially expanding aliases) into clear
 * errors.
 */
export function parsed<T>(work: () => T, place: SyntaxPlace, text: string): T {
  try {
    return work()
  } catch (cause) {
    if (isDynamoxError(cause)) throw cause
    const what = cause instanceof RangeError ? tooDeep : `this file cannot be read: ${messageOf(cause)}`
    const isEndless = /alias|circular/i.test(messageOf(cause))
    throw syntaxError(place, text, 0, isEndless ? endless : what, { cause })
  }
}

const tooDeep = 'this file is nested too deeply'
export const endless = 'its aliases (*name) expand without end'

/**
 * Refuses brackets and dashes that no one would nest. The parsers are recursive, and near the end of the stack V8 may end
 * the process. Brackets in texts count as well, which does not matter below this limit.
 */
export function refuseDeep(text: string, place: SyntaxPlace): void {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === openList || code === openMap) depth += 1
    else if ((code === openList + 2 || code === openMap + 2) && depth > 0) depth -= 1
    if (depth > maxDepth) throw syntaxError(place, text, at, tooDeep)
  }
  const dashes = text.search(/(?:[-?] ){1000}/)
  if (dashes >= 0) throw syntaxError(place, text, dashes, tooDeep)
}

const maxDepth = 1_000
const [openList, openMap] = [0x5b, 0x7b]

/** A node that contains an alias of itself expands without end. */
function plain(value: unknown): unknown {
  JSON.stringify(value)
  return value
}

/** An error for `!ENV X` or `!Ref X`: without the tag, the value would have another meaning. */
function unknownTag({ pos: [offset] }: YAMLError, text: string, place: SyntaxPlace): DynamoxError {
  const [tag = ''] = text.slice(offset).split(/[\s,\]}]/)
  return syntaxError(place, text, offset, `the tag ${tag} cannot be resolved here`, {
    hint:
      place.code === 'config'
        ? `write the value itself; an environment variable is written \${NAME}, or \${NAME:-default}`
        : 'write the value itself',
  })
}

const noSlashes = 'comments start with # in YAML, not with //'

/** An error for an alias whose anchor does not exist. */
export function missingAnchor(name: string, offset: number, text: string, place: SyntaxPlace): DynamoxError {
  const message = `*${name} is read as an alias, but &${name} does not exist`
  return syntaxError(place, text, offset, message, { hint: 'quote a value that starts with *' })
}

/**
 * Detects valid YAML that is surely a mistake: `models: *.ts` (an alias of a missing anchor), `{pk:S}` (a key "pk:S"
 * without a value) and `// text` (a key).
 */
function findTrap(yaml: Yaml, document: Document, place: SyntaxPlace, text: string): DynamoxError | undefined {
  let found: DynamoxError | undefined
  yaml.visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined
      found = missingAnchor(alias.source, alias.range?.[0] ?? 0, text, place)
      return yaml.visit.BREAK
    },
    Pair(_, { key, value }, path) {
      if (!yaml.isScalar(key) || typeof key.value !== 'string' || key.type !== 'PLAIN') return undefined
      const holder = path.at(-1)
      const isFlow = yaml.isMap(holder) && holder.flow === true
      const isEmpty = value === null || (yaml.isScalar(value) && value.value === null)
      const [, name, type] = (isFlow && isEmpty && /^([^:]+):(\S+)$/.exec(key.value)) || []
      const offset = key.range?.[0] ?? 0
      if (key.value.startsWith('//')) found = syntaxError(place, text, offset, noSlashes)
      else if (name !== undefined) {
        const what = `YAML reads {${key.value}} as a key named "${key.value}" without a value`
        const hint = `write ${key.value} without braces for a key attribute, or {${name}: ${type}} with a space for a mapping`
        found = syntaxError(place, text, offset, what, { hint })
      }
      return found && yaml.visit.BREAK
    },
  })
  return found
}

interface Explained {
  readonly offset: number
  readonly message: string
}

/** The place and reason of the first YAML error, for readers who do not know YAML's grammar. */
export function explain([error, next]: readonly YAMLError[], text: string): Explained | undefined {
  if (error === undefined) return undefined
  const {
    pos: [offset],
    code,
    message,
  } = error
  if (/call stack/i.test(message)) return { offset: 0, message: tooDeep }
  if (text.slice(firstLetter(text, offset)).startsWith('//')) return { offset, message: noSlashes }
  if (code !== 'BLOCK_AS_IMPLICIT_KEY') {
    const explained = explanations[code]?.(text, offset, message) ?? lowerFirst(message.trimEnd())
    return { offset, message: explained }
  }
  const [, end] = next?.code === 'MULTILINE_IMPLICIT_KEY' ? next.pos : error.pos
  const line = firstLetter(text, end)
  if (line > offset) return { offset: line, message: 'this line is indented too far' }
  return { offset, message: 'a value that contains ": " must be quoted' }
}

const explanations: Readonly<Record<string, (text: string, offset: number, message: string) => string>> = {
  MULTILINE_IMPLICIT_KEY: noColon,
  MISSING_CHAR: missing,
  BAD_INDENT: badIndent,
  BAD_SCALAR_START: (text, offset) => `a value that starts with ${text.charAt(offset)} must be quoted`,
  BLOCK_IN_FLOW: () => 'expected "," here, or a closing brace or bracket',
  DUPLICATE_KEY: (text, offset) => `duplicate key ${/^[^\s:]*/.exec(text.slice(offset))?.[0] ?? ''}`,
  TAB_AS_INDENT: () => 'this line is indented with a tab; YAML allows only spaces',
  UNEXPECTED_TOKEN: (text, offset) =>
    text.startsWith('${', offset - 1)
      ? `a value with \${NAME} must be quoted inside { } and [ ]`
      : `unexpected ${JSON.stringify(text.slice(offset).split(/\s/)[0])}`,
}

/** The position of the first letter in the line of the offset. */
function firstLetter(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return start + text.slice(start).search(/\S|$/)
}

function noColon(text: string, offset: number): string {
  const [line = ''] = text.slice(offset).split('\n')
  const glued = /^([\w-]+):(?=\S)/.exec(line)
  return glued === null ? 'expected ":" between key and value' : `"${glued[1]}:" needs a space after it`
}

function missing(text: string, offset: number, message: string): string {
  const [, quote] = /closing (["'])/.exec(message) ?? []
  if (quote !== undefined) return `a ${quote} is opened but never closed`
  const [, bracket] = /end with a ([\]}])/.exec(message) ?? []
  if (bracket !== undefined) return `a ${bracket} is missing`
  if (message.includes('- indicator'))
    return 'the indentation of this line matches neither the "-" of the list nor its items'
  return message.includes('map keys') ? noColon(text, offset) : lowerFirst(message)
}

function badIndent(text: string, offset: number, message: string): string {
  const [, bracket] = /end with a ([\]}])/.exec(message) ?? []
  if (bracket === undefined) return 'the indentation of this line does not match its block'
  if (isEnd(text, offset)) return `a ${bracket} is missing`
  return `a ${bracket} is missing before this line, or stands at its start without indentation`
}

const isEnd = (text: string, offset: number): boolean => text.slice(offset).trim() === ''

/** The file of a text: its name in messages, and the code of the errors to throw. */
interface SyntaxPlace {
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
  // Something that is missing at the end is shown behind the last line that is not blank.
  const place = placeAt(file, text, isEnd(text, offset) ? text.trimEnd().length : offset)
  return new DynamoxError(code, `${placeText(place)}: ${message}`, { ...details, place })
}
