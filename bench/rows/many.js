// A thousand tables.
import { dynamox, peer, quantile, ratios, run, spread, startEngine } from '../measure.js'
import { middle, modelOf, timed } from './wait.js'

const node = process.execPath

export async function measure({ rounds }) {
  const count = Math.max(1, Math.min(5, Math.floor(rounds / 3)))
  return [await waiting(Math.min(3, count)), await creating(count), await looking(count)]
}

async function waiting(count) {
  const file = modelOf(1_000, 'table-')
  const own = []
  for (let i = 0; i < count; i++) {
    const engine = await startEngine(4_600, 5_800)
    own.push(await timed(engine, dynamox('create', '--model', file, '--endpoint', engine.endpoint), { usage: true }))
    engine.stop()
  }
  const engine = await startEngine(4_600, 5_800)
  const loop = await timed(engine, [node, peer('sdk.mjs'), engine.endpoint, 'loop', 'table-', '1000'], { usage: true })
  engine.stop()
  const told = (ms, describes, peak) =>
    `${(ms / 1e3).toFixed(1)} s, ${(describes / 1e3).toFixed(2)} DescribeTable per table, ${peak.toFixed(0)} MB`
  return {
    what: '1,000 tables on dynalite, each taking 4.6-5.8 s: wall time',
    measured: told(middle(own, 'ms'), middle(own, 'describes'), middle(own, 'peakMb')),
    target: '<= 7.5 s, <= 2 per table, <= 115 MB',
    peers: [`500 ms loops ${told(loop.ms, loop.describes, loop.peakMb)}`],
  }
}

async function creating(count) {
  const file = modelOf(1_000, 'table-')
  const times = { bare: [], dynamox: [] }
  for (let i = 0; i < count; i++) {
    for (const [name, command] of Object.entries({
      bare: endpoint => [node, peer('bare.cjs'), endpoint, 'create', 'table-', '1000', '16'],
      dynamox: endpoint => dynamox('create', '--no-wait', '--model', file, '--endpoint', endpoint),
    })) {
      const engine = await startEngine(0, 0)
      times[name].push((await run(command(engine.endpoint))).ms)
      engine.stop()
    }
  }
  return {
    what: 'create of 1,000 tables on dynalite, against bare signed requests, 16 at once',
    measured: spread(ratios(times.dynamox, times.bare), 'x'),
    target: '<= 1.6x',
    peers: [],
  }
}

/** A fresh account: nothing, or next to nothing, of a project is there yet. */
async function looking(count) {
  const file = modelOf(1_000, 'table-')
  const engine = await startEngine(0, 0)
  const few = modelOf(10, 'table-')
  await run(dynamox('create', '--model', few, '--endpoint', engine.endpoint))
  await engine.stats()
  const times = []
  let asked = {}
  for (let i = 0; i < count; i++) {
    times.push((await run(dynamox('exists', '-q', '--model', file, '--endpoint', engine.endpoint))).ms)
    asked = (await engine.stats()).calls
  }
  engine.stop()
  const calls = ['ListTables', 'DescribeTable'].map(name => `${asked[name] ?? 0} ${name}`).join(' and ')
  return {
    what: '`exists` of 1,000 tables of which 10 are there',
    measured: `${(quantile(times, 0.5) / 1e3).toFixed(2)} s, ${calls}`,
    target: 'fewer calls than tables',
    peers: [],
  }
}
