import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Outcome } from '../apply/events.ts'
import type { Credentials, KeyPair } from '../aws/target.ts'
import { DynamoxError } from '../errors.ts'
import { planTable } from '../plan/plan-table.ts'
import { tableFields } from '../settings/fields.ts'
import { toDefinition } from '../settings/to-definition.ts'
import type { TableDefinition } from '../table/definition.ts'
import { didYouMean, suggestion } from '../table/did-you-mean.ts'
import type { TableInput } from '../table/input.ts'
import { definitionError } from '../table/problems.ts'
import { definedOnly, isRecord, show } from '../table/untyped.ts'

/** The target of a DynamoxClient. Options that are left out come from the standard AWS environment. */
export interface DynamoxClientOptions {
  /** The endpoint, such as `http://localhost:8000`. A local endpoint needs neither region nor credentials. */
  readonly endpoint?: string | undefined
  /**
   * `config` for an endpoint from a config file: requests to it use AWS's example keys instead of the user's
   * credentials.
   */
  readonly endpointFrom?: 'config' | undefined
  /** From AWS_REGION or the profile when left out. */
  readonly region?: string | undefined
  /** A profile of `~/.aws/config`. */
  readonly profile?: string | undefined
  /** A key pair, or a function that returns one. */
  readonly credentials?: Credentials | undefined
  /** An SDK client to use unchanged, instead of all the above; the blocking methods cannot use it. */
  readonly client?: DynamoDBClient | undefined
  /** A local engine started by dynamox: the value that `startLocal()` returned. */
  readonly local?:
    | { readonly endpoint: string; readonly region?: string | undefined; readonly credentials?: KeyPair | undefined }
    | undefined
}

/** How long a call may take, and how to end it early. */
export interface WaitOptions {
  /** How long to wait at most, in seconds; 300 by default. */
  readonly timeoutSeconds?: number | undefined
  /** Ends the wait early, with an error of code `interrupted`; requests already sent continue. */
  readonly signal?: AbortSignal | undefined
}

/** The table's keys and settings, and how long to wait. */
export interface CreateTableOptions extends Omit<TableInput, 'table'>, WaitOptions {
  /** Whether to wait until the table and its indexes are ready; false by default. */
  readonly wait?: boolean | undefined
}

/** How to delete a table, and how long to wait. */
export interface DeleteTableOptions extends WaitOptions {
  /** Whether to wait until the table is gone; false by default. */
  readonly wait?: boolean | undefined
  /** Turns deletion protection off first; without it a protected table is an error of code `blocked`. */
  readonly disableProtection?: boolean | undefined
}

/** The result for the table; `warnings` name the settings that the target does not keep. */
export type TableOutcome = Omit<Outcome, 'error'>

/** The options that limit how long a call takes. */
export const waitOptions: readonly string[] = ['timeoutSeconds', 'signal']
const createOptions: readonly string[] = ['wait', ...waitOptions]

/** The deadline and the signal of a call, in the form that apply uses. */
interface Limits {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Checks for JavaScript callers what TypeScript checks at compile time: the name is a string, the options are an
 * object, and each option exists. Throws `usage`.
 */
export function checkCall(method: string, name: unknown, options: unknown, known: readonly string[]): void {
  if (typeof name !== 'string' || name === '') {
    const found = name === '' ? 'an empty string' : show(name)
    throw new DynamoxError('usage', `the first argument of ${method} must be a table name, not ${found}`)
  }
  checkOptions(method, options, known)
}

/** Like `checkCall`, for the options only. */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) {
    throw new DynamoxError('usage', `the options of ${method} must be an object, not ${show(options)}`)
  }
  const unknown = Object.keys(options).find(option => !known.includes(option) && options[option] !== undefined)
  if (unknown !== undefined) throw noOption(method, unknown, known)
  for (const flag of ['wait', 'disableProtection']) {
    const value = options[flag]
    if (value !== undefined && typeof value !== 'boolean')
      throw new DynamoxError('usage', `${flag} of ${method} must be true or false, not ${show(value)}`)
  }
}

function noOption(method: string, option: string, known: readonly string[]): DynamoxError {
  const meant = option === 'timeout' && known.includes('timeoutSeconds') ? '; did you mean "timeoutSeconds"?' : ''
  return new DynamoxError('usage', `${method} has no option "${option}"${meant || suggestion(option, known)}`, {
    hint: `it takes ${known.join(', ')}`,
  })
}

/** Throws `usage` for a timeout that is not a positive number. */
export function limitsOf({ timeoutSeconds, signal }: WaitOptions): Limits {
  if (timeoutSeconds !== undefined && !(typeof timeoutSeconds === 'number' && timeoutSeconds > 0)) {
    throw new DynamoxError('usage', `timeoutSeconds must be a number of seconds above 0, not ${String(timeoutSeconds)}`)
  }
  return definedOnly({ timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000, signal })
}

/**
 * Splits the options of `createTable` into the definition, checked by every rule, and the run options. Throws
 * `definition`, and `usage` for a setting that needs a second call on the ready table when `wait` is not set.
 */
export function readCreateOptions(
  name: string,
  options: CreateTableOptions,
): { readonly definition: TableDefinition; readonly wait: boolean; readonly limits: Limits } {
  checkCall('createTable', name, options, [...Object.keys(options ?? {}).filter(isField), ...createOptions])
  const { wait = false, timeoutSeconds, signal, ...input } = options
  const limits = limitsOf({ timeoutSeconds, signal })
  const { definition, problems } = toDefinition({ ...input, table: name }, { path: name, name })
  if (definition === undefined) throw definitionError(name, problems)
  if (!wait) refuseFollowUps(definition)
  return { definition, wait, limits }
}

/**
 * Whether an option is a field of a definition; unknown fields also count, and the rules report them. A misspelt call
 * option is not a field.
 */
function isField(option: string): boolean {
  if (option === 'table') return false
  return tableFields.includes(option) || (option !== 'timeout' && didYouMean(option, createOptions) === undefined)
}

function refuseFollowUps(definition: TableDefinition): void {
  const later = planTable(definition, undefined).steps.slice(1)
  if (later.length === 0) return
  const fields = later.flatMap(step => step.changes.flatMap(change => ('field' in change ? change.field : [])))
  const needs = fields.length === 1 ? 'needs' : 'need'
  throw new DynamoxError(
    'usage',
    `${[...new Set(fields)].join(', ')} of table ${definition.name} ${needs} a second call once the table is ready`,
    { hint: 'pass wait: true', table: definition.name },
  )
}
