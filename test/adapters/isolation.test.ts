import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { load } from './support/fixtures.ts'

let server: Server
let attempts = 0

/** An AWS that only counts who calls. */
beforeAll(async () => {
  server = createServer(socket => {
    attempts += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise(resolve => server.close(resolve)))

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeEach(() => {
  attempts = 0
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** Everything that a library needs in order to reach DynamoDB behind our back. */
function withCredentials() {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint())
  for (const name of ['CLINIC_ENDPOINT', 'FLEET_ENDPOINT']) vi.stubEnv(name, endpoint())
}

const all = [
  'dynamoose/{garden,order,plant}.ts',
  'dynamoose/shared/*.ts',
  'electrodb/{clinic,meter,sale}.ts',
  'dynamodb-toolbox/*.ts',
  'dynamodb-onetable/*.ts',
  'typedorm/**/*.ts',
]

test('models of every library, with credentials at hand, connect to nothing', async () => {
  withCredentials()
  const { tables, warnings } = await load(all)
  expect(tables).toHaveLength(14)
  expect(warnings).toEqual([])
  expect(attempts).toBe(0)
})

test('nor without credentials and region, and nothing dies of it', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_DEFAULT_REGION'])
    vi.stubEnv(name, undefined)
  const { tables, warnings } = await load(['dynamoose/garden.ts', 'dynamoose/shared/*.ts'])
  expect(tables).toHaveLength(2)
  expect(warnings).toEqual([])
})

test('where models may connect, Dynamoose still creates no table', async () => {
  withCredentials()
  const { tables } = await load(['dynamoose/garden.ts', 'dynamoose/shared/*.ts'], { allowNetwork: true })
  expect(tables).toHaveLength(2)
  expect(attempts).toBe(0)
})

test('the counter counts: Dynamoose on its own would have connected', async () => {
  withCredentials()
  const { default: dynamoose } = await import('dynamoose')
  const table = new dynamoose.Table('counted', [dynamoose.model('Counted', { id: String })], { initialize: false })
  await expect(table.initialize()).rejects.toThrow()
  expect(attempts).toBeGreaterThan(0)
})
