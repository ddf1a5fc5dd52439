import type { Refusal } from '../apply/ports.ts'
import { type Failure, readFailure } from './failure.ts'

/**
 * Sorts an error of one call into a Refusal; `undefined` when it is none of DynamoDB's refusals but something that
 * waiting cannot help (access denied, credentials, no connection), and `accepted` when the call was refused only
 * because what it asks for is so already. Matches names and the beginnings of messages, which AWS keeps stable.
 */
export function classifyRefusal(error: unknown, operation: string): Refusal | 'accepted' | undefined {
  const failure = readFailure(error)
  // Some engines name the error and say nothing; the SDK then makes up a message that says as little.
  const message = /^(UnknownError)?$/.test(failure.message)
    ? `${operation} was refused (${failure.name})`
    : failure.message
  switch (failure.name) {
    case 'ResourceInUseException':
    case 'TableAlreadyExistsException':
    case 'TableInUseException':
      // Whatever state the table of that name is in, CreateTable answers this.
      return { kind: operation === 'CreateTable' ? 'exists' : 'in-use', message }
    case 'ResourceNotFoundException':
    case 'TableNotFoundException':
    case 'IndexNotFoundException':
    case 'PolicyNotFoundException':
      return { kind: 'not-found', message }
    case 'ContinuousBackupsUnavailableException':
      // For a second or two after a table became ACTIVE: "Backups are being enabled".
      return { kind: 'in-use', message }
    case 'LimitExceededException':
      return limit(message)
    case 'ThrottlingException':
    case 'Throttling':
    case 'ThrottledException':
    case 'RequestThrottled':
    case 'RequestThrottledException':
    case 'TooManyRequestsException':
    case 'RequestLimitExceeded':
    case 'ProvisionedThroughputExceededException':
    case 'SlowDown':
      return throttled(message)
    case 'UnknownOperationException':
    case 'UnsupportedOperationException':
    case 'NotImplementedException':
      return { kind: 'unsupported', message }
    case 'ValidationException':
      return validation(message, error)
    default:
      return byStatus(failure, error)
  }
}

function limit(message: string): Refusal {
  if (/^(Subscriber limit exceeded: )?Table tags are being updated/.test(message)) return { kind: 'in-use', message }
  if (isCoolDown(message)) return { kind: 'cool-down', message, until: nextAllowed(message) }
  return { kind: 'limit', message, retryable: /simultaneous|concurrent|at the same time/i.test(message) }
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
  return { kind: 'static', message, cause }
}

/** Refused because there is nothing to change: what a call gets that is sent again after an answer was lost. */
const alreadySo = [
  /^TimeToLive is already (enabled|disabled)/,
  /^The provisioned throughput for the (table|index \S+) will not change/,
  /^Table has no stream to disable/,
  /^(One or more parameter values were invalid: )?Table is already encrypted (by default|with given KMSMasterKeyId)/,
]

/** Budgets that come back with time: throughput decreases, table class, encryption, billing mode. */
function isCoolDown(message: string): boolean {
  return (
    /decreases are limited within/.test(message) ||
    /(is|are) limited to (once|\d+ times?) in/.test(message) ||
    /Next decrease can be made at/.test(message) ||
    /modified within the previous/.test(message)
  )
}

/** The moment that AWS names: "Please try again after <ISO>", "Next decrease can be made at <date> UTC". */
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

/** The request may have arrived: the connection stood, and then no answer came. A refused connection is not this. */
function isLostAnswer({ name, message, code }: Failure): boolean {
  if (neverSent.test(message)) return false
  if (code !== undefined)
    return (
      ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code) || name === 'TimeoutError'
    )
  return name === 'TimeoutError' || /socket hang up|^aborted$/.test(message)
}
