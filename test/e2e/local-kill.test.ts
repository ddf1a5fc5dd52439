// Started, killed at random moments and started again.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import type { LocalEngineName } from '../../src/local/engines/engine.ts'
import { freePort } from '../../src/local/ports.ts'
import { exampleCredentials, localRegion } from '../../src/table/local-credentials.ts'
import { createRandom } from '../support/random.ts'
import { dynamox, start } from './support/cli.ts'
import { type PlaceWithEngine, projectWith } from './support/project-with.ts'
import { isAlive, processesNaming, serveLocal } from './support/serving.ts'

// KILL_SEED=<number> repeats the same moments.
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const orders = Array.from({ length: 1500 }, (_, id) => ({ id: `order-${id}`, note: 'x'.repeat(200) }))

/** When it is killed: after these words (none: from its start), within so many milliseconds. */
const phases: readonly { readonly name: string; readonly after?: RegExp; readonly withinMs: number }[] = [
  { name: 'starting', withinMs: 700 },
  { name: 'creating', after: /on http:/, withinMs: 400 },
  { name: 'seeding', after: /users +(created|unchanged)/, withinMs: 500 },
  { name: 'serving', after: /ready; press Ctrl-C/, withinMs: 150 },
]

const rows: readonly (readonly [LocalEngineName, number])[] = [
  ['dynalite', 50],
  ['dynamodb-local', 8],
  ['extenddb', 8],
  ['dynoxide', 8],
]

test.for(rows)(
  '%s, killed %i times: accepted items are kept, the port is free again, every start succeeds',
  {
    timeout: 300_000,
  },
  async ([engine, rounds], { skip }) => {
    const place = await projectWith(engine, { 'orders.json': JSON.stringify(orders) }, skip)
    const random = createRandom(seed)
    process.stderr.write(`${engine}: killed at the moments of KILL_SEED=${seed}\n`)
    const port = String(await freePort())
    const args = ['--engine', engine, '--port', port]
    const accepted: string[] = []
    const pids: number[] = []
    for (let round = 0; round < rounds; round++) {
      writeConfig(place, round)
      const phase = phases[round % phases.length]
      const killed = await startAndKill(args, place, phase, random)
      pids.push(killed.pid)
      accepted.push(...killed.accepted)
      expect(`${round} ${phase?.name}: ${killed.said}`).not.toContain('error')
    }

    const served = await serveLocal([...args, '--seed', 'orders.json'], place)
    const { endpoint } = served
    const found = new Set(await keysIn(endpoint, 'users', 'pk'))
    expect(accepted.filter(pk => !found.has(pk))).toEqual([])
    expect(accepted.length).toBeGreaterThan(0)
    expect(await keysIn(endpoint, 'orders', 'id')).toHaveLength(orders.length)
    expect(await dynamox(['exists', '--endpoint', endpoint], place)).toMatchObject({ code: 0 })
    expect(pids.filter(isAlive)).toEqual([])

    // A busy port is explained, also now.
    const busy = await dynamox(['local', '--in-memory', '--port', port], place)
    expect(busy.code).toBe(2)
    expect(busy.stderr).toMatch(
      engine === 'dynalite'
        ? new RegExp(`port ${port} .* in use by process ${served.child.pid} \\(.*${join('bin', 'dynamox.js')}`)
        : new RegExp(`port ${port} .* in use by process \\d+ \\(.*\\)`),
    )
    expect(busy.stderr).toContain('--port 0')

    served.child.kill('SIGKILL')
    await expect.poll(() => processesNaming(engine === 'dynalite' ? place.cwd : port), { timeout: 10_000 }).toEqual([])
  },
)

/** New tables in every fourth round, so that there is something to create. */
function writeConfig({ cwd }: PlaceWithEngine, round: number): void {
  const names = Array.from({ length: 5 + 5 * Math.floor(round / phases.length) }, (_, index) => `table-${index}`)
  const tables = ['users: pk', 'orders: id', ...names.map(name => `${name}: pk`)].map(each => {
    const [name, key] = each.split(': ')
    return `  - { table: ${name}, partitionKey: ${key}:S }\n`
  })
  writeFileSync(join(cwd, '.dynamoxrc'), `tables:\n${tables.join('')}`)
}

async function startAndKill(
  args: readonly string[],
  place: PlaceWithEngine,
  phase: (typeof phases)[number] | undefined,
  random: () => number,
) {
  const seeding = phase?.name === 'seeding' ? ['--seed', 'orders.json'] : []
  const child = start(['local', ...args, ...seeding], place)
  let said = ''
  let endpoint = ''
  const words = new Promise<void>(done => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', data => {
        said += data
        endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
        if (phase?.after?.test(said) === true || said.includes('error')) done()
      })
    }
    child.once('exit', () => done())
  })
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  if (phase?.after !== undefined) await words
  const writing = phase?.name === 'serving' ? putUntilKilled(endpoint) : Promise.resolve([])
  await sleep(random() * (phase?.withinMs ?? 0))
  child.kill('SIGKILL')
  await ended
  return { pid: child.pid ?? 0, said, accepted: await writing }
}

const clientOf = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: localRegion, credentials: exampleCredentials, maxAttempts: 1 })

/** Puts items until a request fails; returns those that were accepted. */
async function putUntilKilled(endpoint: string): Promise<string[]> {
  const client = clientOf(endpoint)
  const accepted: string[] = []
  try {
    for (;;) {
      const pk = randomUUID()
      await client.send(new PutItemCommand({ TableName: 'users', Item: { pk: { S: pk } } }))
      accepted.push(pk)
    }
  } catch (error) {
    // Any answer would be a refusal, which nothing here deserves.
    expect(error).not.toMatchObject({ $metadata: { httpStatusCode: expect.any(Number) } })
    return accepted
  }
}

async function keysIn(endpoint: string, table: string, key: string): Promise<(string | undefined)[]> {
  const keys: (string | undefined)[] = []
  for await (const { Items = [] } of paginateScan({ client: clientOf(endpoint) }, { TableName: table })) {
    keys.push(...Items.map(each => each[key]?.S))
  }
  return keys
}
