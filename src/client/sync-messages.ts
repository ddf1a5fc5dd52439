import type { Target } from '../aws/target.ts'
import type { ErrorCode, Problem } from '../errors.ts'
import type { CreateTableOptions, DeleteTableOptions, TableOutcome, WaitOptions } from './client-options.ts'

/** The methods that have a blocking twin: what each takes and gives. */
export interface SyncMethods {
  readonly createTable: { readonly options: CreateTableOptions; readonly result: TableOutcome }
  readonly tableExists: { readonly options: WaitOptions; readonly result: boolean }
  readonly deleteTable: { readonly options: DeleteTableOptions; readonly result: TableOutcome }
  readonly waitForTableActive: { readonly options: WaitOptions; readonly result: TableOutcome }
}

export type SyncMethod = keyof SyncMethods

/** What a blocking method hands to the worker: plain data. */
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

/** What comes back. Errors are data as well: an SDK error holds functions, which cannot cross threads. */
export type SyncAnswer =
  | { readonly ok: true; readonly value: SyncMethods[SyncMethod]['result'] }
  | { readonly ok: false; readonly error: SyncError }

export interface SyncError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
  readonly problems: readonly Problem[] | undefined
  readonly table: string | undefined
  readonly cause: { readonly name: string; readonly message: string } | undefined
}
