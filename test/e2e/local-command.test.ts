import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { call, item } from '../local/support/call.ts'
import { dynamox, finished, project, start } from './support/cli.ts'
import { isAlive, serveLocal } from './support/serving.ts'

const config = `tables:
  - table: users
    partitionKey: pk:S
  - table: orders
    partitionKey: customer:S
    sortKey: at:N
`
const app = (files: Record<string, string> = {}) => project({ 'package.json': '{}', '.dynamoxrc': config, ...files })
const node = process.execPath
const envOf = (port: string) => `AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:${port}
AWS_REGION=us-east-1
AWS_DEFAULT_REGION=us-east-1
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`
const names = async (endpoint: string) => (await call(endpoint, 'ListTables', {})).TableNames
const itemsOf = async (endpoint: string, table: string) =>
  ((await call(endpoint, 'Scan', { TableName: table })).Items ?? []).map(found => found.pk?.S).sort()

test('serves the tables until Ctrl-C, prints and writes the environment, and keeps the data', async () => {
  const cwd = await app({ '.env.local': 'OTHER=1\nAWS_REGION=eu-west-1\n' })
  const first = await serveLocal(['--port', '0', '--write-env', '.env.local'], { cwd })
  const port = new URL(first.endpoint).port
  expect(first.stdout().replace(/\d+\.\d s/g, '0 s')).toMatch(/^(users|orders) {1,3}created {4}0 s\n/)
  // The lines of the environment follow in a write of their own.
  await expect.poll(() => first.stdout().endsWith(envOf(port)), { timeout: 10_000 }).toBe(true)
  const [, region, ...rest] = envOf(port).trimEnd().split('\n')
  const [endpoint] = envOf(port).split('\n')
  expect(readFileSync(join(cwd, '.env.local'), 'utf8')).toBe(['OTHER=1', region, endpoint, ...rest, ''].join('\n'))
  await call(first.endpoint, 'PutItem', item('users', 'ann'))
  first.child.kill('SIGINT')
  expect(await first.ended).toEqual({ code: 0, signal: null })

  const second = await serveLocal(['--port', port], { cwd })
  expect(second.endpoint).toBe(first.endpoint)
  expect(await itemsOf(second.endpoint, 'users')).toEqual(['ann'])
  second.child.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)

  const third = await serveLocal(['--port', '0', '--reset'], { cwd })
  expect(await itemsOf(third.endpoint, 'users')).toEqual([])
})

test('one JSON document when ready', async () => {
  const cwd = await app()
  const ran = await dynamox(['local', '--in-memory', '--json', '--', node, '-p', '42'], { cwd })
  expect(ran.code).toBe(0)
  expect(ran.json).toMatchObject({
    command: 'local',
    ok: true,
    target: { kind: 'local', region: 'us-east-1' },
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    env: { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: expect.stringContaining('http://127.0.0.1:') },
    tables: [
      { name: 'users', action: 'created' },
      { name: 'orders', action: 'created' },
    ],
  })
  expect(ran.stderr).toContain('42')
})

test('web pages and other host names are answered where they are allowed', async () => {
  const cwd = await app()
  const origin = 'http://localhost:3000'
  const allow = ['--allow-origin', origin, '--allow-origin', 'https://app.example', '--allow-host', 'dynamo.internal']
  const [closed, open] = await Promise.all([
    serveLocal(['--port', '0', '--in-memory'], { cwd }),
    serveLocal(['--port', '0', '--in-memory', ...allow], { cwd }),
  ])
  const asPage = async (endpoint: string) => {
    const answer = await fetch(endpoint, { headers: { origin } })
    return [answer.status, answer.headers.get('access-control-allow-origin')]
  }
  expect(await asPage(closed.endpoint)).toEqual([403, null])
  expect(await asPage(open.endpoint)).toEqual([200, origin])
  const bad = await dynamox(['local', '--allow-origin', '*', '--', 'true'], { cwd })
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('"*" is not a valid origin to allow')])
})

