import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DynamoxClient, getDefaultClient, setDefaultClient } from '../../src/client/dynamox-client.ts'
import type { LocalServer } from '../../src/local/engines/engine.ts'
import { startEmbedded } from '../../src/local/start-embedded.ts'
import { type HttpDynamo, startHttpDynamo } from '../support/http-dynamo.ts'

const root = mkdtempSync(join(tmpdir(), 'dynamox-client-'))
let engine: LocalServer
let client: DynamoxClient
let fake: HttpDynamo | undefined

beforeAll(async () => {
  engine = await startEmbedded({ root, inMemory: true, createTableMs: 50, deleteTableMs: 50 })
  client = new DynamoxClient({ endpoint: engine.endpoint })
})
afterAll(async () => {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
})
afterEach(() => fake?.close())

describe('DynamoxClient', () => {
  test('the page of the interface: create, exists, wait, delete', async () => {
    expect(await client.tableExists('users')).toBe(false)
    expect(await client.createTable('users', { partitionKey: 'pk:S', sortKey: 'sk:S', wait: true })).toMatchObject({
      name: 'users',
      action: 'created',
      status: 'ACTIVE',
    })
    expect(await client.tableExists('users')).toBe(true)
    expect(await client.waitForTableActive('users', { timeoutSeconds: 30 })).toMatchObject({ action: 'ready' })
    expect(await client.listTables()).toContain('users')
    expect(await client.deleteTable('users', { wait: true })).toMatchObject({ action: 'deleted' })
    expect(await client.tableExists('users')).toBe(false)
  })

  test.each([1e9, Number.POSITIVE_INFINITY])(
    'timeoutSeconds: %d does not end the call at once',
    async timeoutSeconds => {
      const options = { partitionKey: 'pk', wait: true, timeoutSeconds }
      expect(await client.createTable('patient', options)).toMatchObject({ action: 'created' })
      expect(await client.deleteTable('patient', { wait: true, timeoutSeconds })).toMatchObject({ action: 'deleted' })
    },
  )

  test('does not wait unless told to', async () => {
    expect(await client.createTable('later', { partitionKey: 'pk' })).toMatchObject({ action: 'requested' })
    expect(await client.waitForTableActive('later')).toMatchObject({ action: 'ready', status: 'ACTIVE' })
    expect(await client.deleteTable('later')).toMatchObject({ action: 'requested', status: 'DELETING' })
    expect(await client.waitForTableGone('later')).toMatchObject({ action: 'gone' })
  })

  test('provisioned, with indexes', async () => {
    await client.createTable('orders', {
      partitionKey: 'customer',
      sortKey: 'at:N',
      billingMode: 'PROVISIONED',
      readCapacity: 10,
      writeCapacity: 5,
      globalIndexes: { 'by-status': { partitionKey: 'status', sortKey: 'at:N', projection: ['total'] } },
      localIndexes: { 'by-total': { sortKey: 'total:N', projection: 'KEYS_ONLY' } },
      wait: true,
    })
    const live = await client.describeTable('orders')
    expect(live?.definition).toMatchObject({
      billingMode: 'PROVISIONED',
      readCapacity: 10,
      writeCapacity: 5,
      globalIndexes: [{ name: 'by-status', projection: ['total'], readCapacity: 5, writeCapacity: 5 }],
      localIndexes: [{ name: 'by-total', projection: 'KEYS_ONLY' }],
    })
    await client.deleteTable('orders', { wait: true })
  })

  test('creating an existing table throws exists, and changes nothing', async () => {
    await client.createTable('twice', { partitionKey: 'pk', wait: true })
    await expect(client.createTable('twice', { partitionKey: 'pk' })).rejects.toMatchObject({
      name: 'DynamoxError',
      code: 'exists',
      message: 'table twice already exists',
      table: 'twice',
    })
    await client.deleteTable('twice', { wait: true })
  })

  test('deleting a missing table throws not-found', async () => {
    await expect(client.deleteTable('nobody')).rejects.toMatchObject({
      code: 'not-found',
      message: 'table nobody does not exist',
    })
  })

  test('a setting that the engine does not keep is a warning', async () => {
    const outcome = await client.createTable('cold', {
      partitionKey: 'pk',
      globalIndexes: { several: { partitionKey: ['a', 'b'] } },
      ttl: 'expiresAt',
      wait: true,
    })
    expect(outcome.warnings).toEqual([expect.stringContaining('globalIndexes.several')])
    await client.deleteTable('cold', { wait: true })
  })

  test('waiting ends at its deadline', async () => {
    await expect(client.waitForTableActive('never', { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('waiting ends at a signal', async () => {
    await expect(client.waitForTableActive('never', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    })
  })

  test('an engine that was started for it', async () => {
    const client = new DynamoxClient({ local: engine })
    expect(await client.tableExists('users')).toBe(false)
    expect(client.tableExistsSync('users')).toBe(false)
  })

  test('an SDK client of the user', async () => {
    const { endpoint, region, credentials } = engine
    const sdk = new DynamoDBClient({ endpoint, region, credentials })
    const own = new DynamoxClient({ client: sdk })
    await own.createTable('mine', { partitionKey: 'pk', wait: true })
    expect(await client.tableExists('mine')).toBe(true)
    await own.deleteTable('mine', { wait: true })
    sdk.destroy()
  })
})

describe('refused before anything is sent', () => {
  test('a setting that needs a second call, without wait', async () => {
    fake = await startHttpDynamo(() => ({}))
    const nobody = new DynamoxClient({ endpoint: fake.endpoint })
    await expect(
      nobody.createTable('users', { partitionKey: 'pk', ttl: 'at', pointInTimeRecovery: true }),
    ).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        /^(ttl, pointInTimeRecovery|pointInTimeRecovery, ttl) of table users need a second call once the table is ready$/,
      ),
      hint: 'pass wait: true',
    })
    await expect(nobody.createTable('users', { partitionKey: 'pk', ttl: 'at' })).rejects.toMatchObject({
      message: 'ttl of table users needs a second call once the table is ready',
    })
    expect(fake.received).toEqual([])
  })

  test('a definition that breaks rules: all of them', async () => {
    fake = await startHttpDynamo(() => ({}))
    const nobody = new DynamoxClient({ endpoint: fake.endpoint })
    const broken = nobody.createTable('u', { partitionKey: 'pk:X', billingMode: 'PROVISIONED', readCapacity: 0 })
    await expect(broken).rejects.toMatchObject({ code: 'definition' })
    const { problems } = await broken.catch(error => error)
    expect(problems.length).toBeGreaterThan(1)
    expect(fake.received).toEqual([])
  })

  // As JavaScript may call it: what the types would refuse.
  test.each<[string, object, string]>([
    ['createTable', { partitionKey: 'pk', wiat: true }, 'createTable has no option "wiat"; did you mean "wait"?'],
    [
      'createTable',
      { partitionKey: 'pk', timeout: 5 },
      'createTable has no option "timeout"; did you mean "timeoutSeconds"?',
    ],
    [
      'createTable',
      { partionKey: 'pk' },
      'users › partionKey: unknown field "partionKey"; did you mean "partitionKey"?',
    ],
    ['createTable', { partitionKey: 'pk', table: 'other' }, 'createTable has no option "table"'],
    ['createTable', { partitionKey: 'pk', wait: 'yes' }, 'wait of createTable must be true or false, not "yes"'],
    [
      'deleteTable',
      { disableProtectoin: true },
      'deleteTable has no option "disableProtectoin"; did you mean "disableProtection"?',
    ],
    ['tableExists', { wait: true }, 'tableExists has no option "wait"'],
    ['waitForTableActive', { timeoutSeconds: '5' }, 'timeoutSeconds must be a number of seconds above 0, not 5'],
    ['waitForTableGone', [], 'the options of waitForTableGone must be an object, not an empty list'],
  ])('%s(%j)', async (method, options, message) => {
    fake = await startHttpDynamo(() => ({}))
    const nobody = new DynamoxClient({ endpoint: fake.endpoint })
    const call: unknown = Reflect.get(nobody, method)
    const made = typeof call === 'function' ? Reflect.apply(call, nobody, ['users', options]) : undefined
    await expect(made).rejects.toMatchObject({ name: 'DynamoxError', message })
    expect(fake.received).toEqual([])
  })

  test('a missing name, and an unknown option of the client', async () => {
    await expect(Reflect.apply(client.tableExists, client, [5])).rejects.toMatchObject({
      code: 'usage',
      message: 'the first argument of tableExists must be a table name, not 5',
    })
    expect(() => Reflect.construct(DynamoxClient, [{ endpont: 'http://localhost:8000' }])).toThrow(
      expect.objectContaining({ message: 'DynamoxClient has no option "endpont"; did you mean "endpoint"?' }),
    )
  })

  test.each([0, -1, Number.NaN])('timeoutSeconds: %d', async timeoutSeconds => {
    await expect(client.waitForTableActive('users', { timeoutSeconds })).rejects.toMatchObject({ code: 'usage' })
  })

  test('an endpoint that is not a URL', () => {
    expect(() => new DynamoxClient({ endpoint: 'localhost:8000' })).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'add the scheme: http://localhost:8000' }),
    )
  })
})

