import { describe, expect, test } from 'vitest'
import { pairTables } from '../../src/cli/commands/diff.ts'
import { project, runCli } from './support/run-cli.ts'
import { liveTable, tinyApi } from './support/tiny-api.ts'

const users = `tables:
  - table: users
    partitionKey: pk:S
`
const both = `${users}    ttl: until
  - table: orders
    partitionKey: id:S
`

const diff = async (argv: readonly string[], files: Readonly<Record<string, string>>, tables: string[] = []) => {
  const api = tinyApi({ tables: tables.map(name => liveTable({ name })) })
  const { code, stdout, stderr } = await runCli(['diff', ...argv], { cwd: await project(files), api })
  return { code, lines: stdout.trimEnd().split('\n'), stderr: stderr.trimEnd().split('\n') }
}

describe('diff', () => {
  test('sources that agree are unchanged, exit 0', async () => {
    expect(await diff(['a.yaml', 'a.yaml'], { 'a.yaml': users })).toEqual({
      code: 0,
      lines: ['users  unchanged'],
      stderr: ['Comparing a.yaml with a.yaml'],
    })
  })

  test('different, and only in one of them', async () => {
    const files = { 'a.yaml': users, 'b.yaml': both }
    expect(await diff(['a.yaml', 'b.yaml'], files)).toMatchObject({
      code: 1,
      lines: [
        'users   different  1 difference',
        '  + turn on TTL on until',
        'orders  missing',
        '  + create table orders (id S): only in b.yaml',
      ],
    })
    expect(await diff(['b.yaml', 'a.yaml'], files)).toMatchObject({
      code: 1,
      lines: [
        'users   different  1 difference',
        '  - turn off TTL on until',
        'orders  missing',
        '  - delete table orders: only in b.yaml',
      ],
    })
  })

  test('an option that one of the templates uses is used', async () => {
    const template = (name: string) =>
      `Parameters: { ${name}: { Type: String } }\nResources:\n  T:\n    Type: AWS::Serverless::SimpleTable\n    Properties: { TableName: !Sub 'users-\${${name}}' }\n`
    const files = { 'a.yaml': template('Env'), 'b.yaml': template('Stage') }
    const argv = ['a.yaml', 'b.yaml', '--param', 'Env=x', '--param', 'Stage=x', '--param', 'Other=x']
    const { code, stderr } = await diff(argv, files)
    expect({ code, warnings: stderr.filter(line => line.startsWith('warning')) }).toEqual({
      code: 0,
      warnings: ['warning: --param Other is not used: no template has this parameter'],
    })
  })

  test('--json has the sources, the changes and the differences in words', async () => {
    const { code, lines } = await diff(['a.yaml', 'b.yaml', '--json'], { 'a.yaml': users, 'b.yaml': both })
    expect({ code, document: JSON.parse(lines.join('\n')) }).toEqual({
      code: 1,
      document: {
        version: 1,
        command: 'diff',
        ok: false,
        sources: ['a.yaml', 'b.yaml'],
        tables: [
          {
            name: 'users',
            action: 'different',
            changes: [{ kind: 'modify-setting', field: 'ttl', from: false, to: 'until' }],
            differences: ['+ turn on TTL on until'],
          },
          { name: 'orders', action: 'missing', differences: ['+ create table orders (id S): only in b.yaml'] },
        ],
      },
    })
  })

  test('live tables: those that the other source has', async () => {
    expect(
      await diff(['live', 'b.yaml'], { 'b.yaml': both.replace('ttl: until', 'stream: NEW_IMAGE') }, [
        'users',
        'others',
      ]),
    ).toEqual({
      code: 1,
      lines: [
        'users   different  1 difference',
        '  + turn on a stream (NEW_IMAGE)',
        'orders  missing',
        '  + create table orders (id S): only in b.yaml',
      ],
      stderr: ['Comparing live with b.yaml', 'live: in eu-west-1', '2 tables: 1 different, 1 missing in 0.0 s'],
    })
  })

  test('environments, which name their tables differently', async () => {
    const config = `${users}environments:
  dev: { prefix: dev- }
  prod: { prefix: prod-, ttl: until }
`
    expect(await diff(['env:dev', 'env:prod'], { '.dynamoxrc': config })).toMatchObject({
      code: 1,
      lines: ['dev-users -> prod-users  different  1 difference', '  + turn on TTL on until'],
    })
    // `live` beside an environment is the live tables of that environment.
    expect(await diff(['live', 'env:dev'], { '.dynamoxrc': config }, ['dev-users', 'prod-users'])).toMatchObject({
      code: 0,
      lines: ['dev-users  unchanged'],
    })
    expect(await diff(['live:dev', 'live:prod'], { '.dynamoxrc': config }, ['dev-users', 'prod-users'])).toMatchObject({
      code: 0,
      lines: ['dev-users -> prod-users  unchanged'],
    })
  })

  test.each<[readonly string[], string?, string?]>([
    [
      ['live', 'env:prod', '--env', 'dev'],
      'error: --env dev cannot be combined with live and env:prod',
      '  live beside env:prod means the tables of prod; live:dev means those of dev',
    ],
    [
      ['env:prod', 'live:prod', '-e', 'dev'],
      'error: --env dev cannot be combined with env:prod and live:prod',
      '  leave it out: both sources name their environment',
    ],
    [['live', 'env:prod', '--env', 'prod']],
  ])('--env beside the environments of sources: %j', async (argv, error, hint) => {
    const config = `${users}environments: { dev: { prefix: dev- }, prod: { prefix: prod- } }\n`
    const { code, stderr } = await diff(argv, { '.dynamoxrc': config }, ['prod-users'])
    if (error === undefined) expect(code).toBe(0)
    else expect({ code, stderr }).toEqual({ code: 2, stderr: [error, hint] })
  })

  test('DYNAMOX_ENV holds for sources that name no environment', async () => {
    const cwd = await project({ '.dynamoxrc': `${users}environments: { dev: { prefix: dev- }, prod: {} }\n` })
    const run = await runCli(['diff', 'live', 'env:prod'], {
      cwd,
      api: tinyApi({ tables: [liveTable({ name: 'users' })] }),
      env: { DYNAMOX_ENV: 'dev' },
    })
    expect(run).toMatchObject({ code: 0, stdout: 'users  unchanged\n' })
  })

  test('the hash at the end of an id of the CDK does not count', async () => {
    const keys = {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }
    const template = (id: string, TableName: string) =>
      JSON.stringify({ Resources: { [id]: { Type: 'AWS::DynamoDB::Table', Properties: { TableName, ...keys } } } })
    const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.template.json' } }
    const files = {
      'plain.json': template('Orders', 'app-one'),
      'hex.json': template('OrdersF3C5E9A1', 'app-two'),
      'cdk.out/manifest.json': JSON.stringify({ version: '36.0.0', artifacts: { Shop: stack } }),
      'cdk.out/Shop.template.json': template('OrdersF3C5E9A1', 'app-two'),
    }
    for (const assembly of ['cdk.out', 'cdk.out/Shop.template.json'])
      expect(await diff(['plain.json', assembly, '--match-by', 'id'], files)).toMatchObject({
        code: 0,
        lines: ['app-one -> app-two  unchanged'],
      })
    expect(await diff(['plain.json', 'hex.json', '--match-by', 'id'], files)).toMatchObject({ code: 1 })
  })

  test('tables with unrelated names are matched by id or by keys', async () => {
    const other = 'export const UsersTable = { table: "app-people", partitionKey: "pk:S" }\n'
    const files = {
      'a.yaml': `users: { table: users, partitionKey: 'pk:S' }\n`,
      'b.js': other,
      'package.json': '{"type":"module"}',
    }
    expect(await diff(['a.yaml', 'b.js'], files)).toMatchObject({
      code: 1,
      stderr: expect.arrayContaining([
        'no table has the same name in both; --match-by id or --match-by keys ignores names',
      ]),
    })
    for (const by of ['id', 'keys'])
      expect(await diff(['a.yaml', 'b.js', '--match-by', by], files)).toMatchObject({
        code: 0,
        lines: ['users -> app-people  unchanged'],
      })
  })

  test.each([
    [[], 'error: diff takes two sources, but got 0'],
    [['a.yaml'], 'error: diff takes two sources, but got 1'],
    [['a.yaml', 'a.yaml', 'a.yaml'], 'error: diff takes two sources, but got 3'],
    [['a.yaml', 'b.yaml'], 'error: b.yaml not found'],
    [['a.yaml', 'env'], 'error: "env" names no environment'],
    [['a.yaml', 'env:'], 'error: "env:" names no environment'],
    [['a.yaml', 'env:prod'], 'error: unknown environment "prod": no config file was found'],
    [['a.yaml', 'none/*.yaml'], 'error: no model file matches none/*.yaml'],
    [['a.yaml', 'live', '--match-by', 'id'], 'error: no tables found in eu-west-1'],
  ])('%j', async (argv, message) => {
    const { code, stderr } = await diff(argv, { 'a.yaml': users })
    expect({ code, error: stderr.find(line => line.startsWith('error')) }).toEqual({ code: 2, error: message })
  })
})

