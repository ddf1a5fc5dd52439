import { describe, expect, test } from 'vitest'
import { engineEnvironment, mergeEnvironment, programEnvironment } from '../../src/local/environment.ts'
import { exampleCredentials, localRegion } from '../../src/table/local-credentials.ts'

const endpoint = 'http://127.0.0.1:8000'
const server = { endpoint, region: localRegion, credentials: exampleCredentials }
const keys = {
  AWS_ACCESS_KEY_ID: exampleCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: exampleCredentials.secretAccessKey,
}

describe('the environment of a program', () => {
  const built = {
    ...keys,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_USE_FIPS_ENDPOINT: 'false',
    AWS_USE_DUALSTACK_ENDPOINT: 'false',
  }

  test.each([
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SESSION_EXPIRATION',
    'AWS_SECURITY_TOKEN',
    'AWS_CREDENTIAL_EXPIRATION',
    'AWS_CREDENTIAL_FILE',
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_ROLE_ARN',
    'AWS_ROLE_SESSION_NAME',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'AWS_SSO_ACCOUNT_ID',
    'AWS_ACCOUNT_ID',
    'AWS_ACCOUNT_ID_ENDPOINT_MODE',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_ENDPOINT_URL_DYNAMODB_STREAMS',
    'AWS_DYNAMODB_ENDPOINT',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    'AWS_ENABLE_ENDPOINT_DISCOVERY',
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_USE_DUALSTACK_ENDPOINT',
    'AWS_SDK_LOAD_CONFIG',
    'AMAZON_ACCESS_KEY_ID',
    'AMAZON_SESSION_TOKEN',
    'aws_session_token',
  ])('%s is not inherited', name => {
    expect(programEnvironment({ [name]: 'x' }, server)).toEqual(built)
  })

  test.each([
    'PATH',
    'DATABASE_URL',
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_SQS',
    'AWS_BUCKET',
    'AWS_S3_BUCKET',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_EC2_METADATA_DISABLED',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_MAX_ATTEMPTS',
    'AWS_PAGER',
    'AWS_CA_BUNDLE',
  ])('%s stays', name => {
    expect(programEnvironment({ [name]: 'x' }, server)).toEqual({ ...built, [name]: 'x' })
  })
})

test('the environment of an engine has what it needs to run, and the local credentials', () => {
  const needed = {
    PATH: '/bin',
    HOME: '/home/a',
    TMPDIR: '/tmp',
    LC_ALL: 'C',
    JAVA_HOME: '/java',
    DOCKER_HOST: 'unix:x',
  }
  const others = {
    ...{ AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real', AWS_SESSION_TOKEN: 'real', AWS_PROFILE: 'work' },
    ...{
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://x',
      NODE_OPTIONS: '--inspect',
      GITHUB_TOKEN: 'x',
      PORT: '1',
    },
    ...{ EXTENDDB_CONFIG: 'x', SECRET: undefined },
  }
  expect(engineEnvironment({ ...needed, ...others })).toEqual({
    ...needed,
    ...keys,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  })
})

describe('environment files', () => {
  const variables = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' }
  const rows: readonly (readonly [title: string, before: string, after: string])[] = [
    ['an empty file', '', 'AWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n'],
    [
      'other lines stay as they are, even a last one without a line end',
      '# mine\n\nA="x y" # z\nAWS_REGION_2=b\n#AWS_REGION=c',
      '# mine\n\nA="x y" # z\nAWS_REGION_2=b\n#AWS_REGION=c\nAWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n',
    ],
    [
      'lines that set a variable are replaced in place',
      'AWS_REGION = eu-west-1\nA=1\n  export AWS_REGION="x"\nAWS_ENDPOINT_URL_DYNAMODB=\n',
      'AWS_REGION=us-east-1\nA=1\n  export AWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n',
    ],
    [
      "the file's own line ends",
      'A=1\r\nAWS_REGION=x\r\n',
      'A=1\r\nAWS_REGION=us-east-1\r\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\r\n',
    ],
  ]
  test.each(rows)('%s', (_, before, after) => {
    const merged = mergeEnvironment(before, variables)
    expect(merged).toBe(after)
    expect(mergeEnvironment(merged, variables)).toBe(after)
  })
})