describe('errors of the target', () => {
  test("access denied, with the SDK's error as cause", async () => {
    fake = await startHttpDynamo(() => ({
      error: [
        'AccessDeniedException',
        'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:DescribeTable on resource: x',
      ],
    }))
    await expect(new DynamoxClient({ endpoint: fake.endpoint }).tableExists('users')).rejects.toMatchObject({
      code: 'access-denied',
      hint: expect.stringContaining('dynamodb:DescribeTable'),
      cause: expect.objectContaining({ name: 'AccessDeniedException' }),
    })
  })

  test('a read that is throttled', async () => {
    fake = await startHttpDynamo(() => ({ error: ['ThrottlingException', 'Rate exceeded'] }))
    await expect(new DynamoxClient({ endpoint: fake.endpoint }).describeTable('users')).rejects.toMatchObject({
      code: 'throttled',
    })
  })

  test('a protected table', async () => {
    const Table = {
      TableName: 'users',
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: true,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }
    fake = await startHttpDynamo(() => ({ json: { Table } }))
    await expect(new DynamoxClient({ endpoint: fake.endpoint }).deleteTable('users')).rejects.toMatchObject({
      code: 'blocked',
    })
    expect(fake.received.map(({ operation }) => operation)).toEqual(['DescribeTable'])
  })
})

describe('the default client', () => {
  afterEach(() => setDefaultClient(undefined))

  test('is the client that was set', () => {
    setDefaultClient(client)
    expect(getDefaultClient()).toBe(client)
  })

  test('is otherwise made once, from the environment', () => {
    const made = getDefaultClient()
    expect(made).toBeInstanceOf(DynamoxClient)
    expect(getDefaultClient()).toBe(made)
  })
})

test('local is a running engine, not a switch', () => {
  const make = () => Reflect.construct(DynamoxClient, [{ local: true }])
  expect(make).toThrow(expect.objectContaining({ code: 'usage', message: 'local takes a running local engine' }))
})
