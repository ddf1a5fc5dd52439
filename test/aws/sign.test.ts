import { expect, test } from 'vitest'
import { sign } from '../../src/aws/sign.ts'
import { exampleCredentials } from '../../src/table/local-credentials.ts'

const now = new Date('2026-10-21T10:20:30Z')

// The expected values were made by @smithy/signature-v4 from the same input.
test('a form for STS, with a session', () => {
  const headers = sign({
    service: 'sts',
    host: 'sts.eu-west-1.amazonaws.com',
    path: '/',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    region: 'eu-west-1',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    keys: { ...exampleCredentials, sessionToken: 'token' },
    now,
  })
  expect(headers.authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261021/eu-west-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=d491a0d4618d7a5bce02553752c7705bd713680581277a259f4841d21bcc2a1e',
  )
})

test('a table operation, and the next one with another region or secret', () => {
  const body = '{"TableName":"größe"}'
  const signature = (region: string, secretAccessKey: string) =>
    sign({
      service: 'dynamodb',
      host: '127.0.0.1:8000',
      path: '/',
      body,
      region,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.DescribeTable' },
      keys: { ...exampleCredentials, secretAccessKey },
      now,
    })
  expect(signature('eu-west-1', exampleCredentials.secretAccessKey)).toEqual({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.DescribeTable',
    host: '127.0.0.1:8000',
    'x-amz-date': '20261021T102030Z',
    'content-length': '23',
    authorization: expect.stringMatching(/Signature=9698cdd26a28479da3fd018ba1a0243572c1a371d666060e9823b6595b107531$/),
  })
  expect(signature('us-east-1', exampleCredentials.secretAccessKey).authorization).toMatch(
    /Signature=53033ad624835faccb6ca5647d523aab982eade758f47b5d33b23e9d3952cdd0$/,
  )
  expect(signature('us-east-1', 'another').authorization).toMatch(
    /Signature=6c2b6c0a2eb649c7bac01536ff87189ffc6a9f2fa35f1b5a3d2a5a12a191d8f6$/,
  )
})
