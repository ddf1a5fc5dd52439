import { describe, expect, test } from 'vitest'
import { completeError } from '../../src/cli/connect.ts'
import type { Flags } from '../../src/cli/options/options.ts'
import { completeCommands } from '../../src/cli/program.ts'
import { DynamoxError } from '../../src/errors.ts'
import { engines } from '../../src/settings/engines.ts'
import { project, runCli } from './support/run-cli.ts'
import { liveTable, tinyApi } from './support/tiny-api.ts'

describe('a command that is named in a text', () => {
  const cases: readonly (readonly [flags: Flags, text: string, completed: string])[] = [
    [{ json: true, timeout: 5 }, 'dynamox wait users waits', 'dynamox wait users waits'],
    [{ local: true }, 'or dynamox wait users waits', 'or dynamox wait --local users waits'],
    [
      { model: ['src/a.ts', 'src/models/*.ts'], env: 'dev', region: 'eu-west-1' },
      'dynamox plan users',
      "dynamox plan --model src/a.ts --model 'src/models/*.ts' --env dev --region eu-west-1 users",
    ],
    [
      { config: false, endpoint: 'http://localhost:8000' },
      'dynamox list',
      'dynamox list --no-config --endpoint http://localhost:8000',
    ],
    [{ prefix: "it's-" }, 'dynamox plan', "dynamox plan --prefix 'it'\\''s-'"],
    [{ partitionKey: 'pk:S', ttl: 'at' }, 'dynamox create users', 'dynamox create --partition-key pk:S --ttl at users'],
    [{ partitionKey: 'pk:S', all: true }, 'dynamox plan users', 'dynamox plan users'],
    [{ match: 'pr-*', tag: ['a=b'], local: true }, 'dynamox delete users', 'dynamox delete --local users'],
    [
      { local: true },
      'dynamox init, dynamox --help, dynamox.config.ts',
      'dynamox init, dynamox --help, dynamox.config.ts',
    ],
  ]
  test.each(cases)('%j: %s', (flags, text, completed) => {
    expect(completeCommands(text, flags)).toBe(completed)
  })

  test('an environment from a variable of the shell is left out', () => {
    expect(completeCommands('dynamox plan users', { env: 'dev' }, { DYNAMOX_ENV: 'dev' })).toBe('dynamox plan users')
    expect(completeCommands('dynamox plan users', { env: 'dev' }, { DYNAMOX_ENV: 'prod' })).toBe(
      'dynamox plan --env dev users',
    )
  })

  test.each([['--all'], ['--plain']])('what delete %s suggests can be typed as it stands', async flag => {
    const cwd = await project()
    const { stderr } = await runCli(['delete', flag, '--yes'], { cwd, api: tinyApi() })
    const [, line = ''] = /(dynamox delete[^,\n]*)/.exec(stderr) ?? []
    const suggested = await runCli([...line.split(' ').slice(1), '--yes'], { cwd, api: tinyApi() })
    expect({ line, code: suggested.code, stdout: suggested.stdout }).toEqual({
      line: flag === '--all' ? 'dynamox delete users' : 'dynamox delete --plain users',
      code: 0,
      stdout: 'users  absent\n',
    })
  })

  test('only the commands in an error are completed', () => {
    const cause = new Error('underneath')
    const problems = [{ path: 'users', message: 'dynamox wait users waits for it', rule: 'K1' }]
    const error = new DynamoxError('timeout', 'late', { hint: 'dynamox wait users', problems, table: 'users', cause })
    expect(completeError(error, text => completeCommands(text, { local: true }))).toMatchObject({
      code: 'timeout',
      message: 'late',
      hint: 'dynamox wait --local users',
      problems: [{ path: 'users', message: 'dynamox wait --local users waits for it', rule: 'K1' }],
      table: 'users',
      cause,
    })
  })
})

