import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isAwsHost, isDynamoDBHost, isLocalEndpoint, isLoopback } from '../../src/aws/endpoint.ts'
import { resolveTarget, type TargetOptions } from '../../src/aws/target.ts'
import { exampleCredentials as example } from '../../src/table/local-credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'dynamox-target-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, lines: readonly string[]) => {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
const config = file('config', [
  '[default]',
  'region = eu-north-1',
  '# a comment',
  '[profile work]',
  'region=eu-central-1 ; where we are',
  'sso_session = work',
  '[profile local]',
  'endpoint_url = http://localhost:8000',
  '[profile both]',
  'region = eu-west-3',
  'services = mine',
  'endpoint_url = http://localhost:1111',
  '[profile ignoring]',
  'endpoint_url = http://localhost:8000',
  'ignore_configured_endpoint_urls = true',
  '[services mine]',
  's3 =',
  '  endpoint_url = http://localhost:2222',
  'dynamodb =',
  '  endpoint_url = http://localhost:3333',
])
mkdirSync(join(folder, '.aws'))
file('.aws/config', ['[default]', 'region = eu-south-1'])
const credentials = file('credentials', ['[keys]', 'aws_access_key_id = AKIDKEYS', 'aws_secret_access_key = secret'])
const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials }
const none = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') }
const keys = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' }
const envPair = { accessKeyId: 'AKIDENV', secretAccessKey: 'secret' }
const local = { endpoint: 'http://localhost:8000' }

const resolve = (settings: TargetOptions, env: Record<string, string>) =>
  JSON.parse(JSON.stringify(resolveTarget(settings, env)))