test('a command: its output alone on stdout, its environment, its exit code; parallel runs are separate', async () => {
  const cwd = await app()
  const script = `console.log(process.env.AWS_ENDPOINT_URL_DYNAMODB, process.env.AWS_PROFILE); process.exitCode = 7`
  const runs = await Promise.all(
    [1, 2, 3].map(() =>
      dynamox(['local', '--in-memory', '--', node, '-e', script], { cwd, env: { AWS_PROFILE: 'x' } }),
    ),
  )
  expect(runs.map(run => run.code)).toEqual([7, 7, 7])
  for (const run of runs) expect(run.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ undefined\n$/)
  expect(new Set(runs.map(run => run.stdout)).size).toBe(3)

  const shared = await Promise.all([1, 2].map(() => dynamox(['local', '--', node, '-e', script], { cwd })))
  expect(shared.map(run => run.code)).toEqual([7, 7])
  expect(new Set(shared.map(run => run.stdout)).size).toBe(2)
})

test('the command finds its tables ready', async () => {
  const cwd = await app()
  const bin = join(import.meta.dirname, '../../bin/dynamox.js')
  const ran = await dynamox(['local', '-q', '--in-memory', '--', node, bin, 'exists', 'users', 'orders'], { cwd })
  expect([ran.code, ran.stdout]).toEqual([0, 'users   exists\norders  exists\n'])
  // With -q only the other command's output is left.
  expect(ran.stderr).toMatch(/^Checking users, orders at http:.*\n2 tables: 2 existing in .* s\n$/)
})

test('a warning about the config is printed once, also around a command', async () => {
  const cwd = await app({ '.dynamoxrc': `${config}overrides: { user: { ttl: expires } }\n` })
  const { stderr } = await dynamox(['local', '--in-memory', '--', node, '-e', '0'], { cwd })
  expect(stderr.match(/overrides\.user matches no table/g)).toHaveLength(1)
})

test('a table that differs is left as it is, and the command that changes it works afterwards', async () => {
  const cwd = await project({ '.dynamoxrc': 'tables: [{ table: users, partitionKey: id }]' })
  await dynamox(['create', '--local'], { cwd })
  const index = 'globalIndexes: { by-x: { partitionKey: x } }'
  writeFileSync(join(cwd, '.dynamoxrc'), `tables: [{ table: users, partitionKey: id, ${index} }]`)
  const { stderr } = await dynamox(['local', '--', node, '-e', '0'], { cwd })
  const [, words = ''] = / dynamox (update .*) brings it to the definition/.exec(stderr) ?? []
  expect(words).toBe('update --local users')
  expect(await dynamox([...words.split(' '), '-q'], { cwd })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^users {2}updated/),
  })
})

test('--local inside the command means the engine that serves it, not the stored tables', async () => {
  const cwd = await app()
  const bin = join(import.meta.dirname, '../../bin/dynamox.js')
  await dynamox(['create', '--local'], { cwd })
  const gone = await dynamox(
    ['local', '-q', '--in-memory', '--', node, bin, 'delete', '--all', '--yes', '--local', '--json'],
    { cwd },
  )
  expect([gone.code, gone.json.tables.map(({ action }) => action)]).toEqual([0, ['deleted', 'deleted']])
  const kept = await dynamox(['exists', '--local', '--json'], { cwd })
  expect(kept.json.tables.map(({ action }) => action)).toEqual(['exists', 'exists'])
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s is passed on to the command', async signal => {
  const cwd = await app()
  const script = `process.on('${signal}', () => { console.log('got it'); process.exit(5) }); setInterval(() => {}, 1000); console.log('up')`
  const child = start(['local', '--in-memory', '--', node, '-e', script], { cwd })
  child.stdout?.once('data', () => child.kill(signal))
  expect(await finished(child)).toMatchObject({ code: 5, stdout: 'up\ngot it\n' })
})

