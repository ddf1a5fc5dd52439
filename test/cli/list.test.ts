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
      stderr: '',
      lines: [
        'orders-2026  CREATING  pk S, at N  by-age',
        'users        ACTIVE    pk S        by-email, by-name (CREATING)',
        '',
      ],
    })
  })

  test('on a terminal with headings', async () => {
    const { stdout } = await runCli(['list', '--no-config'], { api: tinyApi({ tables }), tty: true })
    expect(stdout.split('\n')[0]).toBe('NAME         STATUS    KEYS        INDEXES')
  })

  test('nothing there', async () => {
    expect(await runCli(['list', '--no-config'], { api: tinyApi() })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no tables in eu-west-1\n',
    })
  })

  test('as JSON', async () => {
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

  test('a refusal', async () => {
    const failing = {
      users: new DynamoxError('access-denied', 'access denied: dynamodb:DescribeTable', { table: 'users' }),
    }
    expect(await runCli(['list', '--no-config'], { api: tinyApi({ tables, failing }) })).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'error: access denied: dynamodb:DescribeTable\n',
    })
  })
})
