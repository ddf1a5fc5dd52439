// From nothing to a DynamoDB with ten tables in it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { dynamox, folder, isThere, peer, ratios, root, run, spread } from '../measure.js'

const node = process.execPath
const jar = join(root, '.cache/engines/amplify-dynamodb-simulator-2.9.30/emulator/DynamoDBLocal.jar')

export async function measure({ rounds }) {
  return [await ready(rounds), installed()]
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

/** What `npm install` of the packed tarball puts into an empty folder. */
function installed() {
  const place = join(folder, 'install')
  mkdirSync(place)
  writeFileSync(join(place, 'package.json'), '{ "private": true }')
  const quiet = { cwd: place, stdio: 'pipe' }
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], { ...quiet, cwd: root })
  const tarball = readdirSync(place).find(name => name.endsWith('.tgz'))
  const packed = statSync(join(place, tarball)).size / 1e6
  execFileSync('npm', ['install', '--no-audit', '--no-fund', join(place, tarball)], quiet)
  const { packages } = JSON.parse(readFileSync(join(place, 'package-lock.json'), 'utf8'))
  const kilobytes = Number.parseInt(execFileSync('du', ['-sk', join(place, 'node_modules')], { encoding: 'utf8' }), 10)
  const own = Number.parseInt(
    execFileSync('du', ['-sk', join(place, 'node_modules/dynamox')], { encoding: 'utf8' }),
    10,
  )
  return {
    what: '`npm install dynamox` into an empty folder',
    measured: `${(kilobytes / 1024).toFixed(1)} MB on disk, ${Object.keys(packages).length - 1} packages`,
    target: '-',
    peers: [`dynamox itself ${(own / 1024).toFixed(1)} MB, ${packed.toFixed(2)} MB packed`],
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address()
  await new Promise(done => server.close(done))
  return String(port)
}
