import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Target } from '../../src/aws/target.ts'
import { project, runCli } from './support/run-cli.ts'
import { liveTable, tinyApi } from './support/tiny-api.ts'

const shop = `prefix: dev-
tables:
  - { table: users, partitionKey: 'pk:S' }
  - { table: orders, partitionKey: 'pk:S' }
`
const looks = (names: string) => `Checking ${names} in eu-west-1, config .dynamoxrc\n`
const untimed = (text: string) => text.replace(/\d+\.\d s/g, '0.0 s')

describe('exists', () => {
  const tables = [
    liveTable({ name: 'dev-users' }),
    liveTable({ name: 'other', status: 'CREATING' }),
    liveTable({ name: 'leaving', status: 'DELETING' }),
  ]

  test.each<[string[], number, string, string]>([
    [['dev-users', '--no-config'], 0, 'dev-users  exists\n', 'Checking dev-users in eu-west-1\n'],
    [['other', '--no-config'], 0, 'other  exists     CREATING\n', 'Checking other in eu-west-1\n'],
    [['leaving', 'nope', '--no-config', '-q'], 1, 'leaving  missing\nnope     missing\n', ''],
    [['users'], 0, 'dev-users  exists\n', looks('dev-users')],
    [['dev-users'], 0, 'dev-users  exists\n', looks('dev-users')],
    [
      [],
      1,
      'dev-users   exists\ndev-orders  missing\n',
      `${looks('dev-users, dev-orders')}2 tables: 1 existing, 1 missing in 0.0 s\n`,
    ],
    [
      ['other'],
      0,
      'other  exists     CREATING\n',
      `other: not defined here; taken as a plain table name\n${looks('other')}`,
    ],
    [
      ['order'],
      1,
      'order  missing\n',
      `order: not defined here; taken as a plain table name; did you mean "orders"?\n${looks('order')}`,
    ],
    [['other', 'nope', '-q'], 1, 'other  exists     CREATING\nnope   missing\n', ''],
    [['users', '--plain'], 1, 'users  missing\n', looks('users')],
  ])('%j', async (argv, code, stdout, stderr) => {
    const cwd = await project({ '.dynamoxrc': shop })
    const run = await runCli(['exists', ...argv], { cwd, api: tinyApi({ tables }) })
    expect({ code: run.code, stdout: run.stdout, stderr: untimed(run.stderr) }).toEqual({ code, stdout, stderr })
  })

  test.each<[string, Target, string]>([
    [
      'exists',
      { kind: 'local', endpoint: 'http://localhost:8000' },
      'other-users does not exist; did you mean "other-users-dev"?\n',
    ],
    [
      'describe',
      { kind: 'local', endpoint: 'http://localhost:8000' },
      'does not exist on the embedded engine (http://localhost:8000); did you mean "other-users-dev"?\n',
    ],
    [
      'delete',
      { kind: 'local', endpoint: 'http://localhost:8000' },
      'other-users does not exist; did you mean "other-users-dev"?\n',
    ],
    ['describe', { kind: 'aws', region: 'eu-west-1' }, 'table other-users does not exist in eu-west-1\n'],
  ])('%s suggests a table that exists: %j', async (command, target, end) => {
    const api = tinyApi({ tables: [liveTable({ name: 'other-users-dev' })] })
    const yes = command === 'delete' ? ['--yes'] : []
    const { code, stderr } = await runCli([command, 'other-users', '--no-config', ...yes], { api, target })
    expect(code).toBe(command === 'delete' ? 0 : 1)
    expect(stderr.endsWith(end)).toBe(true)
  })

  test('a defined name with a prefix or a suffix is suggested', async () => {
    const cwd = await project({ '.dynamoxrc': 'tables: [{ table: payments-dev, partitionKey: pk }]\n' })
    const { stderr } = await runCli(['exists', 'payments'], { cwd, api: tinyApi() })
    expect(stderr).toContain('payments: not defined here; taken as a plain table name; did you mean "payments-dev"?\n')
    expect((await runCli(['plan', 'payments'], { cwd, api: tinyApi() })).stderr).toContain(
      'error: table "payments" is not defined; did you mean "payments-dev"?\n',
    )
  })

  test.each(['exists', 'wait', 'delete'])(
    '%s: a name that no table can have is refused, and sends nothing',
    async command => {
      const api = tinyApi({ tables })
      for (const name of ['ab', 'my table', 'a/b', 'x'.repeat(256)]) {
        const run = await runCli(
          [command, 'dev-users', name, '--plain', '--yes'].slice(0, command === 'delete' ? 5 : 4),
          { api },
        )
        expect(run).toMatchObject({ code: 2, stdout: '' })
        expect(run.stderr).toMatch(/^error: ".+" is not a valid table name\n {2}a table name has 3 to 255 /)
      }
      expect(api.sent).toEqual([])
    },
  )

  test.each(['create', 'plan', 'update', 'show', 'exists', 'wait', 'delete'])(
    '%s: a model file among the names is one that --model was forgotten for',
    async command => {
      const cwd = await project({ '.dynamoxrc': shop, 'src/user.ts': '' })
      const argv = [command, 'src/user.ts', ...(command === 'delete' ? ['--yes'] : [])]
      expect(await runCli(argv, { cwd, api: tinyApi() })).toMatchObject({
        code: 2,
        stdout: '',
        stderr: [
          'error: src/user.ts is a model file, not a table name',
          `  give it with --model: dynamox ${command} --model src/user.ts`,
          '',
        ].join('\n'),
      })
    },
  )

  test('a glob that the shell expanded', async () => {
    const cwd = await project({ 'src/a.json': '{ "table": "users", "partitionKey": "pk" }', 'src/b.json': '{}' })
    const { stderr } = await runCli(['create', '--model', 'src/a.json', 'src/b.json'], { cwd, api: tinyApi() })
    expect(stderr).toBe(
      [
        'error: src/b.json is a model file, not a table name',
        "  quote a glob, as in --model 'src/models/*.ts', or give each file its own --model",
        '',
      ].join('\n'),
    )
  })

  test('a table may have a name that ends like a file', async () => {
    const cwd = await project({ 'users.json': '{}' })
    const argv = ['exists', 'users.json', '--no-config']
    expect((await runCli(argv, { cwd, api: tinyApi() })).stdout).toBe('users.json  missing\n')
  })

  test.each(['exists', 'wait', 'delete'])('%s: each of several names once', async command => {
    const argv = [command, 'other', 'nope', 'other', 'nope', '--no-config', '--json', '--timeout', '1ms', '--yes']
    const taken = argv.filter(word => command === 'delete' || word !== '--yes')
    const { stdout } = await runCli(taken, { api: tinyApi({ tables }) })
    expect(JSON.parse(stdout).tables.map(({ name }: { name: string }) => name)).toEqual(['other', 'nope'])
  })

  test('--json: a missing table is exit 1 and not an error', async () => {
    const { code, stdout, stderr } = await runCli(['exists', 'nope', '--no-config', '--json'], { api: tinyApi() })
    const document = JSON.parse(stdout)
    expect({ code, stderr, document }).toEqual({
      code: 1,
      stderr: 'Checking nope in eu-west-1\n',
      document: {
        version: 1,
        command: 'exists',
        ok: false,
        target: { kind: 'aws', region: 'eu-west-1', endpoint: null, account: null },
        tables: [{ name: 'nope', action: 'missing', durationMs: expect.any(Number) }],
      },
    })
  })
})

