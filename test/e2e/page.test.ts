// All that the "Table operations" page which dynamox answers lists, on every engine, through the built CLI and the built
// library; and a counterpart for each of that library's own table tests.
import { DescribeTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { accountEnv } from './support/account-env.ts'
import { dynamox, project, unique } from './support/cli.ts'
import { library } from './support/library.ts'

const { defineModel, DynamoxClient, number, setDefaultClient, string } = library

describeEngines('the page, by the library', engine => {
  const client = new DynamoxClient({
    endpoint: engine.endpoint,
    region: engine.region,
    credentials: engine.credentials,
  })
  const sdk = new DynamoDBClient({ endpoint: engine.endpoint, region: engine.region, credentials: engine.credentials })
  const describeTable = async (name: string) => (await sdk.send(new DescribeTableCommand({ TableName: name }))).Table

  test('hash-only table, and wait', async () => {
    const name = unique('hash-only')
    await client.createTable(name, { partitionKey: 'pk:S', wait: true })
    expect(await describeTable(name)).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    })
  })

  test('hash and range table', async () => {
    const name = unique('hash-range')
    await client.createTable(name, { partitionKey: 'pk:S', sortKey: 'sk:S', wait: true })
    expect((await describeTable(name))?.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ])
  })

  test.each(['S', 'N', 'B'] as const)('a key of type %s', async type => {
    const name = unique(`type-${type}`)
    await client.createTable(name, { partitionKey: `pk:${type}`, sortKey: `sk:${type}`, wait: true })
    expect(new Set((await describeTable(name))?.AttributeDefinitions)).toEqual(
      new Set([
        { AttributeName: 'pk', AttributeType: type },
        { AttributeName: 'sk', AttributeType: type },
      ]),
    )
  })

  test('on-demand is the default', async () => {
    const name = unique('on-demand')
    await client.createTable(name, { partitionKey: 'pk:S', wait: true })
    expect((await describeTable(name))?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
  })

  test('provisioned capacity, given and 5/5 by default', async () => {
    const [given, assumed] = [unique('provisioned'), unique('provisioned-default')]
    await client.createTable(given, {
      partitionKey: 'pk:S',
      billingMode: 'PROVISIONED',
      readCapacity: 10,
      writeCapacity: 7,
      wait: true,
    })
    await client.createTable(assumed, { partitionKey: 'pk:S', billingMode: 'PROVISIONED', wait: true })
    expect((await describeTable(given))?.ProvisionedThroughput).toMatchObject({
      ReadCapacityUnits: 10,
      WriteCapacityUnits: 7,
    })
    expect((await describeTable(assumed))?.ProvisionedThroughput).toMatchObject({
      ReadCapacityUnits: 5,
      WriteCapacityUnits: 5,
    })
  })

  test('provisioned with global indexes: each has throughput', async () => {
    const name = unique('provisioned-gsi')
    await client.createTable(name, {
      partitionKey: 'pk:S',
      billingMode: 'PROVISIONED',
      readCapacity: 3,
      writeCapacity: 2,
      globalIndexes: {
        'by-a': { partitionKey: 'a:S', readCapacity: 4, writeCapacity: 6 },
        'by-b': { partitionKey: 'b:N' },
      },
      wait: true,
    })
    const indexes = Object.fromEntries(
      ((await describeTable(name))?.GlobalSecondaryIndexes ?? []).map(index => [index.IndexName, index]),
    )
    expect(indexes['by-a']?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 4, WriteCapacityUnits: 6 })
    expect(indexes['by-b']?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 5, WriteCapacityUnits: 5 })
  })

  test('table class and encryption options are accepted', async () => {
    const name = unique('options')
    await client.createTable(name, {
      partitionKey: 'pk:S',
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      encryption: 'AWS_OWNED',
      wait: true,
    })
    expect((await describeTable(name))?.SSEDescription).toBeUndefined()
    const managed = unique('options')
    await client.createTable(managed, { partitionKey: 'pk:S', encryption: 'AWS_MANAGED', wait: true })
    const own = unique('options')
    const kmsKeyId = 'arn:aws:kms:us-east-1:111111111111:key/0b0f7e0c-6a8e-4bfb-9d2b-000000000000'
    await client.createTable(own, { partitionKey: 'pk:S', encryption: 'CUSTOMER_MANAGED', kmsKeyId, wait: true })
    expect(await client.tableExists(managed)).toBe(true)
    expect(await client.tableExists(own)).toBe(true)
  })

  test('a customer managed key needs its id', async () => {
    await expect(
      client.createTable(unique('kms'), { partitionKey: 'pk:S', encryption: 'CUSTOMER_MANAGED' }),
    ).rejects.toMatchObject({
      code: 'definition',
      problems: [{ path: expect.stringContaining('kmsKeyId') }],
    })
  })

  test('exists: false, then true; delete; then false', async () => {
    const name = unique('exists')
    expect(await client.tableExists(name)).toBe(false)
    await client.createTable(name, { partitionKey: 'pk:S', wait: true })
    expect(await client.tableExists(name)).toBe(true)
    await client.deleteTable(name, { wait: true })
    expect(await client.tableExists(name)).toBe(false)
  })

  test('deleting a missing table throws not-found', async () => {
    await expect(client.deleteTable(unique('missing'))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('creating a table twice throws exists', async () => {
    const name = unique('twice')
    await client.createTable(name, { partitionKey: 'pk:S', wait: true })
    await expect(client.createTable(name, { partitionKey: 'pk:S' })).rejects.toMatchObject({
      code: 'exists',
      table: name,
    })
  })

  test('bad key type and bad billing mode never leave the process', async () => {
    const wrong = <T>(value: string) => value as T
    await expect(client.createTable(unique('bad'), { partitionKey: 'pk:X' })).rejects.toMatchObject({
      code: 'definition',
    })
    await expect(
      client.createTable(unique('bad'), { partitionKey: 'pk:S', billingMode: wrong('FREE') }),
    ).rejects.toMatchObject({ code: 'definition' })
  })

  test('wait separately, with a timeout', async () => {
    const name = unique('wait')
    await client.createTable(name, { partitionKey: 'pk:S' })
    await client.waitForTableActive(name, { timeoutSeconds: 30 })
    expect((await describeTable(name))?.TableStatus).toBe('ACTIVE')
  })

  test('waiting for a table that is never created ends at the timeout', async () => {
    await expect(client.waitForTableActive(unique('never'), { timeoutSeconds: 0.3 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test.each([
    ['hash only, all attributes', { partitionKey: 'email' }, 'ALL', undefined, ['HASH']],
    ['hash and range', { partitionKey: 'status', sortKey: 'age' }, 'ALL', undefined, ['HASH', 'RANGE']],
    ['keys only', { partitionKey: 'email', projection: 'KEYS_ONLY' }, 'KEYS_ONLY', undefined, ['HASH']],
    ['include', { partitionKey: 'email', projection: ['status', 'age'] }, 'INCLUDE', ['age', 'status'], ['HASH']],
  ] as const)('model with a global index: %s', async (_, index, type, include, keyTypes) => {
    const User = defineModel({
      table: unique('gsi'),
      partitionKey: 'pk',
      sortKey: 'sk',
      attributes: { pk: string(), sk: string(), email: string(), status: string(), age: number() },
      globalIndexes: { 'the-index': index },
    })
    setDefaultClient(client)
    await User.createTable({ wait: true })
    const live = (await describeTable(User.table))?.GlobalSecondaryIndexes?.[0]
    expect(live?.Projection?.ProjectionType).toBe(type)
    expect(live?.Projection?.NonKeyAttributes?.toSorted()).toEqual(include)
    expect(live?.KeySchema?.map(key => key.KeyType)).toEqual(keyTypes)
  })

  test.each([
    ['all attributes', { sortKey: 'age' }, 'ALL'],
    ['keys only', { sortKey: 'age', projection: 'KEYS_ONLY' }, 'KEYS_ONLY'],
    ['include', { sortKey: 'age', projection: ['email'] }, 'INCLUDE'],
  ] as const)('model with a local index: %s', async (_, index, type) => {
    const User = defineModel({
      table: unique('lsi'),
      partitionKey: 'pk',
      sortKey: 'sk',
      attributes: { pk: string(), sk: string(), email: string(), age: number() },
      localIndexes: { 'by-age': index },
    })
    setDefaultClient(client)
    await User.createTable({ wait: true })
    const live = (await describeTable(User.table))?.LocalSecondaryIndexes?.[0]
    expect(live).toMatchObject({ IndexName: 'by-age', Projection: { ProjectionType: type } })
  })

  test('a model: exists, create idempotently, save, query by its index, delete', async () => {
    const User = defineModel({
      table: unique('model'),
      partitionKey: 'pk',
      sortKey: 'sk',
      attributes: { pk: string(), sk: string(), email: string() },
      globalIndexes: { 'email-index': { partitionKey: 'email' } },
    })
    setDefaultClient(client)
    if (!(await User.tableExists())) await User.createTable({ wait: true })
    if (!(await User.tableExists())) throw new Error('created a moment ago')
    await sdk.send(
      new PutItemCommand({
        TableName: User.table,
        Item: { pk: { S: 'USER#1' }, sk: { S: 'PROFILE' }, email: { S: 'a@example.com' } },
      }),
    )
    const query = new QueryCommand({
      TableName: User.table,
      IndexName: 'email-index',
      KeyConditionExpression: 'email = :e',
      ExpressionAttributeValues: { ':e': { S: 'a@example.com' } },
    })
    // Global indexes are eventually consistent, on ExtendDB as on AWS.
    await expect.poll(async () => (await sdk.send(query)).Items?.length, { timeout: 10_000 }).toBe(1)
    await User.waitForTableActive()
    await User.deleteTable({ wait: true })
    expect(await User.tableExists()).toBe(false)
  })

  test('model options: billing mode and capacities at the call', async () => {
    const User = defineModel({ table: unique('model-options'), partitionKey: 'id', attributes: { id: number() } })
    setDefaultClient(client)
    await User.createTable({ billingMode: 'PROVISIONED', readCapacity: 10, writeCapacity: 5, wait: true })
    expect((await describeTable(User.table))?.ProvisionedThroughput).toMatchObject({
      ReadCapacityUnits: 10,
      WriteCapacityUnits: 5,
    })
  })

  test('the blocking twins, on client and model', () => {
    const name = unique('sync')
    expect(client.tableExistsSync(name)).toBe(false)
    client.createTableSync(name, { partitionKey: 'pk:S', wait: true })
    client.waitForTableActiveSync(name, { timeoutSeconds: 30 })
    expect(client.tableExistsSync(name)).toBe(true)
    expect(() => client.createTableSync(name, { partitionKey: 'pk:S' })).toThrow(
      expect.objectContaining({ code: 'exists' }),
    )
    client.deleteTableSync(name, { wait: true })
    expect(client.tableExistsSync(name)).toBe(false)

    const User = defineModel({ table: unique('sync-model'), partitionKey: 'pk', attributes: { pk: string() } })
    setDefaultClient(client)
    User.createTableSync({ wait: true })
    User.waitForTableActiveSync()
    expect(User.tableExistsSync()).toBe(true)
    User.deleteTableSync({ wait: true })
    expect(User.tableExistsSync()).toBe(false)
  })
})

describeEngines('the page, by the command line', engine => {
  const at = ['--endpoint', engine.endpoint]
  const env = accountEnv(engine)

  test('create, exists, wait and delete, from flags', async () => {
    const name = unique('flags')
    const missing = await dynamox(['exists', name, ...at, '--json'], { env })
    expect(missing).toMatchObject({ code: 1, json: { ok: false, tables: [{ name, action: 'missing' }] } })

    const created = await dynamox(['create', name, '--partition-key', 'pk', '--sort-key', 'at:N', ...at, '--json'], {
      env,
    })
    expect(created).toMatchObject({
      code: 0,
      json: { version: 1, command: 'create', ok: true, tables: [{ name, action: 'created', status: 'ACTIVE' }] },
    })
    expect(created.json.target).toMatchObject({ kind: 'endpoint', endpoint: engine.endpoint })

    expect(await dynamox(['exists', name, ...at, '--json'], { env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'exists', status: 'ACTIVE' }] },
    })
    expect(await dynamox(['wait', name, ...at, '--json'], { env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'ready' }] },
    })
    expect(await dynamox(['delete', name, '--yes', ...at, '--json'], { env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'deleted' }] },
    })
    expect(await dynamox(['delete', name, '--yes', ...at, '--json'], { env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'absent' }] },
    })
    expect(await dynamox(['wait', name, '--for', 'gone', ...at, '--json'], { env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'gone' }] },
    })
  })

  test('create twice: unchanged, exit 0; a changed definition: different, exit 1, with what differs', async () => {
    const name = unique('twice')
    const model = (sortKey: string, projection: string) => `tables:
  - table: ${name}
    partitionKey: pk:S
    sortKey: ${sortKey}
    globalIndexes: { by-email: { partitionKey: email, projection: ${projection} } }
`
    const cwd = await project({ '.dynamoxrc': model('sk:S', 'KEYS_ONLY'), 'changed.yaml': model('sk:S', '[status]') })
    expect(await dynamox(['create', ...at, '--json'], { cwd, env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'created' }] },
    })
    expect(await dynamox(['create', ...at, '--json'], { cwd, env })).toMatchObject({
      code: 0,
      json: { tables: [{ name, action: 'unchanged' }] },
    })
    const changed = await dynamox(['create', '--config', 'changed.yaml', ...at], { cwd, env })
    expect(changed.code).toBe(1)
    expect(changed.stdout).toContain('by-email')
    expect(changed.stdout + changed.stderr).toContain('dynamox update')
    expect(await dynamox(['create', '--strict', ...at, '--json'], { cwd, env })).toMatchObject({ code: 1 })
  })

  test('capacity that the user did not write is never a difference', async () => {
    const name = unique('capacity')
    await dynamox(
      [
        'create',
        name,
        '--partition-key',
        'pk',
        '--billing-mode',
        'PROVISIONED',
        '--read-capacity',
        '100',
        '--write-capacity',
        '100',
        ...at,
      ],
      { env },
    )
    const again = await dynamox(['create', name, '--partition-key', 'pk', ...at, '--json'], { env })
    expect(again).toMatchObject({ code: 0, json: { tables: [{ name, action: 'unchanged' }] } })
    const provisioned = await dynamox(
      ['create', name, '--partition-key', 'pk', '--billing-mode', 'PROVISIONED', ...at, '--json'],
      { env },
    )
    expect(provisioned).toMatchObject({ code: 0, json: { tables: [{ name, action: 'unchanged' }] } })
  })

  test('two simultaneous creates of one table with TTL both succeed', async () => {
    const name = unique('race')
    const args = ['create', name, '--partition-key', 'pk', '--ttl', 'expiresAt', ...at, '--json']
    const both = await Promise.all([dynamox(args, { env }), dynamox(args, { env })])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.flatMap(({ json }) => json.tables.map(({ action }) => action)).toSorted()[0]).toBe('created')
  })

  test('50 tables at once', async () => {
    const prefix = unique('many')
    const tables = Array.from({ length: 50 }, (_, n) => ({ table: `t${n}`, partitionKey: 'pk' }))
    const cwd = await project({ '.dynamoxrc.json': JSON.stringify({ prefix: `${prefix}-`, tables }) })
    const created = await dynamox(['create', ...at], { cwd, env })
    expect(created.code).toBe(0)
    expect(created.stdout.match(/created/g)?.length).toBeGreaterThanOrEqual(50)
    const gone = await dynamox(['delete', '--all', '--yes', ...at, '--json'], { cwd, env })
    expect(gone.code).toBe(0)
    expect(new Set(gone.json.tables.map(({ action }) => action))).toEqual(new Set(['deleted']))
  })

  test('one bad table does not stop the others, and the worst code wins', async () => {
    const [good, bad] = [unique('good'), unique('bad')]
    await dynamox(['create', bad, '--partition-key', 'other', ...at], { env })
    const cwd = await project({
      '.dynamoxrc': `tables: [{ table: ${bad}, partitionKey: pk }, { table: ${good}, partitionKey: pk }]\n`,
    })
    const ran = await dynamox(['create', ...at, '--json'], { cwd, env })
    expect(ran.code).toBe(1)
    expect(Object.fromEntries(ran.json.tables.map(({ name, action }) => [name, action]))).toEqual({
      [bad]: 'different',
      [good]: 'created',
    })
  })

  test('--no-wait returns at once, and --dry-run sends nothing', async () => {
    const name = unique('dry')
    const dry = await dynamox(['create', name, '--partition-key', 'pk', '--dry-run', ...at, '--json'], { env })
    expect(dry).toMatchObject({
      code: 0,
      json: {
        tables: [{ name, action: 'planned', steps: [{ request: { api: 'CreateTable', input: { TableName: name } } }] }],
      },
    })
    expect((await dynamox(['exists', name, ...at], { env })).code).toBe(1)
    const requested = await dynamox(['create', name, '--partition-key', 'pk', '--no-wait', ...at, '--json'], { env })
    expect(requested).toMatchObject({ code: 0, json: { tables: [{ name, action: 'requested' }] } })
    expect((await dynamox(['wait', name, ...at], { env })).code).toBe(0)
  })

  test('list shows status, keys and indexes', async () => {
    const name = unique('list')
    await dynamox(['create', name, '--partition-key', 'pk', '--gsi', 'name=by-email,partitionKey=email:S', ...at], {
      env,
    })
    const listed = await dynamox(['list', ...at, '--json'], { env })
    expect(listed.code).toBe(0)
    expect(listed.json.tables.find(table => table.name === name)).toMatchObject({ status: 'ACTIVE' })
    expect((await dynamox(['list', ...at], { env })).stdout).toMatch(new RegExp(`${name}.*ACTIVE`))
  })
})
