import { describe, expect, test } from 'vitest'
import type { LiveTable } from '../../src/table/live.ts'
import { project, runCli } from './support/run-cli.ts'
import { liveTable, type TinyTable, tinyApi } from './support/tiny-api.ts'

const day = 24 * 3_600_000
const aged = (table: TinyTable, days?: number): LiveTable => ({
  ...liveTable({ id: table.name, ...table }),
  ...(days === undefined ? {} : { createdAt: new Date(Date.now() - days * day - 1_000) }),
  ...(table.tags === undefined ? {} : { read: ['tags'] }),
})

const tables = [
  aged({ name: 'pr-1-users', tags: { branch: 'a' } }, 10),
  aged({ name: 'pr-2-users', tags: { branch: 'b' } }, 3),
  aged({ name: 'pr-3-users' }),
  aged({ name: 'pr-4-users', status: 'DELETING', tags: { branch: 'a' } }, 10),
  aged({ name: 'PR-5-users', tags: { branch: 'a' } }, 10),
  aged({ name: 'prod-users', tags: { branch: 'a' } }, 400),
  aged({ name: 'xpr-6-users', tags: { branch: 'a' } }, 10),
  aged({ name: 'pr.users', tags: { branch: 'A' } }, 10),
]

const deleted = (api: ReturnType<typeof tinyApi>) =>
  api.sent.map(({ api: operation, input }) => `${operation} ${'TableName' in input ? input.TableName : ''}`)