describe('the target of a command', () => {
  test.each<readonly [string, TargetOptions, Record<string, string>, object]>([
    ['nothing set: the SDK finds out', {}, none, { kind: 'aws' }],
    ['region of the default profile', {}, files, { kind: 'aws', region: 'eu-north-1' }],
    ['AWS_DEFAULT_REGION', {}, { ...none, AWS_DEFAULT_REGION: 'us-west-1' }, { kind: 'aws', region: 'us-west-1' }],
    [
      'AWS_REGION over AWS_DEFAULT_REGION',
      {},
      { ...none, AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-1' },
      { kind: 'aws', region: 'us-west-2' },
    ],
    ['an empty variable is none', {}, { ...none, AWS_REGION: '', AWS_ENDPOINT_URL: ' ' }, { kind: 'aws' }],
    [
      'empty names of files and folders',
      {},
      { HOME: '', USERPROFILE: folder, AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' },
      { kind: 'aws', region: 'eu-south-1' },
    ],
    [
      'the flag over the environment',
      { region: 'sa-east-1' },
      { ...files, AWS_REGION: 'us-west-2' },
      { kind: 'aws', region: 'sa-east-1' },
    ],
    ['AWS_PROFILE', {}, { ...files, AWS_PROFILE: 'work' }, { kind: 'aws', region: 'eu-central-1', profile: 'work' }],
    [
      'the profile flag over AWS_PROFILE',
      { profile: 'work' },
      { ...files, AWS_PROFILE: 'keys' },
      { kind: 'aws', region: 'eu-central-1', profile: 'work' },
    ],
    [
      'an endpoint of AWS has no defaults',
      { endpoint: 'https://dynamodb.eu-west-1.amazonaws.com/' },
      none,
      { kind: 'endpoint', endpoint: 'https://dynamodb.eu-west-1.amazonaws.com' },
    ],
    [
      'an endpoint elsewhere has none either',
      { endpoint: 'https://dynamo.example.com' },
      none,
      { kind: 'endpoint', endpoint: 'https://dynamo.example.com' },
    ],

    [
      'a loopback endpoint needs nothing else',
      local,
      none,
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: example },
    ],
    [
      'the embedded engine, within a command that dynamox local runs',
      { local: true },
      { ...none, ...keys, DYNAMOX_LOCAL_ENDPOINT: 'http://127.0.0.1:4000' },
      { kind: 'endpoint', endpoint: 'http://127.0.0.1:4000', region: 'us-east-1', credentials: example },
    ],
    [
      'a container as well',
      { endpoint: 'http://dynamodb:8000' },
      none,
      { kind: 'endpoint', endpoint: 'http://dynamodb:8000', region: 'us-east-1', credentials: example },
    ],
    [
      "the environment's keys are used there",
      local,
      { ...none, ...keys },
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: envPair },
    ],
    [
      'and its region',
      local,
      { ...none, AWS_DEFAULT_REGION: 'eu-west-1' },
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'eu-west-1', credentials: example },
    ],
    [
      'keys that were given',
      { ...local, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
      none,
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:8000',
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      },
    ],
    [
      'a profile that was given must work',
      { ...local, profile: 'work' },
      files,
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'eu-central-1', profile: 'work' },
    ],
    [
      'one that is just there may fail',
      local,
      { ...files, AWS_PROFILE: 'work' },
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:8000',
        region: 'eu-central-1',
        profile: 'work',
        fallbackCredentials: example,
      },
    ],
    [
      'or not exist',
      local,
      { ...files, AWS_PROFILE: 'gone' },
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: example },
    ],

    [
      'AWS_ENDPOINT_URL_DYNAMODB over AWS_ENDPOINT_URL',
      {},
      { ...none, ...keys, AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:1', AWS_ENDPOINT_URL: 'http://localhost:2' },
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:1',
        region: 'us-east-1',
        credentials: envPair,
        stsEndpoint: 'http://localhost:2',
      },
    ],
    [
      'AWS_ENDPOINT_URL',
      {},
      { ...none, ...keys, AWS_ENDPOINT_URL: 'http://localhost:2' },
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:2',
        region: 'us-east-1',
        credentials: envPair,
        stsEndpoint: 'http://localhost:2',
      },
    ],
    [
      'the flag over both',
      local,
      { ...none, ...keys, AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:1' },
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: envPair },
    ],
    [
      'configured endpoints ignored',
      {},
      {
        ...files,
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
        AWS_ENDPOINT_URL: 'http://localhost:2',
        AWS_PROFILE: 'local',
      },
      { kind: 'aws', profile: 'local' },
    ],
    [
      'but not the flag',
      local,
      { ...none, ...keys, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: envPair },
    ],
    [
      'endpoint_url of the profile',
      {},
      { ...files, AWS_PROFILE: 'local' },
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:8000',
        region: 'us-east-1',
        profile: 'local',
        credentials: example,
      },
    ],
    [
      'endpoint_url of a profile that was given',
      { profile: 'local' },
      files,
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:8000',
        region: 'us-east-1',
        credentials: example,
        profile: 'local',
      },
    ],
    [
      'the services section over endpoint_url',
      {},
      { ...files, AWS_PROFILE: 'both' },
      {
        kind: 'endpoint',
        endpoint: 'http://localhost:3333',
        region: 'eu-west-3',
        profile: 'both',
        credentials: example,
      },
    ],
    ['a profile that ignores them', {}, { ...files, AWS_PROFILE: 'ignoring' }, { kind: 'aws', profile: 'ignoring' }],
    [
      'the embedded engine',
      { local: true },
      { ...files, AWS_ENDPOINT_URL: 'http://localhost:2' },
      { kind: 'local', region: 'eu-north-1', credentials: example },
    ],
  ])('%s', (_, settings, env, expected) => {
    expect(resolve(settings, env)).toEqual(expected)
  })

  test.each<readonly [string, TargetOptions, Record<string, string>, object]>([
    [
      'no scheme',
      { endpoint: 'localhost:8000' },
      none,
      {
        code: 'usage',
        message: "the endpoint is not a URL: 'localhost:8000'",
        hint: 'add the scheme: http://localhost:8000',
      },
    ],
    [
      'another scheme',
      { endpoint: 'ftp://localhost' },
      none,
      {
        code: 'usage',
        message: "the endpoint is not a URL: 'ftp://localhost'",
        hint: 'write it like http://localhost:8000',
      },
    ],
    [
      'from the environment',
      {},
      { ...none, AWS_ENDPOINT_URL_DYNAMODB: 'nonsense' },
      { code: 'usage', message: "AWS_ENDPOINT_URL_DYNAMODB is not a URL: 'nonsense'" },
    ],
    [
      'a password in it',
      { endpoint: 'http://me:hush@localhost:8000' },
      none,
      { code: 'usage', message: 'the endpoint must not contain a user name or password' },
    ],
    [
      'both',
      { local: true, endpoint: 'http://localhost:8000' },
      none,
      { code: 'usage', message: 'endpoint and local cannot be combined' },
    ],
    [
      'no such profile',
      { profile: 'wrok' },
      files,
      {
        code: 'usage',
        message: 'the AWS profile \'wrok\' was not found; did you mean "work"?',
        hint: expect.stringContaining('the profiles are default, work, local, both, ignoring, keys'),
      },
    ],
    [
      'no profiles at all',
      {},
      { ...none, AWS_PROFILE: 'work' },
      { code: 'usage', message: "the AWS profile 'work' was not found" },
    ],
  ])('refused: %s', (_, settings, env, expected) => {
    expect(() => resolveTarget(settings, env)).toThrow(expect.objectContaining(expected))
  })

  const own = { ...none, ...keys, AWS_SESSION_TOKEN: 'token' }
  const harmless = { kind: 'endpoint', region: 'us-east-1', credentials: example }
  const foreign = 'https://dynamo.example.com'
  const regional = 'https://dynamodb.eu-west-1.amazonaws.com'
  test.each<readonly [string, TargetOptions, Record<string, string>, object]>([
    ['loopback, with keys', local, own, { ...harmless, ...local, withheld: true }],
    ['loopback, without any', local, none, { ...harmless, ...local, withheld: false }],
    [
      'loopback, with the example pair',
      local,
      { ...none, AWS_ACCESS_KEY_ID: example.accessKeyId },
      { ...harmless, ...local, withheld: false },
    ],
    ['elsewhere', { endpoint: foreign }, own, { ...harmless, endpoint: foreign, withheld: true }],
    ['elsewhere, keys unknown', { endpoint: foreign }, none, { ...harmless, endpoint: foreign, withheld: true }],
    [
      'with the profile of a flag or a config',
      { endpoint: foreign, profile: 'keys' },
      files,
      { ...harmless, endpoint: foreign, region: 'us-east-1', withheld: true },
    ],
    ['with AWS_PROFILE', local, { ...files, AWS_PROFILE: 'keys' }, { ...harmless, ...local, withheld: true }],
    ['DynamoDB itself', { endpoint: regional }, own, { kind: 'endpoint', endpoint: regional }],
    [
      'DynamoDB itself, in clear text',
      { endpoint: regional.replace('https', 'http') },
      own,
      { ...harmless, endpoint: regional.replace('https', 'http'), withheld: true },
    ],
    [
      "another customer's host of AWS",
      { endpoint: 'https://x.execute-api.eu-west-1.amazonaws.com' },
      own,
      { ...harmless, endpoint: 'https://x.execute-api.eu-west-1.amazonaws.com', withheld: true },
    ],
    [
      'allowed',
      { endpoint: foreign },
      { ...own, DYNAMOX_TRUST_CONFIG_ENDPOINT: '1' },
      { kind: 'endpoint', endpoint: foreign },
    ],
    [
      'allowed by another value than yes',
      { endpoint: foreign },
      { ...own, DYNAMOX_TRUST_CONFIG_ENDPOINT: '0' },
      { ...harmless, endpoint: foreign, withheld: true },
    ],
    [
      'keys given in code',
      { ...local, credentials: envPair },
      none,
      { kind: 'endpoint', ...local, region: 'us-east-1', credentials: envPair },
    ],
  ])('an endpoint of a config file: %s', (_, settings, env, expected) => {
    expect(resolve({ ...settings, endpointFrom: 'config' }, env)).toEqual(expected)
  })

  test('a password is never shown', () => {
    expect(() => resolveTarget({ endpoint: 'me:hush@localhost:8000' }, none)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hush'),
        hint: expect.not.stringContaining('hush'),
      }),
    )
  })
})

