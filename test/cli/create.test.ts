import { describe, expect, test } from 'vitest'
import { DynamoxError } from '../../src/errors.ts'
import { project, runCli, startCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

const shop = `tables:
  - { table: users, partitionKey: 'pk:S' }
  - { table: orders, partitionKey: 'pk:S' }
`
const untimed = (text: string) => text.replace(/\d+\.\d s/g, '0.0 s')
const rows = (stdout: string) =>
  JSON.parse(stdout).tables.map(({ name, action }: { name: string; action: string }) => [name, action])

describe('create', () => {
  test('one table from flags', async () => {
    const api = tinyApi()
    const { code, stdout, stderr } = await runCli(['create', 'users', '--partition-key', 'pk:S', '--no-config'], {
      api,
    })
    expect({ code, stdout: untimed(stdout), stderr }).toEqual({
      code: 0,
      stdout: 'users  created    0.0 s\n',
      stderr: 'Creating users in eu-west-1\nusers: create table users (pk S)\n',
    })
    expect(api.sent.map(request => request.api)).toEqual(['CreateTable'])
  })

  test('a name on the command line takes no prefix; giving one is warned about', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--no-config', '--prefix', 'dev-']
    const { code, stdout, stderr } = await runCli(argv, { api: tinyApi() })
    expect([code, untimed(stdout)]).toEqual([0, 'users  created    0.0 s\n'])
    expect(stderr).toContain('warning: users: --prefix is not applied to a name given on the command line\n')
  })

  test('several tables from a config, with the target and a summary; --quiet prints only the results', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const account = '123456789012'
    const first = await runCli(['create'], { cwd, api: tinyApi({ account, tables: [liveTable({ name: 'users' })] }) })
    expect({ code: first.code, stdout: untimed(first.stdout), stderr: untimed(first.stderr) }).toEqual({
      code: 0,
      stdout: 'users   unchanged\norders  created    0.0 s\n',
      stderr: [
        'Creating users, orders in eu-west-1, account 123456789012, config .dynamoxrc',
        'orders: create table orders (pk S)',
        '2 tables: 1 unchanged, 1 created in 0.0 s',
        '',
      ].join('\n'),
    })
    const quiet = await runCli(['create', '-q'], { cwd, api: tinyApi() })
    expect(quiet).toMatchObject({ code: 0, stderr: '' })
    expect(quiet.stdout.split('\n')).toHaveLength(3)
  })

  test('a table that differs shows its differences and a hint, with exit 1', async () => {
    const tables = [liveTable({ name: 'users', partitionKey: [{ name: 'id', type: 'N' }] })]
    const cwd = await project({ '.dynamoxrc': shop })
    const text = await runCli(['create', 'users'], { cwd, api: tinyApi({ tables }) })
    expect(text).toMatchObject({ code: 1, stdout: 'users  different  1 difference\n  key: id N -> pk S\n' })
    expect(text.stderr).toContain(
      'tables that differ are left as they are; dynamox plan users shows how to bring it to the definition, and update does it\n',
    )
    const json = await runCli(['create', '--json'], { cwd, api: tinyApi({ tables }) })
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      tables: [
        { name: 'users', action: 'different', changes: [{ kind: 'modify-key' }] },
        { name: 'orders', action: 'created' },
      ],
    })
  })

  test('--strict: any existing table is exit 1', async () => {
    const api = tinyApi({ tables: [liveTable({ name: 'users' })] })
    const argv = ['create', 'users', '--partition-key', 'pk', '--strict', '--no-config']
    expect(await runCli(argv, { api })).toMatchObject({ code: 1, stdout: 'users  exists\n' })
  })

  test('--dry-run prints the plan and sends nothing', async () => {
    const api = tinyApi()
    const argv = ['create', 'users', '--partition-key', 'pk', '--ttl', 'at', '--dry-run', '--no-config']
    const { code, stdout } = await runCli(argv, { api })
    expect({ code, lines: stdout.split('\n').slice(0, 2), sent: api.sent }).toEqual({
      code: 0,
      lines: ['users  planned    2 steps', '  + create table users (pk S)  (2-6 s)'],
      sent: [],
    })
  })

  test('one failure does not stop the others, and the worst code wins; --fail-fast stops', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const failing = {
      users: new DynamoxError('access-denied', 'users: dynamodb:CreateTable is not allowed', { hint: 'ask' }),
    }
    const all = await runCli(['create'], { cwd, api: tinyApi({ failing }) })
    expect(all.code).toBe(3)
    expect(untimed(all.stdout)).toBe('users   failed\norders  created    0.0 s\n')
    expect(all.stderr).toContain('error: users: dynamodb:CreateTable is not allowed\n  ask\n')
    const fast = await runCli(['create', '--fail-fast', '--concurrency', '1', '--json'], {
      cwd,
      api: tinyApi({ failing }),
    })
    expect(fast.code).toBe(3)
    expect(rows(fast.stdout)).toEqual([
      ['users', 'failed'],
      ['orders', 'skipped'],
    ])
    expect(JSON.parse(fast.stdout).error).toEqual({
      code: 'access-denied',
      message: 'users: dynamodb:CreateTable is not allowed',
      hint: 'ask',
    })
  })

  test('time that runs out is exit 4', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--timeout', '1ms', '--no-config', '--json']
    const { code, stdout } = await runCli(argv, { api: tinyApi({ slow: true }) })
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      tables: [{ action: 'failed' }],
      error: { code: 'timeout' },
    })
  })

  test('--no-wait returns when it was accepted', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--no-wait', '--no-config']
    expect(await runCli(argv, { api: tinyApi({ slow: true }) })).toMatchObject({
      code: 0,
      stdout: 'users  requested  CREATING\n',
    })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s says what was sent and how the table was left, and a second one leaves at once',
    async (signal, exit) => {
      const argv = ['create', 'users', '--partition-key', 'pk', '--no-config', '--verbose']
      const run = startCli(argv, { api: tinyApi({ slow: true }) })
      await run.said('users: CREATING after')
      run.stop(signal)
      run.stop(signal)
      const { code, stdout, stderr, exits } = await run.ended
      expect({ code, stdout, exits }).toEqual({
        code: exit,
        stdout: 'users  interrupted  left CREATING\n',
        exits: [exit],
      })
      expect(stderr).toContain('stopping; press Ctrl-C again to exit immediately\n')
      expect(stderr).toContain('CreateTable was sent, last seen CREATING')
    },
  )

  test('an interrupt before any table was started is an error of its own, in JSON as well', async () => {
    const api = tinyApi()
    const argv = ['create', 'users', '--partition-key', 'pk', '--no-config', '--json']
    const run = startCli(argv, {
      api: {
        ...api,
        identify: async options => {
          run.stop('SIGINT')
          return api.identify(options)
        },
      },
    })
    const { code, stdout } = await run.ended
    expect({ code, sent: api.sent }).toEqual({ code: 130, sent: [] })
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      tables: [{ name: 'users', action: 'skipped' }],
      error: { code: 'interrupted', message: 'interrupted before 1 table was started' },
    })
  })

  test('another account than allowedAccounts: nothing is sent', async () => {
    const cwd = await project({ '.dynamoxrc': `allowedAccounts: ['111111111111']\n${shop}` })
    const api = tinyApi({ account: '222222222222' })
    const { code, stdout, stderr } = await runCli(['create'], { cwd, api })
    expect({ code, stdout, sent: api.sent }).toEqual({ code: 2, stdout: '', sent: [] })
    expect(stderr).toContain('222222222222')
  })

  test.each([
    [['create', '--no-config'], 'nothing to create: no model and no config with tables'],
    [['create', 'users', '--no-config'], 'dynamox create --no-config users --partition-key pk:S'],
    [['create', 'users;x', '--no-config'], '"users;x" is not a valid table name'],
    [['create', 'usrs'], 'table "usrs" is not defined; did you mean "users"?'],
    [['create', '--ttl', 'at'], 'definition flags apply to exactly one table, but 2 are selected'],
    [['create', '--local', '--endpoint', 'http://localhost:8000'], '--endpoint and --local cannot be combined'],
  ])('%j is refused', async (argv, says) => {
    const cwd = await project({ '.dynamoxrc': shop })
    const api = tinyApi()
    const { code, stdout, stderr } = await runCli(argv, { cwd, api })
    expect({ code, stdout, sent: api.sent }).toEqual({ code: 2, stdout: '', sent: [] })
    expect(stderr).toContain(says)
  })

  test('on a terminal each line has a sign', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--no-config']
    const { stdout } = await runCli(argv, { api: tinyApi(), tty: true })
    expect(untimed(stdout)).toBe('✔ users  created    0.0 s\n')
  })
})

