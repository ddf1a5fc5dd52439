// The engines that `dynamox local` can start beside the embedded one, each for real.
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startLocal } from '../../src/testing/open-local.ts'
import { dynamox, project } from './support/cli.ts'
import { projectWith } from './support/project-with.ts'
import { isAlive, processesNaming, serveLocal } from './support/serving.ts'

const config = 'tables: [{ table: users, partitionKey: pk:S, globalIndexes: { by-at: { partitionKey: at:N } } }]\n'
const node = process.execPath
const bin = join(import.meta.dirname, '../../bin/dynamox.js')
const platform = `${process.platform}-${process.arch}`

const app = { '.dynamoxrc': config, 'users.json': '[{ "pk": "ann", "at": 1 }]' }

describe.each(['dynamodb-local', 'extenddb', 'dynoxide'] as const)('%s', name => {
  test('tables, seed, a command, stored data', { timeout: 120_000 }, async ({ skip }) => {
    const options = await projectWith(name, app, skip)
    const list = [node, bin, 'list', '--json']
    const first = await dynamox(['local', '--engine', name, '--seed', 'users.json', '--', ...list], options)
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('users: 1 item seeded')])
    expect(first.json.tables).toMatchObject([{ name: 'users', status: 'ACTIVE', indexes: [{ name: 'by-at' }] }])

    const again = await dynamox(['local', '--engine', name, '--', ...list], options)
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/users {2}unchanged/)])
    const empty = await dynamox(['local', '--engine', name, '--in-memory', '--', ...list], options)
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringMatching(/users {2}created/)])
  })

  test('creates tables with every setting that this engine keeps', { timeout: 120_000 }, async ({ skip }) => {
    const kept = '{ table: kept, partitionKey: pk, ttl: at, stream: KEYS_ONLY, deletionProtection: true }'
    const options = await projectWith(name, { '.dynamoxrc': `tables: [${kept}]\n` }, skip)
    const plan = [node, bin, 'plan', '--check', '--json']
    const ran = await dynamox(['local', '--engine', name, '--in-memory', '--', ...plan], options)
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('not kept')])
    expect(ran.json.tables).toMatchObject([{ name: 'kept', steps: [] }])

    const jar = options.env.DYNAMODB_LOCAL_JAR
    const local = await startLocal({ cwd: options.cwd, engine: name, ...(jar === undefined ? {} : { jar }) })
    try {
      const { env } = local
      expect(await dynamox(['plan', '--check'], { ...options, env: { ...options.env, ...env } })).toMatchObject({
        code: 0,
      })
    } finally {
      await local.close()
    }
  })

  test('ends with dynamox, also when that is killed, and starts again on what it kept', { timeout: 120_000 }, async ({
    skip,
  }) => {
    const options = await projectWith(name, app, skip)
    const served = await serveLocal(['--engine', name, '--port', '0'], options)
    const port = new URL(served.endpoint).port
    const engines = processesNaming(port).filter(pid => pid !== served.child.pid)
    expect(engines.length).toBeGreaterThanOrEqual(2)
    const second = await dynamox(['local', '--engine', name, '--port', '0'], options)
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`process ${served.child.pid} `)])
    served.child.kill('SIGKILL')
    await expect.poll(() => engines.filter(isAlive), { timeout: 10_000 }).toEqual([])

    const next = await serveLocal(['--engine', name, '--port', port], options)
    expect(next.stdout()).toMatch(/users {2}unchanged/)
    next.child.kill('SIGTERM')
    expect((await next.ended).code).toBe(0)
    expect(processesNaming(port)).toEqual([])
  })

  test('brings a table to its definition, step by step, and leaves out what it cannot do', {
    timeout: 120_000,
  }, async ({ skip }) => {
    const place = await projectWith(name, {}, skip)
    const served = await serveLocal(['--engine', name, '--in-memory', '--port', '0'], place)
    const index = '{ by-at: { partitionKey: at:N } }'
    const capacity = 'billingMode: PROVISIONED, readCapacity: 3, writeCapacity: 3'
    const turns = [
      `globalIndexes: ${index}`,
      `globalIndexes: ${index}, encryption: AWS_MANAGED, ttl: until, deletionProtection: true`,
      `globalIndexes: ${index}, deletionProtection: false, ${capacity}`,
      `globalIndexes: ${index}, billingMode: PAY_PER_REQUEST`,
      `globalIndexes: ${index}, ${capacity}`,
      `globalIndexes: { by-at: { partitionKey: at:N, readCapacity: 4, writeCapacity: 4 } }, ${capacity}`,
    ]
    for (const turn of turns) {
      writeFileSync(join(place.cwd, '.dynamoxrc'), `tables: [{ table: turns, partitionKey: pk, ${turn} }]\n`)
      const options = { ...place, env: { ...place.env, AWS_ENDPOINT_URL_DYNAMODB: served.endpoint } }
      const { code, stderr } = await dynamox(['update', '--yes'], options)
      expect([turn, code, stderr]).toEqual([turn, 0, expect.not.stringContaining('error')])
      const check = await dynamox(['plan', '--check', '--json'], options)
      expect([turn, check.code, check.json.tables[0]?.steps]).toEqual([turn, 0, []])
    }
  })

  test('a missing engine: how to install it', async () => {
    const cwd = await project({ 'package.json': '{}', ...app })
    const ran = await dynamox(['local', '--engine', name, '--port', '0'], { cwd, env: { PATH: '/nowhere' } })
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be used here: .*\n {2}npm install --save-dev /),
    ])
  })
})

