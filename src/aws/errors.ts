import { DynamoxError, type ErrorCode, isDynamoxError } from '../errors.ts'
import { exampleCredentials } from '../table/local-credentials.ts'
import { meantRegion, noSuchRegion } from '../table/region.ts'
import { tableArn } from './arn.ts'
import { isLocalEndpoint } from './endpoint.ts'
import { type Failure, readFailure } from './failure.ts'
import type { Answer } from './recognise-engine.ts'

/** The target of a call, for its error messages. */
export interface Place {
  readonly operation: string
  readonly table?: string | undefined
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** Whether the user's credentials were not sent, because the endpoint comes from a config file. */
  readonly withheld?: boolean | undefined
  /** The answer that caused the error, if there was one. */
  readonly answer?: Answer | undefined
}

/** The DynamoxError for a permanent failure: one sentence, a hint, and the SDK's error as cause. */
export function toDynamoxError(error: unknown, place: Place): DynamoxError {
  if (isDynamoxError(error)) return error
  const [code, message, hint] = explain(readFailure(error), place)
  return new DynamoxError(code, message, { hint, table: place.table, cause: error })
}

/** The target in messages: the endpoint, or DynamoDB with its region. */
export function nameOf({ endpoint, region }: Place): string {
  return endpoint ?? (region === undefined ? 'DynamoDB' : `DynamoDB in ${region}`)
}

/** The error when something other than DynamoDB answered. */
export function notDynamoDB(place: Place, cause?: unknown): DynamoxError {
  const message = `${nameOf(place)} answers, but it is not DynamoDB${statusOf(place)}`
  return network(message, place, cause, 'check the host and the port of the endpoint')
}

/** The error for an answer that DynamoDB would not send. */
export function unexpectedAnswer(place: Place, cause?: unknown, what = ''): DynamoxError {
  const message = `unexpected answer from ${nameOf(place)} to ${place.operation}${what || statusOf(place)}`
  const hint = 'check the endpoint, and whether a proxy changes its answers'
  return network(message, place, cause, place.endpoint === undefined ? undefined : hint)
}

/** The error for a target that accepts connections but does not answer. */
export function silentTarget(place: Place, cause: unknown): DynamoxError {
  const hint = 'check the host and the port of the endpoint, and whether the server there has hung'
  return network(`${nameOf(place)} accepts connections, but does not answer`, place, cause, hint)
}

/** ` (HTTP 404, text/html)`, or nothing when no answer came. */
export function statusOf({ answer }: Place): string {
  if (answer === undefined) return ''
  const type = answer.headers['content-type']?.split(';')[0]
  return ` (HTTP ${answer.status}${type === undefined ? '' : `, ${type}`})`
}

function network(message: string, { table }: Place, cause: unknown, hint: string | undefined) {
  return new DynamoxError('network', message, { hint, table, cause })
}

type Explanation = readonly [code: ErrorCode, message: string, hint?: string]

function explain(failure: Failure, place: Place): Explanation {
  const { name, message } = failure
  if (name === 'AbortError') return ['interrupted', `interrupted during ${place.operation}`]
  if (/^AccessDenied|^NotAuthorized|^UnauthorizedOperation|^OptInRequired|^SubscriptionRequired/.test(name))
    return accessDenied(message, place)
  if (/^Region (is missing|not accepted)/.test(message)) {
    // The SDK does not accept an AWS_REGION that is empty.
    if (place.region) {
      const { message: text, hint } = noSuchRegion(place.region)
      return ['usage', text, hint]
    }
    return [
      'usage',
      'no AWS region is set',
      'give a region (--region eu-west-1), set AWS_REGION, or put a region into the profile; without an AWS account use --local (startLocal in code)',
    ]
  }
  return credentialsProblem(failure, place) ?? networkProblem(failure, place) ?? refused(failure, place)
}

function refused({ name, message }: Failure, place: Place): Explanation {
  const hasReason = message !== '' && message !== 'UnknownError'
  const reason = hasReason ? message : /^(Error|Unknown|UnknownError)?$/.test(name) ? 'no reason given' : name
  return ['aws', `${place.operation} was refused${hasReason ? '' : statusOf(place)}: ${reason}`]
}

function accessDenied(message: string, place: Place): Explanation {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `dynamodb:${place.operation}`
  const user = /^User: (\S+) is not authorized/.exec(message)?.[1]
  const resource = /on resource: (\S+)/.exec(message)?.[1] ?? resourceOf(place, user)
  const explicit = /with an explicit deny in (an? [\w -]+)/.exec(message)?.[1]
  const what = place.table === undefined ? '' : ` on table ${place.table}`
  const forWhom = user === undefined ? '' : ` for ${user}`
  const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })
  return [
    'access-denied',
    `access denied: ${action} is not allowed${what}`,
    explicit === undefined
      ? `allow it${forWhom} with the statement ${statement}`
      : `an explicit deny in ${explicit} forbids ${action}${forWhom}`,
  ]
}

/** The resource when AWS does not name it; its account is that of the user. */
function resourceOf({ table, region = '*', operation }: Place, user: string | undefined): string {
  if (table === undefined || operation === 'ListTables') return '*'
  return tableArn(table, { region, account: /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(user ?? '')?.[1] ?? '*' })
}

