import { describe, expect, test } from 'vitest'
import { notDynamoDB, type Place, toDynamoxError } from '../../src/aws/errors.ts'
import { redact } from '../../src/aws/failure.ts'

const aws = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } })
const node = (code: string, message = '') => Object.assign(new Error(message), { code })
const at: Place = { operation: 'CreateTable', table: 'users', region: 'eu-west-1' }
const profile: Place = { ...at, profile: 'work' }
const local: Place = { ...at, endpoint: 'http://localhost:8000' }

// [what, error, where, code, message, hint]
const cases: readonly (readonly [string, Error, Place, string, string, string | undefined])[] = [
  [
    'access denied, with the action',
    aws(
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:TagResource on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/users because no identity-based policy allows the dynamodb:TagResource action',
    ),
    at,
    'access-denied',
    'access denied: dynamodb:TagResource is not allowed on table users',
    'allow it for arn:aws:iam::123456789012:user/ann with the statement {"Effect":"Allow","Action":"dynamodb:TagResource","Resource":"arn:aws:dynamodb:eu-west-1:123456789012:table/users"}',
  ],
  [
    'access denied, bare',
    aws('AccessDeniedException', 'Access is denied'),
    at,
    'access-denied',
    'access denied: dynamodb:CreateTable is not allowed on table users',
    'allow it with the statement {"Effect":"Allow","Action":"dynamodb:CreateTable","Resource":"arn:aws:dynamodb:eu-west-1:*:table/users"}',
  ],
  [
    'access denied by a service control policy',
    aws(
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:CreateTable on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/users with an explicit deny in a service control policy',
    ),
    at,
    'access-denied',
    'access denied: dynamodb:CreateTable is not allowed on table users',
    'an explicit deny in a service control policy forbids dynamodb:CreateTable for arn:aws:iam::123456789012:user/ann',
  ],
  [
    'no region',
    new Error('Region is missing'),
    { operation: 'ListTables' },
    'usage',
    'no AWS region is set',
    'give a region (--region eu-west-1), set AWS_REGION, or put a region into the profile; without an AWS account use --local (startLocal in code)',
  ],
  [
    'a name that cannot be a region',
    new Error('Region not accepted: region="us east" is not a valid hostname component.'),
    { ...at, region: 'us east' },
    'usage',
    "'us east' is not an AWS region",
    'did you mean us-east-1?',
  ],
  [
    'no credentials',
    aws('CredentialsProviderError', 'Could not load credentials from any providers'),
    at,
    'credentials',
    'no AWS credentials were found',
    'set AWS_PROFILE (or --profile), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without an AWS account use --local (startLocal in code)',
  ],
  [
    'a profile without any',
    aws('CredentialsProviderError', 'Could not load credentials from any providers'),
    profile,
    'credentials',
    'the AWS profile work has no usable credentials',
    'check it with aws configure list --profile work',
  ],
  [
    'SSO over',
    aws(
      'CredentialsProviderError',
      'The SSO session associated with this profile is invalid. To refresh this SSO session run aws sso login with the corresponding profile.',
    ),
    profile,
    'credentials',
    'the SSO session of profile work has expired or was never started',
    'aws sso login --profile work',
  ],
  [
    'SSO token missing',
    aws(
      'CredentialsProviderError',
      "The SSO session token associated with profile=work was not found or is invalid. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
    ),
    at,
    'credentials',
    'the SSO session has expired or was never started',
    'aws sso login',
  ],
  [
    'sign-in missing',
    aws(
      'CredentialsProviderError',
      'Failed to load token from /home/ann/.aws/login/cache/2ff2.json: Error: ENOENT: no such file or directory',
    ),
    profile,
    'credentials',
    'the sign-in session of profile work has expired or was never started',
    'aws login --profile work',
  ],
  [
    'expired',
    aws('ExpiredTokenException', 'The security token included in the request is expired'),
    at,
    'credentials',
    'the AWS credentials have expired',
    'get new ones, or unset AWS_SESSION_TOKEN and its keys',
  ],
  [
    'unknown key',
    aws('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    at,
    'credentials',
    'DynamoDB in eu-west-1 does not know these credentials',
    'check the access key, and that the region belongs to its partition',
  ],
  [
    'unknown key on an engine',
    aws('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    local,
    'credentials',
    'http://localhost:8000 does not know these credentials',
    "local engines that check keys accept AWS's example keys (AKIAIOSFODNN7EXAMPLE): to use them, unset AWS_ACCESS_KEY_ID and AWS_PROFILE",
  ],
  [
    'wrong secret',
    aws(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    ),
    profile,
    'credentials',
    'DynamoDB in eu-west-1 did not accept the signature',
    'check the secret access key of profile work, and that the region belongs to its partition',
  ],
  [
    'wrong clock',
    aws(
      'InvalidSignatureException',
      'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)',
    ),
    at,
    'credentials',
    "this machine's clock is wrong, so AWS does not accept its signatures",
    'set the clock, then try again',
  ],
  [
    'refused',
    node('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:8000'),
    local,
    'network',
    'nothing answers at http://localhost:8000 (connection refused)',
    'start an engine there with npx dynamox local (or docker run -p 8000:8000 amazon/dynamodb-local), or use --local (startLocal in code), which needs nothing else',
  ],
  [
    'refused on both addresses of localhost',
    Object.assign(new AggregateError([node('ECONNREFUSED')], ''), {}),
    local,
    'network',
    'nothing answers at http://localhost:8000 (connection refused)',
    expect.any(String) as never,
  ],
  [
    'no such region',
    node('ENOTFOUND', 'getaddrinfo ENOTFOUND dynamodb.us-esat-1.amazonaws.com'),
    { ...at, region: 'us-esat-1' },
    'network',
    'the host name dynamodb.us-esat-1.amazonaws.com could not be resolved',
    'check the network, and whether us-esat-1 is the region you mean (did you mean us-east-1?)',
  ],
  [
    'no such container',
    node('ENOTFOUND', 'getaddrinfo ENOTFOUND dynamodb'),
    { ...at, endpoint: 'http://dynamodb:8000' },
    'network',
    'the host name dynamodb could not be resolved',
    'check the host of the endpoint; the name of a container is known only inside its Docker network',
  ],
  [
    'https to http',
    node('EPROTO', 'write EPROTO 803C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number'),
    { ...at, endpoint: 'https://localhost:8000' },
    'network',
    'https://localhost:8000 does not speak TLS',
    'write the endpoint with http:// instead of https://',
  ],
  [
    'a certificate of its own',
    node('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
    { ...at, endpoint: 'https://localhost:4566' },
    'network',
    'the certificate of https://localhost:4566 is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    'point NODE_EXTRA_CA_CERTS at the certificate of its authority, or use http:// for a local engine',
  ],
  [
    'no HTTP at all',
    node('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/, RTSP/ or ICE/'),
    local,
    'network',
    'http://localhost:8000 does not speak HTTP',
    'check the port of the endpoint, and whether it should start with https://',
  ],
  [
    'no route',
    node('EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.1:443'),
    at,
    'network',
    'DynamoDB in eu-west-1 cannot be reached (EHOSTUNREACH)',
    'check the network, the VPN and the proxy',
  ],
  ['interrupted', aws('AbortError', 'Request aborted'), at, 'interrupted', 'interrupted during CreateTable', undefined],
  [
    'anything else',
    aws('SomethingNew', 'No, thank you'),
    at,
    'aws',
    'CreateTable was refused: No, thank you',
    undefined,
  ],
]

describe('errors', () => {
  test.each(cases)('%s', (_, error, place, code, message, hint) => {
    const thrown = toDynamoxError(error, place)
    expect({ code: thrown.code, message: thrown.message, hint: thrown.hint }).toEqual({ code, message, hint })
    expect(thrown.cause).toBe(error)
    expect(thrown.table).toBe(place.table)
  })

  test('a server that does not speak HTTP, or is not DynamoDB, is named', () => {
    const answer = { host: 'localhost', status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } }
    expect(notDynamoDB({ ...local, answer })).toMatchObject({
      code: 'network',
      message: 'http://localhost:8000 answers, but it is not DynamoDB (HTTP 404, text/html)',
      hint: 'check the host and the port of the endpoint',
    })
  })

  test('the canonical request that AWS quotes is cut off, from the cause as well', () => {
    const message =
      "The request signature we calculated does not match the signature you provided. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nhost:dynamodb.eu-west-1.amazonaws.com\nx-amz-security-token:IQoJb3JpZ2luX2VjEHUSH\n'"
    const error = aws('InvalidSignatureException', message)
    redact(error)
    const thrown = toDynamoxError(error, at)
    const shown = JSON.stringify([thrown.message, thrown.hint, error.message, error.stack])
    expect(shown).not.toContain('IQoJb3JpZ2luX2VjEHUSH')
    expect(error.message).toContain('does not match')
  })
})