test('DynamoDB Local from an amplify-dynamodb-simulator that a folder above has installed', async ({ skip }) => {
  const { cwd, env } = await projectWith('dynamodb-local', { 'packages/app/package.json': '{}' }, skip)
  const emulator = dirname(env.DYNAMODB_LOCAL_JAR ?? '')
  mkdirSync(join(cwd, 'node_modules'))
  // As `npm install` unpacks it, without its own code, which is not used.
  cpSync(dirname(emulator), join(cwd, 'node_modules/amplify-dynamodb-simulator'), { recursive: true })
  const options = { cwd: join(cwd, 'packages/app') }
  const list = [node, bin, 'list', '--json']
  const args = ['local', '--engine', 'dynamodb-local', '--in-memory', '--quiet', '--', ...list]
  expect(await dynamox(args, options)).toMatchObject({ code: 0 })
  const { json } = await dynamox(['local', '--engines', '--json'], options)
  expect(JSON.stringify(json)).toContain('DynamoDBLocal.jar (amplify-dynamodb-simulator)')
})

test('--engines: which can be used here, and what each does not do', async ({ skip }) => {
  const options = await projectWith('extenddb', app, skip)
  const { code, json } = await dynamox(['local', '--engines', '--json'], { ...options, env: { PATH: '/nowhere' } })
  expect(code).toBe(0)
  expect(json).toMatchObject({
    engines: [
      { name: 'dynalite', usable: true, refuses: ['multiAttributeKeys'] },
      { name: 'dynamodb-local', usable: false, hint: expect.stringContaining('npm install') },
      { name: 'extenddb', usable: true, found: expect.stringContaining('@extenddb'), refuses: [] },
      { name: 'dynoxide', usable: false, hint: `npm install --save-dev @dynoxide/${platform}` },
    ],
  })
})

