import { symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { loadModels } from '../../src/load/load-models.ts'
import type { LoadOptions } from '../../src/load/load-options.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const load = async (options: LoadOptions) => {
  const { tables } = await loadDefinitions({ config: false, ...options })
  return tables.map(({ definition, sources }) =>
    [definition.name, ...sources.map(({ file, export: name }) => (name === undefined ? file : `${file} ${name}`))].join(
      ' <- ',
    ),
  )
}

describe('model files of every flavour', () => {
  test('that import dynamox, which is not installed here', async () => {
    const models = [
      'user.ts',
      'audit.mts',
      'counters.cts',
      'events.mjs',
      'session.cjs',
      'invoice.js',
      'orders.yaml',
      'cart.json',
    ]
    expect(await load({ cwd: 'fixtures/dynamox', models })).toEqual([
      'users <- user.ts User',
      'audit <- audit.mts default',
      'counters <- counters.cts',
      'events <- events.mjs Event',
      'sessions <- session.cjs Session',
      'invoices <- invoice.js',
      'orders <- orders.yaml tables[0]',
      'order-lines <- orders.yaml tables[1]',
      'carts <- cart.json',
    ])
  })

  test.each(['ts', 'mts', 'cts'])('a config in .%s that imports dynamox', async kind => {
    const { tables } = await loadDefinitions({ cwd: `fixtures/config/${kind}` })
    expect(tables.map(({ definition }) => definition.name)).toEqual([`${kind}-orders`])
  })

  test('a config may re-export another file as its default', async () => {
    const cwd = folder({
      'tables.ts': "export const tables = [{ table: 'orders', partitionKey: 'id' }]\n",
      'dynamox.config.ts': "import config from './tables'\nexport default config\n",
    })
    const { tables } = await loadDefinitions({ cwd })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['orders'])
  })

  test('tables in a config may be models', async () => {
    const cwd = folder({
      'dynamox.config.ts': `import { defineConfig, defineTable } from 'dynamox'
        const users = defineTable({ table: 'users', partitionKey: 'pk:N' })
        export default defineConfig({ tables: [users, { table: 'orders', partitionKey: 'id' }] })`,
    })
    const { tables } = await loadDefinitions({ cwd })
    expect(tables.map(({ definition }) => definition.partitionKey)).toEqual([
      [{ name: 'pk', type: 'N' }],
      [{ name: 'id', type: 'S' }],
    ])
  })

  test("the project's own dynamox is used", async () => {
    const cwd = folder({
      'node_modules/dynamox/package.json': '{"name":"dynamox","type":"module","exports":"./index.js"}',
      'node_modules/dynamox/index.js': `export const defineTable = input => ({ ...input, table: 'own-' + input.table })`,
      'm.ts': `import { defineTable } from 'dynamox'\nexport const A = defineTable({ table: 'aaa', partitionKey: 'pk' })`,
    })
    expect(await load({ cwd, models: ['m.ts'] })).toEqual(['own-aaa <- m.ts A'])
  })

  test('a mistake in a model names the line of the call', async () => {
    const cwd = folder({
      'm.ts': `import { defineModel, string } from 'dynamox'\n\nexport const A = defineModel({\n  table: 'aaa',\n  partitionKey: 'pq',\n  attributes: { pk: string() },\n})`,
    })
    const error = await failure(loadDefinitions({ cwd, models: ['m.ts'] }))
    expect(error).toMatchObject({
      code: 'definition',
      message: expect.stringMatching(/^m\.ts:\d+:\d+: aaa › partitionKey: /),
    })
    expect(error.problems).toHaveLength(1)
  })
})

describe('aliases and barrels', () => {
  test("the project's tsconfig paths", async () => {
    expect(await load({ cwd: 'fixtures/aliases', models: ['src/models/order.ts'] })).toEqual([
      'orders <- src/models/order.ts Order',
    ])
    expect(await load({ models: ['fixtures/aliases/src/models/user.ts'] })).toEqual([
      'users <- fixtures/aliases/src/models/user.ts User',
    ])
  })

  test('a table that a barrel repeats belongs to the file that defines it', async () => {
    expect(await load({ cwd: 'fixtures/aliases', models: ['src/models/*.ts'] })).toEqual([
      'orders <- src/models/order.ts Order',
      'users <- src/models/user.ts User',
    ])
    expect(await load({ cwd: 'fixtures/aliases', models: ['src/models/index.ts'] })).toEqual([
      'orders <- src/models/index.ts Order',
      'users <- src/models/index.ts User',
    ])
  })
})

