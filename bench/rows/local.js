// From nothing to a DynamoDB with ten tables in it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
