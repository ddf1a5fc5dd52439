/** All error codes; the CLI maps each to an exit code. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'model'
  | 'definition'
  | 'conflict'
  | 'blocked'
  | 'exists'
  | 'not-found'
  | 'access-denied'
  | 'credentials'
  | 'throttled'
  | 'limit'
  | 'aws'
  | 'network'
  | 'timeout'
  | 'interrupted'
  | 'internal'

/** A position in a file of the user. */
export interface Place {
  /** The file as messages name it: relative to the working directory when it is below it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** The text of the line. */
  readonly source: string
}

/** One problem in an input: its path, the message, and the id of the broken rule. */
export interface Problem {
  /** The path in the input: `tables[0] users › globalIndexes.by-status.sortKey`. */
  readonly path: string
  /** The problem and how to fix it, in one sentence. */
  readonly message: string
  /** The rule's id in the catalogue (`K7`, `G2`, ...), if a rule found it. */
  readonly rule?: string | undefined
  /** Its position, when the file is known. */
  readonly place?: Place | undefined
}

export interface ErrorDetails {
  /** The next thing to do. */
  readonly hint?: string | undefined
  /** All problems of the input, if the message is not enough. */
  readonly problems?: readonly Problem[] | undefined
  /** The position of the only problem, or of an error of user code. */
  readonly place?: Place | undefined
  /** The resolved name of the table concerned. */
  readonly table?: string | undefined
  /** The original error, such as the SDK's. */
  readonly cause?: unknown
}

// A brand instead of `instanceof`, because the class may be loaded twice (by the CLI's bundle and the library's).
const brand = Symbol.for('dynamox.error')

/**
 * The only error class that dynamox throws deliberately. `code` is stable, `message` is one sentence, `hint` says what
 * to do next.
 */
export class DynamoxError extends Error {
  /** Says what kind of error it is; stable across versions. */
  readonly code: ErrorCode
  /** The next thing to do. */
  readonly hint?: string | undefined
  /** All problems of the input, if the message is not enough. */
  readonly problems?: readonly Problem[] | undefined
  /** The position of the only problem, or of an error of user code. */
  readonly place?: Place | undefined
  /** The resolved name of the table concerned. */
  readonly table?: string | undefined
  readonly [brand] = true

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'DynamoxError'
    this.code = code
    this.hint = details.hint
    this.problems = details.problems
    this.place = details.place
    this.table = details.table
  }
}

/** Whether `value` is a DynamoxError, including one from another copy of dynamox. */
export function isDynamoxError(value: unknown): value is DynamoxError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The result of `work`, or `undefined` when it throws. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** The only one of `problems` as a sentence, or `several`, which counts them. */
export function oneOr(problems: readonly Problem[], several: string): string {
  const [first] = problems
  if (first === undefined || problems.length > 1) return several
  return problemText(first)
}

/** A problem as one sentence, which begins with its path. */
export function problemText({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`
}

/** The problems without those that repeat another's place and message. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map(problem => [`${problem.path}\n${problem.message}`, problem])).values()]
}

/** The message of an error; any other thrown value as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Why a file could not be read or written, in words: `no such file or folder`. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return fileReasons.get(code) ?? messageOf(error)
}

const fileReasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the file system is read-only'],
])
