import type { TableRequest } from '../settings/step.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'

/** AWS's "not now" and "no", as answers rather than exceptions, so that error texts are matched in one place. */
export type Refusal =
  /** The table or index is busy with something else: wait, then send again. */
  | { readonly kind: 'in-use'; readonly message: string }
  /** CreateTable on a name that is taken, in whatever state that table is. */
  | { readonly kind: 'exists'; readonly message: string }
  | { readonly kind: 'not-found'; readonly message: string }
  /** Too many requests: slow down, then send again. */
  | { readonly kind: 'throttled'; readonly message: string }
  /** A quota. `retryable` when it only counts what runs at this moment. */
  | { readonly kind: 'limit'; readonly message: string; readonly retryable: boolean }
  /** May be sent again at `until` (epoch milliseconds) when AWS said when. */
  | { readonly kind: 'cool-down'; readonly message: string; readonly until?: number | undefined }
  /** A server error or a broken connection after the request went out: it may or may not have been carried out. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly cause: unknown }
  /** This target does not know the operation. */
  | { readonly kind: 'unsupported'; readonly message: string }
  /** It will never be accepted as it is. */
  | { readonly kind: 'static'; readonly message: string; readonly cause: unknown }

/** Who and where: printed before a change, checked against `allowedAccounts`. */
export interface Identity {
  readonly account: string | undefined
  readonly region: string
  readonly endpoint: string | undefined
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * All that apply needs of DynamoDB. "Not found" is `undefined`, "not now" is a Refusal;
 * what cannot be helped by waiting (access denied, credentials, no connection) is thrown as a DynamoxError.
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
   * The same, unless it takes more than so many calls of 100 names each: then `undefined`. Each is made once: throttling
   * and server errors reject.
   */
  listWithin(calls: number, options?: ReadOptions): Promise<readonly string[] | undefined>
  /** The account, from the credentials, a table's ARN or STS; region and endpoint as resolved. Asks AWS only when it must. */
  identify(options?: ReadOptions & { readonly account?: 'if-known' | 'required' | undefined }): Promise<Identity>
  /** Sends one request once. */
  send(request: TableRequest, options?: ReadOptions): Promise<Refusal | undefined>
  /** What the target is known to keep; AWS's until an answer showed an engine. */
  capabilities(): Capabilities
}

/** A read that failed for a reason that passes: throttled, a server error, a dropped connection. */
export class TransientError extends Error {
  readonly refusal: Extract<Refusal, { kind: 'throttled' | 'unavailable' }>

  constructor(refusal: Extract<Refusal, { kind: 'throttled' | 'unavailable' }>) {
    super(refusal.message)
    this.name = 'TransientError'
    this.refusal = refusal
  }
}
