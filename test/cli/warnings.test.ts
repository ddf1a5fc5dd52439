import { describe, expect, test } from 'vitest'
import { engines } from '../../src/settings/engines.ts'
import { project, runCli } from './support/run-cli.ts'
import { liveTable, tinyApi } from './support/tiny-api.ts'

const key = (name: string) => [{ name, type: 'S' as const }]
const config = (more = '') => `${more}tables:
  - table: events
    partitionKey: pk
    sortKey: sk
    ttl: sk
    localIndexes: { by-at: { sortKey: at } }
`
const live = liveTable({
  name: 'events',
  partitionKey: key('pk'),
  sortKey: key('sk'),
  ttl: 'sk',
  localIndexes: [{ name: 'by-at', partitionKey: key('pk'), sortKey: key('at'), projection: 'ALL' }],
})
const ttl = 'tables[0] events › ttl: "sk" is S; only a number (epoch seconds) makes items expire [W-ttl-type]'
const local =
  'tables[0] events › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "by-at" cannot be added, changed or removed later [W-local-index]'
const warningsOf = (stderr: string) =>
  stderr.split('\n').flatMap(line => (line.startsWith('warning: ') ? [line.slice('warning: '.length)] : []))

describe('warnings of definitions', () => {
  test.each([
    ['show', [], undefined, [ttl, local]],
    ['create', [], undefined, [ttl, local]],
    ['create', ['--dry-run'], undefined, [ttl, local]],
    ['plan', [], undefined, [ttl, local]],
    ['update', [], undefined, [ttl, local]],
    ['create', [], live, [ttl]],
    ['plan', [], live, [ttl]],
    ['update', [], live, [ttl]],
    ['exists', [], undefined, []],
  ])('%s %j: what concerns creation is said where a table is created', async (command, more, table, expected) => {
    const cwd = await project({ '.dynamoxrc': config() })
    const api = () => tinyApi({ tables: table === undefined ? [] : [table] })
    const { stderr } = await runCli([command, ...more], { cwd, api: api() })
    expect(warningsOf(stderr)).toEqual(expect.arrayContaining(expected))
    expect(warningsOf(stderr).filter(line => line.includes('[W-'))).toHaveLength(expected.length)

    if (command === 'exists') return
    const json = await runCli([command, ...more, '--json'], { cwd, api: api() })
    expect(JSON.parse(json.stdout).tables[0].warnings).toEqual(expect.arrayContaining(expected))
  })

  test('--strict makes errors of them, all at once, before anything is sent; each can be silenced by its id', async () => {
    const cwd = await project({ '.dynamoxrc': config() })
    const api = tinyApi()
    const { code, stderr } = await runCli(['create', '--strict'], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain('2 problems')
    for (const warning of [ttl, local]) expect(stderr).toContain(warning)
    expect(stderr).toContain('silence')

    const quiet = await project({ '.dynamoxrc': config('strict: true\nsilence: [W-ttl-type, W-local-index]\n') })
    expect(await runCli(['plan'], { cwd: quiet, api: tinyApi() })).toMatchObject({ code: 0 })
    const one = await project({ '.dynamoxrc': config('strict: true\nsilence: [W-ttl-type]\n') })
    expect((await runCli(['plan'], { cwd: one, api: tinyApi() })).stderr).toContain(`error: .dynamoxrc:8:5: ${local}`)
    // What only needs a name is not held up by how a definition could be better.
    expect(await runCli(['exists'], { cwd: one, api: tinyApi({ tables: [live] }) })).toMatchObject({ code: 0 })
  })

  test('a warning about several tables is printed once with all their names, and per table in JSON', async () => {
    const names = ['users', 'orders', 'posts', 'tags', 'logs']
    const tables = names.map(
      table =>
        `  - { table: ${table}, partitionKey: pk, stream: ${table === 'users' ? 'NEW_IMAGE' : 'false'}, ttl: at }`,
    )
    const cwd = await project({ '.dynamoxrc': `tables:\n${tables.join('\n')}\n` })
    const api = () => ({ ...tinyApi(), capabilities: () => engines['plain-dynalite'] })
    const kept = 'not kept by plain dynalite, left out'
    const expected = [`users: stream: ${kept}`, `users, orders, posts, 2 more tables: ttl: ${kept}`]
    const text = await runCli(['create'], { cwd, api: api() })
    expect(warningsOf(text.stderr)).toEqual(expected)
    const json = await runCli(['create', '--json'], { cwd, api: api() })
    expect(warningsOf(json.stderr)).toEqual(expected)
    expect(JSON.parse(json.stdout).tables.map(({ warnings }: { warnings: string[] }) => warnings)).toEqual([
      [`stream: ${kept}`, `ttl: ${kept}`],
      ...names.slice(1).map(() => [`ttl: ${kept}`]),
    ])
    const one = await runCli(['create', 'orders', '--json'], { cwd, api: api() })
    expect(warningsOf(one.stderr)).toEqual([`orders: ttl: ${kept}`])
  })

  test('an unknown id is an error', async () => {
    const cwd = await project({ '.dynamoxrc': config('silence: [W-local-indexes]\n') })
    const { code, stderr } = await runCli(['show'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('silence[0]: "W-local-indexes" is not the id of a warning; did you mean "W-local-index"?')
  })

  test('capacity that another layer makes useless, and a name with its environment twice', async () => {
    const cwd = await project({
      '.dynamoxrc': `
tables: [{ table: prod-users, partitionKey: pk, billingMode: PROVISIONED, readCapacity: 9 }]
environments:
  prod: { prefix: prod-, billingMode: PAY_PER_REQUEST }
`,
    })
    const { stderr, code } = await runCli(['show', '-e', 'prod'], { cwd })
    expect(code).toBe(0)
    expect(warningsOf(stderr)).toEqual([
      'prod-prod-users: tables[0] prod-users: readCapacity is ignored: billingMode is PAY_PER_REQUEST [W-ignored-capacity]',
      'tables[0] prod-users › table: prefix and suffix turn it into "prod-prod-users", which holds the environment\'s name "prod" twice [W-name-twice]',
    ])
  })
})

test('more than three assumptions are counted, except where show lists them', { timeout: 30_000 }, async () => {
  const files = ['electrodb/clinic.ts', 'dynamodb-toolbox/kennel.ts', 'dynamodb-onetable/choir.ts']
  const models = ['--no-config', ...files.flatMap(file => ['-m', `fixtures/${file}`])]
  const cwd = process.cwd()
  const assumed = (stderr: string) => warningsOf(stderr).filter(line => line.includes('W-assumed-'))
  expect(assumed((await runCli(['show', ...models], { cwd })).stderr)).toHaveLength(6)
  expect(assumed((await runCli(['plan', ...models], { cwd, api: tinyApi() })).stderr)).toEqual([
    '6 settings of 3 tables are assumed, because their libraries do not define them; dynamox show lists them, and silence: [W-assumed-projection, W-assumed-billing, W-assumed-setting] in the config hides them',
  ])
})
