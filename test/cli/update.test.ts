import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TableApi } from '../../src/apply/ports.ts'
import type { Target } from '../../src/aws/target.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, type TinyApi, type TinyOptions, tinyApi } from './support/tiny-api.ts'

const untimed = (text: string) => text.replace(/\d+\.\d s/g, '0.0 s')

const config = `tables:
  - table: users
    partitionKey: pk:S
    globalIndexes: { by-email: { partitionKey: email:S } }
`

/** The table is at work when it is first looked at, and has settled as `then` some looks later. */
function settling(first: LiveTable, then: LiveTable): TinyApi {
  const api = tinyApi({ tables: [then] })
  let looks = 0
  const describe: TableApi['describe'] = async (...asked) => {
    looks += 1
    return looks < 3 ? first : api.describe(...asked)
  }
  return { ...api, describe }
}

const building = liveTable({
  name: 'users',
  status: 'UPDATING',
  globalIndexes: [{ ...globalIndex('by-email', 'email'), projection: 'KEYS_ONLY' }],
  indexStatus: { 'by-email': 'CREATING' },
})
const built = liveTable({ name: 'users', globalIndexes: [globalIndex('by-email', 'email')] })

test('update plans after changes in progress have finished', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const api = settling(building, built)
  const { code, stdout, stderr } = await runCli(['update'], { cwd, api })
  expect({ code, stdout, sent: api.sent }).toEqual({ code: 0, stdout: 'users  unchanged\n', sent: [] })
  expect(stderr).toContain('users: waiting for work under way (UPDATING)\n')
})

test('plan does not wait, and reports changes in progress', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const { code, stderr } = await runCli(['plan'], { cwd, api: tinyApi({ tables: [building] }) })
  expect(code).toBe(0)
  expect(stderr).toContain(
    'warning: users: work is under way (UPDATING); update waits until it is done and plans from the result\n',
  )
})

test('an index that is replaced in two steps is one change', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const live = liveTable({ name: 'users', globalIndexes: [globalIndex('by-email', 'mail')] })
  const { code, stdout } = await runCli(['plan', '--check', '--json'], { cwd, api: tinyApi({ tables: [live] }) })
  const [{ steps, changes }] = JSON.parse(stdout).tables
  expect({ code, steps: steps.length, changes: changes.map(({ kind }: { kind: string }) => kind) }).toEqual({
    code: 1,
    steps: 2,
    changes: ['replace-index'],
  })
})

test('where an index would be rebuilt, plan and update name --safe-replace', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const live = liveTable({ name: 'users', globalIndexes: [globalIndex('by-email', 'mail')] })
  const told = async (argv: readonly string[]) => {
    const { stderr } = await runCli(argv, { cwd, api: tinyApi({ tables: [live] }) })
    return stderr.split('\n').filter(line => line.startsWith('--safe-replace'))
  }
  const advice =
    '--safe-replace adds a changed index under a new name and keeps the old one, so that queries do not fail'
  expect(await told(['plan'])).toEqual([advice])
  expect(await told(['update'])).toEqual([advice])
  expect(await told(['plan', '--safe-replace'])).toEqual([])
})

test.each<[string, readonly string[], string]>([
  [
    'that would only be rebuilt',
    [],
    '  --safe-replace keeps the old index and adds the changed one under a new name; or add --allow-protected if that is what you want\n',
  ],
  ['beside one that would be dropped', ['--drop-indexes'], '  add --allow-protected if that is what you want\n'],
])('in a protected environment, an index %s', async (_, argv, hint) => {
  const cwd = await project({ '.dynamoxrc': `${config}environments: { prod: { protected: true } }\n` })
  const indexes = [globalIndex('by-email', 'mail'), globalIndex('by-age', 'age')]
  const api = tinyApi({ tables: [liveTable({ name: 'users', globalIndexes: indexes })] })
  const { code, stderr } = await runCli(['update', '--yes', '--env', 'prod', ...argv], { cwd, api })
  expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
  expect(stderr).toContain(`is protected, and update may destroy data in it\n${hint}`)
})