describe('delete --match', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a prefix', ['pr-*'], ['pr-1-users', 'pr-2-users', 'pr-3-users']],
    ['one character', ['pr-?-users'], ['pr-1-users', 'pr-2-users', 'pr-3-users']],
    ['a dot is a dot', ['pr.*'], ['pr.users']],
    ['a whole name', ['pr-2-users'], ['pr-2-users']],
    ['part of a name is not enough', ['pr-1'], []],
    ['an age', ['pr-*', '--older-than', '7d'], ['pr-1-users']],
    ['an age in weeks', ['pr-*', '--older-than', '2w'], []],
    ['a tag', ['pr*', '--tag', 'branch=a'], ['pr-1-users', 'prod-users']],
    ['a tag and an age', ['pr*', '--tag', 'branch=a', '--older-than', '300d'], ['prod-users']],
    ['two tags', ['pr*', '--tag', 'branch=a', '--tag', 'x=y'], []],
  ])('%s', async (_, argv, expected) => {
    const api = tinyApi({ tables })
    const { code, stdout } = await runCli(['delete', '--no-config', '--yes', '--match', ...argv], { api })
    expect({ code, deleted: deleted(api).sort() }).toEqual({
      code: 0,
      deleted: expected.map(name => `DeleteTable ${name}`),
    })
    expect(stdout.trim().split('\n').filter(Boolean)).toHaveLength(expected.length)
  })

  test('lists each table with its age, and names the target', async () => {
    const { stderr } = await runCli(['delete', '--no-config', '--dry-run', '--match', 'pr-*'], {
      api: tinyApi({ tables }),
    })
    expect(stderr.split('\n').slice(0, 5)).toEqual([
      'Looking for pr-* in eu-west-1',
      'Planning to delete pr-1-users, pr-2-users, pr-3-users in eu-west-1',
      '  pr-1-users  created 10 days ago  no items at the last count',
      '  pr-2-users  created 3 days ago   no items at the last count',
      '  pr-3-users                       no items at the last count',
    ])
  })

  test.each([
    ['3\r', 3],
    ['yes\r', 0],
    ['2\r', 0],
  ])('asks for the number of tables: %j', async (input, count) => {
    const api = tinyApi({ tables })
    await runCli(['delete', '--no-config', '--match', 'pr-*'], { api, tty: true, input })
    expect(api.sent).toHaveLength(count)
  })

  test.each<[string, readonly string[], string]>([
    ['everything', ['--match', '*'], '--match "*" would match tables of any name'],
    ['everything, in other words', ['--match', '*-?_*'], '--match "*-?_*" would match tables of any name'],
    ['an empty variable', ['--match', ''], '--match is empty'],
    ['a list', ['--match', '{a,b}*'], '--match "{a,b}*" is not a valid pattern'],
    ['names', ['--match', 'pr-*', 'users'], '--match cannot be combined with table names'],
    ['--all', ['--match', 'pr-*', '--all'], '--match cannot be combined with --all'],
    ['a model', ['--match', 'pr-*', '-m', 'a.ts'], '--match cannot be combined with --model'],
    ['a suffix', ['--match', 'pr-*', '--suffix', '-x'], '--match cannot be combined with --suffix'],
    ['an age alone', ['--older-than', '7d'], '--older-than needs --match'],
    ['an age with names', ['users', '--older-than', '7d'], '--older-than needs --match'],
    ['a tag alone', ['users', '--tag', 'a=b'], '--tag needs --match'],
    ['an age without a unit', ['--match', 'pr-*', '--older-than', '7'], '--older-than "7" is not a valid age'],
    ['an age of nothing', ['--match', 'pr-*', '--older-than', '0d'], '--older-than "0d" is not a valid age'],
    ['a tag without a value', ['--match', 'pr-*', '--tag', 'branch'], '--tag'],
  ])('is refused: %s', async (_, argv, message) => {
    const api = tinyApi({ tables })
    const { code, stderr } = await runCli(['delete', '--no-config', '--yes', ...argv], { api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain(`error: ${message}`)
  })

  test('names beside a pattern: the hint says which to give', async () => {
    const { stderr } = await runCli(['delete', '--no-config', '--match', 'pr-*', 'users'], { api: tinyApi({ tables }) })
    expect(stderr).toContain('give names, or a pattern with --match\n')
  })

  test('without a terminal it needs --yes', async () => {
    const api = tinyApi({ tables })
    const { code } = await runCli(['delete', '--no-config', '--match', 'pr-*'], { api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
  })

  test('a table of a protected environment stops the run', async () => {
    const config = 'environments:\n  prod: { region: eu-west-1, prefix: prod-, protected: true }\nregion: eu-west-1\n'
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi({ tables })
    const { code, stderr } = await runCli(['delete', '--yes', '--match', 'pr*'], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain('prod-users is a table of the protected environment prod')
  })

  test('another account is refused', async () => {
    const cwd = await project({ '.dynamoxrc': 'allowedAccounts: ["111111111111"]\n' })
    const api = tinyApi({ tables, account: '222222222222' })
    const { code } = await runCli(['delete', '--yes', '--match', 'pr*'], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
  })

  test('a protected table is kept', async () => {
    const api = tinyApi({ tables: [aged({ name: 'pr-1', deletionProtection: true }, 9), aged({ name: 'pr-2' }, 9)] })
    const { code } = await runCli(['delete', '--no-config', '--yes', '--match', 'pr-*'], { api })
    expect({ code, deleted: deleted(api) }).toEqual({ code: 2, deleted: ['DeleteTable pr-2'] })
  })

  test('a table that was created again after the list is kept', async () => {
    const api = tinyApi({ tables: [aged({ name: 'pr-1', id: 'old' }, 9)] })
    let looks = 0
    const again: typeof api = {
      ...api,
      async describe(name) {
        looks += 1
        return looks === 1 ? api.describe(name) : aged({ name, id: 'new' }, 0)
      },
    }
    const { code, stdout, stderr } = await runCli(['delete', '--no-config', '--yes', '--match', 'pr-*'], { api: again })
    expect({ code, stdout, sent: api.sent }).toEqual({ code: 0, stdout: 'pr-1  skipped\n', sent: [] })
    expect(stderr).toContain('pr-1 was created again in the meantime, and is kept')
  })
})

describe('create for a branch', () => {
  const config = 'tables:\n  - { table: users, partitionKey: pk }\n  - { table: orders, partitionKey: pk }\n'

  test('--tag marks all tables, --slug makes the suffix valid', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi()
    const argv = ['create', '--suffix', '-feature/x', '--slug', '--tag', 'branch=feature/x']
    expect(await runCli(argv, { cwd, api })).toMatchObject({ code: 0 })
    const inputs = api.sent.map(({ input }) => input)
    expect(inputs).toMatchObject(
      ['users', 'orders'].map(name => ({
        TableName: `${name}-feature-x-217d2b`,
        Tags: [{ Key: 'branch', Value: 'feature/x' }],
      })),
    )
  })

  test.each([
    [['--suffix', '-feature/x'], 'the suffix "-feature/x" holds "/", which a table name cannot', '-feature-x-217d2b'],
    [
      ['--suffix', 'feature/x'],
      'the suffix "feature/x" holds',
      'use feature-x-217d2b instead (slug in code); a leading - separates it: -feature/x\n',
    ],
    [['--prefix', 'ünï-'], 'the prefix "ünï-" holds "ü", which a table name cannot', '--slug'],
  ])('%j is refused with a hint', async (flags, message, hint) => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi()
    const { code, stderr } = await runCli(['create', ...flags], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
  })
})
