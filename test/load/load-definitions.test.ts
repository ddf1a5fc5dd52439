import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import type { LoadOptions } from '../../src/load/load-options.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const full = 'fixtures/config/full'
const load = (options: LoadOptions) => loadDefinitions(options)
const names = async (options: LoadOptions) => (await load(options)).tables.map(({ definition }) => definition.name)
const only = async (options: LoadOptions) => {
  const { tables } = await load(options)
  expect(tables).toHaveLength(1)
  return tables[0]?.definition
}

describe('configs of every kind', () => {
  test.each<[string, string, string[]]>([
    ['yaml', '.dynamoxrc', ['orders']],
    ['json', '.dynamoxrc.json', ['json-orders', 'json-events']],
    ['js', 'dynamox.config.js', ['js-orders']],
    ['mjs', 'dynamox.config.mjs', ['mjs-orders']],
    ['cjs', 'dynamox.config.cjs', ['cjs-orders']],
    ['package', 'package.json', ['package-orders']],
  ])('%s', async (kind, file, tables) => {
    const loaded = await load({ cwd: `fixtures/config/${kind}` })
    expect(loaded.tables.map(({ definition }) => definition.name)).toEqual(tables)
    expect(loaded.config?.path).toBe(`${process.cwd()}/fixtures/config/${kind}/${file}`)
    expect(loaded).toMatchObject({ hasDefinitions: true, warnings: [], unknownNames: [], protected: false })
  })

  test('a table of the config has its settings and its source', async () => {
    const { tables } = await load({ cwd: 'fixtures/config/yaml' })
    expect(tables).toMatchObject([
      {
        baseName: 'orders',
        sources: [{ file: '.dynamoxrc', export: 'tables[0]', adapter: 'config' }],
        definition: {
          name: 'orders',
          partitionKey: [{ name: 'customerId', type: 'S' }],
          sortKey: [{ name: 'placedAt', type: 'N' }],
          globalIndexes: [
            {
              name: 'by-status',
              partitionKey: [
                { name: 'tenant', type: 'S' },
                { name: 'status', type: 'S' },
              ],
            },
          ],
          billingMode: 'PROVISIONED',
          readCapacity: 5,
        },
      },
    ])
  })

  test('two configs in one folder are an error', async () => {
    expect(await failure(load({ cwd: 'fixtures/config/two' }))).toMatchObject({
      code: 'config',
      message: '2 configs in one folder: .dynamoxrc, dynamox.config.yaml',
    })
  })

  test('no config at all is no error', async () => {
    const cwd = folder({})
    expect(await load({ cwd })).toEqual({
      tables: [],
      config: undefined,
      discovered: [],
      target: {},
      allowedAccounts: [],
      protected: false,
      protectedEnvironments: [],
      warnings: [],
      unknownNames: [],
      definedNames: [],
      hasDefinitions: false,
    })
  })
})