describe('pairs', () => {
  const entry = (name: string, { baseName = name, ids = [] as string[], key = 'pk' } = {}) => ({
    name,
    baseName,
    ids,
    side: {
      definition: {
        name,
        partitionKey: [{ name: key, type: 'S' as const }],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        assumed: [],
      },
    },
  })
  const names = (pairs: ReturnType<typeof pairTables>) => pairs.map(([a, b]) => [a?.name, b?.name])

  test('a name is stronger than a base name', () => {
    const first = [entry('dev-users', { baseName: 'users' }), entry('users')]
    const second = [entry('users'), entry('prod-users', { baseName: 'users' })]
    expect(names(pairTables(first, second))).toEqual([
      ['dev-users', 'prod-users'],
      ['users', 'users'],
    ])
  })

  test('ids are matched without case, signs and words such as table', () => {
    const first = [
      entry('a', { ids: ['UsersTable'] }),
      entry('b', { ids: ['Table'] }),
      entry('c', { ids: ['tables[0]'] }),
    ]
    const second = [entry('d', { ids: ['tables[0]'] }), entry('e', { ids: ['users'] })]
    expect(names(pairTables(first, second, 'id'))).toEqual([
      ['a', 'e'],
      ['b', undefined],
      ['c', undefined],
      [undefined, 'd'],
    ])
  })

  test('keys in the order of the sources, each table once', () => {
    const first = [entry('a'), entry('b'), entry('c', { key: 'id' })]
    const second = [entry('d'), entry('e', { key: 'other' }), entry('f')]
    expect(names(pairTables(first, second, 'keys'))).toEqual([
      ['a', 'd'],
      ['b', 'f'],
      ['c', undefined],
      [undefined, 'e'],
    ])
  })
})