describe('--prune-tags', () => {
  const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/users'
  const live = { ...liveTable({ name: 'users', tags: { by: 'hand', team: 'a' } }), arn, read: ['tags'] as const }
  const definition = "tables: [{ table: users, partitionKey: 'pk:S'"

  test.each<[string, string, readonly string[], readonly string[]]>([
    ['without tags in the definition', '', ['by', 'team'], ['--prune-tags']],
    ['with some', ', tags: { team: a }', ['by'], ['--prune-tags']],
    ['with none', ', tags: {}', ['by', 'team'], ['--prune-tags']],
    ['not asked for', '', [], []],
  ])('%s', async (_, tags, TagKeys, flags) => {
    const cwd = await project({ '.dynamoxrc': `${definition}${tags} }]\n` })
    const { code, stdout } = await runCli(['plan', '--check', '--json', ...flags], {
      cwd,
      api: tinyApi({ tables: [live] }),
    })
    const [{ steps = [] }] = JSON.parse(stdout).tables
    expect({ code, requests: steps.map(({ request }: { request: unknown }) => request) }).toEqual(
      TagKeys.length === 0
        ? { code: 0, requests: [] }
        : { code: 1, requests: [{ api: 'UntagResource', input: { ResourceArn: arn, TagKeys } }] },
    )
  })

  test('tags that could not be read are no reason to call a table unchanged', async () => {
    const cwd = await project({ '.dynamoxrc': `${definition} }]\n` })
    const api = tinyApi({ tables: [{ ...live, read: [] }] })
    const { code, stderr } = await runCli(['plan', '--check', '--prune-tags'], { cwd, api })
    expect(code).toBe(3)
    expect(stderr).toContain('drift cannot be ruled out, since tags could not be read')
  })
})

test('update --no-wait sends nothing to a table that is being worked on', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const busy = liveTable({ name: 'users', status: 'UPDATING' })
  const api = tinyApi({ tables: [busy] })
  const { code, stdout, stderr } = await runCli(['update', '--no-wait'], { cwd, api })
  expect({ code, stdout, sent: api.sent }).toEqual({ code: 0, stdout: 'users  requested  UPDATING\n', sent: [] })
  expect(stderr).toContain('not applied yet, UPDATING: add global index by-email')
})

const deletion = { api: 'DeleteTable', input: { TableName: 'other-prod' } }