describe('files and globs', () => {
  const table = (name: string) => `module.exports = { table: '${name}', partitionKey: 'pk' }`
  const files = {
    'models/aaa.cjs': table('aaa'),
    'models/deep/bbb.cjs': table('bbb'),
    'models/helper.cjs': 'module.exports = { help: 1 }',
    'models/types.d.ts': 'export interface A {}',
    'models/notes.md': '',
    'models/[id].cjs': table('ids'),
    'helpers/only.cjs': 'exports.help = 1',
    'node_modules/x/ccc.cjs': table('ccc'),
  }

  test.each<[string[], string[]]>([
    [['models/*.cjs'], ['ids', 'aaa']],
    [['**/*.cjs'], ['ids', 'aaa', 'bbb']],
    [
      ['models/**', '!models/deep/**'],
      ['ids', 'aaa'],
    ],
    [['models/{aaa,none}.cjs', 'models/aaa.cjs'], ['aaa']],
    [['models/[id].cjs'], ['ids']],
    [
      ['./models/deep/bbb.cjs', 'models/aaa.cjs'],
      ['bbb', 'aaa'],
    ],
  ])('%j', async (models, expected) => {
    expect((await load({ cwd: folder(files), models })).map(line => line.split(' ')[0])).toEqual(expected)
  })

  test.each<[string[], object]>([
    [
      ['nothing/*.ts'],
      { message: 'no model file matches nothing/*.ts', hint: expect.stringMatching(/^globs are relative to \//) },
    ],
    [
      ['models/*.md'],
      {
        message: 'no model file matches models/*.md',
        hint: expect.stringMatching(/^it matches only files that do not end in \.ts/),
      },
    ],
    [
      ['models/notes.md'],
      { message: expect.stringMatching(/^models\/notes\.md is not a model file; it must end in \.ts/) },
    ],
    [['helpers/*.cjs'], { message: 'helpers/*.cjs exports no table, only help (number)' }],
  ])('%j', async (models, expected) => {
    expect(await failure(load({ cwd: folder(files), models }))).toMatchObject({ code: 'model', ...expected })
  })

  test("a config's files are relative to the config, those of the command line to the working directory", async () => {
    const cwd = folder({
      '.git': null,
      '.dynamoxrc': 'models: models/aaa.cjs\nrequire: ./setup.cjs',
      'setup.cjs': '',
      ...files,
    })
    const from = (options: LoadOptions) => load({ cwd: `${cwd}/models/deep`, config: undefined, ...options })
    expect(await from({})).toEqual([`aaa <- ${cwd}/models/aaa.cjs default`])
    expect(await from({ models: ['bbb.cjs'] })).toEqual(['bbb <- bbb.cjs default'])
  })
})

describe('--require and --export', () => {
  test('require: files and packages, in order, before the models', async () => {
    const cwd = folder({
      'setup.ts': `globalThis.stage = ((globalThis as { stage?: string }).stage ?? '') + 'file-'`,
      'node_modules/stage-it/index.js': `globalThis.stage = (globalThis.stage ?? '') + 'package-'`,
      'm.ts': `export const A = { table: (globalThis as { stage?: string }).stage + 'aaa', partitionKey: 'pk' }`,
    })
    expect(await load({ cwd, models: ['m.ts'], require: ['./setup.ts', 'stage-it'] })).toEqual([
      'file-package-aaa <- m.ts A',
    ])
    expect(await failure(load({ cwd, models: ['m.ts'], require: ['no-such-thing'] }))).toMatchObject({
      code: 'model',
      message: "no-such-thing: Cannot find module 'no-such-thing'",
    })
  })

  test.each([
    ['none of them needs jiti', ''],
    ['the model needs jiti', "export * from './nothing.js'\n"],
  ])('a file that config, setup and model share runs once: %s', async (_, more) => {
    const config = "import { settings } from './shared.ts'\nsettings.by.push('config')\n"
    const cwd = folder({
      'shared.ts': "export const settings: { by: string[] } = { by: ['shared'] }\n",
      'setup.ts': "import { settings } from './shared.ts'\nsettings.by.push('setup')\n",
      'nothing.js': '',
      'm.ts': `import { settings } from './shared.ts'\n${more}export const A = { table: settings.by.join('-'), partitionKey: 'pk' }\n`,
      'dynamox.config.ts': `${config}export default { models: 'm.ts', require: ['./setup.ts'] }\n`,
    })
    expect(await load({ cwd, config: undefined })).toEqual(['shared-config-setup <- m.ts A'])
    expect(await load({ cwd, models: ['m.ts'] })).toEqual(['shared <- m.ts A'])
    expect(await load({ cwd, models: ['m.ts'], require: ['./setup.ts'] })).toEqual(['shared-setup <- m.ts A'])
  })

  test('a file that is reached by another name runs once', async () => {
    const cwd = folder({
      'real/base.ts': 'export const list: string[] = []\n',
      'real/a.ts':
        "import { list } from './base.ts'\nconst name = 'aaa-' + list.push('')\nexport const A = { table: name, partitionKey: 'pk' }\n",
    })
    symlinkSync('real/a.ts', `${cwd}/b.ts`)
    expect(await load({ cwd, models: ['real/a.ts', 'b.ts'] })).toEqual(['aaa-1 <- real/a.ts A'])
  })

  test('one export', async () => {
    const cwd = 'fixtures/aliases'
    const models = ['src/models/index.ts']
    expect(await load({ cwd, models, export: 'User' })).toEqual(['users <- src/models/index.ts User'])
    expect(await failure(load({ cwd, models, export: 'Usr' }))).toEqual({
      code: 'model',
      message: 'src/models/index.ts does not export "Usr"; did you mean "User"?',
      hint: expect.stringMatching(/^its exports are (Order|User) \(object with .*\), (Order|User) \(object with .*\)$/),
    })
  })

  test('--table names a model without a name', async () => {
    const cwd = folder({
      'table.json': JSON.stringify({
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    })
    expect(await load({ cwd, models: ['table.json'], table: 'given', prefix: 'dev-' })).toEqual([
      'dev-given <- table.json',
    ])
  })

  test('--table names a table in a data file without a name', async () => {
    const cwd = folder({ 'table.yaml': 'partitionKey: pk:S\nsortKey: at:N\n' })
    expect(await load({ cwd, models: ['table.yaml'], table: 'given' })).toEqual(['given <- table.yaml'])
    expect(await failure(load({ cwd, models: ['table.yaml'] }))).toMatchObject({
      code: 'definition',
      message: 'table.yaml:1:1: the table has no name; give it one, or --table for a model that carries none',
    })
  })

  test.each([
    ['a misspelt key', "exports.users = { table: 'users', partionKey: 'pk' }", 'partionKey', 'partitionKey'],
    ['a misspelt name', "exports.users = { tabel: 'users', partitionKey: 'pk' }", 'tabel', 'table'],
  ])('%s beside a good table is reported', async (_, text, written, meant) => {
    const cwd = folder({ 'models.cjs': `${text}\nexports.good = { table: 'good', partitionKey: 'pk' }` })
    const { message } = await failure(load({ cwd, models: ['models.cjs'] }))
    expect(message).toMatch(
      new RegExp(`^models.cjs:1:\\d+: users › ${written}: unknown field "${written}"; did you mean "${meant}"\\?$`),
    )
  })

  test('an object without a name in code says what it lacks', async () => {
    const cwd = folder({ 'users.cjs': "exports.users = { partitionKey: 'pk' }" })
    expect(await failure(load({ cwd, models: ['users.cjs'] }))).toMatchObject({
      code: 'model',
      message: 'users.cjs exports no table: users is a table without a name; add table: <name>',
    })
  })

  test('an empty AWS_REGION counts as unset, since models create SDK clients', async () => {
    vi.stubEnv('AWS_REGION', '')
    vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1')
    const cwd = folder({ 'users.cjs': 'exports.users = { table: process.env.AWS_REGION, partitionKey: "pk" }' })
    expect(await load({ cwd, models: ['users.cjs'] })).toEqual(['eu-west-1 <- users.cjs users'])
    vi.unstubAllEnvs()
  })

  test('plain data is read without a worker', async () => {
    const unused = () => Promise.reject(new Error('a worker was asked'))
    const loader = { config: unused, script: unused, models: unused, warnings: () => [], close: unused }
    const cwd = resolve('fixtures/dynamox')
    const request = { models: ['orders.yaml', 'cart.json'], base: cwd, cwd, require: [], templates: { inputs: {} } }
    const { files } = await loadModels(request, loader)
    expect(files.map(({ tables }) => tables.length)).toEqual([2, 1])
  })
})
