// From nothing to a DynamoDB with ten tables in it.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { dynamox, folder, isThere, peer, ratios, root, run, spread, startEngine } from '../measure.js'

const node = process.execPath
const jar = join(root, '.cache/engines/amplify-dynamodb-simulator-2.9.30/emulator/DynamoDBLocal.jar')

export async function measure({ rounds }) {
  return [await ready(rounds), await dataCalls(rounds), installed()]
}

/** Every command ends as soon as the tables are there: it runs `true`, or has nothing more to do. */
async function ready(count) {
  const project = join(folder, 'local')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{}')
  const tables = Array.from({ length: 10 }, (_, index) => `  - { table: table-${index}, partitionKey: pk:S }\n`)
  writeFileSync(join(project, '.dynamoxrc'), `tables:\n${tables.join('')}`)
  const hasJava = existsSync(jar) && isThere('java', '-version')
  const local = (...args) => dynamox('local', '--in-memory', ...args, '--', 'true')
  const commands = {
    dynamox: local(),
    ...(hasJava
      ? {
          'DynamoDB Local by hand': async () => [node, peer('tables.mjs'), await freePort(), '10', jar],
          'dynamox with DynamoDB Local': local('--engine', 'dynamodb-local', '--jar', jar),
        }
      : {}),
  }
  const times = Object.fromEntries(Object.keys(commands).map(name => [name, []]))
  for (let round = -1; round < count; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const words = typeof command === 'function' ? await command() : command
      const { ms, code, stderr } = await run(words, { cwd: project })
      if (code !== 0) throw new Error(`${name} ended with code ${code}: ${stderr}`)
      if (round >= 0) times[name].push(ms)
    }
  }
  const seconds = name =>
    spread(
      times[name].map(ms => ms / 1e3),
      ' s',
    )
  const { dynamox: own, ...others } = times
  const peers = Object.keys(others).map(
    name => `${name} ${seconds(name)}, ${spread(ratios(others[name], own), 'x')} as long`,
  )
  return {
    what: 'from nothing to ready: engine up, 10 tables, `dynamox local -- true`',
    measured: seconds('dynamox'),
    target: 'shorter than DynamoDB Local',
    peers: hasJava ? peers : ['DynamoDB Local not measured: no Java 17, or the jar is not in .cache/engines'],
  }
}

/** The same calls to the embedded engine and to plain dynalite, in turn; both keep their tables in memory. */
async function dataCalls(count) {
  const port = await freePort()
  const [command, ...args] = dynamox('local', '--in-memory', '--no-config', '--port', port)
  const child = spawn(command, args, { cwd: folder, stdio: 'ignore' })
  const plain = await startEngine()
  const endpoints = { dynamox: `http://127.0.0.1:${port}`, dynalite: plain.endpoint }
  const times = {}
  try {
    for (const endpoint of Object.values(endpoints)) await createTable(endpoint)
    for (let round = -2; round < count; round++) {
      for (const [operation, input] of Object.entries(calls)) {
        for (const [name, endpoint] of Object.entries(endpoints)) {
          const startedAt = performance.now()
          for (let item = 0; item < 300; item++) await send(endpoint, operation, input(item))
          times[operation] ??= { dynamox: [], dynalite: [] }
          if (round >= 0) times[operation][name].push(performance.now() - startedAt)
        }
      }
    }
  } finally {
    child.kill()
    plain.stop()
  }
  const measured = Object.entries(times).map(
    ([operation, { dynamox: own, dynalite }]) => `${operation} ${spread(ratios(own, dynalite), 'x')}`,
  )
  return {
    what: '300 data calls in a row, to a table with an index',
    measured: measured.join(', '),
    target: '<= 1.03x plain dynalite',
    peers: ['plain dynalite 1x'],
  }
}

const TableName = 'users'
const calls = {
  PutItem: item => ({ TableName, Item: { pk: { S: `${item}` }, team: { S: `${item % 30}` }, note: { S: 'hello' } } }),
  GetItem: item => ({ TableName, Key: { pk: { S: `${item}` } } }),
  Query: item => ({
    ...{ TableName, IndexName: 'by-team', KeyConditionExpression: 'team = :team' },
    ExpressionAttributeValues: { ':team': { S: `${item % 30}` } },
  }),
}

/** Creates the table as soon as the engine listens. */
async function createTable(endpoint) {
  const keyOf = AttributeName => [{ AttributeName, KeyType: 'HASH' }]
  const input = {
    ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keyOf('pk') },
    AttributeDefinitions: ['pk', 'team'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [{ IndexName: 'by-team', KeySchema: keyOf('team'), Projection: { ProjectionType: 'ALL' } }],
  }
  for (let tries = 100; ; tries--) {
    try {
      await send(endpoint, 'CreateTable', input)
      break
    } catch (error) {
      if (tries === 0) throw error
      await pause(100)
    }
  }
  // dynalite's index is CREATING for half a second.
  await pause(1000)
}

async function send(endpoint, operation, input) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=a/b/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=b',
    },
    body: JSON.stringify(input),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${operation}: ${text}`)
}

/** What `npm install` of the packed tarball puts into an empty folder, and what the same packages would, unbundled. */
function installed() {
  const packed = mkdtempSync(join(folder, 'packed-'))
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], { cwd: root, stdio: 'pipe' })
  const tarball = join(packed, readdirSync(packed)[0])
  const own = install(tarball)
  const sdk = install('@aws-sdk/client-dynamodb')
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const bundled = ['ora@9', 'chalk@5', 'tinyglobby', 'yaml', 'zod']
  const plain = install(...Object.entries(dependencies).map(([name, range]) => `${name}@${range}`), ...bundled)
  const told = ({ megabytes, packages }) => `${megabytes.toFixed(1)} MB, ${packages} packages`
  return {
    what: '`npm install dynamox` into an empty folder',
    measured: `${told(own)}; ${(statSync(tarball).size / 1e6).toFixed(2)} MB packed`,
    target: '<= 40 MB, <= 90 packages',
    peers: [`the SDK alone ${told(sdk)}`, `the same packages unbundled ${told(plain)}`],
  }
}

function install(...packages) {
  const place = mkdtempSync(join(folder, 'install-'))
  writeFileSync(join(place, 'package.json'), '{ "private": true }')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: place, stdio: 'pipe' })
  const lock = JSON.parse(readFileSync(join(place, 'package-lock.json'), 'utf8'))
  const size = execFileSync('du', ['-sk', join(place, 'node_modules')], { encoding: 'utf8' })
  return { place, megabytes: Number.parseInt(size, 10) / 1024, packages: Object.keys(lock.packages).length - 1 }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address()
  await new Promise(done => server.close(done))
  return String(port)
}
