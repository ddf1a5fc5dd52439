// Creating tables that take their time, and waiting: from the moment at which the last one is ACTIVE to the end of the process.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dynamox, folder, isThere, peer, quantile, run, startEngine } from '../measure.js'

const node = process.execPath
// No multiple of anybody's poll interval.
const times = [5_137, 5_413, 5_291, 4_871, 5_633]

export async function measure({ rounds }) {
  const count = Math.max(1, Math.min(times.length, Math.floor(rounds / 3)))
  return [await one(count), ...(await hundred(count)), await denied()]
}

async function one(count) {
  const peers = {
    'SDK waiter': (endpoint, table) => [node, peer('sdk.mjs'), endpoint, 'waiter', table],
    '500 ms loop': (endpoint, table) => [node, peer('sdk.mjs'), endpoint, 'loop', table],
    ...(isThere('python3', '-c', 'import boto3')
      ? { 'boto3 waiter': (endpoint, table) => ['python3', peer('boto.py'), endpoint, 'waiter', table] }
      : {}),
    ...(isThere('aws', '--version') ? { 'AWS CLI create-table + wait': awsCli } : {}),
  }
  const own = []
  const others = Object.fromEntries(Object.keys(peers).map(name => [name, []]))
  for (const ms of times.slice(0, count)) {
    const engine = await startEngine(ms, ms)
    own.push(await timed(engine, dynamox('create', 'users', '--partition-key', 'pk', '--endpoint', engine.endpoint)))
    engine.stop()
  }
  // The peers sleep for most of twenty seconds: all of them at the same time.
  for (const ms of times.slice(0, Math.min(3, count))) {
    await Promise.all(
      Object.entries(peers).map(async ([name, command]) => {
        const engine = await startEngine(ms, ms)
        others[name].push(await timed(engine, command(engine.endpoint, 'users')))
        engine.stop()
      }),
    )
  }
  return {
    what: 'create + wait, one table of 5 s: from ACTIVE to exit',
    measured: `${seconds(own)}, ${middle(own, 'describes')} DescribeTable`,
    target: '<= 0.15 s with <= 30 DescribeTable',
    peers: [...Object.entries(others).map(([name, runs]) => `${name} ${seconds(runs)}`), ...missing(peers)],
  }
}

async function hundred(count) {
  const file = modelOf(100, 'table-')
  const own = []
  for (const ms of times.slice(0, count)) {
    const engine = await startEngine(ms - 250, ms + 250)
    own.push(await timed(engine, dynamox('create', '--model', file, '--endpoint', engine.endpoint), { usage: true }))
    engine.stop()
  }
  const others = {}
  for (const verb of ['waiter', 'loop']) {
    const engine = await startEngine(times[0] - 250, times[0] + 250)
    others[verb] = await timed(engine, [node, peer('sdk.mjs'), engine.endpoint, verb, 'table-', '100'], { usage: true })
    engine.stop()
  }
  const cli = isThere('aws', '--version') ? await hundredByCli() : undefined
  const told = ({ late, describes, cpuSeconds }) =>
    `${(late / 1e3).toFixed(2)} s, ${(describes / 100).toFixed(1)} DescribeTable per table, ${cpuSeconds.toFixed(1)} s of CPU`
  const describes = middle(own, 'describes') / 100
  return [
    {
      what: 'the same for 100 tables',
      measured: `${seconds(own)}, ${describes.toFixed(2)} DescribeTable per table, ${middle(own, 'cpuSeconds').toFixed(2)} s of CPU`,
      target: '<= 0.3 s, <= 2 per table, <= 0.8 s of CPU',
      peers: [
        `500 ms loops ${told(others.loop)}`,
        `SDK waiters ${told(others.waiter)}`,
        cli === undefined
          ? 'AWS CLI not measured'
          : `AWS CLI, one table after the other, ${(cli.late / 1e3).toFixed(0)} s (${(cli.ms / 1e3).toFixed(0)} s in all)`,
      ],
    },
  ]
}

async function hundredByCli() {
  const engine = await startEngine(times[0] - 250, times[0] + 250)
  const names = Array.from({ length: 100 }, (_, index) => `table-${index}`)
  const result = await timed(engine, awsCli(engine.endpoint, ...names))
  engine.stop()
  return result
}

async function denied() {
  const engine = await startEngine(0, 0, 'denied')
  const runs = []
  for (let i = 0; i < 7; i++) runs.push(await run(dynamox('wait', 'users', '--endpoint', engine.endpoint)))
  const sdk = await run([node, peer('sdk.mjs'), engine.endpoint, 'wait', 'users'])
  engine.stop()
  return {
    what: '`dynamox wait` that meets access denied',
    measured: `${(middle(runs, 'ms') / 1e3).toFixed(2)} s`,
    target: '< 0.5 s',
    peers: [`SDK waiter with 45 s to wait: ${(sdk.ms / 1e3).toFixed(1)} s`],
  }
}

/** A definition of many tables as data. */
export function modelOf(count, prefix) {
  const file = join(folder, `${count}-tables.json`)
  const tables = Array.from({ length: count }, (_, index) => ({ table: `${prefix}${index}`, partitionKey: 'pk:S' }))
  writeFileSync(file, JSON.stringify(tables))
  return file
}

export async function timed(engine, command, options) {
  const result = await run(command, options)
  const { calls, activeAt } = await engine.stats()
  if (result.code !== 0) throw new Error(`${command.join(' ')} ended with ${result.code}: ${result.stderr}`)
  return { ...result, late: result.exitAt - activeAt, describes: calls.DescribeTable ?? 0 }
}

/** Creates them all, then waits for each, as scripts do. */
function awsCli(endpoint, ...tables) {
  const keys = '--attribute-definitions AttributeName=pk,AttributeType=S --key-schema AttributeName=pk,KeyType=HASH'
  const create = `aws dynamodb create-table --endpoint-url ${endpoint} --table-name $t ${keys} --billing-mode PAY_PER_REQUEST`
  const wait = `aws dynamodb wait table-exists --endpoint-url ${endpoint} --table-name $t`
  const each = command => `for t in ${tables.join(' ')}; do ${command} || exit 1; done`
  return ['sh', '-c', `${each(create)}; ${each(wait)}`]
}

export const middle = (runs, field) =>
  quantile(
    runs.map(run => run[field]),
    0.5,
  )

function seconds(runs) {
  const late = runs.map(run => run.late / 1e3)
  const [low, high] = [Math.min(...late), Math.max(...late)]
  return `${quantile(late, 0.5).toFixed(2)} s${runs.length > 1 ? ` (${low.toFixed(2)}-${high.toFixed(2)})` : ''}`
}

const missing = peers =>
  ['boto3 waiter', 'AWS CLI create-table + wait'].filter(name => !(name in peers)).map(name => `${name} not measured`)
