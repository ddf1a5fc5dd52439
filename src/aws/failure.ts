import type { Refusal } from '../apply/ports.ts'
import { escapeRegExp } from '../table/text.ts'
import { memberOf } from '../table/untyped.ts'

/** The contents of an SDK error, read defensively: a user-supplied client may have any SDK version. */
export interface Failure {
  /** `ResourceInUseException`, `TimeoutError`, ... */
  readonly name: string
  readonly message: string
  /** Node's code for a connection that failed: `ECONNREFUSED`, ... */
  readonly code: string | undefined
  /** The HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined
}

/** Reads the error's members; for a wrapped connection error, those of the inner error. */
export function readFailure(error: unknown): Failure {
  const inner = memberOf(error, 'cause')
  const first = memberOf(error, 'errors')
  const code =
    textOf(error, 'code') ?? textOf(inner, 'code') ?? (Array.isArray(first) ? textOf(first[0], 'code') : undefined)
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode')
  return {
    // Older engines include the namespace: `com.amazonaws.dynamodb.v20120810#LimitExceededException`.
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

/**
 * Removes secrets from an SDK error, in place, before it becomes a message, a refusal or a cause. Servers and proxies
 * may repeat the request's headers in errors, including the session token and signature.
 *
 * @param secrets - the credentials and signature of the request
 */
export function redact(error: unknown, secrets: readonly string[] = [], depth = 0): void {
  if (typeof error !== 'object' || error === null || depth > 3) return
  for (const key of Object.getOwnPropertyNames(error)) {
    const value = memberOf(error, key)
    if (typeof value === 'string') {
      const hidden = hideSecrets(value, secrets)
      const clean = key === 'stack' ? escapeControls(hidden) : oneLine(hidden)
      if (clean !== value) Reflect.set(error, key, clean)
    } else if (key === 'cause' || key === 'errors' || Array.isArray(error)) redact(value, secrets, depth + 1)
  }
}

function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replace(startingLike(secret), '***'), text)
  return shapes.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), known)
}

/** Matches the start of a secret, because a repeated secret may be truncated or escaped. */
function startingLike(secret: string): RegExp {
  const start = escapeRegExp(secret.slice(0, 12))
  return new RegExp(`${start}[^\\s"'<>,;)\\]}]*`, 'gi')
}

