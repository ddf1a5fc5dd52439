import { expect, test } from 'vitest'
import { DynamoxError } from '../../src/errors.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

const users = {
  ...liveTable({
    name: 'users',
    globalIndexes: [{ ...globalIndex('by-email', 'email'), maxReadUnits: false }],
    indexStatus: { 'by-email': 'CREATING' },
    ttl: 'expires',
    stream: false,
    tags: { team: 'a' },
    itemCount: 1204,
    sizeBytes: 3400,
    id: 'id-1',
  }),
  createdAt: new Date('2026-01-02T03:04:05Z'),
  arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/users',
}
const api = tinyApi({ tables: [users] })

test('text shows every setting of the live table', async () => {
  const { code, stdout, stderr } = await runCli(['describe', 'users', '--no-config'], { api })
  expect({ code, stderr, lines: stdout.split('\n') }).toEqual({
    code: 0,
    stderr: 'Describing users in eu-west-1\n',
    lines: [
      'users',
      '  status         ACTIVE',
      '  partition key  pk S',
      '  billing mode   PAY_PER_REQUEST',
      '  stream         off',
      '  TTL attribute  expires',
      '  tags           team=a',
      '  items          about 1,204, 3.4 kB',
      '  created        2026-01-02T03:04:05.000Z',
      '  ARN            arn:aws:dynamodb:eu-west-1:123456789012:table/users',
      '  id             id-1',
      '  global indexes',
      '    NAME      STATUS    PARTITION KEY  SORT KEY  PROJECTION',
      '    by-email  CREATING  email S        -         ALL',
      '',
    ],
  })
})

test('--json has the definition, statuses, ARN and size', async () => {
  const { stdout } = await runCli(['describe', 'users', '--no-config', '--json'], { api })
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    tables: [
      {
        name: 'users',
        action: 'exists',
        status: 'ACTIVE',
        definition: { partitionKey: [{ name: 'pk', type: 'S' }], ttl: 'expires' },
        indexes: { 'by-email': { status: 'CREATING' } },
        createdAt: '2026-01-02T03:04:05.000Z',
        itemCount: 1204,
      },
    ],
  })
})

test('a name before prefix and suffix', async () => {
  const cwd = await project({ '.dynamoxrc': 'prefix: dev-\ntables: [{ table: users, partitionKey: pk }]\n' })
  const live = { ...users, definition: { ...users.definition, name: 'dev-users' } }
  const { code, stdout } = await runCli(['describe', 'users'], { cwd, api: tinyApi({ tables: [live] }) })
  expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 0, first: 'dev-users' })
})

test.each<[string, readonly string[], number, string]>([
  ['a table that does not exist', ['orders', '--no-config'], 1, 'table orders does not exist in eu-west-1\n'],
  [
    'no name',
    ['--no-config'],
    2,
    'error: describe takes one table name, but got none\n  for example dynamox describe --no-config users\n',
  ],
  ['two names', ['aaa', 'bbb'], 2, 'error: describe takes one table name, but got 2\n'],
  ['a name that is not valid', ['a/b', '--no-config'], 2, 'error: "a/b" is not a valid table name\n'],
  ['a refusal', ['secret', '--no-config'], 3, 'error: access denied\n'],
])('%s', async (_, argv, code, message) => {
  const failing = { secret: new DynamoxError('access-denied', 'access denied') }
  const run = await runCli(['describe', ...argv], { api: tinyApi({ failing }) })
  expect(run.code).toBe(code)
  expect(run.stderr).toContain(message)
})