test('DynamoDB Local from the Docker image: how it is run, and that its container is removed', async () => {
  const cwd = await project({ 'package.json': '{}', ...app })
  const log = join(cwd, 'docker.log')
  // A stand-in for the docker client: what it is told, and a server in the place of the container.
  const server = `require('node:http').createServer((_, answer) => answer.writeHead(400).end('{}')).listen(Number(process.argv[1]), '127.0.0.1')`
  const stand = `#!/bin/sh
echo "$@" >> ${log}
case "$1" in
  version) echo 28 ;;
  run) port=$(echo "$*" | sed 's/.*127.0.0.1:\\([0-9]*\\):8000.*/\\1/'); exec ${node} -e "${server.replaceAll('"', '\\"')}" "$port" ;;
esac
`
  const folder = join(cwd, 'bin')
  mkdirSync(folder)
  writeFileSync(join(folder, 'docker'), stand)
  chmodSync(join(folder, 'docker'), 0o755)
  const env = { PATH: `${folder}:/usr/bin:/bin` }
  const ran = await dynamox(['local', '--engine', 'dynamodb-local', '--in-memory', '--port', '0'], { cwd, env })
  // The stand-in is not DynamoDB; what counts is that it was started, asked and removed.
  expect(ran.code).not.toBe(0)
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const name = /--name (\S+)/.exec(lines[1] ?? '')?.[1]
  expect(lines[0]).toMatch(/^version/)
  expect(lines[1]).toMatch(
    /^run --rm --name \S+ --publish 127\.0\.0\.1:\d+:8000 amazon\/dynamodb-local -jar DynamoDBLocal\.jar -inMemory -sharedDb/,
  )
  expect(lines.at(-1)).toBe(`rm --force ${name}`)
})

// The environment of the shell is not the engine's: ExtendDB would take these keys for its own, and refuse all others.
test.each([{}, { inMemory: true }])(
  'ExtendDB in a shell with credentials of its own, %o',
  { timeout: 60_000 },
  async ({ inMemory = false }) => {
    const { cwd, env } = await projectWith('extenddb', app, why => {
      throw new Error(why)
    })
    const shell = {
      AWS_ACCESS_KEY_ID: 'AKIAI44QH8DHBEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_PROFILE: 'nobody',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://192.0.2.1',
    }
    const list = [node, bin, 'list', '--json']
    const args = ['local', '--engine', 'extenddb', ...(inMemory ? ['--in-memory'] : []), '--', ...list]
    const ran = await dynamox(args, { cwd, env: { ...env, ...shell } })
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(/users {2}created/)])
    expect(ran.json.tables).toMatchObject([{ name: 'users', status: 'ACTIVE' }])
  },
)

test('DynamoDB Local answers web pages that are allowed, and no others', { timeout: 60_000 }, async ({ skip }) => {
  const place = await projectWith('dynamodb-local', app, skip)
  const origin = 'http://localhost:3000'
  const args = ['--engine', 'dynamodb-local', '--in-memory', '--port', '0']
  const [closed, open] = await Promise.all([
    serveLocal(args, place),
    serveLocal([...args, '--allow-origin', origin], place),
  ])
  const allowed = async (endpoint: string, from: string) =>
    (await fetch(endpoint, { method: 'OPTIONS', headers: { origin: from } })).headers.get('access-control-allow-origin')
  expect([await allowed(closed.endpoint, origin), await allowed(closed.endpoint, 'https://evil.example')]).toEqual([
    null,
    null,
  ])
  expect([await allowed(open.endpoint, origin), await allowed(open.endpoint, 'https://evil.example')]).toEqual([
    origin,
    null,
  ])
})

test("an engine that crashes ends the command with the engine's last output", async () => {
  const server = `require('node:http').createServer((request, answer) => {
  if (request.method !== 'POST') return answer.end('healthy')
  answer.end('{}', () => { console.error('panic: disk full'); process.exit(9) })
}).listen(Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1')`
  const { cwd, args } = await standIn.dynoxide(`#!${node}\n${server}\n`)
  writeFileSync(join(cwd, '.dynamoxrc'), '{}')
  const served = await serveLocal([...args, '--in-memory', '--port', '0'], { cwd })
  await fetch(served.endpoint, { method: 'POST', body: '{}' })
  expect((await served.ended).code).toBe(3)
  expect(served.stderr()).toMatch(/error: dynoxide ended unexpectedly: panic: disk full\n/)
})

