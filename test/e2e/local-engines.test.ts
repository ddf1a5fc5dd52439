// The engines that `dynamox local` starts beside its own, each for real.
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LocalEngineName } from '../../src/local/engines/engine.ts'
import { dynamoDbLocalJar } from '../support/engines/dynamodb-local.ts'
import { dynoxideProgram } from '../support/engines/dynoxide.ts'
import { EngineUnavailable } from '../support/engines/engine.ts'
import { extendDbProgram } from '../support/engines/extenddb.ts'
import { dynamox, project } from './support/cli.ts'
import { isAlive, serveLocal } from './support/serving.ts'

const config = 'tables: [{ table: users, partitionKey: pk:S, globalIndexes: { by-at: { partitionKey: at:N } } }]\n'
const node = process.execPath
const bin = join(import.meta.dirname, '../../bin/dynamox.js')
const platform = `${process.platform}-${process.arch}`

/** A project in which the engine is found as users have it: an npm package, or a jar named in the environment. */
const places: Record<
  Exclude<LocalEngineName, 'dynalite'>,
  () => Promise<{ cwd: string; env: Record<string, string> }>
> = {
  'dynamodb-local': async () => {
    const jar = await dynamoDbLocalJar()
    return { cwd: await app(), env: { DYNAMODB_LOCAL_JAR: jar } }
  },
  extenddb: async () => withPackage(`@extenddb/${platform}`, 'extenddb', await extendDbProgram()),
  dynoxide: async () => withPackage(`@dynoxide/${platform}`, 'dynoxide', await dynoxideProgram()),
}
const app = () => project({ 'package.json': '{}', '.dynamoxrc': config, 'users.json': '[{ "pk": "ann", "at": 1 }]' })

async function withPackage(name: string, file: string, program: string) {
  const cwd = await app()
  mkdirSync(join(cwd, 'node_modules', name), { recursive: true })
  symlinkSync(program, join(cwd, 'node_modules', name, file))
  return { cwd, env: {} }
}

/** The processes whose command line names the folder or file. */
const processes = (text: string) => {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)
}

describe.each(['dynamodb-local', 'extenddb', 'dynoxide'] as const)('%s', name => {
  const place = async (skip: (why: string) => never) => {
    try {
      return await places[name]()
    } catch (error) {
      if (error instanceof EngineUnavailable && process.env.DYNAMOX_REQUIRE_ENGINES !== '1') return skip(error.message)
      throw error
    }
  }

  test('tables, seed, a command, what is kept', { timeout: 120_000 }, async ({ skip }) => {
    const options = await place(skip)
    const list = [node, bin, 'list', '--json']
    const first = await dynamox(['local', '--engine', name, '--seed', 'users.json', '--', ...list], options)
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('users: 1 item seeded')])
    expect(first.json.tables).toMatchObject([{ name: 'users', status: 'ACTIVE', indexes: [{ name: 'by-at' }] }])

    const again = await dynamox(['local', '--engine', name, '--', ...list], options)
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/users {2}unchanged/)])
    const empty = await dynamox(['local', '--engine', name, '--in-memory', '--', ...list], options)
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringMatching(/users {2}created/)])
  })

  test('ends with dynamox, also when that is killed, and starts again on what it kept', { timeout: 120_000 }, async ({
    skip,
  }) => {
    const options = await place(skip)
    const served = await serveLocal(['--engine', name, '--port', '0'], options)
    const port = new URL(served.endpoint).port
    const engines = processes(port).filter(pid => pid !== served.child.pid)
    expect(engines.length).toBeGreaterThanOrEqual(2)
    const second = await dynamox(['local', '--engine', name, '--port', '0'], options)
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`process ${served.child.pid} `)])
    served.child.kill('SIGKILL')
    await expect.poll(() => engines.filter(isAlive), { timeout: 10_000 }).toEqual([])

    const next = await serveLocal(['--engine', name, '--port', port], options)
    expect(next.stdout()).toMatch(/users {2}unchanged/)
    next.child.kill('SIGTERM')
    expect((await next.ended).code).toBe(0)
    expect(processes(port)).toEqual([])
  })

  test('not here: how to get it', async () => {
    const cwd = await app()
    const ran = await dynamox(['local', '--engine', name, '--port', '0'], { cwd, env: { PATH: '/nowhere' } })
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be used here: .*\n {2}npm install --save-dev /),
    ])
  })
})

test('--engines: what can be used here, and what each does not do', async ({ skip }) => {
  const options = await withPackage(
    `@extenddb/${platform}`,
    'extenddb',
    await extendDbProgram().catch(error => skip(String(error))),
  )
  const { code, json } = await dynamox(['local', '--engines', '--json'], { ...options, env: { PATH: '/nowhere' } })
  expect(code).toBe(0)
  expect(json).toMatchObject({
    engines: [
      { name: 'dynalite', usable: true, refuses: ['multiAttributeKeys', 'indexChanges'] },
      { name: 'dynamodb-local', usable: false, hint: expect.stringContaining('npm install') },
      { name: 'extenddb', usable: true, found: expect.stringContaining('@extenddb'), refuses: [] },
      { name: 'dynoxide', usable: false, hint: `npm install --save-dev @dynoxide/${platform}` },
    ],
  })
})

test('DynamoDB Local from the Docker image: how it is run, and that its container is removed', async () => {
  const cwd = await app()
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
  // What answers there is not DynamoDB; the engine was started, asked and put away.
  expect(ran.code).not.toBe(0)
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const name = /--name (\S+)/.exec(lines[1] ?? '')?.[1]
  expect(lines[0]).toMatch(/^version/)
  expect(lines[1]).toMatch(
    /^run --rm --name \S+ --publish 127\.0\.0\.1:\d+:8000 amazon\/dynamodb-local -jar DynamoDBLocal\.jar -inMemory -sharedDb/,
  )
  expect(lines.at(-1)).toBe(`rm --force ${name}`)
})
