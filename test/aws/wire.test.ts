import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createWire } from '../../src/aws/wire.ts'
import { wireTarget } from '../../src/aws/wire-target.ts'
import { exampleCredentials as keys } from '../../src/table/local-credentials.ts'

let close = () => {}
afterEach(() => close())

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void, path = '') {
  const server = createServer(answer).listen(0, '127.0.0.1')
  close = () => {
    server.close()
    server.closeAllConnections()
  }
  await new Promise(resolve => server.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  return createWire({ endpoint, region: 'us-east-1', keys }, {})
}

const call = { operation: 'DescribeTable', input: { TableName: 'users' } } as const
const ignore = () => {}

test('times are dates, and an answer shows who gave it', async () => {
  const wire = await serve((_, response) => response.end('{"Table":{"CreationDateTime":1.5,"ItemCount":2}}'))
  const seen: unknown[] = []
  const output = await wire.send(call, ({ host, status, headers }) => seen.push([host, status, headers.connection]))
  expect(output).toEqual({ Table: { CreationDateTime: new Date(1_500), ItemCount: 2 } })
  expect(seen).toEqual([['127.0.0.1', 200, 'keep-alive']])
})

test('a path before the engine ends with a slash, as the SDK has it', async () => {
  const wire = await serve(
    (request, response) => response.end(JSON.stringify({ Table: { TableName: request.url } })),
    '/a',
  )
  expect(await wire.send(call, ignore)).toEqual({ Table: { TableName: '/a/' } })
})

describe('the name of an error', () => {
  test.each([
    ['by its shape', '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"gone"}', {}],
    ['with an address', '{"__type":"ResourceNotFoundException:http://x/","Message":"gone"}', {}],
    ['as a code', '{"code":"ResourceNotFoundException","message":"gone"}', {}],
    ['in a header', '{"message":"gone"}', { 'x-amzn-errortype': 'ResourceNotFoundException:http://x/' }],
  ])('%s', async (_, body, headers) => {
    const wire = await serve((_request, response) => response.writeHead(400, headers).end(body))
    await expect(wire.send(call, ignore)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'gone',
      $metadata: { httpStatusCode: 400 },
    })
  })
})

test.each([
  ['an engine with keys', { endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: keys }, true],
  ['a container', { endpoint: 'http://dynamodb:8000', region: 'us-east-1', credentials: keys }, true],
  ['AWS', { region: 'us-east-1', credentials: keys }, false],
  ['TLS', { endpoint: 'https://localhost:8000', region: 'us-east-1', credentials: keys }, false],
  ['another host', { endpoint: 'http://dynamodb.example.com', region: 'us-east-1', credentials: keys }, false],
  ['keys to ask for', { endpoint: 'http://localhost:8000', region: 'us-east-1', credentials: async () => keys }, false],
  ['no keys', { endpoint: 'http://localhost:8000', region: 'us-east-1' }, false],
])('%s', (_, target, isWire) => {
  expect(wireTarget(target) !== undefined).toBe(isWire)
})

test('what a server says of connections that rest is not the time that an answer may take', async () => {
  let slow = false
  const wire = await serve((_, response) => {
    response.setHeader('keep-alive', 'timeout=2')
    setTimeout(() => response.end('{}'), slow ? 1_500 : 0)
  })
  await wire.send(call, ignore)
  slow = true
  await expect(wire.send(call, ignore)).resolves.toEqual({})
})

test('a success that is not JSON is none, whatever was asked', async () => {
  const wire = await serve((_, response) => response.end('{"TableDescr'))
  const create = { operation: 'CreateTable', input: { TableName: 'users' } } as const
  await expect(wire.send(create, ignore)).rejects.toMatchObject({ name: 'SyntaxError' })
})
