import { memberOf } from '../table/untyped.ts'

/** What an SDK error says, read defensively: a user's own client may be any version of the SDK. */
export interface Failure {
  /** `ResourceInUseException`, `TimeoutError`, ... */
  readonly name: string
  readonly message: string
  /** Node's code for a connection that failed: `ECONNREFUSED`, ... */
  readonly code: string | undefined
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined
}

/** Reads the error's members; those of a wrapped connection error are taken from within. */
export function readFailure(error: unknown): Failure {
  const inner = memberOf(error, 'cause')
  const first = memberOf(error, 'errors')
  const code =
    textOf(error, 'code') ?? textOf(inner, 'code') ?? (Array.isArray(first) ? textOf(first[0], 'code') : undefined)
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode')
  return {
    // Older models carry the shape's namespace: `com.amazonaws.dynamodb.v20120810#LimitExceededException`.
    name: (textOf(error, 'name') ?? '').replace(/^.*#/, ''),
    message: textOf(error, 'message') ?? textOf(error, 'Message') ?? '',
    code,
    status: typeof status === 'number' ? status : undefined,
  }
}

function textOf(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key)
  return typeof member === 'string' && member !== '' ? member : undefined
}