describe('commands in notes and hints can be typed as they stand', () => {
  const shop = "tables: [{ table: users, partitionKey: 'pk:S' }]\n"
  const different = () =>
    tinyApi({ tables: [liveTable({ name: 'dev-users', partitionKey: [{ name: 'id', type: 'N' }] })] })

  test('a table that differs: plan, with this config and prefix', async () => {
    const cwd = await project({ 'shop.yml': shop })
    const argv = ['create', '--config', 'shop.yml', '--prefix', 'dev-', '--region', 'eu-west-1']
    const { stderr } = await runCli(argv, { cwd, api: different() })
    expect(stderr).toContain(
      'tables that differ are left as they are; dynamox plan --config shop.yml --prefix dev- --region eu-west-1 dev-users shows how to bring it to the definition, and update does it\n',
    )
  })

  test('a table that differs from flags: plan does not take them', async () => {
    const { stderr } = await runCli(['create', 'dev-users', '--partition-key', 'pk', '--no-config'], {
      api: different(),
    })
    expect(stderr).toContain(
      'tables that differ are left as they are; put the definition into a model or a config, then dynamox update changes the table\n',
    )
  })

  test('a timeout: wait, in text and JSON', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--no-config', '--timeout', '200ms', '--json']
    const { stdout } = await runCli(argv, { api: tinyApi({ slow: true }) })
    const hint = expect.stringContaining('dynamox wait --no-config users waits for them')
    expect(JSON.parse(stdout)).toMatchObject({ tables: [{ error: { hint } }], error: { hint } })
  })

  test.each([
    ['aws', 'check its name, the region and the endpoint'],
    ['dynalite', 'check its name'],
  ] as const)('a table that was never created on %s: list, at the same target', async (engine, advice) => {
    const argv = ['wait', 'users', '--no-config', '--region', 'eu-west-1', '--timeout', '60ms']
    const { stderr } = await runCli(argv, { api: { ...tinyApi(), capabilities: () => engines[engine] } })
    expect(stderr.replace(/[\d.]+ s/, '0 s')).toBe(
      [
        'Waiting for users in eu-west-1',
        'error: users: not ready after 0 s; the table does not exist',
        `  ${advice}; dynamox list --no-config --region eu-west-1 shows the tables that exist`,
        '',
      ].join('\n'),
    )
  })

  test('a setting that is not applied yet: create with all that defines the table', async () => {
    const argv = ['create', 'users', '--partition-key', 'pk', '--ttl', 'at', '--no-config', '--no-wait']
    const { stderr } = await runCli(argv, { api: tinyApi({ slow: true }) })
    expect(stderr.match(/dynamox create .* does the rest/g)).toEqual([
      'dynamox create --no-config --partition-key pk --ttl at users does the rest',
    ])
  })

  test('a saved plan: its target, without the options that it contains', async () => {
    const cwd = await project({ 'shop.yml': shop })
    const argv = ['plan', '--config', 'shop.yml', '--prefix', 'dev-', '--drop-indexes', '--out', 'plan.json']
    const { stderr } = await runCli(argv, { cwd, api: tinyApi({ account: '123456789012' }) })
    expect(stderr).toContain(
      'saved in plan.json; dynamox update --config shop.yml --plan plan.json carries out exactly this\n',
    )
  })

  test('a saved plan that does not exist: how to make one', async () => {
    const cwd = await project({ 'shop.yml': shop })
    const { code, stderr } = await runCli(['update', '--config', 'shop.yml', '--plan', 'plan.json'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('the plan plan.json cannot be read: no such file or folder')
    expect(stderr).toContain('\n  dynamox plan --config shop.yml --out plan.json writes one\n')
  })

  test('a usage error', async () => {
    const cwd = await project()
    const { stderr } = await runCli(['wait', '--region', 'eu-west-1'], { cwd, api: tinyApi() })
    expect(stderr).toContain('as in dynamox wait --region eu-west-1 users')
  })
})
