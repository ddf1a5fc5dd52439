// Running what is measured, and adding up.
import { fork, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')
export const peer = name => join(root, 'bench/peers', name)
export const dynamox = (...args) => [process.execPath, join(root, 'bin/dynamox.js'), ...args]

/** An empty folder for whatever is measured to run in; gone when the process ends. */
export const folder = mkdtempSync(join(tmpdir(), 'dynamox-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// Nothing of the user's own: NODE_EXTRA_CA_CERTS alone triples the start of Node 20.
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  XDG_CACHE_HOME: join(folder, 'cache'),
  NO_COLOR: '1',
}

/** For the start of a command: the pair of AWS's documentation from a file of shared credentials, and none in the environment. */
export function withProfile() {
  const file = join(folder, 'credentials')
  const [id, secret] = [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY]
  writeFileSync(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)
  return ['env', '-u', 'AWS_ACCESS_KEY_ID', '-u', 'AWS_SECRET_ACCESS_KEY', `AWS_SHARED_CREDENTIALS_FILE=${file}`]
}

/** Whether a program can be started here. */
export const isThere = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** One run from start to exit; `usage` also asks for CPU and memory, which Node programs alone can tell. */
export function run([command, ...args], { cwd = folder, usage = false, more = {} } = {}) {
  const file = join(folder, 'usage.json')
  // Node may stand behind `env`, which sets its environment.
  const node = usage ? args.indexOf(process.execPath) + 1 : -1
  const all = node < 0 ? args : args.toSpliced(node, 0, '-r', peer('usage.cjs'))
  const startedAt = process.hrtime.bigint()
  const child = spawn(command, all, {
    cwd,
    env: { ...env, ...more, BENCH_USAGE: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stdout.resume()
  child.stderr.on('data', data => {
    stderr += data
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('exit', code => {
      const ms = Number(process.hrtime.bigint() - startedAt) / 1e6
      const exitAt = Date.now()
      const used = usage ? JSON.parse(readFileSync(file, 'utf8')) : {}
      done({ ms, code, exitAt, stderr, ...used })
    })
  })
}

/** Every command once in each round, in turn, so that all meet the same machine. Two rounds warm up. */
export async function rounds(count, commands) {
  const results = Object.fromEntries(Object.keys(commands).map(name => [name, []]))
  for (let round = -2; round < count; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const { ms } = await run(typeof command === 'function' ? command(round) : command)
      if (round >= 0) results[name].push(ms)
    }
  }
  return results
}

/** dynalite, or what stands in for it, in another process. */
export async function startEngine(...args) {
  const child = fork(peer('engine.cjs'), args.map(String), { cwd: root, stdio: 'inherit' })
  const next = () => new Promise(done => child.once('message', done))
  const { endpoint } = await next()
  return {
    endpoint,
    stats() {
      const answer = next()
      child.send('stats')
      return answer
    },
    stop: () => child.disconnect(),
  }
}

export function quantile(values, at) {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * at
  const low = sorted[Math.floor(position)]
  return low + (sorted[Math.ceil(position)] - low) * (position % 1)
}

/** Ratios round by round: the machine's speed drifts, and both sides of a round meet the same. */
export const ratios = (values, base) => values.map((value, round) => value / base[round])

const short = value => (value >= 100 ? value.toFixed(0) : value.toPrecision(2))

/** `1.4x (1.3-1.5)`: the median and the quartiles. */
export const spread = (values, unit = '') =>
  `${short(quantile(values, 0.5))}${unit} (${short(quantile(values, 0.25))}-${short(quantile(values, 0.75))})`