describe('a config that is wrong', () => {
  test.each<[string, Record<string, string>, object]>([
    [
      'one problem',
      { '.dynamoxrc': 'prefx: a' },
      { message: '.dynamoxrc:1:1: prefx: unknown key; did you mean "prefix"?' },
    ],
    [
      'several problems',
      { '.dynamoxrc': 'prefx: a\nmodels: 5\nenvironments: { prod: { protectd: true } }' },
      {
        message: '.dynamoxrc has 3 problems',
        problems: [
          'models: must be a string or a list of strings, not 5',
          'environments.prod.protectd: unknown key; did you mean "protected"?',
          'prefx: unknown key; did you mean "prefix"?',
        ],
      },
    ],
    [
      'problems of the config and of its tables',
      { '.dynamoxrc': "prefx: a\ntables: [{ table: users, partitionKey: 'pk:X', sortKye: sk }, { TableName: x }]" },
      {
        problems: [
          'prefx: unknown key; did you mean "prefix"?',
          'tables[0] users › sortKye: unknown field "sortKye"; did you mean "sortKey"?',
          expect.stringMatching(/^tables\[0\] users › partitionKey: "pk:X": X is not a key type/),
        ],
      },
    ],
    ['no map', { '.dynamoxrc': '- a' }, { message: '.dynamoxrc: must be a map of settings, not a list' }],
    [
      'a syntax error',
      { '.dynamoxrc': 'a: [1' },
      { message: expect.stringMatching(/^\.dynamoxrc:1:\d+: a ] is missing/) },
    ],
    ['comments in JSON', { '.dynamoxrc.json': '{ // x\n}' }, { message: '.dynamoxrc.json:1:3: JSON has no comments' }],
    [
      'a script that throws',
      { 'dynamox.config.ts': '\nthrow new Error("no")' },
      { message: 'dynamox.config.ts:2:18: no' },
    ],
    [
      'a script with a syntax error',
      { 'dynamox.config.ts': 'const = 1' },
      { message: 'dynamox.config.ts:1:7: unexpected token' },
    ],
    [
      'a script that exports a function',
      { 'dynamox.config.ts': 'export default () => ({})' },
      {
        message: 'dynamox.config.ts exports a function; export the config itself: export default defineConfig({ ... })',
      },
    ],
    [
      'a script with a function in it',
      { 'dynamox.config.mjs': 'export default { defaults: { tags: { a: () => 1 } } }' },
      { message: 'dynamox.config.mjs: defaults.tags.a is a function; a config holds plain values' },
    ],
    [
      'a script that ends the process',
      { 'dynamox.config.cjs': 'process.exit(0)' },
      { message: 'dynamox.config.cjs:1:1: the file called process.exit(0) while it was loaded' },
    ],
  ])('%s', async (_, files, expected) => {
    expect(await failure(load({ cwd: folder(files) }))).toMatchObject({ code: 'config', ...expected })
  })

  test('tables in it are checked as all tables are, with their place in it', async () => {
    const cwd = folder({
      '.dynamoxrc': 'tables:\n  - { table: users, partionKey: pk }\n  - { partitionKey: pk }\n  - { table: 5 }',
    })
    expect(await failure(load({ cwd }))).toMatchObject({
      code: 'definition',
      problems: [
        'tables[1]: the table has no name; give it one, or --table for a model that carries none',
        'tables[2] › table: must be a table name, not the number 5; put it in quotes',
        'tables[0] users › partionKey: unknown field "partionKey"; did you mean "partitionKey"?',
      ],
    })
  })
})

describe('the order of strength', () => {
  test('defaults < source < overrides', async () => {
    const { tables, config, target, allowedAccounts, warnings } = await load({ cwd: full })
    const byBase = Object.fromEntries(tables.map(table => [table.baseName, table.definition]))
    expect(Object.keys(byBase)).toEqual(['orders', 'users'])
    expect(byBase.orders).toMatchObject({
      name: 'shop-orders-v1',
      readCapacity: 50,
      writeCapacity: 10,
      tags: { team: 'orders' },
    })
    expect(byBase.users).toMatchObject({
      name: 'shop-users-v1',
      ttl: 'expiresAt',
      tags: { team: 'shop' },
      deletionProtection: false,
    })
    expect(config?.value.prefix).toBe('shop-')
    expect(target).toEqual({ region: 'eu-west-1', profile: 'dev' })
    expect(allowedAccounts).toEqual(['123456789012'])
    expect(warnings).toEqual([])
  })

  test('an environment is laid over', async () => {
    const loaded = await load({ cwd: full, env: 'prod' })
    const byBase = Object.fromEntries(loaded.tables.map(table => [table.baseName, table.definition]))
    expect(byBase.orders).toMatchObject({
      name: 'prod-orders-v1',
      deletionProtection: true,
      pointInTimeRecovery: 35,
      readCapacity: 10,
      tags: { team: 'orders', env: 'prod' },
    })
    expect(byBase.users).toMatchObject({ ttl: false })
    expect(loaded).toMatchObject({
      protected: true,
      target: { region: 'eu-central-1', profile: 'prod' },
      allowedAccounts: ['111122223333', '444455556666'],
      warnings: [],
    })
  })

  test('flags are the strongest, for one table', async () => {
    const flags = { ttl: 'flagged', tags: { by: 'flag' } }
    expect(await only({ cwd: full, env: 'prod', names: ['users'], flags })).toMatchObject({
      ttl: 'flagged',
      tags: { team: 'shop', env: 'prod', by: 'flag' },
    })
    expect(await failure(load({ cwd: full, names: ['new-a', 'new-b'], flags }))).toMatchObject({
      code: 'usage',
      message: 'definition flags apply to exactly one table, but 2 are selected',
      hint: 'name one of them: new-a, new-b',
    })
    expect(await failure(load({ cwd: full, flags }))).toEqual({
      code: 'usage',
      message: 'definition flags apply to exactly one table, but 2 are selected',
      hint: 'name one of them: orders, users',
    })
  })

  test('flags with a key define a table of their own, under the plain name', async () => {
    const loaded = await load({ cwd: full, names: ['events'], flags: { partitionKey: 'id:N' } })
    expect(loaded.tables).toMatchObject([
      {
        baseName: 'events',
        sources: [{ file: 'flags', adapter: 'flags' }],
        definition: { name: 'events', partitionKey: [{ name: 'id', type: 'N' }], tags: { team: 'shop' } },
      },
    ])
    const bare = await load({
      cwd: folder({}),
      names: ['events'],
      flags: { partitionKey: 'id', readCapacity: 5, billingMode: 'PROVISIONED' },
    })
    expect(bare).toMatchObject({ hasDefinitions: true, tables: [{ definition: { name: 'events', readCapacity: 5 } }] })
  })

  test("a file's dynamox export is laid over its tables", async () => {
    const cwd = folder({
      'm.ts': `export const A = { table: 'aaa', partitionKey: 'pk', ttl: 'x' }\nexport const dynamox = { ttl: 'expiresAt', tags: { a: 'b' } }`,
      'n.ts': `export const B = { table: 'bbb', partitionKey: 'pk' }`,
    })
    const { tables } = await load({ cwd, models: ['m.ts', 'n.ts'] })
    expect(tables[0]?.definition).toMatchObject({ ttl: 'expiresAt', tags: { a: 'b' } })
    expect(tables[1]?.definition).not.toHaveProperty('ttl')
  })

  test('a problem is reported where its value was written', async () => {
    const cwd = folder({
      '.dynamoxrc': 'models: m.ts\noverrides: { aaa: { pointInTimeRecovery: 99 } }',
      'm.ts': `export const A = { table: 'aaa', partitionKey: 'pk', sortKey: 'pk' }\nexport const dynamox = { tll: 'x' }`,
    })
    expect(await failure(load({ cwd }))).toMatchObject({
      code: 'definition',
      problems: [
        'm.ts dynamox › tll: unknown field "tll"; did you mean "ttl"?',
        expect.stringMatching(/^m\.ts A › sortKey: /),
        expect.stringMatching(/^\.dynamoxrc overrides\.aaa › pointInTimeRecovery: /),
      ],
    })
  })
})