test('killed: the command and all its descendants end too', async () => {
  const cwd = await app()
  const script = `const { spawn } = require('node:child_process'); const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(process.pid, child.pid); setInterval(() => {}, 1000)`
  const child = start(['local', '--in-memory', '--', node, '-e', script], { cwd })
  const pids = await new Promise<number[]>(done =>
    child.stdout?.once('data', data => done(String(data).trim().split(' ').map(Number))),
  )
  child.kill('SIGKILL')
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
})

test('errors: usage, a missing program, a busy port', async () => {
  const cwd = await app()
  const busy = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void busy.close())
  await new Promise(done => busy.once('listening', done))
  const address = busy.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const bad = async (...args: string[]) => {
    const { code, stderr } = await dynamox(['local', ...args], { cwd })
    return {
      code,
      stderr: stderr
        .split('\n')
        .filter(line => /^(error:| {2})/.test(line))
        .join('\n'),
    }
  }
  const [portBusy, noProgram, nothing, noNumber, watchRun, noFolder] = await Promise.all([
    bad('--in-memory', '--port', String(port)),
    bad('--in-memory', '--', 'no-such-program'),
    bad('--'),
    bad('--port', '65536'),
    bad('--watch', '--', 'true'),
    bad('--in-memory', '--write-env', 'none/.env', '--', 'true'),
  ])
  expect(portBusy.code).toBe(2)
  expect(portBusy.stderr).toMatch(
    new RegExp(
      `port ${port} on 127\\.0\\.0\\.1 is in use by process ${process.pid} \\(.*\\)\n .*--port 8001, or --port 0`,
      'i',
    ),
  )
  expect(noProgram).toMatchObject({ code: 2, stderr: expect.stringContaining('no-such-program cannot be run') })
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('no command given after --') })
  expect(noNumber).toMatchObject({ code: 2, stderr: expect.stringContaining('"65536" is not a valid port (0-65535)') })
  expect(watchRun).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--watch cannot be combined with a command to run'),
  })
  expect(noFolder).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written to none/.env') })
})

// A repository can bring both along.
test.each([
  ['a lock that names a foreign endpoint', { endpoint: 'http://192.0.2.1:8000' }],
  ['a lock of another folder', { endpoint: 'http://127.0.0.1:9' }],
  ['a lock without an endpoint', {}],
  ['a lock with strange contents', { pid: 'x', instance: {} }],
])('%s is replaced at once', async (_, lock) => {
  const holder = { host: 'elsewhere', pid: 1, instance: 'a', inode: 1, ...lock }
  const cwd = await app({ '.dynamox/local/lock.json': JSON.stringify(holder) })
  const started = performance.now()
  const ran = await dynamox(['create', '--local', '--json'], { cwd })
  expect([ran.code, ran.json.tables.map(({ action }) => action)]).toEqual([0, ['created', 'created']])
  expect(performance.now() - started).toBeLessThan(8000)
})

test('a store behind a link out of the project is neither used nor reset', async () => {
  const [cwd, outside] = await Promise.all([app({ '.dynamox/README': '' }), project({ 'data/precious': 'x' })])
  symlinkSync(outside, join(cwd, '.dynamox/local'))
  for (const args of [
    ['local', '--reset', '--port', '0'],
    ['local', '--reset', '--engine', 'dynalite', '--', 'true'],
    ['create', '--local'],
  ]) {
    const ran = await dynamox(args, { cwd })
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringContaining('.dynamox/local is a symbolic link that leads out of the project'),
    ])
  }
  expect(readFileSync(join(outside, 'data/precious'), 'utf8')).toBe('x')
})

test('a store that another process serves is shared, and not reset', async () => {
  const cwd = await app()
  const first = await serveLocal(['--port', '0'], { cwd })
  await call(first.endpoint, 'PutItem', item('users', 'ann'))
  const reset = await dynamox(['local', '--reset', '--port', '0'], { cwd })
  expect(reset).toMatchObject({ code: 2, stderr: expect.stringContaining(`process ${first.child.pid} `) })

  const second = await serveLocal(['--port', '0'], { cwd })
  expect(second.endpoint).not.toBe(first.endpoint)
  expect(await itemsOf(second.endpoint, 'users')).toEqual(['ann'])
  first.child.kill('SIGKILL')
  await first.ended
  await expect.poll(() => itemsOf(second.endpoint, 'users').catch(String), { timeout: 10_000 }).toEqual(['ann'])
})

