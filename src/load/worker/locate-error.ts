import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { attempt, isDynamoxError } from '../../errors.ts'
import { didYouMean } from '../../table/did-you-mean.ts'
import { escapeRegExp, lowerFirst } from '../../table/text.ts'
import type { PlainError, WorkerSettings } from '../messages.ts'
import { originalLine } from './compile.ts'

type Settings = Pick<WorkerSettings, 'ownRoot' | 'libraryEntry'>

/**
 * An error of user code as plain data, with its place in the user's own files. Never throws.
 * @param advice a hint for an error in a file that its compilation may have caused
 */
export function locateError(
  error: unknown,
  settings: Settings,
  advice: (file: string) => string | undefined = () => undefined,
): PlainError {
  if (!isErrorLike(error)) return { name: 'Error', message: `threw ${thrown(error)}` }
  const syntax = syntaxPlace(error.message)
  const frames = userFrames(error.stack ?? '', settings)
  const place = syntax?.file ?? frames[0]?.file
  // No advice for a missing module: the compiler does not matter.
  const hint = place === undefined || isNotFound(error) ? undefined : advice(place)
  if (syntax) return { name: 'SyntaxError', hint, ...syntax }
  const refused = refusedConnection(error) ?? misspeltExport(error.message, frames[0]?.file)
  const message = refused ?? cleanMessage(error, settings)
  return {
    name: refused === undefined && !isNotFound(error) ? error.name : 'Error',
    message,
    hint: isNotFound(error) ? installHint(message) : hint,
    ...(refusedConnection(error) === undefined
      ? {}
      : { hint: 'let model files connect with --allow-network (allowNetwork in code)' }),
    ...(isDynamoxError(error) ? { code: error.code, hint: error.hint, problems: error.problems } : {}),
    ...(frames[0] === undefined ? {} : placeOf(frames[0], message)),
    stack: [`${error.name}: ${error.message}`, ...frames.map(frame => frame.text)].join('\n'),
  }
}

interface ErrorLike {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: unknown
}

// Errors may come from another realm (a vm), so that `instanceof` would miss them.
function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string' &&
    'name' in value
  )
}

function thrown(value: unknown): string {
  try {
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  } catch {
    return 'a value that is not an error'
  }
}

// jiti reports parser errors as one text: `ParseError: Unexpected token \n /path/user.ts:3:5`, with columns from 0.
function syntaxPlace(report: string): Pick<PlainError, 'message' | 'file' | 'line' | 'column' | 'source'> | undefined {
  const [, text, file, line, column] =
    /^(?:\w*Error|[A-Z]+_ERROR): ([\s\S]*?)\s*\n (.+):(\d+):(\d+)$/.exec(report) ?? []
  if (text === undefined || file === undefined) return undefined
  const [first = ''] = text.split('\n')
  const message = plainSyntax(lowerFirst(first.replace(/^: |\.?\s*$/g, '')))
  if (Number(line) === 0) return { message, file }
  const lines = sourceOf(file).split(/\r?\n/)
  const rest = [lines[Number(line) - 1]?.slice(Number(column)), ...lines.slice(Number(line))]
  const isEnd = message.startsWith('unexpected token') && rest.every(each => (each ?? '').trim() === '')
  const last = isEnd ? lines.findLastIndex(each => each.trim() !== '') : -1
  const source = lines[last < 0 ? Number(line) - 1 : last]
  const place =
    last < 0
      ? { message, file, line: Number(line), column: Number(column) + 1 }
      : { message: 'unexpected end of file', file, line: last + 1, column: (source?.trimEnd().length ?? 0) + 1 }
  return { ...place, ...(source === undefined ? {} : { source }) }
}

function plainSyntax(message: string): string {
  const [, syntax] = /^support for the experimental syntax '([\w-]+)'/.exec(message) ?? []
  if (syntax === undefined) return message
  return syntax.startsWith('decorators')
    ? 'decorators are supported in TypeScript files only'
    : `the syntax "${syntax}" is not supported`
}

/**
 * The place of a frame. Its column belongs to the transformed code, so look for the first name in the error's message
 * that is in the line, else take the start of the line's code.
 */