describe('wait', () => {
  test.each<[string[], number, string]>([
    [['users'], 0, 'users  ready      0.0 s\n'],
    [['nope', '--for', 'gone'], 0, 'nope  gone       0.0 s\n'],
    [['users', '--for', 'gone', '--timeout', '1ms'], 4, 'users  failed     left ACTIVE\n'],
    [['nope', '--timeout', '1ms'], 4, 'nope  failed\n'],
  ])('%j', async (argv, code, stdout) => {
    const run = await runCli(['wait', ...argv, '--no-config'], {
      api: tinyApi({ tables: [liveTable({ name: 'users' })] }),
    })
    expect({ code: run.code, stdout: untimed(run.stdout) }).toEqual({ code, stdout })
  })
})

describe('delete', () => {
  const tables = () => [
    liveTable({ name: 'dev-users', itemCount: 1_204, sizeBytes: 3_400_000 }),
    liveTable({ name: 'dev-orders' }),
    liveTable({ name: 'kept', deletionProtection: true }),
  ]

  test.each<[string[], string]>([
    [[], 'delete needs to know which tables\n  give table names, a model file with --model, or --all for'],
    [['--yes'], 'delete needs to know which tables\n  give table names, a model file with --model, or --all for'],
    [['--no-config'], 'delete needs to know which tables\n  give table names, or a model file with --model\n'],
    [['users', '--all', '--yes'], '--all cannot be combined with table names'],
    [['users'], 'delete asks for confirmation, which is not possible without a terminal'],
    [['usrs', '--yes'], 'table "usrs" is not defined; did you mean "users"?'],
    [['users', '--plain', '-m', 'x.ts', '--yes'], '--plain and --model cannot be combined'],
    [['--all', '--yes', '--no-config'], 'nothing to work on'],
  ])('%j is refused, and nothing is sent', async (argv, says) => {
    const cwd = await project({ '.dynamoxrc': shop })
    const api = tinyApi({ tables: tables() })
    const { code, stdout, stderr } = await runCli(['delete', ...argv], { cwd, api })
    expect({ code, stdout, sent: api.sent }).toEqual({ code: 2, stdout: '', sent: [] })
    expect(stderr).toContain(says)
  })

  test('--json cannot ask either', async () => {
    const { code, stdout } = await runCli(['delete', 'users', '--json', '--no-config'], { api: tinyApi(), tty: true })
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'usage', hint: 'add --yes to confirm in advance' },
    })
  })

  test('with --yes, existing tables are deleted and others are absent', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const api = tinyApi({ tables: [liveTable({ name: 'dev-users' })] })
    const { code, stdout } = await runCli(['delete', '--all', '--yes', '--concurrency', '1'], { cwd, api })
    expect({ code, stdout: untimed(stdout) }).toEqual({
      code: 0,
      stdout: 'dev-users   deleted    0.0 s\ndev-orders  absent\n',
    })
  })

  test('a protected table is blocked, and --disable-protection turns that off first', async () => {
    const api = tinyApi({ tables: tables() })
    const blocked = await runCli(['delete', 'kept', '--yes', '--no-config'], { api })
    expect({ code: blocked.code, stdout: blocked.stdout, sent: api.sent }).toEqual({
      code: 2,
      stdout: 'kept  blocked    ACTIVE\n',
      sent: [],
    })
    expect(blocked.stderr).toContain('--disable-protection')
    await runCli(['delete', 'kept', '--yes', '--no-config', '--disable-protection'], { api })
    expect(api.sent.map(request => request.api)).toEqual(['UpdateTable', 'DeleteTable'])
  })

  test('a protected environment needs --allow-protected', async () => {
    const cwd = await project({ '.dynamoxrc': `${shop}environments: { prod: { protected: true } }\n` })
    const api = tinyApi({ tables: tables() })
    expect(await runCli(['delete', 'users', '-e', 'prod', '--yes'], { cwd, api })).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'error: the environment prod is protected, and delete may destroy data in it\n  add --allow-protected if that is what you want\n',
    })
    expect(
      (await runCli(['delete', 'users', '--yes', '--allow-protected'], { cwd, api, env: { DYNAMOX_ENV: 'prod' } }))
        .code,
    ).toBe(0)
  })

  // Protection follows tables: what counts is the name and the target, not --env.
  const environments = `tables: [{ table: users, partitionKey: 'pk:S' }]
region: eu-west-1
environments:
  dev: { prefix: dev- }
  prod: { prefix: prod-, protected: true }
  live: { protected: true, region: us-east-1 }
  same: { prefix: prod-, region: eu-west-1 }
`
  test.each<[argv: string[], isRefused: boolean]>([
    [['--all', '--env', 'dev'], false],
    [['--all'], false],
    [['--all', '--env', 'prod'], true],
    [['--all', '--env', 'same'], true],
    [['--all', '--prefix', 'prod-'], true],
    [['--all', '--prefix', 'prod-', '--region', 'eu-central-1'], false],
    [['--all', '--region', 'us-east-1'], true],
    [['prod-users', '--plain'], true],
    [['prod-other', '--plain'], true],
    [['dev-users', '--plain'], false],
    [['dev-users', '--plain', '--region', 'us-east-1'], false],
    [['users', '--plain', '--region', 'us-east-1'], true],
  ])('protection follows tables: delete %j', async (argv, isRefused) => {
    const cwd = await project({ '.dynamoxrc': environments })
    const api = tinyApi({ tables: ['users', 'dev-users', 'prod-users'].map(name => liveTable({ name })) })
    const { code, stderr } = await runCli(['delete', ...argv, '--yes'], { cwd, api })
    expect({ code, sent: api.sent.length }).toEqual(isRefused ? { code: 2, sent: 0 } : { code: 0, sent: 1 })
    if (isRefused) expect(stderr).toMatch(/protected.*\n {2}add --allow-protected/)
    expect((await runCli(['delete', ...argv, '--yes', '--allow-protected'], { cwd, api })).code).toBe(0)
  })

  test('a table with deletion protection is refused without a question', async () => {
    const api = tinyApi({ tables: [liveTable({ name: 'kept', deletionProtection: true })] })
    const { code, stdout, stderr } = await runCli(['delete', 'kept', '--no-config'], { api, tty: true })
    expect({ code, stdout, sent: api.sent }).toEqual({ code: 2, stdout: expect.stringContaining('blocked'), sent: [] })
    expect(stderr).not.toContain('type kept')
  })

  test('--dry-run asks nothing and sends nothing', async () => {
    const api = tinyApi({ tables: tables() })
    expect(await runCli(['delete', 'dev-users', '--dry-run', '--no-config'], { api })).toMatchObject({
      code: 0,
      stdout: 'dev-users  planned    1 step\n  - delete table dev-users  (4-6 s)\n',
    })
    expect(api.sent).toEqual([])
  })

  const local = { kind: 'endpoint', endpoint: 'http://127.0.0.1:8000', region: 'us-east-1' } as const
  const aws = { kind: 'aws', region: 'eu-west-1' } as const
  test.each([
    ['yes on loopback', ['dev-users'], local, 'y\r', 0, 'Delete dev-users? (y/N)'],
    ['no on loopback', ['dev-users'], local, 'n\r', 2, 'not confirmed; nothing was changed'],
    ['nothing typed', ['dev-users'], local, '\r', 2, 'not confirmed; nothing was changed'],
    ['the end of the input', ['dev-users'], local, { end: true } as const, 2, 'not confirmed; nothing was changed'],
    ['Ctrl-C', ['dev-users'], local, '\u0003', 130, 'interrupted at the question; nothing was changed'],
    ['a plain yes on AWS', ['dev-users'], aws, 'y\r', 2, 'To delete dev-users, type dev-users: '],
    ['the name on AWS', ['dev-users'], aws, 'dev-users\r', 0, 'To delete dev-users, type dev-users: '],
    ['the count on AWS', ['dev-users', 'dev-orders'], aws, '2\r', 0, 'To delete 2 tables, type 2: '],
    [
      'a container is not loopback',
      ['dev-users'],
      { ...local, endpoint: 'http://dynamodb:8000' },
      'y\r',
      2,
      'type dev-users: ',
    ],
  ] as const)('the question: %s', async (_, names, target, input, code, says) => {
    const api = tinyApi({ tables: tables() })
    const run = await runCli(['delete', ...names, '--no-config'], { api, target, input, tty: true })
    expect(run.stderr).toContain(says)
    expect(run.stderr).toContain('  dev-users')
    expect(run.stderr).toContain('about 1,204 items, 3.4 MB')
    expect(run.code).toBe(code)
    expect(api.sent.length).toBe(code === 0 ? names.length : 0)
  })
})

test.each([
  ['local', '--env', 'sandbox', '--reset', '--', 'true'],
  ['local', '--reset', '--', 'true'],
  ['local', '--recreate', '--', 'true'],
])('the local store of a protected environment: %s %s %s', async (...args) => {
  const cwd = await project({
    '.dynamoxrc':
      'tables: [{ table: users, partitionKey: id }]\nenvironments: { sandbox: { local: true, protected: true } }\n',
    '.dynamox/local/data/precious': 'x',
  })
  const { code, stderr } = await runCli(args, { cwd })
  expect([code, stderr]).toEqual([2, expect.stringMatching(/protected.*\n {2}add --allow-protected/)])
  expect(readFileSync(join(cwd, '.dynamox/local/data/precious'), 'utf8')).toBe('x')
})