describe('saved plans', () => {
  const protecting = `tables:
  - { table: users, partitionKey: 'pk:S', deletionProtection: true }
  - { table: orders, partitionKey: 'pk:S' }
`
  const users = liveTable({ name: 'users', id: 'id-1', deletionProtection: false })

  async function saved(tables = [users], account: string | undefined = '123456789012') {
    const cwd = await project({ '.dynamoxrc': protecting })
    const run = await runCli(['plan', '--out', 'plan.json'], { cwd, api: tinyApi({ tables, account }) })
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('saved in plan.json; dynamox update --plan plan.json carries out exactly this\n'),
    })
    return cwd
  }

  test('are carried out as they are, without the definitions', async () => {
    const cwd = await saved()
    writeFileSync(join(cwd, '.dynamoxrc'), 'region: eu-west-1\n')
    const api = tinyApi({ tables: [users], account: '123456789012' })
    const { code, stdout } = await runCli(['update', '--plan', 'plan.json'], { cwd, api })
    expect({ code, stdout: untimed(stdout) }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^users {3}updated {4}0.0 s$/m),
    })
    expect(api.sent.map(request => request.api).sort()).toEqual(['CreateTable', 'UpdateTable'])
  })

  test('the file stays valid when AWS changes a value by itself, and is refused for any other difference', async () => {
    const cwd = await saved()
    const warmed = { ...users, definition: { ...users.definition, warmReadUnits: 20_000 } }
    const dry = await runCli(['update', '--plan', 'plan.json', '--dry-run'], {
      cwd,
      api: tinyApi({ tables: [warmed], account: '123456789012' }),
    })
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('turn on deletion protection') })
  })

  test.each<[string, TinyOptions, Partial<Target> | undefined, string]>([
    [
      'another account',
      { tables: [users], account: '999999999999' },
      undefined,
      'account: the plan is for 123456789012, but this is 999999999999',
    ],
    [
      'another region',
      { tables: [users], region: 'us-east-1' },
      undefined,
      'region: the plan is for eu-west-1, but this is us-east-1',
    ],
    [
      'another endpoint',
      { tables: [users] },
      { kind: 'endpoint', endpoint: 'http://localhost:1' },
      'endpoint: the plan is for none, but this is http://localhost:1',
    ],
    [
      'another table of the name',
      { tables: [{ ...users, id: 'id-2' }] },
      undefined,
      'users: the table was deleted and created again in the meantime',
    ],
    ['a table that is gone', { tables: [] }, undefined, 'users: the table no longer exists'],
    ['a table that came', { tables: [users, liveTable({ name: 'orders' })] }, undefined, 'orders: a new plan differs'],
    [
      'a plan carried out already',
      { tables: [liveTable({ name: 'users', id: 'id-1', deletionProtection: true })] },
      undefined,
      'users: a new plan differs',
    ],
    [
      'an index that came',
      {
        tables: [
          liveTable({ name: 'users', id: 'id-1', deletionProtection: false, globalIndexes: [globalIndex('i', 'a')] }),
        ],
      },
      undefined,
      'users: a new plan differs',
    ],
  ])('are refused for %s', async (_, options, target, message) => {
    const cwd = await saved()
    const api = tinyApi({ account: '123456789012', ...options })
    const at: Target = { kind: 'aws', region: 'eu-west-1', ...target }
    const { code, stderr } = await runCli(['update', '--plan', 'plan.json', '--yes'], { cwd, api, target: at })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain('error: plan.json no longer matches the live tables; nothing was changed\n')
    expect(stderr).toContain(message)
  })

  test.each<[string, (text: string) => string, string]>([
    ['not JSON', () => '{', 'plan.json is not valid JSON'],
    ['another file', () => '{}', 'plan.json is not a saved plan'],
    [
      'another version',
      text => text.replace('"version": 2', '"version": 1'),
      'plan.json has format version 1, and this dynamox reads version 2',
    ],
    [
      'a request that was changed',
      text => text.replace('"DeletionProtectionEnabled": true', '"DeletionProtectionEnabled": false'),
      'plan.json no longer matches the live tables; nothing was changed',
    ],
    [
      'a definition that was changed',
      text => text.replace('"deletionProtection": true', '"deletionProtection": "yes"'),
      'plan.json is damaged',
    ],
  ])('%s is refused', async (_, change, message) => {
    const cwd = await saved()
    const file = join(cwd, 'plan.json')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const api = tinyApi({ tables: [users], account: '123456789012' })
    const { code, stderr } = await runCli(['update', '--plan', 'plan.json'], { cwd, api })
    expect({ code, stderr, sent: api.sent }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`error: ${message}`),
      sent: [],
    })
  })

  type Saved = {
    options: object
    tables: {
      name: string
      definition: Record<string, unknown>
      plan: { table: string; steps: Record<string, unknown>[] }
    }[]
  }
  const forge = async (cwd: string, change: (plan: Saved) => void) => {
    const file = join(cwd, 'plan.json')
    const plan = JSON.parse(readFileSync(file, 'utf8')) as Saved
    change(plan)
    writeFileSync(file, JSON.stringify(plan))
  }

  test.each<[string, (plan: Saved) => void]>([
    [
      'a request for another table',
      ({ tables }) => Object.assign(tables[0]?.plan.steps[0] ?? {}, { request: deletion }),
    ],
    [
      'a request beside the others',
      ({ tables }) => tables[0]?.plan.steps.push({ ...tables[0]?.plan.steps[0], request: deletion }),
    ],
    ['a plan for another table', ({ tables }) => Object.assign(tables[0]?.plan ?? {}, { table: 'orders' })],
    [
      'a step that hides that it destroys',
      ({ tables }) => Object.assign(tables[0]?.plan.steps[0] ?? {}, { destroys: true }),
    ],
    ['a harmless summary', ({ tables }) => Object.assign(tables[0]?.plan.steps[0] ?? {}, { summary: 'set capacity' })],
  ])('a forged file is refused, and nothing is sent: %s', async (_, change) => {
    const cwd = await saved()
    await forge(cwd, change)
    const api = tinyApi({ tables: [users], account: '123456789012' })
    const { code, stderr } = await runCli(['update', '--plan', 'plan.json', '--yes'], { cwd, api })
    expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
    expect(stderr).toContain('no longer matches the live tables')
  })

  test('a forged file that plans to destroy is asked about, as any other update', async () => {
    const cwd = await project({
      '.dynamoxrc': `tables: [{ table: users, partitionKey: 'pk:S', deletionProtection: false }]
environments: { prod: { protected: true, profile: prod } }
`,
    })
    const options = {
      tables: [{ ...users, definition: { ...users.definition, deletionProtection: true } }],
      account: '1',
    }
    expect((await runCli(['plan', '--out', 'plan.json'], { cwd, api: tinyApi(options) })).code).toBe(0)
    await forge(cwd, ({ tables }) => {
      for (const step of tables[0]?.plan.steps ?? []) step.destroys = true
    })
    const api = tinyApi(options)
    const asked = await runCli(['update', '--plan', 'plan.json'], { cwd, api })
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('asks for confirmation') })
    const guarded = await runCli(['update', '--plan', 'plan.json', '--env', 'prod', '--yes'], { cwd, api })
    expect(guarded).toMatchObject({ code: 2, stderr: expect.stringContaining('the environment prod is protected') })
    expect(api.sent).toEqual([])
  })

  test('whatever a member of the file is replaced by, the plan is the same or refused', {
    timeout: 60_000,
  }, async () => {
    const cwd = await saved()
    const file = join(cwd, 'plan.json')
    const text = readFileSync(file, 'utf8')
    const paths: (readonly (string | number)[])[] = []
    const walk = (value: unknown, path: readonly (string | number)[]) => {
      if (path.length > 0) paths.push(path)
      if (typeof value !== 'object' || value === null) return
      for (const [key, member] of Object.entries(value)) walk(member, [...path, key])
    }
    walk(JSON.parse(text), [])
    expect(paths.length).toBeGreaterThan(40)
    const dryRun = (api: TableApi) => runCli(['update', '--plan', 'plan.json', '--dry-run'], { cwd, api })
    const honest = untimed((await dryRun(tinyApi({ tables: [users], account: '123456789012' }))).stdout)
    expect(honest).toContain('turn on deletion protection')
    for (const path of paths) {
      for (const value of [null, 'x', [null]]) {
        const plan: unknown = JSON.parse(text)
        const owner = path
          .slice(0, -1)
          .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], plan)
        const key = path.at(-1) ?? ''
        if (JSON.stringify((owner as Record<string | number, unknown>)[key]) === JSON.stringify(value)) continue
        Object.assign(owner as object, { [key]: value })
        writeFileSync(file, JSON.stringify(plan))
        const api = tinyApi({ tables: [users], account: '123456789012' })
        const { code, stdout } = await dryRun(api)
        expect({ path, value, result: code === 0 ? untimed(stdout) : code, sent: api.sent }).toEqual({
          path,
          value,
          result: expect.toSatisfy(result => result === 2 || result === honest),
          sent: [],
        })
      }
    }
  })

  test('are not written if a table is blocked or the account is unknown', async () => {
    const cwd = await project({ '.dynamoxrc': protecting })
    const other = liveTable({ name: 'users', partitionKey: [{ name: 'id', type: 'N' }] })
    const blocked = await runCli(['plan', '--out', 'plan.json'], { cwd, api: tinyApi({ tables: [other] }) })
    expect(blocked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('plan.json was not written: not every table has a plan\n'),
    })
    const unknown = await runCli(['plan', '--out', 'plan.json'], { cwd, api: tinyApi({ tables: [users] }) })
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the AWS account is not known'),
    })
    expect(existsSync(join(cwd, 'plan.json'))).toBe(false)
  })

  test.each([[['users']], [['--drop-indexes']], [['--model', 'a.ts']], [['--slug']], [['--param', 'Stage=dev']]])(
    'cannot be combined with %j',
    async more => {
      const cwd = await saved()
      const { code } = await runCli(['update', '--plan', 'plan.json', ...more], {
        cwd,
        api: tinyApi({ tables: [users] }),
      })
      expect(code).toBe(2)
    },
  )
})