/** A project whose dynoxide, java or jar is a stand-in. */
const standIn = {
  dynoxide: async (script: string) => {
    const program = `node_modules/@dynoxide/${platform}/dynoxide`
    const cwd = await project({ 'package.json': '{}', ...app, [program]: script })
    chmodSync(join(cwd, program), 0o755)
    return { cwd, args: ['--engine', 'dynoxide'], env: {} }
  },
  java: async (script: string) => {
    const cwd = await project({ 'package.json': '{}', ...app, 'bin/java': script, 'DynamoDBLocal.jar': '' })
    chmodSync(join(cwd, 'bin/java'), 0o755)
    const env = { PATH: `${join(cwd, 'bin')}:/usr/bin:/bin` }
    return { cwd, args: ['--engine', 'dynamodb-local', '--jar', 'DynamoDBLocal.jar'], env }
  },
  jar: async (content: string) => {
    const cwd = await project({ 'package.json': '{}', ...app, 'DynamoDBLocal.jar': content })
    return { cwd, args: ['--engine', 'dynamodb-local', '--jar', 'DynamoDBLocal.jar'], env: {} }
  },
}
const javaThat = (script: string) => `#!/bin/sh
if [ "$1" = -version ]; then echo 'openjdk version "21.0.1" 2023-10-17' >&2; exit 0; fi
${script}
`
const refused = `echo 'Error: LinkageError occurred while loading main class com.example.Main' >&2
echo '	java.lang.UnsupportedClassVersionError: com/example/Main has been compiled by a more recent version' >&2
echo '	at java.base/java.lang.ClassLoader.defineClass1(Native Method)' >&2
echo '	at java.base/java.lang.ClassLoader.defineClass(ClassLoader.java:1017)' >&2
exit 1`

test.each<[string, keyof typeof standIn, string, RegExp]>([
  [
    'a crash',
    'dynoxide',
    "#!/bin/sh\necho 'cannot open the database: disk full' >&2\nexit 1\n",
    /dynoxide did not start: cannot open the database: disk full\n/,
  ],
  [
    'colours',
    'dynoxide',
    "#!/bin/sh\nprintf '\\033[31mERROR\\033[0m\\twrong flag\\r\\n'\nexit 1\n",
    /dynoxide did not start: ERROR wrong flag\n/,
  ],
  ['an end without output', 'dynoxide', '#!/bin/sh\nexit 3\n', /dynoxide did not start: it exited with code 3\n/],
  [
    'a file that is not a jar',
    'jar',
    'rubbish',
    /DynamoDB Local did not start: Error: (Invalid or corrupt jarfile|Unable to access jarfile)/,
  ],
  [
    'a Java that is too old',
    'java',
    '#!/bin/sh\necho \'java version "1.8.0_202"\' >&2\n',
    /it needs Java 17 or later, found java version "1\.8\.0_202"\n {2}install Java 17 or later, or start Docker\n/,
  ],
  [
    'a Java that does not work',
    'java',
    "#!/bin/sh\necho 'Could not create the Java Virtual Machine' >&2\nexit 1\n",
    /it needs Java 17 or later, but java -version fails: Could not create the Java Virtual Machine\n/,
  ],
  [
    'a Java that refuses the jar',
    'java',
    javaThat(refused),
    /DynamoDB Local did not start: Error: LinkageError .* java\.lang\.UnsupportedClassVersionError: .* more recent version\n/,
  ],
])('%s is shown in the words of the engine, whether data is kept or not', async (_, kind, content, message) => {
  const { cwd, args, env } = await standIn[kind](content)
  const runs = await Promise.all(
    [[], ['--in-memory']].map(more => dynamox(['local', ...args, ...more, '--', 'true'], { cwd, env })),
  )
  for (const { code, stderr } of runs) {
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/was not found|ENOENT|\tat |\[31m/)
  }
})