describe('keys of the config that match no table', () => {
  test.each(['names: { "m.json#default": users }', 'overrides: { users: { ttl: at } }', 'ignore: { users: [ttl] }'])(
    'are not told while a table cannot be read: %s',
    async keys => {
      const cwd = folder({
        '.dynamoxrc': `models: "*.json"\nstrict: true\n${keys}`,
        'm.json': '{"TableName":"users","KeySchema":[]}',
      })
      expect(await failure(load({ cwd }))).toMatchObject({ code: 'definition' })
    },
  )

  const tables = 'tables: [{ table: users, partitionKey: pk }]\n'
  test.each<[string, string]>([
    ['overrides: { user: { ttl: at } }', '.dynamoxrc overrides.user matches no table; did you mean "users"?'],
    ['ignore: { usrs: [capacity] }', '.dynamoxrc ignore.usrs matches no table; did you mean "users"?'],
    ['seed: { other: items.json }', '.dynamoxrc seed.other matches no table'],
    ['names: { "no.ts#User": users }', '.dynamoxrc names.no.ts#User matches no model'],
  ])('%s', async (keys, message) => {
    const cwd = folder({ '.dynamoxrc': `${tables}${keys}` })
    expect((await load({ cwd })).warnings).toEqual([message])
    expect(await failure(load({ cwd, strict: true }))).toMatchObject({ code: 'config', message })
  })

  test('several are reported together', async () => {
    const cwd = folder({ '.dynamoxrc': `${tables}overrides: { a: {} }\nignore: { b: [ttl] }\nstrict: true` })
    expect(await failure(load({ cwd }))).toEqual({
      code: 'config',
      message: '2 keys of the config match no table',
      hint: 'without strict this is a warning',
      problems: ['.dynamoxrc overrides.a: matches no table', '.dynamoxrc ignore.b: matches no table'],
    })
  })
})

test('--table is not used for models with a name of their own, with a warning', async () => {
  const cwd = folder({ 'm.json': '{"table":"users","partitionKey":"pk"}' })
  const { warnings } = await load({ cwd, config: false, models: ['m.json'], table: 'other' })
  expect(warnings).toEqual(['the table name other (--table) is not used: every model has a name of its own'])
})