const shapes: readonly (readonly [RegExp, string])[] = [
  // AWS answers a wrong signature with the complete canonical request.
  [/\s*The (Canonical String|String-to-Sign) (for this request )?should have been[\s\S]*?(?=\n {4}at |$)/g, ''],
  [/\s*Deserialization error: to see the raw response[^\n]*/g, ''],
  [/AWS4-[A-Z0-9-]+SHA256[\s\S]{0,600}?Signature=[0-9a-f]+/gi, 'AWS4-HMAC-SHA256 ***'],
  [/(Credential=)[^\s,"']+/gi, '$1***'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 ***'],
  [
    /(x-amz-security-token|security_?token|session_?token|secret_?access_?key|authorization|signature)(["']?\s*[:=]\s*["']?)(?!\*\*\*|AWS4-HMAC-SHA256 \*\*\*)[^\s,"'}]{6,}/gi,
    '$1$2***',
  ],
  // Texts that start like session tokens, or have the length of a signature.
  [/\b(IQoJ|FwoG|FQoG|AQoD|AQoE)[\w+/=%-]{16,}/g, '***'],
  [/\b[0-9a-f]{64}\b/gi, '***'],
]

const oneLine = (text: string) => {
  const line = escapeControls(text.replace(/\s*[\r\n]\s*/g, ' ').trim())
  return line.length > 400 ? `${line.slice(0, 397)}...` : line
}

/** Control characters, including those that change the text direction, could change what the terminal shows. */
function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Classifies an error as a Refusal; `undefined` for a permanent failure (access denied, credentials, no connection),
 * and `accepted` when the call was refused only because the table already has the requested state. Matches error names
 * and the beginnings of messages, which AWS keeps stable.
 */
export function classifyRefusal(error: unknown, operation: string): Refusal | 'accepted' | undefined {
  const failure = readFailure(error)
  // Some engines send no message with the error; the SDK then invents a meaningless one.
  const message = /^(UnknownError)?$/.test(failure.message)
    ? `${operation} was refused (${failure.name})`
    : failure.message
  const kind = namedKinds.find(([, names]) => names.includes(failure.name))?.[0]
  if (kind === 'throttled') return throttled(message)
  // CreateTable gets it for an existing table in any state.
  if (kind === 'in-use') return { kind: operation === 'CreateTable' ? 'exists' : kind, message }
  if (kind !== undefined) return { kind, message }
  if (failure.name === 'LimitExceededException') return limit(message, operation)
  return failure.name === 'ValidationException' ? validation(message, error) : byStatus(failure, error)
}

/** Errors whose name says enough. */
const namedKinds: readonly (readonly ['in-use' | 'not-found' | 'throttled' | 'unsupported', readonly string[]])[] = [
  ['in-use', ['ResourceInUseException', 'TableAlreadyExistsException', 'TableInUseException']],
  // For a second or two after a table became ACTIVE: "Backups are being enabled".
  ['in-use', ['ContinuousBackupsUnavailableException']],
  ['not-found', ['ResourceNotFoundException', 'TableNotFoundException']],
  ['not-found', ['IndexNotFoundException', 'PolicyNotFoundException']],
  ['throttled', ['ThrottlingException', 'Throttling', 'ThrottledException', 'RequestThrottled', 'SlowDown']],
  ['throttled', ['RequestThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded']],
  ['throttled', ['ProvisionedThroughputExceededException']],
  ['unsupported', ['UnknownOperationException', 'UnsupportedOperationException', 'NotImplementedException']],
]

function limit(message: string, operation: string): Refusal {
  if (/^(Subscriber limit exceeded: )?Table tags are being updated/.test(message)) return { kind: 'in-use', message }
  if (coolDown.test(message)) return { kind: 'cool-down', message, until: nextAllowed(message) }
  const retryable = /simultaneous|concurrent|at the same time|too many operations/i.test(message)
  // A read waits for nothing but its rate.
  return retryable && /^(Describe|List|Get)/.test(operation)
    ? { kind: 'throttled', message }
    : { kind: 'limit', message, retryable }
}

function throttled(message: string): Refusal {
  const until = nextAllowed(message)
  if (until !== undefined || /modified within the previous/.test(message)) return { kind: 'cool-down', message, until }
  return { kind: 'throttled', message }
}

function validation(message: string, cause: unknown): Refusal | 'accepted' {
  if (alreadySo.some(pattern => pattern.test(message))) return 'accepted'
  if (/^Time to live has been modified multiple times within a fixed interval/.test(message)) {
    return { kind: 'cool-down', message }
  }
  if (/^Cannot delete table while indexes are being/.test(message)) return { kind: 'in-use', message }
  // AWS also answers this while the destination is still changing.
  if (/^Table is not in a valid state to (enable|disable|update) Kinesis/i.test(message))
    return { kind: 'in-use', message }
  return { kind: 'static', message, cause }
}

/** Messages for "nothing to change", which a repeated call gets after its first answer was lost. */
const alreadySo = [
  /^TimeToLive is already (enabled|disabled)/,
  /^The provisioned throughput for the (table|index \S+) will not change/,
  /^Table has no stream to disable/,
  /^(One or more parameter values were invalid: )?Table is already encrypted (by default|with given KMSMasterKeyId)/,
]

/** Quotas that reset with time: throughput decreases, table class, encryption, billing mode. */
const coolDown =
  /decreases are limited within|(is|are) limited to (once|\d+ times?) in|Next decrease can be made at|modified within the previous/

/** The time in AWS's message: "Please try again after <ISO>", "Next decrease can be made at <date> UTC". */
function nextAllowed(message: string): number | undefined {
  const iso = /try again after (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)/i.exec(message)?.[1]?.replace(/\.$/, '')
  const long = /Next decrease can be made at (.+? UTC)/.exec(message)?.[1]
  const text = iso === undefined ? long : /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function byStatus(failure: Failure, cause: unknown): Refusal | undefined {
  const { message, status } = failure
  if (status === 501 || /not (yet )?(been )?(implemented|supported)/i.test(message))
    return { kind: 'unsupported', message }
  if (status === 429) return { kind: 'throttled', message }
  if (status !== undefined && status >= 500) return { kind: 'unavailable', message: serverError(failure), cause }
  if (isLostAnswer(failure))
    return { kind: 'unavailable', message: 'the connection broke before an answer came', cause }
  return undefined
}

function serverError({ name, message, status }: Failure): string {
  const said = message === '' || message === 'UnknownError' ? name : `${name}: ${message}`
  return `DynamoDB answered with a server error (HTTP ${status}${said === '' ? '' : `, ${said}`})`
}

const neverSent =
  /^connect |did not establish a connection|without establishing a connection|before secure TLS connection/

/** Whether the request may have arrived: the connection was open and no answer came. False for a refused connection. */
function isLostAnswer({ name, message, code }: Failure): boolean {
  if (neverSent.test(message)) return false
  if (name === 'TimeoutError') return true
  if (code === undefined) return /socket hang up|^aborted$/.test(message)
  return ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)
}
