import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/load/load-config.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { createLoader } from '../../src/load/loader.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const configOf = async (files: Readonly<Record<string, string | null>>, from = '.') => {
  const cwd = folder({ '.git': null, ...files })
  const loader = createLoader({ cwd })
  try {
    return (await loadConfig({ cwd: join(cwd, from), variables: {} }, loader))?.value
  } finally {
    await loader.close()
  }
}

describe('extends', () => {
  test.each<[string, Record<string, string | null>, object]>([
    [
      'a file',
      { '.dynamoxrc': 'extends: base.yaml\nprefix: a-', 'base.yaml': 'prefix: b-\nsuffix: -b' },
      { prefix: 'a-', suffix: '-b' },
    ],
    [
      'a folder',
      { '.dynamoxrc': 'extends: shared', 'shared/dynamox.config.json': '{"prefix":"b-"}' },
      { prefix: 'b-' },
    ],
    [
      'a script',
      { '.dynamoxrc': 'extends: ./base.mjs', 'base.mjs': "export default { prefix: 'b-' }" },
      { prefix: 'b-' },
    ],
    [
      'a package with a config',
      { '.dynamoxrc': "extends: '@acme/tables'", 'node_modules/@acme/tables/.dynamoxrc': 'prefix: b-' },
      { prefix: 'b-' },
    ],
    [
      "a package's main file",
      {
        'package.json': '{"dynamox":{"extends":["acme"]}}',
        'node_modules/acme/package.json': '{"main":"tables.json"}',
        'node_modules/acme/tables.json': '{"prefix":"b-"}',
      },
      { prefix: 'b-' },
    ],
    [
      'a file of a package',
      { '.dynamoxrc': 'extends: acme/prod.json', 'node_modules/acme/prod.json': '{"prefix":"b-"}' },
      { prefix: 'b-' },
    ],
    [
      'a list, of which the last is the strongest',
      { '.dynamoxrc': 'extends: [a.yaml, b.yaml]', 'a.yaml': 'prefix: a-\nsuffix: -a', 'b.yaml': 'prefix: b-' },
      { prefix: 'b-', suffix: '-a' },
    ],
    [
      'files that extend others, and one twice',
      {
        '.dynamoxrc': 'extends: [a.yaml, b.yaml]',
        'a.yaml': 'extends: c.yaml\nprefix: a-',
        'b.yaml': 'extends: c.yaml',
        'c.yaml': 'prefix: c-\nregion: eu-west-1',
      },
      { prefix: 'c-', region: 'eu-west-1' },
    ],
    [
      'maps key by key; lists as a whole',
      {
        '.dynamoxrc':
          'extends: a.yaml\nallowedAccounts: ["222222222222"]\nenvironments: { dev: { prefix: d- }, test: { local: true } }\ndefaults: { tags: { b: "2" } }',
        'a.yaml':
          'allowedAccounts: ["111111111111"]\nenvironments: { dev: { prefix: x-, local: true } }\ndefaults: { tags: { a: "1" }, ttl: at }',
      },
      {
        allowedAccounts: ['222222222222'],
        environments: { dev: { prefix: 'd-', local: true }, test: { local: true } },
        defaults: { tags: { a: '1', b: '2' }, ttl: 'at' },
      },
    ],
    [
      'paths are relative to the file that holds them',
      {
        '.dynamoxrc': 'extends: shared/base.yaml',
        'shared/base.yaml':
          "models: ['*.ts', '!*.test.ts']\nseed: { users: users.json }\nrequire: [setup.ts, dotenv/config]\nnames: { 'cart.ts#Cart': carts, Table: x }\ndataFolder: .\nenvironments: { dev: { models: dev/*.ts } }",
        'shared/setup.ts': '',
        'shared/cart.ts': '',
      },
      {
        models: ['shared/*.ts', '!shared/*.test.ts'],
        seed: { users: 'shared/users.json' },
        require: ['shared/setup.ts', 'dotenv/config'],
        names: { 'shared/cart.ts#Cart': 'carts', Table: 'x' },
        dataFolder: 'shared',
        environments: { dev: { models: 'shared/dev/*.ts' } },
      },
    ],
  ])('%s', async (_, files, expected) => {
    const { extends: entries, ...value } = (await configOf(files)) ?? {}
    expect(value).toEqual(expected)
    expect(entries).toBeDefined()
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a file that does not exist',
      { '.dynamoxrc': 'prefix: a-\nextends: ./no.yaml' },
      '.dynamoxrc:2:1: extends: ./no.yaml not found',
    ],
    ['a package that is not installed', { '.dynamoxrc': 'extends: acme' }, '.dynamoxrc:1:1: extends: acme not found'],
    [
      'a circle',
      { '.dynamoxrc': 'extends: a.yaml', 'a.yaml': 'extends: b.yaml', 'b.yaml': 'extends: a.yaml' },
      '.dynamoxrc:1:1: extends: leads in a circle: a.yaml -> b.yaml -> a.yaml',
    ],
    [
      'itself',
      { '.dynamoxrc': 'extends: .dynamoxrc' },
      '.dynamoxrc:1:1: extends: leads in a circle: .dynamoxrc -> .dynamoxrc',
    ],
    [
      'a file with a mistake, which is placed in it',
      { '.dynamoxrc': 'extends: a.yaml', 'a.yaml': 'prefix: a-\nsufix: -b' },
      'a.yaml:2:1: sufix: unknown key; did you mean "suffix"?',
    ],
  ])('%s', async (_, files, message) => {
    expect((await failure(configOf(files))).message).toBe(message)
  })

  test('a table of an extended file is placed in that file', async () => {
    const cwd = folder({
      '.dynamoxrc': 'extends: a.yaml\nprefix: a-',
      'a.yaml': 'tables:\n  - table: users\n    partitionKey: id\n    ttl: 5',
    })
    const { problems } = await failure(loadDefinitions({ cwd }))
    expect(problems).toHaveLength(1)
    expect((await failure(loadDefinitions({ cwd }))).message).toMatch(/^a\.yaml:4:5: tables\[0\] users › ttl: /)
  })
})