test('seeds: the config fills empty tables, --seed puts; bad items are named and nothing is written', async () => {
  const cwd = await app({
    '.dynamoxrc': `${config}seed: { users: seed/people.yaml }\n`,
    'seed/people.yaml': '- pk: ann\n  age: 3\n- { pk: bob }\n',
    'orders.jsonl': '{"customer":{"S":"ann"},"at":{"N":"1"}}\n{"customer":"bob","at":2}\n',
    'bad/users.json': '[\n  { "pk": "cid" },\n  { "pk": 7 },\n  { "name": "x" }\n]\n',
  })
  const seeded = await serveLocal(['--port', '0', '--seed', 'orders.jsonl'], { cwd })
  expect(seeded.stderr()).toContain('users: 2 items seeded\norders: 2 items seeded\n')
  expect(await itemsOf(seeded.endpoint, 'users')).toEqual(['ann', 'bob'])
  await call(seeded.endpoint, 'DeleteItem', { TableName: 'users', Key: { pk: { S: 'ann' } } })
  seeded.child.kill('SIGINT')
  await seeded.ended

  const bad = await dynamox(['local', '--seed', 'bad/*.json', '--', 'true'], { cwd })
  expect(bad.code).toBe(2)
  expect(bad.stderr).toContain('bad/users.json:3:3: key pk must be a string (S), not a number')
  expect(bad.stderr).toContain('bad/users.json:4:3: has no pk, a key of users (pk:S)')
  const again = await serveLocal(['--port', '0'], { cwd })
  expect(await itemsOf(again.endpoint, 'users')).toEqual(['bob'])
})

test('--watch brings a changed model to the tables; --recreate keeps the items that fit', {
  timeout: 90_000,
}, async () => {
  const cwd = await app()
  const served = await serveLocal(['--port', '0', '--watch', '--recreate', '--yes'], { cwd })
  for (const pk of ['ann', 'bob']) await call(served.endpoint, 'PutItem', item('users', pk))
  await call(served.endpoint, 'PutItem', { TableName: 'users', Item: { pk: { S: 'cid' } } })
  await served.said(/watching/)
  writeFileSync(join(cwd, '.dynamoxrc'), `${config}  - { table: added, partitionKey: id }\n`)
  await expect.poll(() => names(served.endpoint), { timeout: 15_000 }).toEqual(['added', 'orders', 'users'])

  writeFileSync(join(cwd, '.dynamoxrc'), config.replace('partitionKey: pk:S', 'partitionKey: pk:S\n    sortKey: by:S'))
  await served.said(/1 of 3 items no longer fit and were removed: has no by, a key of users \(by:S\)/)
  await expect.poll(() => itemsOf(served.endpoint, 'users'), { timeout: 15_000 }).toEqual(['ann', 'bob'])
  expect(existsSync(join(cwd, '.dynamox/local/aside/users.jsonl'))).toBe(false)

  writeFileSync(join(cwd, '.dynamoxrc'), 'tables: [')
  await served.said(/\.dynamoxrc changed\nerror: .*\.dynamoxrc/)
  writeFileSync(join(cwd, '.dynamoxrc'), config)
  await served.said(/fixed; all definitions can be read again/)
  expect(await names(served.endpoint)).toEqual(['added', 'orders', 'users'])
})

test('--watch reports each time what cannot be changed in place', { timeout: 60_000 }, async () => {
  const cwd = await app()
  const served = await serveLocal(['--port', '0', '--watch', '--in-memory'], { cwd })
  await served.said(/watching/)
  writeFileSync(join(cwd, '.dynamoxrc'), config.replace('partitionKey: pk:S', 'partitionKey: pk:S\n    sortKey: by:S'))
  await served.said(/users › \w+: the sort key cannot be changed/)
  writeFileSync(join(cwd, '.dynamoxrc'), config.replace('partitionKey: pk:S', 'partitionKey: other:S'))
  await served.said(/users › partitionKey: the partition key cannot be changed \(pk S -> other S\)/)
  await served.said(/--recreate recreates such tables[\s\S]*--recreate recreates such tables/)
})

