import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  clearTables,
  dynamoxSetup,
  dynamoxTeardown,
  isolateWorker,
  startLocal as startLocalInRunner,
} from '../../src/testing/jest.ts'
import { startLocal } from '../../src/testing/open-local.ts'
import { call, item } from '../local/support/call.ts'

function folder(): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-testing-')))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  writeFileSync(join(made, 'package.json'), '{}')
  writeFileSync(join(made, '.dynamoxrc'), 'tables: [{ table: users, partitionKey: pk:S }]\nseed: users.json\n')
  writeFileSync(join(made, 'users.json'), '[{ "pk": "ann" }]')
  return made
}
const endpoint = () => process.env.AWS_ENDPOINT_URL_DYNAMODB ?? ''
const count = async (at: string, table = 'users') => (await call(at, 'Scan', { TableName: table })).Count

test('startLocal: tables, seed, clear, more seed, gone', async () => {
  const cwd = folder()
  const local = await startLocal({ cwd, prefix: 'test-' })
  onTestFinished(() => local.close())
  expect(local.tables).toEqual(['test-users'])
  expect(local.env.AWS_ENDPOINT_URL_DYNAMODB).toBe(local.endpoint)
  expect(await count(local.endpoint, 'test-users')).toBe(1)
  for (let pk = 0; pk < 60; pk++) await call(local.endpoint, 'PutItem', item('test-users', `p${pk}`))
  await local.clearTables()
  expect(await count(local.endpoint, 'test-users')).toBe(0)
  await local.seed('users.json')
  expect(await count(local.endpoint, 'test-users')).toBe(1)
  await expect(local.seed('nobody.json')).rejects.toMatchObject({ code: 'config' })
  await local.close()
  await expect(count(local.endpoint)).rejects.toThrow('fetch failed')
})

test('startLocal: errors by their code', async () => {
  const cwd = folder()
  await expect(startLocal({ cwd, models: 'none.ts' })).rejects.toMatchObject({ code: 'model' })
  await expect(startLocal({ cwd, seed: 'none.json' })).rejects.toMatchObject({ code: 'config' })
  await expect(startLocal({ cwd, engine: 'dynamodb-local', jar: 'none.jar' })).rejects.toMatchObject({ code: 'config' })
})

test('a run: shared tables, an engine of its own for a worker, and the environment restored', async () => {
  const before = process.env.AWS_ENDPOINT_URL_DYNAMODB
  await expect(isolateWorker()).rejects.toMatchObject({ code: 'usage' })
  const wrong = JSON.parse('{ "by": "process" }')
  await expect(isolateWorker(wrong)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('"process"'),
  })
  await dynamoxSetup()({ rootDir: folder() })
  const shared = endpoint()
  try {
    expect(await count(shared)).toBe(1)
    await clearTables()
    expect(await count(shared)).toBe(0)
    await call(shared, 'PutItem', item('users', 'shared'))

    await isolateWorker()
    expect(endpoint()).not.toBe(shared)
    await call(endpoint(), 'PutItem', item('users', 'own'))
    await clearTables()
    expect([await count(endpoint()), await count(shared)]).toEqual([0, 1])
    await call(endpoint(), 'PutItem', item('users', 'own'))
    // The next test file of the same worker starts with empty tables.
    const own = endpoint()
    await isolateWorker()
    expect([endpoint(), await count(own)]).toEqual([own, 0])
  } finally {
    await dynamoxTeardown()
  }
  await expect(count(shared)).rejects.toThrow('fetch failed')
  expect(process.env.DYNAMOX_TEST_BROKER).toBeUndefined()
  process.env.AWS_ENDPOINT_URL_DYNAMODB = before
  if (before === undefined) Reflect.deleteProperty(process.env, 'AWS_ENDPOINT_URL_DYNAMODB')
})

test('isolation by prefix: a worker has tables of its own beside the shared ones', async () => {
  await dynamoxSetup({ seed: false })({ rootDir: folder() })
  try {
    const shared = endpoint()
    await isolateWorker({ by: 'prefix' })
    expect(endpoint()).toBe(shared)
    const table = `${process.env.DYNAMOX_TABLE_PREFIX}users`
    await call(shared, 'PutItem', item(table, 'own'))
    await call(shared, 'PutItem', item('users', 'shared'))
    await clearTables()
    expect([await count(shared, table), await count(shared)]).toEqual([0, 1])
  } finally {
    await dynamoxTeardown()
    Reflect.deleteProperty(process.env, 'DYNAMOX_TABLE_PREFIX')
  }
})

test('without tables the run fails, with the reason and the hint in the message', async () => {
  const setUp = (files: Record<string, string>) => {
    const cwd = folder()
    for (const name of ['.dynamoxrc', 'dynamox.config.json']) rmSync(join(cwd, name), { force: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
    return dynamoxSetup()({ rootDir: cwd })
  }
  await expect(setUp({ 'package.json': '{}' })).rejects.toMatchObject({
    code: 'usage',
    message: `nothing to create for the tests: no model and no config with tables
  give models to dynamoxSetup({ models: 'src/models/*.ts' }) of dynamox/vitest or dynamox/jest, in a file of your own under globalSetup, or write a config with dynamox init`,
  })
  await expect(setUp({ '.dynamoxrc': 'prefix: a-' })).rejects.toMatchObject({
    message: `nothing to create for the tests: no model, and .dynamoxrc defines no tables
  give models to dynamoxSetup({ models: 'src/models/*.ts' }) of dynamox/vitest or dynamox/jest, in a file of your own under globalSetup, or put models or tables into .dynamoxrc`,
  })
})

// vitest and jest print the message of an error, and not its hint.
test('errors carry their problems and their hint in the message', async () => {
  await expect(isolateWorker()).rejects.toMatchObject({
    code: 'usage',
    message: `dynamox is not running for these tests
  add its global set-up to the runner's config: globalSetup: 'dynamox/vitest', or 'dynamox/jest/setup' and 'dynamox/jest/teardown'`,
  })
  const cwd = folder()
  writeFileSync(join(cwd, 'users.json'), '[{ "pk": 1 },\n{ "name": "ann" }]')
  const message = `the seed has 2 problems; nothing was written
  users.json:1:2: key pk must be a string (S), not a number
    1 | [{ "pk": 1 },
      |  ^
  users.json:2:1: has no pk, a key of users (pk:S)
    2 | { "name": "ann" }]
      | ^`
  for (const start of [startLocalInRunner, (options: { cwd: string }) => dynamoxSetup(options)({ rootDir: cwd })]) {
    await expect(start({ cwd })).rejects.toMatchObject({ code: 'config', message })
  }
  await expect(startLocalInRunner({ cwd, engine: 'dynamodb-local', jar: 'none.jar' })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/cannot be used here: .*\n {2}npm install --save-dev /),
  })
})

test('an error in the process of the run reaches the worker with code and hint', async () => {
  const cwd = folder()
  await dynamoxSetup({ seed: false })({ rootDir: cwd })
  try {
    writeFileSync(join(cwd, 'users.json'), '[{}]')
    await call(endpoint(), 'DeleteTable', { TableName: 'users' })
    await expect(clearTables()).rejects.toMatchObject({ code: 'not-found' })
  } finally {
    await dynamoxTeardown()
  }
})
