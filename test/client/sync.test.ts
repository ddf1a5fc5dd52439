import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DynamoxClient } from '../../src/client/dynamox-client.ts'
import type { LocalServer } from '../../src/local/engines/engine.ts'
import { startEmbedded } from '../../src/local/start-embedded.ts'
import { exampleCredentials } from '../../src/table/local-credentials.ts'
import { startHttpDynamo } from '../support/http-dynamo.ts'

const root = mkdtempSync(join(tmpdir(), 'dynamox-sync-'))
let engine: LocalServer
let client: DynamoxClient

beforeAll(async () => {
  engine = await startEmbedded({ root, inMemory: true, createTableMs: 50, deleteTableMs: 50 })
  client = new DynamoxClient({ endpoint: engine.endpoint })
})
afterAll(async () => {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
})

const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('the blocking twins', () => {
  test('create, exists, wait, delete, without an await', () => {
    expect(client.tableExistsSync('users')).toBe(false)
    expect(client.createTableSync('users', { partitionKey: 'pk:S', sortKey: 'sk:N' })).toMatchObject({
      name: 'users',
      action: 'requested',
    })
    expect(client.waitForTableActiveSync('users', { timeoutSeconds: 1e9 })).toMatchObject({
      action: 'ready',
      status: 'ACTIVE',
    })
    expect(client.tableExistsSync('users')).toBe(true)
    expect(client.deleteTableSync('users', { wait: true })).toMatchObject({ action: 'deleted' })
    expect(client.tableExistsSync('users')).toBe(false)
  })

  test('errors come back whole', () => {
    expect(thrown(() => client.deleteTableSync('nobody'))).toMatchObject({
      name: 'DynamoxError',
      code: 'not-found',
      message: 'table nobody does not exist',
      table: 'nobody',
    })
    expect(thrown(() => client.createTableSync('users', { partitionKey: 'pk', ttl: 'at' }))).toMatchObject({
      code: 'usage',
      hint: 'pass wait: true',
    })
    const broken = thrown(() =>
      client.createTableSync('u', { partitionKey: 'pk:X', billingMode: 'PROVISIONED', readCapacity: 0 }),
    )
    expect(broken).toMatchObject({
      code: 'definition',
      problems: expect.arrayContaining([
        expect.objectContaining({ path: expect.any(String), message: expect.any(String) }),
      ]),
    })
  })

  test('the cause keeps its name and message', () => {
    const nobody = new DynamoxClient({ endpoint: 'http://127.0.0.1:9' })
    expect(thrown(() => nobody.tableExistsSync('users'))).toMatchObject({
      code: 'network',
      message: 'nothing answers at http://127.0.0.1:9 (connection refused)',
      cause: { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:9' },
    })
  })

  test('a deadline holds even if the engine runs in the blocked thread', async () => {
    expect(thrown(() => client.waitForTableActiveSync('never', { timeoutSeconds: 0.05 }))).toMatchObject({
      code: 'timeout',
    })
    const here = await startHttpDynamo(() => ({ json: {} }))
    const blocked = thrown(() =>
      new DynamoxClient({ endpoint: here.endpoint }).tableExistsSync('users', { timeoutSeconds: 0.05 }),
    )
    expect(blocked).toMatchObject({ code: 'timeout', hint: expect.stringContaining('await tableExists(...)') })
    await here.close()
  })

  test.each<readonly [string, () => unknown, string]>([
    [
      'an SDK client',
      () => new DynamoxClient({ client: new DynamoDBClient({ region: 'eu-west-1' }) }).tableExistsSync('users'),
      'use the SDK client that this client was made from',
    ],
    [
      'a function for credentials',
      () =>
        new DynamoxClient({ endpoint: engine.endpoint, credentials: async () => exampleCredentials }).tableExistsSync(
          'users',
        ),
      'use a function for credentials',
    ],
    ['a signal', () => client.tableExistsSync('users', { signal: new AbortController().signal }), 'take a signal'],
  ])('%s cannot go into a worker', (_, work, what) => {
    expect(thrown(work)).toMatchObject({
      code: 'usage',
      message: `tableExistsSync cannot ${what}: it works in another thread`,
      hint: 'use await tableExists(...)',
    })
  })
})
