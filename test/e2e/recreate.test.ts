// --recreate on create and update: the items that still fit stay.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Reply, startHttpDynamo } from '../support/http-dynamo.ts'
import { dynamox, project } from './support/cli.ts'

const config = (table: string) => `local: true\ntables:\n  - { table: users, ${table} }\nseed: { users: users.json }\n`
const items = JSON.stringify([{ pk: 'ann', by: 'x' }, { pk: 'bob', by: 'y' }, { pk: 'cid' }])

test('create and update name --recreate, and with it keep the items that still fit', { timeout: 90_000 }, async () => {
  const cwd = await project({ '.dynamoxrc': config('partitionKey: pk'), 'users.json': items })
  const define = (table: string) => writeFileSync(join(cwd, '.dynamoxrc'), config(table))
  // Seeds the table.
  expect((await dynamox(['local', '--', 'node', '-e', '0'], { cwd })).code).toBe(0)

  define('partitionKey: pk, sortKey: by')
  const create = await dynamox(['create'], { cwd })
  expect(create.code).toBe(1)
  expect(create.stderr).toContain('; --recreate recreates such tables and keeps the items that still fit')
  const update = await dynamox(['update'], { cwd })
  expect(update.code).toBe(2)
  expect(update.stderr).toContain('--recreate recreates such tables and keeps the items that still fit')

  for (const command of ['create', 'update']) {
    const { code, stdout, stderr } = await dynamox([command, '--recreate', '--dry-run'], { cwd })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'users  planned    2 steps\n  - delete table users\n  + create table users (pk S, by S)\n',
    })
    expect(stderr).toContain('1 of 3 items no longer fit: has no by')
  }

  const refused = await dynamox(['create', '--recreate'], { cwd })
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('error: create asks for confirmation, which is not possible without a terminal')

  const created = await dynamox(['create', '--recreate', '--yes'], { cwd })
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^users {2}updated/) })
  expect(created.stderr).toContain('1 of 3 items no longer fit and were removed: has no by, a key of users (by:S)')

  define('partitionKey: pk, sortKey: by, globalIndexes: { by-by: { partitionKey: by } }')
  expect((await dynamox(['update'], { cwd })).code).toBe(0)
  define('partitionKey: pk')
  expect((await dynamox(['create'], { cwd })).stderr).toContain('left alone: 1 index')
  for (const more of ['--dry-run', '--yes']) {
    const { code, stderr } = await dynamox(['create', '--recreate', more], { cwd })
    expect(code).toBe(0)
    // The recreation drops it.
    expect(stderr).not.toContain('left alone')
  }

  define('partitionKey: by')
  const { code, json } = await dynamox(['update', '--recreate', '--json'], { cwd })
  expect({ code, action: json.tables[0]?.action, warnings: json.tables[0]?.warnings }).toEqual({
    code: 0,
    action: 'updated',
  })
  expect((await dynamox(['create'], { cwd })).stdout).toBe('users  unchanged\n')

  const lost = await dynamox(['create', '--recreate'], {
    cwd: await project({ '.dynamoxrc': config('partitionKey: pk') }),
  })
  expect(lost).toMatchObject({ code: 0, stdout: expect.stringContaining('created') })
})

test('a table that could not be compared at first is not recreated when that would lose items', async () => {
  const live = {
    TableName: 'users',
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  }
  const answers: Record<string, Reply> = {
    CreateTable: { error: ['ResourceInUseException'] },
    DescribeTable: { json: { Table: live } },
    Scan: { json: { Items: [{ pk: { S: 'ann' } }] } },
  }
  let looks = 0
  const engine = await startHttpDynamo(({ operation }) => {
    if (operation === 'DescribeTable' && looks++ === 0) return { error: ['AccessDeniedException', 'not yet'] }
    return answers[operation] ?? { error: ['UnknownOperationException'] }
  })
  onTestFinished(() => engine.close())
  const args = ['create', 'users', '--partition-key', 'id', '--no-config', '--endpoint', engine.endpoint, '--recreate']
  const { code, stdout, stderr } = await dynamox(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: 'users  blocked\n' })
  expect(stderr).toContain(
    'error: users was not recreated: 1 of 1 items no longer fit: has no id, a key of users (id:S)\n' +
      '  start the command again: --recreate asks at the start, and --yes agrees to the loss in advance\n',
  )
  expect(engine.received.map(({ operation }) => operation)).not.toContain('DeleteTable')
})

test('items that an interrupted run left aside are put back', async () => {
  const cwd = await project({
    '.dynamoxrc': config('partitionKey: pk'),
    'users.json': '[]',
    '.dynamox/local/aside/users.jsonl': '{"pk":{"S":"ann"}}\n',
  })
  expect((await dynamox(['create', '--recreate'], { cwd })).stderr).toContain(
    'users: 1 item of an interrupted --recreate put back\n',
  )
})

test('--recreate is refused on AWS, before anything is sent', async () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
  const args = ['create', 'users', '--partition-key', 'pk', '--no-config', '--recreate']
  const { code, stderr } = await dynamox(args, { env })
  expect(code).toBe(2)
  expect(stderr).toContain('error: --recreate works on local engines only\n')
})
