import type { TableRequest } from '../settings/step.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'

/**
 * A refusal by AWS, temporary or permanent. Returned instead of thrown, so that error texts are matched in one place.
 */
export type Refusal =
  /** The table or index is busy: wait, then send again. */
  | { readonly kind: 'in-use'; readonly message: string }
  /** CreateTable on the name of an existing table, in any state. */
  | { readonly kind: 'exists'; readonly message: string }
  | { readonly kind: 'not-found'; readonly message: string }
  /** Too many requests: slow down, then send again. */
  | { readonly kind: 'throttled'; readonly message: string }
  /** A quota. `retryable` when it limits only concurrent operations. */
  | { readonly kind: 'limit'; readonly message: string; readonly retryable: boolean }
  /** May be sent again later: at `until` (epoch milliseconds) if AWS names a time. */
  | { readonly kind: 'cool-down'; readonly message: string; readonly until?: number | undefined }
  /** A server error or a broken connection after the request was sent: it may or may not have been carried out. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly cause: unknown }
  /** The target does not support the operation. */
  | { readonly kind: 'unsupported'; readonly message: string }
  /** The request can never be accepted as it is. */
  | { readonly kind: 'static'; readonly message: string; readonly cause: unknown }

/** The account and the target: printed before a change, checked against `allowedAccounts`. */
export interface Identity {
  /** Twelve digits; `undefined` when it is not known, and for local engines. */
  readonly account: string | undefined
  /** The region that requests are signed for; empty when none is configured. */
  readonly region: string
  /** An endpoint other than AWS's own. */
  readonly endpoint: string | undefined
}

/** How a call may be stopped. */
export interface ReadOptions {
  /** Ends the call with a DynamoxError `interrupted`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The DynamoDB operations that apply needs. "Not found" is returned as `undefined`, a refusal as a Refusal; failures
 * that waiting does not solve (access denied, credentials, no connection) are thrown as DynamoxError.
 */
export interface TableApi {
  /**
   * DescribeTable, and one more call for each of `fields`.
   * Throttling and server errors reject with `TransientError`, so that a poller slows down and goes on.
   */
  describe(name: string, fields?: readonly FollowUpField[], options?: ReadOptions): Promise<LiveTable | undefined>
  /** The names of all tables, paged through to the end. */
  list(options?: ReadOptions): Promise<readonly string[]>
  /**
   * Like `list`, but `undefined` when it takes more than `calls` calls (100 names each). Nothing is retried: throttling
   * and server errors reject.
   */
  listWithin(calls: number, options?: ReadOptions): Promise<readonly string[] | undefined>
  /** The account from the credentials, a table's ARN or STS; region and endpoint as resolved. Calls AWS only if it must. */
  identify(options?: ReadOptions & { readonly account?: 'if-known' | 'required' | undefined }): Promise<Identity>
  /** Sends one request once. */
  send(request: TableRequest, options?: ReadOptions): Promise<Refusal | undefined>
  /** The capabilities of the target; those of AWS until an answer identifies another engine. */
  capabilities(): Capabilities
}

/** A read that failed temporarily: throttled, a server error, or a dropped connection. */
export class TransientError extends Error {
  readonly refusal: Extract<Refusal, { kind: 'throttled' | 'unavailable' }>

  constructor(refusal: Extract<Refusal, { kind: 'throttled' | 'unavailable' }>) {
    super(refusal.message)
    this.name = 'TransientError'
    this.refusal = refusal
  }
}