function placeOf({ file, line }: Frame, message: string): Pick<PlainError, 'file' | 'line' | 'column' | 'source'> {
  const source = sourceLine(file, line)
  if (source === undefined) return { file, line }
  const quoted = [...message.matchAll(/(['"`])(.+?)\1/g)].map(([, , name = '']) => name)
  const names = [...quoted, ...(message.match(/[\w$./@-]{2,}/g) ?? [])]
  const found = names
    .map(name => source.search(new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`)))
    .find(at => at >= 0)
  return { file, line, column: (found ?? Math.max(0, source.search(/\S/))) + 1, source }
}

const sourceLine = (file: string, line: number): string | undefined => sourceOf(file).split(/\r?\n/)[line - 1]

const isNotFound = ({ code }: ErrorLike): boolean => code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'

/** How to get a package that is missing; names such as `@/tables` are aliases, not packages. */
function installHint(message: string): string | undefined {
  const [, id = ''] = /^Cannot find (?:module|package) '([^']+)'/.exec(message) ?? []
  if (/^([@~]\/|#)/.test(id)) return 'check "paths" of the tsconfig and "imports" of package.json'
  const [name] = /^(?:@[\w.-]+\/)?[\w-][\w.-]*(?=\/|$)/.exec(id) ?? []
  return name === undefined || name === 'dynamox' ? undefined : `install it with npm install ${name}`
}

/** The names that `dynamox` exports. */
export const exportedNames: readonly string[] = [
  ...['applyPlan', 'createApi', 'DynamoxClient', 'DynamoxError', 'defineConfig', 'defineModel', 'defineTable'],
  ...['getDefaultClient', 'isDynamoxError', 'loadDefinitions', 'planDelete', 'planTable', 'resolveTarget'],
  ...['setDefaultClient', 'startLocal', 'waitFor'],
  ...['binary', 'binarySet', 'boolean', 'list', 'map', 'number', 'numberSet', 'set', 'string', 'stringSet', 'vector'],
]

/** A misspelt export of dynamox: `(0 , _dynamox.defineTabel) is not a function`, `defineTabel is not a function`. */
function misspeltExport(message: string, file: string | undefined): string | undefined {
  const [, name] = /^(?:\(0 ?, )?(?:[\w$]+\.)?([\w$]+)\)? is not a (?:function|constructor)$/.exec(message) ?? []
  if (name === undefined || file === undefined || exportedNames.includes(name)) return undefined
  if (
    !/['"]dynamox(\/\w+)?['"]/.test(sourceOf(file)) ||
    !new RegExp(`\\b${escapeRegExp(name)}\\b`).test(sourceOf(file))
  )
    return undefined
  const meant = didYouMean(name, exportedNames)
  return meant === undefined ? undefined : `dynamox does not export "${name}"; did you mean "${meant}"?`
}

const sourceOf = (file: string) => attempt(() => readFileSync(file, 'utf8')) ?? ''

function cleanMessage({ message, code }: ErrorLike, { libraryEntry }: Settings): string {
  if (code === 'MODULE_NOT_FOUND') {
    const [first = message] = message.split('\n')
    // A missing subpath of this package is reported below the library entry; show the name that the user wrote.
    return first.replace(`${fileURLToPath(libraryEntry)}/`, 'dynamox/')
  }
  if (typeof code === 'string' && code.startsWith('ERR_')) return message.replace(/ imported from .*$/s, '')
  // The name of an import in compiled code: `(0 , _tables.create) is not a function`.
  return message.replace(/^\(0 ?, _[\w$]+\.([\w$]+)\)/, '$1')
}

interface Frame {
  readonly file: string
  readonly line: number
  readonly text: string
}

function userFrames(stack: string, { ownRoot }: Settings): Frame[] {
  return stack.split('\n').flatMap(text => {
    const [, place, line] = /^\s+at (?:.*\()?(.+?):(\d+):\d+\)?$/.exec(text) ?? []
    if (place === undefined) return []
    const file = filePath(place)
    const foreign = file === undefined || /[\\/]node_modules[\\/]/.test(file) || isOwn(file, ownRoot)
    // Leave out the column: it belongs to the transformed code.
    if (foreign) return []
    const written = originalLine(file, Number(line))
    return [{ file, line: written, text: text.replace(/:\d+:\d+(\)?)$/, `:${written}$1`) }]
  })
}

function filePath(place: string): string | undefined {
  const bare = place.replace(/^async /, '')
  if (bare.startsWith('file://')) return fileURLToPath(bare)
  return /^(\/|[A-Za-z]:[\\/])/.test(bare) ? bare : undefined
}

// In this package only `src` and `dist` are dynamox's own code; its fixtures are user files.
function isOwn(file: string, ownRoot: string): boolean {
  return ['src', 'dist'].some(
    folder => file.startsWith(`${ownRoot}${folder}/`) || file.startsWith(`${ownRoot}${folder}\\`),
  )
}

/** The code of errors of connections that `contain` refuses. */
export const refusal = 'ERR_DYNAMOX_NETWORK'

/** The refusal that caused an error, if a blocked connection caused it. */
export function refusedConnection(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined
  const { code: its, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown }
  return its === refusal ? String(message) : refusedConnection(cause, depth + 1)
}
