import { DynamoxError, type ErrorCode, type Place, type Problem } from '../errors.ts'
import type { ScriptOptions } from '../formats/read/format.ts'
import { placeText } from '../table/problems.ts'
import type { Collected } from './collect-tables.ts'
import { shownPath } from './shown-path.ts'

/** The worker's start data. */
export interface WorkerSettings {
  readonly cwd: string
  readonly allowNetwork: boolean
  /** The file that `import ... from 'dynamox'` loads in projects without their own copy: the running copy's entry. */
  readonly libraryEntry: string
  /** The root of the running copy's package; frames below it are not the user's. */
  readonly ownRoot: string
}

/** A file or package to load first, and the folder that its name is relative to. */
export interface Requirement {
  readonly id: string
  readonly base: string
}

/** A task for the worker; it gets one task at a time. */
export type WorkerTask =
  | { readonly kind: 'config'; readonly file: string }
  | ({ readonly kind: 'script'; readonly file: string } & ScriptOptions)
  | {
      readonly kind: 'models'
      readonly files: readonly string[]
      readonly require: readonly Requirement[]
      readonly export: string | undefined
    }

/** The contents of one model file, as plain data. */
export interface LoadedFile extends Collected {
  /** Absolute. */
  readonly file: string
  /** Sentences about its tables, for people. */
  readonly warnings?: readonly string[] | undefined
  readonly isTemplate?: true
  /** The parameters of a template. */
  readonly parameters?: readonly string[] | undefined
  /** Why it has no table, when that is known: `is a CloudFormation template without DynamoDB tables`. */
  readonly empty?: string | undefined
  /** Why it could not be loaded or read; other files are not affected. */
  readonly failure?: PlainError | undefined
}

/** An error of user code as plain data, which can be sent from the worker. */
export interface PlainError {
  readonly name: string
  readonly message: string
  /** The code of a DynamoxError that the model's own `defineModel` threw. */
  readonly code?: ErrorCode | undefined
  readonly hint?: string | undefined
  readonly problems?: readonly Problem[] | undefined
  /** The place that a DynamoxError names. */
  readonly place?: Place | undefined
  /** The place in the user's files; absolute. */
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
  /** The text of the line. */
  readonly source?: string | undefined
  /** The frames that lie in the user's files. */
  readonly stack?: string | undefined
}

export type WorkerMessage =
  /** Loading of this file starts; later reports are about it. */
  | { readonly kind: 'loading'; readonly file: string }
  /** Output of user code, to stdout or stderr. */
  | { readonly kind: 'output'; readonly text: string }
  /** An unhandled rejection or exception. */
  | { readonly kind: 'stray'; readonly error: PlainError }
  /** An import of a name that the other file does not export. */
  | { readonly kind: 'missing'; readonly place: PlainError }
  /** A connection that was blocked: `host:port`. */
  | { readonly kind: 'connection'; readonly to: string }
  /** User code ends the process. */
  | { readonly kind: 'exit'; readonly call: string; readonly place: PlainError }
  | { readonly kind: 'config'; readonly value: unknown }
  /** `missing` are the modules that it imports and that do not exist. */
  | { readonly kind: 'script'; readonly value: unknown; readonly missing: readonly string[] }
  | { readonly kind: 'models'; readonly files: readonly LoadedFile[] }
  | { readonly kind: 'failed'; readonly error: PlainError; readonly file: string }

/**
 * An error of user code as dynamox reports it: `src/models/user.ts:12: TypeError: ...`.
 * @param file the file that was being loaded (absolute, or a package's name)
 */
export function userError(error: PlainError, file: string, cwd: string, code: 'config' | 'model'): DynamoxError {
  const shown = shownPath(file, cwd)
  // An error thrown by dynamox itself, without user frames on the stack; its message already names the file.
  if (error.code !== undefined && error.file === undefined) {
    return new DynamoxError(error.code, error.message, {
      hint: error.hint,
      problems: error.problems,
      place: error.place,
    })
  }
  const elsewhere = error.file !== undefined && error.file !== file
  const hint = error.hint ?? (elsewhere ? `${shown} imports it` : undefined)
  return new DynamoxError(error.code ?? code, `${placeOf(error, shown, cwd)}: ${textOf(error)}`, {
    hint,
    problems: error.problems,
    place: error.place ?? lineOf(error, shown, cwd),
    cause: causeOf(error),
  })
}

/** One line for an unhandled error. */
export function strayWarning(error: PlainError, file: string, cwd: string): string {
  return `${placeOf(error, shownPath(file, cwd), cwd)}: unhandled error: ${textOf(error)}`
}

/** `src/models/user.ts:12`; line and column are included when known. */
export function placeOf({ file, line, column }: PlainError, otherwise: string, cwd: string): string {
  if (file === undefined) return otherwise
  return [shownPath(file, cwd), line, column].filter(part => part !== undefined).join(':')
}

function lineOf({ file, line, column, source }: PlainError, shown: string, cwd: string): Place | undefined {
  if (line === undefined || column === undefined || source === undefined) return undefined
  return { file: file === undefined ? shown : shownPath(file, cwd), line, column, source }
}

// Show the name of the error, unless it is a plain Error. Parsers already name the error in their text.
function textOf({ name, message, code }: PlainError): string {
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

/** One sentence for each table that is lost, with all its problems. */
export function skippedTexts(problems: readonly Problem[]): readonly string[] {
  const reasons = new Map<string, { readonly place: string; readonly why: string[] }>()
  for (const { path, message, place: found } of problems) {
    const [start = '', field] = path.split(' › ')
    const id = start.replace(/^\S+ /, '')
    const place = found !== undefined && start === `${found.file} ${id}` ? `${placeText(found)} ${id}` : start
    const reason = reasons.get(id) ?? { place, why: [] }
    reasons.set(id, reason)
    reason.why.push(`${field === undefined ? '' : `${field}: `}${message}`)
  }
  return [...reasons.values()].map(({ place, why }) => `${place} is skipped: ${why.join('; ')}`)
}

/** A file without tables: one that could not be loaded or read, when there is a failure. */
export function failedFile(file: string, failure?: PlainError): LoadedFile {
  return { file, tables: [], problems: [], repeated: 0, belonging: [], unread: [], exports: [], failure }
}
