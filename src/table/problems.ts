import { DynamoxError, oneOr, type Place, type Problem } from '../errors.ts'
import { inSentence } from './untyped.ts'

/** The place of a member: `globalIndexes.by-status`; the member alone at the top. */
export function memberPath(parent: string, member: string): string {
  return parent === '' ? member : `${parent}.${member}`
}

/** The path of a field for messages: the definition, then the field: `users › globalIndexes.by-status`. */
export function at(path: string, field: string): string {
  if (field === '') return path
  return path === '' ? field : `${path} › ${field}`
}

/** `src/models/user.ts:12:5` */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** A problem's path without the file that its place names. */
export function pathIn(path: string, { file }: Pick<Place, 'file'>): string {
  return isUnder(path, file) ? path.slice(file.length).replace(/^(:\d+)*( › | )?/, '') : path
}

/** Whether a path starts with a file, which may have a position: `user.ts User › ttl`, `user.ts:3:5`. */
export function isUnder(path: string, file: string): boolean {
  return path.startsWith(file) && /^(:\d+)*( |$)/.test(path.slice(file.length))
}

/** The place at an offset into a file's text; `file` is its name in messages. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return placeOnLine(file, text, before.split('\n').length, offset - start + 1)
}

/** The place on a line (from 1); without a column, it is the line's first character that is not a blank. */
export function placeOnLine(file: string, text: string, line: number, column?: number): Place {
  const source = (text.split(/\r?\n/)[line - 1] ?? '').replace(/^\uFEFF/, '')
  return { file, line, column: column ?? Math.max(0, source.search(/\S/)) + 1, source }
}

// The characters that fit beside the line number on a terminal of 80 columns.
const width = 70

/** The line of a place with its number, and a caret below its column. A long line is cut around the caret. */
export function codeFrame({ line, column, source }: Place): readonly string[] {
  if (source.trim() === '') return []
  const from = column > width ? column - Math.floor(width / 2) : 0
  const shown = `${from > 0 ? '…' : ''}${source.slice(from, from + width).trimEnd()}${source.length > from + width ? '…' : ''}`
  const gutter = String(line)
  // Tabs stay tabs, so that the caret stands below its character.
  const before = `${from > 0 ? ' ' : ''}${source.slice(from, column - 1).replace(/[^\t]/g, ' ')}`
  return [`${gutter} | ${shown}`, `${' '.repeat(gutter.length)} | ${before.padEnd(column - 1 - from)}^`]
}

interface TextStyle {
  bold(text: string): string
  dim(text: string): string
}

const plainText: TextStyle = { bold: text => text, dim: text => text }

// More problems are listed without their lines.
const mostFrames = 8

/** The problems of an error without one that its message already names. */
export function furtherProblems({ message, problems = [] }: Pick<DynamoxError, 'message' | 'problems'>) {
  return problems.filter(problem => problems.length > 1 || !message.includes(problem.message))
}

/** The lines below an error's message: its problems with their places, and the lines of the files. */
export function problemLines(
  { message, problems = [], place }: Pick<DynamoxError, 'message' | 'problems' | 'place'>,
  style: TextStyle = plainText,
): readonly string[] {
  const shown = furtherProblems({ message, problems })
  const frame = (at: Place | undefined, indent: string) =>
    at === undefined || problems.length > mostFrames ? [] : codeFrame(at).map(line => style.dim(`${indent}${line}`))
  if (shown.length === 0) return frame(place, '  ')
  return shown.flatMap(problem => [`  ${problemLine(problem, style)}`, ...frame(problem.place, '    ')])
}

function problemLine({ path, message, place }: Problem, { bold }: TextStyle): string {
  const within = place === undefined ? path : pathIn(path, place)
  const parts = [...(place === undefined ? [] : [placeText(place)]), within].filter(part => part !== '')
  return [...parts.map(part => bold(part)), message].join(': ')
}

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