test('--recreate asks before items are lost: at the start, and not while it watches', { timeout: 60_000 }, async () => {
  const cwd = await app()
  const define = (text: string) => writeFileSync(join(cwd, '.dynamoxrc'), text)
  const withSortKey = config.replace('partitionKey: pk:S', 'partitionKey: pk:S\n    sortKey: by:S')
  const served = await serveLocal(['--port', '0', '--watch', '--recreate'], { cwd })
  await call(served.endpoint, 'PutItem', { TableName: 'users', Item: { pk: { S: 'cid' } } })
  await served.said(/watching/)
  define(withSortKey)
  await served.said(
    /error: users was not recreated: 1 of 1 items no longer fit: has no by, .*\n {2}start the command again: --recreate/,
  )
  expect(await itemsOf(served.endpoint, 'users')).toEqual(['cid'])
  served.child.kill('SIGINT')
  await served.ended

  const refused = await dynamox(['local', '--recreate', '--', 'true'], { cwd })
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('error: local asks for confirmation, which is not possible without a terminal\n')
  const { code, stderr } = await dynamox(['local', '--recreate', '--yes', '--', 'true'], { cwd })
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 of 1 items no longer fit and were removed')])
  define(config)
  const kept = await dynamox(['local', '--recreate', '--', 'true'], { cwd })
  expect([kept.code, kept.stderr]).toEqual([0, expect.stringMatching(/users {3}updated/)])
})

test('items that an interrupted recreation left aside are put back', async () => {
  const cwd = await app({ '.dynamox/local/aside/users.jsonl': '{"pk":{"S":"ann"}}\n' })
  const served = await serveLocal(['--port', '0'], { cwd })
  expect(await itemsOf(served.endpoint, 'users')).toEqual(['ann'])
  expect(existsSync(join(cwd, '.dynamox/local/aside/users.jsonl'))).toBe(false)
})

test('--admin: how to get it, and its page on the endpoint when it is there', async () => {
  const cwd = await app()
  expect(await dynamox(['local', '--admin', '--port', '0'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm install --save-dev dynamodb-admin'),
  })
  const said = join(cwd, 'said.txt')
  const stand = `#!${node}\nrequire('node:fs').writeFileSync(${JSON.stringify(said)}, process.env.DYNAMO_ENDPOINT + ' ' + process.pid); setInterval(() => {}, 1000)\n`
  const cwd2 = await app({ 'node_modules/.bin/dynamodb-admin': stand })
  const { chmodSync } = await import('node:fs')
  chmodSync(join(cwd2, 'node_modules/.bin/dynamodb-admin'), 0o755)
  const served = await serveLocal(['--port', '0', '--admin', '--in-memory'], { cwd: cwd2 })
  await expect.poll(() => existsSync(said) && readFileSync(said, 'utf8') !== '', { timeout: 10_000 }).toBe(true)
  const [endpoint, pid] = readFileSync(said, 'utf8').split(' ')
  expect(endpoint).toBe(served.endpoint)
  served.child.kill('SIGINT')
  expect((await served.ended).code).toBe(0)
  expect(isAlive(Number(pid))).toBe(false)
})

test('interrupted while it creates tables, it suggests no wait for an engine that stops', async () => {
  const cwd = await project({ 'dynamox.config.json': '{ "tables": [{ "table": "users", "partitionKey": "pk" }] }' })
  const child = start(['local', '--in-memory', '--realistic', '--port', '0'], { cwd })
  child.stderr?.on('data', data => {
    if (String(data).includes('users: create table users')) child.kill('SIGINT')
  })
  const { code, stderr } = await finished(child)
  expect(code).toBe(130)
  expect(stderr).toContain('error: users: interrupted; CreateTable was sent')
  expect(stderr).not.toContain('dynamox wait')
})
