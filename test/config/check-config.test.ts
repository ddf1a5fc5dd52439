import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import type { Config } from '../../src/config/config.ts'
import { defineConfig } from '../../src/config/config.ts'

const problemsOf = async (value: unknown) => {
  const result = await checkConfig(value)
  return 'problems' in result ? result.problems.map(({ path, message }) => `${path}: ${message}`) : []
}

const whole: Config = {
  $schema: './node_modules/dynamox/dist/config.schema.json',
  models: ['src/models/*.ts', 'tables.yaml'],
  tables: [{ table: 'orders', partitionKey: 'customerId:S' }],
  prefix: 'dev-',
  suffix: '-v1',
  region: 'eu-west-1',
  profile: 'dev',
  endpoint: 'http://localhost:8000',
  local: false,
  defaults: { tags: { team: 'shop' }, billingMode: 'PROVISIONED' },
  overrides: { orders: { ttl: 'expiresAt', globalIndexes: { 'by-status': { partitionKey: 'status' } } } },
  environments: {
    prod: {
      protected: true,
      allowedAccounts: ['012345678901'],
      region: 'eu-central-1',
      endpoint: false,
      deletionProtection: true,
      pointInTimeRecovery: 35,
      overrides: { orders: { readCapacity: 100 } },
    },
  },
  allowedAccounts: '123456789012',
  ignore: { '*': ['capacity'], orders: ['globalIndexes.by-status.readCapacity', 'tags'] },
  seed: { orders: 'seed/orders.json' },
  require: 'dotenv/config',
  timeout: '5m',
  concurrency: 8,
  strict: true,
  silence: ['W-local-index', 'W-same-index'],
}

describe('a config that is right', () => {
  test.each<[string, Config]>([
    ['empty', {}],
    ['every key', whole],
    ['lists of one as text', { models: 'a.ts', require: 'b', seed: 'c.json', allowedAccounts: '123456789012' }],
    ['seconds', { timeout: 30 }],
    ['ignore for all tables', { ignore: ['capacity', 'tags'] }],
  ])('%s', async (_, config) => {
    expect(await checkConfig(config)).toEqual({ config })
  })

  test('defineConfig is the identity, and its type refuses unknown keys', () => {
    expect(defineConfig(whole)).toBe(whole)
    // @ts-expect-error an unknown key
    defineConfig({ regoin: 'eu-west-1' })
  })
})

describe('unknown keys', () => {
  test.each<[unknown, string[]]>([
    [
      { regoin: 'x', model: 'y', wholly: 1 },
      [
        'regoin: unknown key; did you mean "region"?',
        'model: unknown key; did you mean "models"?',
        'wholly: unknown key',
      ],
    ],
    [{ billingMode: 'PROVISIONED' }, ['billingMode: unknown key; table settings for every table go under "defaults"']],
    [
      { environments: { prod: { protectd: true, gsi: {} }, 'a b': { x: 1 } } },
      [
        'environments.prod.protectd: unknown key; did you mean "protected"?',
        'environments.prod.gsi: unknown key; did you mean "globalIndexes"?',
        'environments["a b"].x: unknown key',
      ],
    ],
    [
      { defaults: { bilingMode: 'PROVISIONED' } },
      ['defaults.bilingMode: unknown field "bilingMode"; did you mean "billingMode"?'],
    ],
    [
      { overrides: { users: { ttl: 5, table: 'x' } } },
      [
        'overrides.users.table: defaults and overrides cannot rename a table; use prefix, suffix or names',
        'overrides.users.ttl: must be an attribute name or false, not 5',
      ],
    ],
    [
      { defaults: { table: 'x' } },
      ['defaults.table: defaults and overrides cannot rename a table; use prefix, suffix or names'],
    ],
  ])('%j', async (config, problems) => {
    expect(await problemsOf(config)).toEqual(problems)
  })
})

describe('wrong types, all at once', () => {
  test.each<[unknown, string[]]>([
    ['text', [': must be a map of settings, not "text"']],
    [[], [': must be a map of settings, not an empty list']],
    [null, [': must be a map of settings, not null']],
    [
      { models: 1, region: ['a'], local: 'yes', prefix: null },
      [
        'models: must be a string or a list of strings, not 1',
        'prefix: must be a string, not null',
        'region: must be a string, not a list',
        'local: must be true or false, not "yes"',
      ],
    ],
    [{ tables: { users: {} } }, ['tables: must be a list of tables, not an object']],
    [{ tables: ['users', {}] }, ['tables[0]: must be a map, not "users"']],
    [{ endpoint: 'localhost:8000' }, ['endpoint: "localhost:8000" is not an http:// or https:// address']],
    [{ endpoint: false }, ['endpoint: must be a string, not false']],
    [
      { environments: { dev: { endpoint: true } } },
      ['environments.dev.endpoint: must be an http:// or https:// address, or false for AWS itself, not true'],
    ],
    [{ environments: ['dev'] }, ['environments: must be a map from name to environment, not a list']],
    [{ environments: { dev: null } }, ['environments.dev: must be a map, not null']],
    [
      { allowedAccounts: [12345678901] },
      ['allowedAccounts: 12345678901 is a number, which loses leading zeros; put the account in quotes'],
    ],
    [{ allowedAccounts: ['123456789012', '12'] }, ['allowedAccounts[1]: "12" is not an account of 12 digits']],
    [{ models: ['a.ts', 1] }, ['models: holds 1; each entry must be a string']],
    [{ timeout: '5 minutes' }, ['timeout: must be a duration such as 30, 30s or 5m, not "5 minutes"']],
    [{ timeout: 0 }, ['timeout: must be a duration such as 30, 30s or 5m, not 0']],
    [{ concurrency: 0.5 }, ['concurrency: must be a whole number from 1, not 0.5']],
    [{ concurrency: 'many' }, ['concurrency: must be a whole number from 1, not "many"']],
    [
      { strict: 1, silence: 'W1' },
      ['strict: must be true or false, not 1', 'silence: must be a list of rule ids, not "W1"'],
    ],
    [
      { ignore: ['capcity'] },
      [
        'ignore[0]: "capcity" cannot be ignored; did you mean "capacity"?; write capacity, a field\'s name, or globalIndexes.<index>.capacity',
      ],
    ],
  ])('%j', async (config, problems) => {
    expect(await problemsOf(config)).toEqual(problems)
  })
})
