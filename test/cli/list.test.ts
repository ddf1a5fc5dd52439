import { describe, expect, test } from 'vitest'
import { DynamoxError } from '../../src/errors.ts'
import { runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

const tables = [
  liveTable({
    name: 'users',
    globalIndexes: [globalIndex('by-email', 'email'), globalIndex('by-name', 'name')],
    indexStatus: { 'by-name': 'CREATING' },
  }),
  liveTable({
    name: 'orders-2026',
    status: 'CREATING',
    sortKey: [{ name: 'at', type: 'N' }],
    localIndexes: [{ ...globalIndex('by-age', 'pk'), sortKey: [{ name: 'age', type: 'N' }] }],
  }),
]

describe('list', () => {
  test('for people, in a pipe', async () => {
    const { code, stdout, stderr } = await runCli(['list', '--no-config'], { api: tinyApi({ tables }) })
    expect({ code, stderr, lines: stdout.split('\n') }).toEqual({
      code: 0,
      stderr: 'Listing tables in eu-west-1\n',
      lines: [
        'orders-2026  CREATING  pk S, at N  by-age',
        'users        ACTIVE    pk S        by-email, by-name (CREATING)',
        '',
      ],
    })
  })

  test('on a terminal, the list has headings', async () => {
    const { stdout } = await runCli(['list', '--no-config'], { api: tinyApi({ tables }), tty: true })
    expect(stdout.split('\n')[0]).toBe('NAME         STATUS    KEYS        INDEXES')
  })

  test('a note says that no tables exist', async () => {
    expect(await runCli(['list', '--no-config'], { api: tinyApi() })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Listing tables in eu-west-1\nno tables in eu-west-1\n',
    })
  })

  test('--json has status, keys and indexes', async () => {
    const { stdout } = await runCli(['list', '--no-config', '--json'], {
      api: tinyApi({ tables, account: '123456789012' }),
    })
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      command: 'list',
      ok: true,
      target: { kind: 'aws', region: 'eu-west-1', endpoint: null, account: '123456789012' },
      tables: [
        {
          name: 'orders-2026',
          status: 'CREATING',
          keys: { partitionKey: ['pk:S'], sortKey: ['at:N'] },
          indexes: [
            {
              name: 'by-age',
              kind: 'local',
              partitionKey: ['pk:S'],
              sortKey: ['age:N'],
              projection: 'ALL',
              status: 'CREATING',
            },
          ],
        },
        {
          name: 'users',
          status: 'ACTIVE',
          keys: { partitionKey: ['pk:S'], sortKey: [] },
          indexes: [
            {
              name: 'by-email',
              kind: 'global',
              partitionKey: ['email:S'],
              sortKey: [],
              projection: 'ALL',
              status: 'ACTIVE',
            },
            {
              name: 'by-name',
              kind: 'global',
              partitionKey: ['name:S'],
              sortKey: [],
              projection: 'ALL',
              status: 'CREATING',
            },
          ],
        },
      ],
    })
  })

  const failing = {
    users: new DynamoxError('access-denied', 'access denied: dynamodb:DescribeTable', { table: 'users' }),
  }

  test('a table that cannot be described for lack of permission is named, and the others are shown', async () => {
    expect(await runCli(['list', '--no-config'], { api: tinyApi({ tables, failing }) })).toMatchObject({
      code: 3,
      stdout: 'orders-2026  CREATING  pk S, at N  by-age\nusers        unknown\n',
      stderr: [
        'Listing tables in eu-west-1',
        'warning: users could not be described: access denied: dynamodb:DescribeTable',
        'error: access denied: dynamodb:DescribeTable',
        '',
      ].join('\n'),
    })
    const { stdout } = await runCli(['list', '--no-config', '--json'], { api: tinyApi({ tables, failing }) })
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      tables: [
        { name: 'orders-2026', status: 'CREATING' },
        { name: 'users', action: 'failed', error: { code: 'access-denied' } },
      ],
      error: { code: 'access-denied' },
    })
  })

  test.each(['list', 'describe'] as const)('a call of %s without an answer ends at the deadline', async hangs => {
    const api = { ...tinyApi({ tables }), [hangs]: () => new Promise<never>(() => {}) }
    expect(await runCli(['list', '--no-config', '--timeout', '50ms'], { api })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('error: list timed out after 0.1 s\n'),
    })
  })
})