test('a glob does not follow a link into a package', async () => {
  const cwd = folder({
    'node_modules/evil/m.json': '{"table":"evil","partitionKey":"pk"}',
    'src/m.json': '{"table":"users","partitionKey":"pk"}',
  })
  symlinkSync('../node_modules/evil', join(cwd, 'src/linked'))
  expect(await names({ cwd, config: false, models: ['src/**/*.json'] })).toEqual(['users'])
})

describe('prefix and suffix', () => {
  test.each<[LoadOptions, string[]]>([
    [{}, ['shop-orders-v1', 'shop-users-v1']],
    [{ env: 'local' }, ['orders', 'users']],
    [{ prefix: 'x-' }, ['x-orders-v1', 'x-users-v1']],
    [{ env: 'prod', prefix: '', suffix: '-z' }, ['orders-z', 'users-z']],
  ])('%j', async (options, expected) => {
    expect(await names({ cwd: full, ...options })).toEqual(expected)
  })
})

describe('the target', () => {
  const config =
    'region: r\nendpoint: http://localhost:8000\nenvironments: { aws: { endpoint: false }, box: { local: true }, none: {} }'
  test.each<[LoadOptions, object]>([
    [{}, { region: 'r', endpoint: 'http://localhost:8000', endpointFrom: 'config' }],
    [{ env: 'none' }, { region: 'r', endpoint: 'http://localhost:8000', endpointFrom: 'config' }],
    [{ env: 'aws' }, { region: 'r' }],
    [{ env: 'box' }, { region: 'r', local: true }],
    [{ local: true }, { region: 'r', local: true }],
    [
      { env: 'box', endpoint: 'http://db:1', region: 'q', profile: 'p' },
      { region: 'q', profile: 'p', endpoint: 'http://db:1' },
    ],
  ])('%j', async (options, target) => {
    expect((await load({ cwd: folder({ '.dynamoxrc': config }), ...options })).target).toEqual(target)
  })
})

describe('picking by name', () => {
  test.each<[string[], string[]]>([
    [['users'], ['shop-users-v1']],
    [['shop-users-v1'], ['shop-users-v1']],
    [
      ['users', 'shop-orders-v1'],
      ['shop-orders-v1', 'shop-users-v1'],
    ],
    [[], ['shop-orders-v1', 'shop-users-v1']],
  ])('%j', async (picked, expected) => {
    expect(await names({ cwd: full, names: picked })).toEqual(expected)
  })

  test('unknown names are an error with a suggestion', async () => {
    expect(await failure(load({ cwd: full, names: ['user'] }))).toEqual({
      code: 'usage',
      message: 'table "user" is not defined; did you mean "users"?',
      hint: 'the defined tables are orders, users',
    })
    expect(await failure(load({ cwd: full, names: ['users', 'xxx', 'yyy'] }))).toMatchObject({
      message: 'the tables "xxx" and "yyy" are not defined',
    })
    const loaded = await load({ cwd: full, names: ['users', 'xxx'], unknownNames: 'return' })
    expect(loaded).toMatchObject({ unknownNames: ['xxx'], tables: [{ baseName: 'users' }] })
  })

  test('a broken table does not affect another one', async () => {
    expect(
      await names({ cwd: 'test/load/broken', config: false, models: ['wrong-tables.ts'], names: ['good'] }),
    ).toEqual(['good'])
  })
})

describe('environments', () => {
  test('an unknown environment is an error with a suggestion', async () => {
    expect(await failure(load({ cwd: full, env: 'pord' }))).toEqual({
      code: 'usage',
      message: 'unknown environment "pord" in dynamox.config.yaml; did you mean "prod"?',
      hint: 'dynamox.config.yaml defines local, prod',
    })
    expect(await failure(load({ cwd: full, env: 'prod', config: false }))).toMatchObject({
      code: 'usage',
      message: 'the environment "prod" is defined in a config, and no config is used',
      hint: 'leave out --no-config, or --env and DYNAMOX_ENV',
    })
    expect(await failure(load({ cwd: folder({}), env: 'prod' }))).toMatchObject({
      code: 'usage',
      message: 'unknown environment "prod": no config file was found',
    })
  })

  test('lists of an environment replace those of the config', async () => {
    const cwd = folder({
      '.dynamoxrc':
        'tables: [{ table: aaa, partitionKey: pk }]\nenvironments: { e: { tables: [{ table: bbb, partitionKey: pk, ttl: 5 }] } }',
    })
    expect(await names({ cwd })).toEqual(['aaa'])
    expect((await failure(load({ cwd, env: 'e' }))).message).toMatch(
      /^\.dynamoxrc:2:\d+: environments\.e\.tables\[0\] bbb › ttl: /,
    )
  })
})
