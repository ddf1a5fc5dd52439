// What the foundation promises and no other suite shows: interrupted work is finished, races end well on both sides,
// every failure in --json mode is JSON, and nothing is destroyed without consent.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { startSlowEngine } from '../support/engines/slow-engine.ts'
import { startHttpDynamo } from '../support/http-dynamo.ts'
import { accountEnv } from './support/account-env.ts'
import { dynamox, finished, project, start, unique } from './support/cli.ts'
import { library } from './support/library.ts'
import { terminal } from './support/terminal.ts'

const { DynamoxClient, isDynamoxError } = library

describeEngines('interrupted and raced', engine => {
  const at = ['--endpoint', engine.endpoint]
  const env = accountEnv(engine)
  const names = Array.from({ length: 8 }, (_, n) => `t${n}`)
  const shop = (prefix: string) =>
    project({
      '.dynamoxrc.json': JSON.stringify({
        prefix: `${prefix}-`,
        tables: names.map(table => ({
          table,
          partitionKey: 'pk',
          ttl: 'expiresAt',
          globalIndexes: { all: { partitionKey: 'g' } },
        })),
      }),
    })

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'a create that %s ended is finished by the next',
    async signal => {
      const cwd = await shop(unique('cut'))
      const child = start(['create', ...at], { cwd, env })
      const ran = finished(child)
      // In the middle: some requests are out, and what must follow them is not.
      await new Promise<void>(done => child.stderr?.on('data', data => /create table/.test(String(data)) && done()))
      child.kill(signal)
      const codes = { SIGINT: [130, 0], SIGTERM: [143, 0], SIGKILL: [null, 0] }[signal]
      expect(codes).toContain((await ran).code)
      const again = await dynamox(['create', ...at, '--json'], { cwd, env })
      expect(again).toMatchObject({ code: 0, json: { ok: true } })
      const planned = await dynamox(['plan', '--check', ...at, '--json'], { cwd, env })
      expect(planned).toMatchObject({ code: 0, json: { ok: true } })
      expect((await dynamox(['delete', '--all', '--yes', '-q', ...at], { cwd, env })).code).toBe(0)
    },
  )

  test('two deletes at once, and a create while its table is being deleted', async () => {
    const name = unique('race')
    const make = ['create', name, '--partition-key', 'pk', ...at, '--json']
    const drop = ['delete', name, '--yes', ...at, '--json']
    expect((await dynamox(make, { env })).code).toBe(0)
    const both = await Promise.all([dynamox(drop, { env }), dynamox(drop, { env })])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.map(({ json }) => json.tables[0]?.action)).toContain('deleted')
    expect((await dynamox(make, { env })).code).toBe(0)
    expect((await dynamox([...drop, '--no-wait'], { env })).code).toBe(0)
    expect(await dynamox(make, { env })).toMatchObject({ code: 0, json: { tables: [{ name, action: 'created' }] } })
    expect((await dynamox(drop, { env })).code).toBe(0)
  })

  test('the codes of the library', async () => {
    const client = new DynamoxClient({
      endpoint: engine.endpoint,
      region: engine.region,
      credentials: engine.credentials,
    })
    const name = unique('codes')
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: unknown) => (isDynamoxError(error) ? error.code : 'not ours'),
      )
    expect(await codeOf(client.deleteTable(name))).toBe('not-found')
    expect(await codeOf(client.waitForTableActive(name, { timeoutSeconds: 0.3 }))).toBe('timeout')
    expect(await codeOf(client.waitForTableActive(name, { signal: AbortSignal.abort() }))).toBe('interrupted')
    expect(await codeOf(client.createTable(name, { partitionKey: 'pk:BOOL' }))).toBe('definition')
    expect(await codeOf(client.createTable(name, { partitionKey: 'pk', ttl: 'at' }))).toBe('usage')
    expect(await codeOf(client.createTable(name, { partitionKey: 'pk', wait: true }))).toBe('none')
    expect(await codeOf(client.createTable(name, { partitionKey: 'pk' }))).toBe('exists')
    expect(await codeOf(client.deleteTable(name, { wait: true }))).toBe('none')
  })
})

const failures: readonly (readonly [what: string, error: readonly [string, string], code: string])[] = [
  [
    'access denied',
    [
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/bob is not authorized to perform: dynamodb:CreateTable',
    ],
    'access-denied',
  ],
  [
    'expired credentials',
    ['ExpiredTokenException', 'The security token included in the request is expired'],
    'credentials',
  ],
  [
    'unknown credentials',
    ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
    'credentials',
  ],
  [
    'a quota',
    ['LimitExceededException', 'Subscriber limit exceeded: The current table quota of 2500 is exceeded'],
    'limit',
  ],
  ['a refusal', ['ValidationException', 'One or more parameter values were invalid'], 'aws'],
  ['throttling to the end', ['ThrottlingException', 'Rate exceeded'], 'throttled'],
]

