import { type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalServer } from '../../src/local/engines/engine.ts'
import { parseAllowed } from '../../src/local/guard-requests.ts'
import { startEmbedded } from '../../src/local/start-embedded.ts'
import { emptyFolder } from './support/folder.ts'

let plain: LocalServer
let open: LocalServer
beforeAll(async () => {
  const allowed = { hosts: ['Dynamo.internal'], origins: ['http://localhost:3000', 'https://app.example'] }
  plain = await startEmbedded({ root: '/', inMemory: true })
  open = await startEmbedded({ root: '/', inMemory: true, allowed })
})
afterAll(() => Promise.all([plain.close(), open.close()]))

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** ListTables, by default, with these headers; `fetch` does not let a caller choose Host and Origin. */
function send(endpoint: string, headers: Record<string, string>, method = 'POST'): Promise<Answer> {
  const signature =
    'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=a'
  const usual = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.ListTables',
    'x-amz-date': '20260101T000000Z',
    authorization: signature,
  }
  return new Promise((resolve, reject) => {
    const call = request(endpoint, { method, agent: false, headers: { ...usual, ...headers } }, response => {
      const { statusCode: status, headers } = response
      text(response).then(body => resolve({ status, headers, body }), reject)
    })
    call.on('error', reject)
    call.end(method === 'POST' ? '{}' : undefined)
  })
}

describe('Host: loopback names and addresses, and those that are allowed', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8000',
    '127.1.2.3:1',
    'localhost',
    'LOCALHOST:8000',
    'tables.localhost:8000',
    '[::1]',
    '[::1]:8000',
  ])('%s is answered', async host => {
    expect(await send(plain.endpoint, { host })).toMatchObject({ status: 200, body: '{"TableNames":[]}' })
  })

  test.each([
    'evil.example',
    'evil.example:8000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '128.0.0.1',
    '0.0.0.0:8000',
    '192.168.1.2:8000',
    'dynamo.internal',
  ])('%s is refused', async host => {
    const name = host.replace(/:\d+$/, '')
    expect(await send(plain.endpoint, { host })).toMatchObject({
      status: 403,
      body: JSON.stringify({
        __type: 'com.amazon.coral.service#AccessDeniedException',
        message: `the host "${name}" is not allowed; dynamox local --allow-host ${name} allows it`,
      }),
    })
  })

  test.each(['dynamo.internal', 'dynamo.internal:8000', 'localhost:1'])(
    '%s is answered where it is allowed',
    async host => {
      expect(await send(open.endpoint, { host })).toMatchObject({ status: 200 })
    },
  )
})

describe('Origin: none, but those that are allowed', () => {
  const origins = ['https://evil.example', 'http://localhost:3000', 'http://127.0.0.1:8000', 'null']
  test.each(origins.flatMap(origin => ['POST', 'OPTIONS', 'GET'].map(method => [origin, method] as const)))(
    '%s is refused (%s)',
    async (origin, method) => {
      const answer = await send(plain.endpoint, { origin }, method)
      expect(answer).toMatchObject({
        status: 403,
        body: expect.stringContaining(`dynamox local --allow-origin ${origin} allows it`),
      })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  test.each(['http://localhost:3000', 'https://app.example'])('%s is answered by name', async origin => {
    const answer = await send(open.endpoint, { origin })
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
    })
    const asked = { 'access-control-request-headers': 'x-amz-target', 'access-control-request-method': 'POST' }
    expect(await send(open.endpoint, { origin, ...asked }, 'OPTIONS')).toMatchObject({
      status: 204,
      body: '',
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'x-amz-target',
        'access-control-allow-methods': 'POST',
      },
    })
  })

  test.each(['http://localhost:3001', 'https://localhost:3000', 'https://app.example.evil.example'])(
    '%s is refused where others are allowed',
    async origin => {
      expect(await send(open.endpoint, { origin })).toMatchObject({ status: 403 })
    },
  )
})

test('a process that shares an engine brings its own hosts and origins along, for as long as it uses it', async () => {
  const root = emptyFolder()
  const holder = await startEmbedded({ root })
  const origin = 'http://localhost:3000'
  const member = await startEmbedded({ root, allowed: { hosts: ['dynamo.internal'], origins: [origin] } })
  try {
    expect(member.endpoint).toBe(holder.endpoint)
    expect(await send(holder.endpoint, { host: 'dynamo.internal', origin })).toMatchObject({ status: 200 })
    await member.close()
    await expect.poll(async () => (await send(holder.endpoint, { origin })).status).toBe(403)
  } finally {
    await member.close()
    await holder.close()
  }
})

test('only processes that know the engine join its users', async () => {
  for (const path of ['/.dynamox/use', '/.dynamox/ready']) {
    expect(await send(plain.endpoint + path, { 'x-dynamox-nonce': 'a', 'x-dynamox-proof': 'a' }, 'GET')).toMatchObject({
      status: 403,
    })
  }
})

describe('hosts and origins that a user allows', () => {
  test.each(['dynamo', 'dynamo.internal', 'host_1', '10.0.0.1', '::1', 'fe80::1'])('the host %s', host => {
    expect(parseAllowed('dynalite', [host])).toEqual({ hosts: [host], origins: [] })
  })
  test.each(['', '*', '*.example', 'a:8000', 'http://a', 'a/b', 'a b', '.a', 'a..b'])('not the host %j', host => {
    expect(() => parseAllowed('dynalite', [host])).toThrow(`${JSON.stringify(host)} is not a valid host to allow`)
  })
  test.each(['http://localhost:3000', 'https://app.example'])('the origin %s', origin => {
    expect(parseAllowed('dynamodb-local', [], [origin])).toEqual({ hosts: [], origins: [origin] })
  })
  test.each([
    '',
    '*',
    'null',
    'localhost:3000',
    'http://localhost:3000/',
    'http://a/b',
    'http://A',
    'file:///a',
    'http://a:80',
  ])('not the origin %j', origin => {
    expect(() => parseAllowed('dynalite', [], [origin])).toThrow(`${JSON.stringify(origin)} is not a valid origin`)
  })
  test.each([
    ['dynamodb-local', ['a'], [], '--allow-host is not supported by dynamodb-local, only by dynalite'],
    ['dynoxide', [], ['http://a'], '--allow-origin is not supported by dynoxide, only by dynalite and dynamodb-local'],
    ['extenddb', [], ['http://a'], '--allow-origin is not supported by extenddb, only by dynalite and dynamodb-local'],
  ] as const)('%s with %j and %j', (engine, hosts, origins, message) => {
    expect(() => parseAllowed(engine, hosts, origins)).toThrow(message)
  })
})