test('local data stays inside the project', async () => {
  expect(await configOf({ 'a/.dynamoxrc': 'dataFolder: ..', 'a/package.json': '{}' }, 'a')).toEqual({
    dataFolder: '..',
  })
  expect((await failure(configOf({ '.dynamoxrc': 'dataFolder: ..' }))).message).toMatch(
    /^\.dynamoxrc:1:1: dataFolder: .* is outside the project/,
  )
})

describe('names for models without one', () => {
  const input =
    "{ KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST' }"
  const model = `export const Cart = ${input}\nexport const Other = ${input}`
  const load = async (config: string, from = '.') => {
    const cwd = folder({ '.git': null, '.dynamoxrc': `models: src/*.mjs\n${config}`, 'src/m.mjs': model, sub: null })
    const { tables } = await loadDefinitions({ cwd: join(cwd, from) })
    return tables.map(({ definition }) => definition.name)
  }
  test.each(['.', 'sub', 'src'])('by file and export, run in %s', async from => {
    expect(await load("prefix: p-\nnames: { 'src/m.mjs#Cart': carts, 'src/m.mjs#Other': others }", from)).toEqual([
      'p-carts',
      'p-others',
    ])
  })
  test('a missing name is a problem that says how to give one', async () => {
    expect(await failure(load("names: { 'src/m.mjs#Cart': carts }"))).toMatchObject({
      message: expect.stringMatching(/^src\/m\.mjs:2:14: Other: the table has no name; /),
      hint: 'in the config, name it by its file and export: names: { "src/m.mjs#Other": ... }',
    })
  })
})

describe('a script that forgets its default export', () => {
  test.each([
    ["export const config = { models: 'src/*.ts' }", 'config looks like the config: write export default config'],
    ['export {}', 'write export default defineConfig({ ... })'],
  ])('%s', async (text, hint) => {
    expect(await failure(configOf({ 'dynamox.config.ts': text }))).toMatchObject({
      message: 'dynamox.config.ts has no default export',
      hint,
    })
  })
  test('keys that a CommonJS file exports one by one are the config', async () => {
    expect(await configOf({ 'dynamox.config.cjs': "exports.prefix = 'a-'" })).toEqual({ prefix: 'a-' })
  })
})

test('each value is shown with the file that sets it', async () => {
  const cwd = folder({
    'shared/.dynamoxrc': `
defaults: { tags: { team: shop }, ttl: until, stream: KEYS_ONLY }
overrides: { users: { tableClass: STANDARD } }
environments: { prod: { pointInTimeRecovery: true } }
`,
    '.dynamoxrc': `
extends: ./shared
defaults: { ttl: expires }
overrides: { users: { tags: { owner: ann } } }
tables: [{ table: users, partitionKey: id }]
`,
  })
  const { tables } = await loadDefinitions({ cwd, env: 'prod' })
  expect(tables[0]?.origins).toMatchObject({
    ttl: '.dynamoxrc defaults',
    stream: 'shared/.dynamoxrc defaults',
    tags: '.dynamoxrc overrides.users',
    tableClass: 'shared/.dynamoxrc overrides.users',
    pointInTimeRecovery: 'shared/.dynamoxrc environments.prod',
  })
})
