import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Outcome } from '../apply/events.ts'
import type { Credentials, KeyPair } from '../aws/target.ts'
import type { TableInput } from '../table/input.ts'

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
