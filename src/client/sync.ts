import { createRequire } from 'node:module'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Target } from '../aws/target.ts'
import { DynamoxError, type ErrorCode, type ErrorDetails } from '../errors.ts'
import type { CreateTableOptions, DeleteTableOptions, TableOutcome, WaitOptions } from './client-options.ts'

/** The methods with a blocking version: their options and results. */
export interface SyncMethods {
  readonly createTable: { readonly options: CreateTableOptions; readonly result: TableOutcome }
  readonly tableExists: { readonly options: WaitOptions; readonly result: boolean }
  readonly deleteTable: { readonly options: DeleteTableOptions; readonly result: TableOutcome }
  readonly waitForTableActive: { readonly options: WaitOptions; readonly result: TableOutcome }
}

export type SyncMethod = keyof SyncMethods

/** The call that a blocking method sends to the worker: plain data. */
export type SyncCall = {
  readonly [M in SyncMethod]: {
    readonly method: M
    readonly options: Omit<SyncMethods[M]['options'], 'signal' | 'timeoutSeconds'>
    readonly name: string
    readonly timeoutSeconds: number
    readonly target: Target
    /** The AWS settings of the caller's environment. */
    readonly env: Readonly<Record<string, string>>
  }
}[SyncMethod]

/** The worker's answer. */
export type SyncAnswer =
  | { readonly ok: true; readonly value: SyncMethods[SyncMethod]['result'] }
  | { readonly ok: false; readonly error: SyncError }

/** An error as data: SDK errors contain functions, which cannot be sent to a thread. */
export interface SyncError extends ErrorDetails {
  readonly code: ErrorCode
  readonly message: string
  readonly cause: { readonly name: string; readonly message: string } | undefined
}

/** The timeout, in seconds, of a call without `timeoutSeconds`. */
const defaultTimeoutSeconds = 300

/**
 * Runs a call in a worker and blocks until it is answered. The worker is started once and kept. `target` is `undefined`
 * for a user-supplied SDK client, which cannot be sent to a worker.
 */
export function callSync<M extends SyncMethod>(
  target: Target | undefined,
  method: M,
  name: string,
  options: SyncMethods[M]['options'],
): SyncMethods[M]['result'] {
  const { signal, timeoutSeconds = defaultTimeoutSeconds, ...rest } = options
  if (signal !== undefined) throw cannot(method, 'take a signal')
  if (target === undefined) throw cannot(method, 'use the SDK client that this client was made from')
  if (typeof target.credentials === 'function') throw cannot(method, 'use a function for credentials')
  const call = { target, env: awsEnvironment(), method, name, options: rest, timeoutSeconds } as SyncCall
  const answer = blockOn(call)
  if (!answer.ok) throw asError(answer.error)
  return answer.value
}

/** Loads synckit on the first blocking call; uses `require`, because `await` is not possible here. */
function blockOn(call: SyncCall): SyncAnswer {
  const { createSyncFn } = createRequire(import.meta.url)('synckit') as typeof import('synckit')
  // The path is valid from the library (dist/lib) and from its CommonJS build (dist/cli).
  const worker = fileURLToPath(new URL('../lib/sync-worker.js', import.meta.url))
  return createSyncFn<(call: SyncCall) => Promise<SyncAnswer>>(worker)(call)
}

/** The AWS variables of the environment; the worker's own copy may be outdated. */
function awsEnvironment(): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => name.startsWith('AWS_') || name === 'HOME')
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

function cannot(method: SyncMethod, what: string): DynamoxError {
  return new DynamoxError('usage', `${method}Sync cannot ${what}: it works in another thread`, {
    hint: `use await ${method}(...)`,
  })
}

function asError({ code, message, cause, ...details }: SyncError): DynamoxError {
  const underneath = cause === undefined ? undefined : Object.assign(new Error(cause.message), { name: cause.name })
  return new DynamoxError(code, message, { ...details, cause: underneath })
}
