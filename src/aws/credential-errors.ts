import { DynamoxError } from '../errors.ts'
import { exampleCredentials } from '../table/local-credentials.ts'
import { isLocalEndpoint } from './endpoint.ts'
import type { Failure } from './failure.ts'
import { nameOf, type Place } from './place.ts'

/** Credentials that are missing, expired or not accepted; `undefined` for anything else. */
export function credentialError(failure: Failure, place: Place, cause: unknown): DynamoxError | undefined {
  const said = explain(failure, place)
  if (said === undefined) return undefined
  return new DynamoxError('credentials', said.message, { hint: said.hint, table: place.table, cause })
}

interface Explanation {
  readonly message: string
  readonly hint: string
}

function explain({ name, message }: Failure, place: Place): Explanation | undefined {
  const { profile } = place
  if (/CredentialsProviderError|TokenProviderError|CredentialsError/.test(name)) return notFound(message, profile)
  if (/^(ExpiredToken|RequestExpired)/.test(name) || /security token .*expired/i.test(message)) {
    return {
      message: 'the AWS credentials have expired',
      hint:
        profile === undefined
          ? 'get new ones, or unset AWS_SESSION_TOKEN and its keys'
          : signIn('aws sso login', profile),
    }
  }
  if (/^RequestTimeTooSkewed/.test(name) || /signature expired|signature not yet current/i.test(message)) {
    return {
      message: "this machine's clock is wrong, so AWS does not accept its signatures",
      hint: 'set the clock, then try again',
    }
  }
  if (/^(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId)/.test(name)) {
    return { message: `${nameOf(place)} does not know these credentials`, hint: wrongKeys(place, 'the access key') }
  }
  if (/^(InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/.test(name)) {
    return { message: `${nameOf(place)} did not accept the signature`, hint: wrongKeys(place, 'the secret access key') }
  }
  return undefined
}

function notFound(message: string, profile: string | undefined): Explanation {
  const whose = profile === undefined ? '' : ` of profile ${profile}`
  if (/sso/i.test(message)) {
    return {
      message: `the SSO session${whose} has expired or was never started`,
      hint: signIn('aws sso login', profile),
    }
  }
  if (/login\/cache|aws login|reauthenticate/i.test(message)) {
    return {
      message: `the sign-in session${whose} has expired or was never started`,
      hint: signIn('aws login', profile),
    }
  }
  if (profile !== undefined) {
    return {
      message: `the AWS profile ${profile} gives no usable credentials`,
      hint: `see what it says: aws configure list --profile ${profile}`,
    }
  }
  return {
    message: 'no AWS credentials were found',
    hint: 'set AWS_PROFILE (or --profile), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without an AWS account use --local (startLocal in code)',
  }
}

const signIn = (command: string, profile: string | undefined) =>
  profile === undefined ? command : `${command} --profile ${profile}`

/** ExtendDB checks signatures, and knows one pair only. */
function wrongKeys({ endpoint, profile }: Place, what: string): string {
  if (endpoint !== undefined && isLocalEndpoint(endpoint)) {
    return `local engines that check keys want the pair of AWS's examples (${exampleCredentials.accessKeyId}): unset AWS_ACCESS_KEY_ID and AWS_PROFILE`
  }
  return `check ${what}${profile === undefined ? '' : ` of profile ${profile}`}, and that the region belongs to its partition`
}
