/** Everything that can be the matter, as a closed set; the CLI maps each to an exit code. */
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

/** One thing that is wrong with an input: where, what, and the id of the rule that says so. */
export interface Problem {
  /** Where, in the user's own words: `tables[0] users › globalIndexes.by-status.sortKey`. */
  readonly path: string
  /** What is wrong and how to mend it; one sentence. */
  readonly message: string
  /** The rule's id in the catalogue (`K7`, `G2`, ...), when a rule is behind it. */
  readonly rule?: string
}

export interface ErrorDetails {
  /** The next thing to type or to look at. */
  readonly hint?: string | undefined
  /** All that is wrong with the input, when there is more than one sentence to say. */
  readonly problems?: readonly Problem[] | undefined
  /** The table it is about, by its resolved name. */
  readonly table?: string | undefined
  /** The error underneath, such as the SDK's own. */
  readonly cause?: unknown
}

// A brand and not `instanceof`: the class may be loaded twice (the CLI's bundle beside the library's).
const brand = Symbol.for('dynamox.error')

/** The only error that dynamox throws on purpose. `code` is stable, `message` is one sentence, `hint` says what to do next. */
export class DynamoxError extends Error {
  readonly code: ErrorCode
  readonly hint?: string | undefined
  readonly problems?: readonly Problem[] | undefined
  readonly table?: string | undefined
  readonly [brand] = true

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'DynamoxError'
    this.code = code
    this.hint = details.hint
    this.problems = details.problems
    this.table = details.table
  }
}

/** Whether `value` is a DynamoxError, also one that another copy of dynamox made. */
export function isDynamoxError(value: unknown): value is DynamoxError {
  return typeof value === 'object' && value !== null && brand in value
}

/** What an error says; whatever else was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