describe('kinds of hosts', () => {
  test.each([
    ['http://localhost:8000', true, true],
    ['http://db.localhost', true, true],
    ['http://127.0.0.1:8000', true, true],
    ['http://127.1.2.3', true, true],
    ['http://0.0.0.0:8000', true, true],
    ['http://[::1]:8000', true, true],
    ['http://[::ffff:127.0.0.1]:8000', true, true],
    ['http://dynamodb:8000', false, true],
    ['http://host.docker.internal:8000', false, true],
    ['http://nas.local', false, true],
    ['http://10.1.2.3', false, true],
    ['http://172.16.0.1', false, true],
    ['http://172.32.0.1', false, false],
    ['http://192.168.1.1', false, true],
    ['http://[fd00::1]', false, true],
    ['http://127.0.0.1.example.com', false, false],
    ['http://localhost.example.com', false, false],
    ['https://dynamodb.eu-west-1.amazonaws.com', false, false],
    ['https://dynamo.example.com', false, false],
  ])('%s', (endpoint, loopback, here) => {
    expect({ loopback: isLoopback(endpoint), local: isLocalEndpoint(endpoint) }).toEqual({ loopback, local: here })
  })

  test.each([
    ['dynamodb.eu-west-1.amazonaws.com', true],
    ['123456789012.ddb.us-east-1.amazonaws.com', true],
    ['dynamodb.cn-north-1.amazonaws.com.cn', true],
    ['dynamodb.us-east-1.api.aws', true],
    ['vpce-1-2.dynamodb.us-east-1.vpce.amazonaws.com', true],
    ['amazonaws.com.example.com', false],
    ['localhost', false],
  ])('%s is AWS: %s', (host, aws) => {
    expect(isAwsHost(host)).toBe(aws)
  })

  test.each([
    ['https://dynamodb.eu-west-1.amazonaws.com', true],
    ['https://dynamodb-fips.us-east-1.amazonaws.com', true],
    ['https://123456789012.ddb.us-east-1.amazonaws.com', true],
    ['https://dynamodb.cn-north-1.amazonaws.com.cn', true],
    ['https://dynamodb.us-east-1.api.aws', true],
    ['https://vpce-1-2.dynamodb.us-east-1.vpce.amazonaws.com', true],
    ['http://dynamodb.eu-west-1.amazonaws.com', false],
    ['https://x.execute-api.eu-west-1.amazonaws.com', false],
    ['https://vpce-1-2.vpce-svc-3.us-east-1.vpce.amazonaws.com', false],
    ['https://dynamodb.s3.eu-west-1.amazonaws.com', false],
    ['https://dynamodb.eu-west-1.amazonaws.com.example.com', false],
  ])('%s is DynamoDB: %s', (endpoint, dynamoDB) => {
    expect(isDynamoDBHost(endpoint)).toBe(dynamoDB)
  })
})