describe('plan and update', () => {
  const tables = [liveTable({ name: 'users', globalIndexes: [globalIndex('by-old', 'old')], deletionProtection: true })]
  const config = `tables:
  - table: users
    partitionKey: pk:S
    deletionProtection: false
environments: { prod: { protected: true, profile: prod } }
`

  test('plan shows the steps, and --check exits with 1', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const plan = await runCli(['plan'], { cwd, api: tinyApi({ tables }) })
    expect(plan).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^users {2}planned {4}1 step\n {2}- turn off deletion protection/),
    })
    expect(plan.stderr).toContain('by-old')
    expect((await runCli(['plan', '--check'], { cwd, api: tinyApi({ tables }) })).code).toBe(1)
    const same = [liveTable({ name: 'users', deletionProtection: false })]
    expect(await runCli(['plan', '--check'], { cwd, api: tinyApi({ tables: same }) })).toMatchObject({
      code: 0,
      stdout: 'users  unchanged\n',
    })
  })

  test('plan --check fails if a setting could not be read', async () => {
    const cwd = await project({ '.dynamoxrc': "tables: [{ table: users, partitionKey: 'pk:S', ttl: at }]\n" })
    const unread = liveTable({ name: 'users' })
    const { code, stderr } = await runCli(['plan', '--check'], { cwd, api: tinyApi({ tables: [unread] }) })
    expect(code).toBe(3)
    expect(stderr).toContain('error: users: drift cannot be ruled out, since ttl could not be read\n')
  })

  test('update asks before it destroys; without a terminal it needs --yes', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi({ tables })
    const refused = await runCli(['update'], { cwd, api })
    expect({ code: refused.code, stdout: refused.stdout, sent: api.sent }).toEqual({ code: 2, stdout: '', sent: [] })
    expect(refused.stderr).toContain('error: update asks for confirmation, which is not possible without a terminal\n')
    const done = await runCli(['update', '--yes'], { cwd, api })
    expect({ code: done.code, stdout: untimed(done.stdout) }).toEqual({ code: 0, stdout: 'users  updated    0.0 s\n' })
    expect(api.sent.map(request => request.api)).toEqual(['UpdateTable'])
  })

  test.each([
    ['y\r', 0, 1],
    ['n\r', 2, 0],
    ['\u0003', 130, 0],
  ] as const)('update on a terminal shows the plan and asks: %j', async (input, code, requests) => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi({ tables })
    const run = await runCli(['update'], { cwd, api, tty: true, input })
    expect(run.stderr).toContain('users\n  - turn off deletion protection  (1-2 s)\n')
    expect(run.stderr).toContain('Apply these changes to users? (y/N) ')
    expect({ code: run.code, requests: api.sent.length }).toEqual({ code, requests })
  })

  test('a protected environment needs more than --yes', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi({ tables })
    const refused = await runCli(['update', '-e', 'prod', '--yes'], { cwd, api })
    expect({ code: refused.code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(refused.stderr).toContain('the environment prod is protected')
    expect((await runCli(['update', '-e', 'prod', '--yes', '--allow-protected'], { cwd, api })).code).toBe(0)
  })

  test('update --dry-run is the plan', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = tinyApi({ tables })
    const { code, stdout } = await runCli(['update', '--dry-run', '--json'], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 0, sent: [] })
    expect(JSON.parse(stdout).tables).toMatchObject([
      { action: 'planned', steps: [{ request: { api: 'UpdateTable' } }] },
    ])
  })

  test('what cannot be changed in place is blocked', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const other = [liveTable({ name: 'users', partitionKey: [{ name: 'id', type: 'N' }], deletionProtection: false })]
    const plan = await runCli(['plan'], { cwd, api: tinyApi({ tables: other }) })
    expect(plan).toMatchObject({ code: 2, stdout: 'users  blocked    ACTIVE\n' })
    expect((await runCli(['plan', '--check'], { cwd, api: tinyApi({ tables: other }) })).code).toBe(1)
    const update = await runCli(['update', '--yes', '--json'], { cwd, api: tinyApi({ tables: other }) })
    expect(update.code).toBe(2)
    expect(JSON.parse(update.stdout)).toMatchObject({ tables: [{ action: 'blocked' }], error: { code: 'blocked' } })
  })
})
