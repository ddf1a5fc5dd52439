import { describe, expect, test } from 'vitest'
import { guardProtected } from '../../src/cli/consent.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const config = `
region: eu-west-1
tables: [{ table: users, partitionKey: pk }]
environments:
  prod: { prefix: prod-, protected: true }
  west: { region: us-west-2, prefix: west-, protected: true }
  local: { endpoint: http://localhost:8000, prefix: prod- }
  again: { prefix: prod- }
  dev: { prefix: dev- }
`

type Guarded = Parameters<typeof guardProtected>[0]

/** What a delete of these tables says. */
async function guard(names: readonly string[], options: object, flags: object = {}): Promise<unknown> {
  const loaded = await loadDefinitions({ cwd: folder({ '.dynamoxrc': config }), ...options })
  const run = { command: { name: 'delete' }, flags, io: { env: {} }, loaded } as Guarded
  return failure(guardProtected(run, names).then(() => 'allowed'))
}

const allowed = { code: 'none', message: '"allowed"' }
const refused = (table: string, environment: string) => ({
  code: 'usage',
  message: `${table} is a table of the protected environment ${environment}, and delete may destroy data in it`,
  hint: 'add --allow-protected if that is what you want',
})

describe('tables of a protected environment are protected in every run at the same target', () => {
  test.each<[string, readonly string[], object, object]>([
    ['by name, without an environment', ['prod-users'], {}, refused('prod-users', 'prod')],
    ['by prefix, where no model names them', ['prod-orders'], {}, refused('prod-orders', 'prod')],
    ['in an environment that resolves to the same', ['prod-users'], { env: 'again' }, refused('prod-users', 'prod')],
    ['with a prefix flag', ['prod-users'], { prefix: 'prod-' }, refused('prod-users', 'prod')],
    ['at another region', ['west-users'], { region: 'us-west-2' }, refused('west-users', 'west')],
    ['not elsewhere', ['west-users'], {}, allowed],
    ['not at another endpoint', ['prod-users'], { env: 'local' }, allowed],
    ['not other tables', ['dev-users', 'users'], { env: 'dev' }, allowed],
  ])('%s', async (_, names, options, expected) => {
    expect(await guard(names, options)).toEqual(expected)
  })

  const keeps = async (yaml: string, names: readonly string[], options: object) => {
    const loaded = await loadDefinitions({ cwd: folder({ '.dynamoxrc': yaml }), ...options })
    const run = { command: { name: 'delete' }, flags: {}, io: { env: {} }, loaded } as Guarded
    return failure(guardProtected(run, names).then(() => 'allowed'))
  }
  const tables = 'tables: [{ table: users, partitionKey: pk }]\n'
  const local = (endpoint: string) =>
    `${tables}environments: { prod: { protected: true, endpoint: '${endpoint}', region: eu-west-1 } }`
  const aws = `${tables}environments: { prod: { protected: true, region: eu-west-1 } }`
  const anywhere = `${tables}environments: { prod: { protected: true } }`

  test.each<[string, string, object, object]>([
    [
      'localhost by its address',
      local('http://localhost:8000'),
      { endpoint: 'http://127.0.0.1:8000' },
      refused('users', 'prod'),
    ],
    ['localhost in IPv6', local('http://localhost:8000/'), { endpoint: 'http://[::1]:8000' }, refused('users', 'prod')],
    ['a port that is the usual one', local('http://db:80'), { endpoint: 'http://DB' }, refused('users', 'prod')],
    ['another port', local('http://localhost:8000'), { endpoint: 'http://localhost:8001' }, allowed],
    ["AWS's own endpoint", aws, { endpoint: 'https://dynamodb.eu-west-1.amazonaws.com' }, refused('users', 'prod')],
    [
      "an account's endpoint",
      aws,
      { endpoint: 'https://123456789012.ddb.eu-west-1.amazonaws.com' },
      refused('users', 'prod'),
    ],
    ["AWS's endpoint of another region", aws, { endpoint: 'https://dynamodb.eu-west-2.amazonaws.com' }, allowed],
    [
      'a local engine, where the environment names a region of AWS',
      aws,
      { endpoint: 'http://localhost:8000' },
      allowed,
    ],
    ['a region by flag, where the environment names none', anywhere, { region: 'eu-west-1' }, refused('users', 'prod')],
    [
      'an endpoint by flag, where the environment names none',
      anywhere,
      { endpoint: 'http://db:8000' },
      refused('users', 'prod'),
    ],
    ['the embedded engine, where the environment names none', anywhere, { local: true }, allowed],
  ])('%s', async (_, yaml, options, expected) => {
    const given = 'endpoint' in options ? { region: 'eu-west-1', ...options } : options
    expect(await keeps(yaml, ['users'], given)).toEqual(expected)
  })

  test('--allow-protected allows it, and what sends nothing needs no permission', async () => {
    expect(await guard(['prod-users'], {}, { allowProtected: true })).toEqual(allowed)
    expect(await guard(['prod-users'], {}, { dryRun: true })).toEqual(allowed)
  })
})
