import { describe, expect, test } from 'vitest'
import { capabilitiesOf, recogniseEngine } from '../../src/aws/recognise-engine.ts'
import type { EngineName } from '../../src/table/capabilities.ts'

const uuid = 'f69a3a2b-a3bd-4213-8f13-4f1ba80176a2'
const long = 'L0BF6VPKWH0QD7INVGXWS6SURIPBDOUDU5AOAJRSXWYVEWYPDBCA'

// Headers as the engines sent them.
const cases: readonly (readonly [string, EngineName, string, Readonly<Record<string, string>>])[] = [
  ['AWS', 'aws', 'dynamodb.eu-west-1.amazonaws.com', { server: 'Server', 'x-amzn-requestid': long }],
  ["AWS by an account's host", 'aws', '123456789012.ddb.eu-west-1.amazonaws.com', { 'x-amzn-requestid': long }],
  ["AWS behind a name of one's own", 'aws', 'dynamo.example.com', { server: 'Server', 'x-amzn-requestid': long }],
  ['the embedded engine', 'dynalite', 'localhost', { 'x-amzn-requestid': long, 'x-dynamox-engine': 'embedded' }],
  [
    'dynalite',
    'plain-dynalite',
    'localhost',
    { 'x-amzn-requestid': long, 'x-amz-crc32': '1315925753', connection: 'keep-alive', 'keep-alive': 'timeout=5' },
  ],
  ['DynamoDB Local', 'dynamodb-local', 'dynamodb', { 'x-amzn-requestid': uuid, server: 'Jetty(9.4.53.v20231009)' }],
  [
    'ExtendDB',
    'extenddb',
    '127.0.0.1',
    {
      'x-amzn-requestid': uuid,
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    },
  ],
  [
    'dynoxide',
    'dynoxide',
    'localhost',
    {
      'x-amzn-requestid': '01A203A0FB7671138EACB909E9CAB12B01A203A0FB7671138EAC',
      server: 'Dynoxide/1.2.1',
      'x-dynoxide-version': '1.2.1',
    },
  ],
  [
    'LocalStack, in front of DynamoDB Local',
    'localstack',
    'localhost.localstack.cloud',
    { 'x-localstack': 'true', 'x-amzn-requestid': uuid, server: 'Jetty(12.0.14)' },
  ],
  ['moto', 'moto', 'localhost', { server: 'amazon.com', 'x-amzn-requestid': long }],
  ['moto with the header of its web server', 'moto', 'localhost', { server: 'Werkzeug/3.0.3 Python/3.12.3' }],
  ['a Jetty that is not DynamoDB', 'unknown', 'localhost', { server: 'Jetty(12.0.1)' }],
  ['something in Python', 'unknown', 'localhost', { server: 'TwistedWeb/24.3.0', 'x-amzn-requestid': uuid }],
  ['nothing to go by', 'unknown', 'localhost', {}],
]

describe('the engine behind an endpoint', () => {
  test.each(cases)('%s: %s', (_, engine, host, headers) => {
    expect(recogniseEngine({ host, status: 200, headers })).toBe(engine)
  })
})

test('the embedded engine has a pace of its own, unless it says otherwise', () => {
  const paceAt = (engine: string) =>
    capabilitiesOf({
      ...{ host: 'localhost', status: 200 },
      headers: { 'x-amzn-requestid': long, 'x-dynamox-engine': engine },
    }).hasOwnPace
  expect([paceAt('embedded'), paceAt('embedded, realistic')]).toEqual([true, undefined])
})

test.each([
  ['Jetty(9.4.53.v20231009)', ['multiAttributeKeys']],
  ['Jetty(11.0.20)', ['multiAttributeKeys']],
  ['Jetty(12.0.14)', []],
])('DynamoDB Local behind %s refuses %j', (server, refuses) => {
  expect(
    capabilitiesOf({ host: 'localhost', status: 200, headers: { server, 'x-amzn-requestid': uuid } }).refuses,
  ).toEqual(refuses)
})