test('what the config ignores is no difference, neither to plan nor to create', async () => {
  const definition = `tables:
  - { table: users, partitionKey: 'pk:S', billingMode: PROVISIONED, readCapacity: 5, writeCapacity: 5 }
`
  const scaled = liveTable({ name: 'users', billingMode: 'PROVISIONED', readCapacity: 90, writeCapacity: 40 })
  const api = tinyApi({ tables: [scaled] })
  const strict = await project({ '.dynamoxrc': definition })
  expect((await runCli(['plan', '--check'], { cwd: strict, api })).code).toBe(1)
  const cwd = await project({ '.dynamoxrc': `${definition}ignore: { users: [capacity], orders: [capacity] }\n` })
  expect(await runCli(['plan', '--check'], { cwd, api })).toMatchObject({ code: 0 })
  const created = await runCli(['create'], { cwd, api })
  expect(created).toMatchObject({ code: 0, stdout: 'users  unchanged\n' })
  expect(created.stderr).toContain('warning: .dynamoxrc ignore.orders matches no table')
  expect((await runCli(['show'], { cwd })).stdout).toMatch(/read capacity {2,}5\n/)
})

test('signs are coloured before the question, and what destroys is red', async () => {
  const config = 'tables: [{ table: users, partitionKey: pk, globalIndexes: { new: { partitionKey: b } } }]'
  const cwd = await project({ '.dynamoxrc': config })
  const live = liveTable({ name: 'users', globalIndexes: [globalIndex('old', 'a')] })
  const { coloured } = await runCli(['update', '--drop-indexes'], {
    cwd,
    env: { FORCE_COLOR: '1' },
    api: tinyApi({ tables: [live] }),
  })
  const [red, green, off] = ['\u001b[31m', '\u001b[32m', '\u001b[39m']
  expect(coloured).toContain(`\n  ${red}- drop global index old`)
  expect(coloured).toContain(`\n  ${green}+${off} add global index new`)
})