describe('requests that DynamoDB refuses', () => {
  test.each(failures)(
    '%s: exit 3, valid JSON, one clear sentence, and no secrets with --verbose',
    async (_, error, code) => {
      const fake = await startHttpDynamo(({ operation }) =>
        // A quota is what CreateTable alone comes up against.
        code === 'limit' && operation === 'DescribeTable' ? { error: ['ResourceNotFoundException'] } : { error },
      )
      const env = {
        AWS_ACCESS_KEY_ID: 'AKIDHIDDEN',
        AWS_SECRET_ACCESS_KEY: 'hidden-secret',
        AWS_SESSION_TOKEN: 'hidden-token',
      }
      const args = [
        'create',
        'users',
        '--partition-key',
        'pk',
        '--timeout',
        '1s',
        '--verbose',
        '--endpoint',
        fake.endpoint,
      ]
      const [json, text] = await Promise.all([dynamox([...args, '--json'], { env }), dynamox(args, { env })])
      await fake.close()
      expect(json).toMatchObject({
        code: 3,
        json: { ok: false, error: { code }, tables: [{ action: 'failed', error: { code } }] },
      })
      expect(text.code).toBe(3)
      expect(text.stderr.match(/^error: /gm)).toHaveLength(1)
      expect(text.stderr).toMatch(/^error: [^A-Z]/m)
      expect(text.stderr + json.stdout + json.stderr).not.toMatch(/hidden|HIDDEN/)
    },
  )

  test('an endpoint where nothing listens, a timeout, and a missing region', async () => {
    const at = ['--partition-key', 'pk', '--json']
    const refused = await dynamox(['create', 'users', '--endpoint', 'http://127.0.0.1:9', ...at])
    expect(refused).toMatchObject({ code: 3, json: { ok: false, error: { code: 'network' } } })
    expect(refused.json.error?.hint).toContain('--local')
    const slow = await startSlowEngine({ createTableMs: 60_000 })
    const late = await dynamox(['create', 'users', '--timeout', '1s', '--endpoint', slow.endpoint, ...at])
    expect(late).toMatchObject({
      code: 4,
      json: { ok: false, error: { code: 'timeout' }, tables: [{ status: 'CREATING' }] },
    })
    // It takes connections and never answers.
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const mute = ['--timeout', '1s', '--endpoint', `http://127.0.0.1:${port}`, '--json']
    const unanswered = await Promise.all([
      dynamox(['create', 'users', '--partition-key', 'pk', ...mute]),
      dynamox(['wait', 'users', ...mute]),
      dynamox(['delete', 'users', '--yes', ...mute]),
    ])
    silent.close()
    for (const { code, json } of unanswered) expect([code, json.error?.code]).toEqual([4, 'timeout'])
    const lost = await dynamox(['create', 'users', ...at])
    expect(lost).toMatchObject({
      code: 2,
      json: { ok: false, error: { code: 'usage', hint: expect.stringContaining('AWS_REGION') } },
    })
  })
})

test('a protected environment needs --allow-protected, on a loopback endpoint as well', async () => {
  const slow = await startSlowEngine({})
  const cwd = await project({
    '.dynamoxrc': `endpoint: ${slow.endpoint}\ntables: [{ table: users, partitionKey: pk }]\nenvironments: { prod: { protected: true } }\n`,
  })
  expect((await dynamox(['create', '--env', 'prod'], { cwd })).code).toBe(0)
  const refused = await dynamox(['delete', 'users', '--yes', '--json'], { cwd, env: { DYNAMOX_ENV: 'prod' } })
  expect(refused).toMatchObject({
    code: 2,
    json: { error: { code: 'usage', hint: expect.stringContaining('--allow-protected') } },
  })
  expect((await dynamox(['exists', 'users'], { cwd })).code).toBe(0)
  expect((await dynamox(['delete', 'users', '--yes', '--env', 'prod', '--allow-protected'], { cwd })).code).toBe(0)
})

test('50 tables in a terminal: progress while they are made, and a line for each', async () => {
  const slow = await startSlowEngine({ createTableMs: 800 })
  const tables = Array.from({ length: 50 }, (_, n) => ({ table: `table-${n}`, partitionKey: 'pk' }))
  const cwd = await project({ '.dynamoxrc.json': JSON.stringify({ tables }) })
  const session = terminal(['create', '--endpoint', slow.endpoint], { cwd })
  await session.until(/\d+\/50 ready/)
  expect(await session.ended).toMatchObject({ code: 0 })
  expect(session.text().match(/table-\d+ +created/g)).toHaveLength(50)
  expect(session.text()).toContain('50 tables: 50 created in ')
})