/** Credentials that are missing, expired or not accepted; `undefined` for anything else. */
function credentialsProblem({ name, message }: Failure, place: Place): Explanation | undefined {
  const { profile } = place
  const problem = (text: string, hint: string): Explanation => ['credentials', text, hint]
  if (/CredentialsProviderError|TokenProviderError|CredentialsError/.test(name))
    return problem(...noCredentials(message, profile))
  if (/^(ExpiredToken|RequestExpired)/.test(name) || /security token .*expired/i.test(message)) {
    const renew =
      profile === undefined ? 'get new ones, or unset AWS_SESSION_TOKEN and its keys' : signIn('sso ', profile)
    return problem('the AWS credentials have expired', renew)
  }
  if (isClockProblem({ name, message })) {
    const what = "this machine's clock is wrong, so AWS does not accept its signatures"
    return problem(what, 'set the clock, then try again')
  }
  if (/^(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId)/.test(name))
    return problem(`${nameOf(place)} does not know these credentials`, wrongKeys(place, 'the access key'))
  if (/^(InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/.test(name))
    return problem(`${nameOf(place)} did not accept the signature`, wrongKeys(place, 'the secret access key'))
  return undefined
}

/** Whether a request was refused because of the time in its signature. */
export function isClockProblem({ name, message }: Pick<Failure, 'name' | 'message'>): boolean {
  return (
    /^RequestTimeTooSkewed|^RequestInTheFuture/.test(name) ||
    /signature expired|signature not yet current/i.test(message)
  )
}

function noCredentials(message: string, profile: string | undefined): readonly [message: string, hint: string] {
  const whose = profile === undefined ? '' : ` of profile ${profile}`
  const ended = `session${whose} has expired or was never started`
  if (/sso/i.test(message)) return [`the SSO ${ended}`, signIn('sso ', profile)]
  if (/login\/cache|aws login|reauthenticate/i.test(message)) return [`the sign-in ${ended}`, signIn('', profile)]
  if (profile !== undefined) {
    const hint = `check it with aws configure list --profile ${profile}`
    return [`the AWS profile ${profile} has no usable credentials`, hint]
  }
  return [
    'no AWS credentials were found',
    'set AWS_PROFILE (or --profile), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without an AWS account use --local (startLocal in code)',
  ]
}

function signIn(how: '' | 'sso ', profile: string | undefined): string {
  return `aws ${how}login${profile === undefined ? '' : ` --profile ${profile}`}`
}

/** ExtendDB checks signatures and accepts one key pair only. */
function wrongKeys({ endpoint, profile, withheld }: Place, what: string): string {
  if (withheld === true) return trustHint
  if (isLocalEndpoint(endpoint)) {
    return `local engines that check keys accept AWS's example keys (${exampleCredentials.accessKeyId}): to use them, unset AWS_ACCESS_KEY_ID and AWS_PROFILE`
  }
  return `check ${what}${profile === undefined ? '' : ` of profile ${profile}`}, and that the region belongs to its partition`
}

/** The hint on how to send the user's credentials to an endpoint from a config file. */
export const trustHint =
  'the endpoint comes from a config file, so your own credentials were not sent to it; name it with --endpoint, or set DYNAMOX_TRUST_CONFIG_ENDPOINT=1'

/** A failed connection or certificate check; `undefined` for anything else. */
function networkProblem({ code = '', message, name, status }: Failure, place: Place): Explanation | undefined {
  const where = nameOf(place)
  const problem = (text: string, hint: string): Explanation => ['network', text, hint]
  if (code === 'ECONNREFUSED') return problem(`nothing answers at ${where} (connection refused)`, startHint(place))
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const host = /getaddrinfo \w+ (\S+)/.exec(message)?.[1] ?? where
    return problem(`the host name ${host} could not be resolved`, nameHint(place))
  }
  if (code === 'EPROTO' || /wrong version number|packet length too long/.test(message))
    return problem(`${where} does not speak TLS`, 'write the endpoint with http:// instead of https://')
  if (/^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS_CERT)/.test(code)) {
    const hint = 'point NODE_EXTRA_CA_CERTS at the certificate of its authority, or use http:// for a local engine'
    return problem(`the certificate of ${where} is not trusted (${code})`, hint)
  }
  if (code.startsWith('HPE_')) {
    const hint = 'check the port of the endpoint, and whether it should start with https://'
    return problem(`${where} does not speak HTTP`, hint)
  }
  if (/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|EACCES)$/.test(code))
    return problem(`${where} cannot be reached (${code})`, networkHint)
  if (status === undefined && (name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ECONNRESET'))
    return problem(`could not connect to ${where}`, networkHint)
  return undefined
}

const networkHint = 'check the network, the VPN and the proxy'

function startHint({ endpoint }: Place): string {
  if (endpoint === undefined || !isLocalEndpoint(endpoint)) return 'check the endpoint, the network and the proxy'
  const port = new URL(endpoint).port || '8000'
  const local = `npx dynamox local${port === '8000' ? '' : ` --port ${port}`}`
  return `start an engine there with ${local} (or docker run -p ${port}:8000 amazon/dynamodb-local), or use --local (startLocal in code), which needs nothing else`
}

function nameHint({ endpoint, region }: Place): string {
  if (endpoint !== undefined)
    return 'check the host of the endpoint; the name of a container is known only inside its Docker network'
  if (region === undefined) return 'check the network'
  const meant = meantRegion(region)
  const instead = meant === undefined ? '' : ` (did you mean ${meant}?)`
  return `check the network, and whether ${region} is the region you mean${instead}`
}
