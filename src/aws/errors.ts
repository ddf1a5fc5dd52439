import { DynamoxError, isDynamoxError } from '../errors.ts'
import { credentialError } from './credential-errors.ts'
import { readFailure } from './failure.ts'
import { networkError } from './network-errors.ts'
import type { Place } from './place.ts'
import { redact } from './redact.ts'

/**
 * The DynamoxError for a call that failed in a way that waiting cannot help: one sentence, the next thing to do, and
 * the SDK's error as cause. Nothing that could be a secret is quoted.
 */
export function toDynamoxError(error: unknown, place: Place): DynamoxError {
  if (isDynamoxError(error)) return error
  const cause = redact(error)
  const failure = readFailure(error)
  const details = { table: place.table, cause }
  if (failure.name === 'AbortError') {
    return new DynamoxError('interrupted', `interrupted during ${place.operation}`, details)
  }
  if (/^AccessDenied|^NotAuthorized|^UnauthorizedOperation|^OptInRequired|^SubscriptionRequired/.test(failure.name)) {
    return accessDenied(failure.message, place, cause)
  }
  if (failure.message === 'Region is missing') {
    return new DynamoxError('usage', 'no AWS region is set', {
      ...details,
      hint: 'give a region (--region eu-west-1), set AWS_REGION, or put a region into the profile; without an AWS account use --local (startLocal in code)',
    })
  }
  if (failure.message.startsWith('Region not accepted')) {
    return new DynamoxError('usage', `'${place.region ?? ''}' is not an AWS region`, {
      ...details,
      hint: 'write it like eu-west-1',
    })
  }
  return (
    credentialError(failure, place, cause) ??
    networkError(failure, place, cause) ??
    new DynamoxError(
      'aws',
      `${place.operation} was refused: ${failure.message || failure.name || 'no reason given'}`,
      details,
    )
  )
}

function accessDenied(message: string, place: Place, cause: unknown): DynamoxError {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `dynamodb:${place.operation}`
  const resource = /on resource: (\S+)/.exec(message)?.[1]
  const user = /^User: (\S+) is not authorized/.exec(message)?.[1]
  const explicit = /with an explicit deny in (an? [\w -]+)/.exec(message)?.[1]
  const what = place.table === undefined ? '' : ` on table ${place.table}`
  const hint =
    explicit === undefined
      ? `allow the IAM action ${action}${resource === undefined ? '' : ` on ${resource}`}${user === undefined ? '' : ` for ${user}`}`
      : `an explicit deny in ${explicit} forbids ${action}${user === undefined ? '' : ` for ${user}`}`
  return new DynamoxError('access-denied', `access denied: ${action} is not allowed${what}`, {
    hint,
    table: place.table,
    cause,
  })
}
