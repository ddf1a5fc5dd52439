import { describe, expect, it } from 'vitest'
import { checkExists, prepareChecks } from '../../src/apply/check-exists.ts'
import type { Clock } from '../../src/apply/clock.ts'
import { createDeadlines } from '../../src/apply/deadlines.ts'
import type { Event, Outcome } from '../../src/apply/events.ts'
import { createGate, createLimiter, throttledPauseMs } from '../../src/apply/pace.ts'
import { type Refusal, type TableApi, TransientError } from '../../src/apply/ports.ts'
import { createTable, deleteTable } from '../../src/apply/reconcile.ts'
import { runTables } from '../../src/apply/run-tables.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { createFakeAws } from '../support/fake-aws.ts'
import { createRandom } from '../support/random.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

// Minutes of virtual time with thousands of requests take a moment of real time.
const options = { timeout: 60_000 }

/** Whether a request is throttled: by the time since the first one, and by how many came before it. */
type Throttle = (ms: number, index: number) => boolean

/** Takes so many requests a second, at any moment, with a reserve of ten. */
function limit(perSecond: (ms: number) => number): Throttle {
  let tokens = 10
  let at = 0
  return ms => {
    tokens = Math.min(10, tokens + ((ms - at) / 1_000) * perSecond(ms))
    at = ms
    if (tokens < 1) return true
    tokens -= 1
    return false
  }
}

function randomly(share: number, seed = 7): Throttle {
  const random = createRandom(seed)
  return () => random() < share
}

interface Case {
  readonly name: string
  /** How many tables it is tried with at most: low limits take many virtual minutes. */
  readonly most?: number
  readonly throttle: (seed?: number) => Throttle
  /** The least time that it imposes on so many requests, where they take `baseMs` otherwise. */
  readonly imposedMs: (count: number, baseMs: number) => number
}

const shrinking = (ms: number) => Math.max(20, 60 - ms / 500)

const cases: readonly Case[] = [
  { name: 'the first request', throttle: () => (_, index) => index < 1, imposedMs: (_, base) => base },
  { name: 'the first ten requests', throttle: () => (_, index) => index < 10, imposedMs: (_, base) => base },
  ...[2, 5, 10, 20, 50].map(percent => ({
    name: `${percent} % of the requests, at random`,
    throttle: (seed?: number) => randomly(percent / 100, seed),
    imposedMs: (_: number, base: number) => base / (1 - percent / 100),
  })),
  { name: 'everything for 3 s', throttle: () => ms => ms < 3_000, imposedMs: (_, base) => base + 3_000 },
  ...[2, 5, 10, 40, 100].map(rate => ({
    name: `all beyond ${rate} requests a second`,
    most: 20 * rate,
    throttle: () => limit(() => rate),
    imposedMs: (count: number, base: number) => base + (1_000 * Math.max(0, count - 10)) / rate,
  })),
  {
    name: 'all beyond a limit that shrinks slowly',
    throttle: () => limit(shrinking),
    imposedMs: (count, base) => {
      let [ms, done] = [0, 10]
      for (; done < count; ms += 10) done += shrinking(ms) / 100
      return base + ms
    },
  },
]

type Command = 'create' | 'delete' | 'exists'

/** Runs a command over so many tables and says how long it took, how many requests it sent, for how long it was silent, and the rates it told of. */
async function run(command: Command, count: number, throttle: Throttle | undefined, everywhere = false) {
  const clock = createVirtualClock()
  const instant = { create: [0, 0], delete: [0, 0], settleAfterCreate: [0, 0] } as const
  const aws = createFakeAws(clock, { timings: instant })
  const names = Array.from({ length: count }, (_, index) => `table-${index}`)
  if (command !== 'create') for (const name of names) aws.put({ ...table(), name })
  const { api, sent } = throttled(aws, clock, command, throttle, everywhere)
  let heardAt = 0
  let silentMs = 0
  const hear = () => {
    silentMs = Math.max(silentMs, clock.now() - heardAt)
    heardAt = clock.now()
  }
  const rates: number[] = []
  const onEvent = (event: Event) => {
    if (event.kind === 'pace') rates.push(event.requestsPerSecond)
    if (event.kind !== 'started' && event.kind !== 'sending') hear()
  }
  const timeoutMs = 900_000
  const waiter = createWaiter(api, clock, command === 'exists' ? 32 : undefined)
  const shared = { clock, waiter, onEvent, timeoutMs }
  const checks = command === 'exists' ? await prepareChecks(count, api, { ...shared, looks: 32 }) : shared
  const work = (name: string): Promise<Outcome> => {
    if (command === 'create') return createTable({ ...table(), name }, api, shared)
    return command === 'delete' ? deleteTable(name, api, shared) : checkExists(name, api, { ...checks, onEvent })
  }
  const outcomes = await runTables(names, work, { concurrency: command === 'exists' ? 32 : 500 })
  hear()
  return {
    actions: [...new Set(outcomes.map(outcome => outcome.error?.message ?? outcome.action))],
    ms: clock.now(),
    silentMs,
    perTable: sent() / count,
    rates,
  }
}

/** @param everywhere whether looks and changes are throttled alike, and not only what the command mostly does */
function throttled(
  aws: TableApi,
  clock: Clock,
  command: Command,
  throttle: Throttle = () => false,
  everywhere = false,
) {
  let index = 0
  let since: number | undefined
  const refuses = () => {
    since ??= clock.now()
    index += 1
    return throttle(clock.now() - since, index - 1)
  }
  const refusal: Refusal = { kind: 'throttled', message: 'Rate exceeded' }
  const api: TableApi = {
    ...aws,
    async send(request, options) {
      if ((command === 'exists' && !everywhere) || !refuses()) return aws.send(request, options)
      await clock.sleep(20)
      return refusal
    },
    async describe(name, fields, options) {
      if ((command !== 'exists' && !everywhere) || !refuses()) return aws.describe(name, fields, options)
      await clock.sleep(20)
      throw new TransientError(refusal)
    },
  }
  return { api, sent: () => index }
}

describe('a slowdown', options, () => {
  it('is reported once, and again after a much further slowdown', async () => {
    const steady = await run(
      'create',
      200,
      limit(() => 10),
    )
    expect(steady.rates).toEqual([expect.closeTo(10, -1)])
    const dwindling = await run(
      'create',
      200,
      limit(ms => (ms < 10_000 ? 16 : 3)),
    )
    expect(dwindling.rates).toHaveLength(2)
    expect(dwindling.rates[1]).toBeLessThan(8)
  })

  it('is not reported when the rate is not the cause', async () => {
    expect((await run('create', 200, randomly(0.1))).rates).toEqual([])
    expect((await run('create', 200, (_, index) => index < 10)).rates).toEqual([])
  })

  it('is reported again every few seconds while nothing is accepted', async () => {
    const { rates, silentMs } = await run('create', 5, ms => ms < 30_000)
    expect(rates.length).toBeGreaterThan(4)
    expect(silentMs).toBeLessThan(5_000)
  })
})

const ends = { create: 'created', delete: 'deleted', exists: 'exists' } as const

describe.each<Command>(['create', 'delete', 'exists'])('%s, throttled', options, command => {
  describe.each([30, 200, 1_000])('%i tables', count => {
    const base = run(command, count, undefined)

    const fitting = cases.filter(({ most = 1_000 }) => count <= Math.max(most, 30))

    it.each(fitting)('$name: takes little longer than it must, and is never silent for long', async one => {
      const { actions, ms, silentMs, perTable } = await run(command, count, one.throttle())
      const imposed = one.imposedMs(count, (await base).ms)
      expect(actions).toEqual([ends[command]])
      expect(ms).toBeLessThan(1.5 * imposed + 2_000)
      expect(silentMs).toBeLessThan(5_000)
      expect(perTable).toBeLessThan(12)
    })
  })
})

describe.each<Command>(['create', 'delete'])('%s, with looks throttled too', options, command => {
  it.each([5, 20, 50])('%i percent of all requests, at random', async percent => {
    const base = await run(command, 200, undefined)
    const { actions, ms, silentMs } = await run(command, 200, randomly(percent / 100), true)
    expect(actions).toEqual([ends[command]])
    expect(ms).toBeLessThan((1.5 * base.ms) / (1 - percent / 100) + 2_000)
    expect(silentMs).toBeLessThan(5_000)
  })
})

/** How long the gate takes for so many requests to a target that answers after some while, as one in the same region or far away. */
async function passAll(count: number, latency: () => number, throttle: Throttle = () => false): Promise<number> {
  const clock = createVirtualClock()
  const gate = createGate(clock, createDeadlines(clock))
  let index = 0
  const post = async () => {
    await clock.sleep(latency())
    return throttle(clock.now(), index++)
  }
  const one = async () => {
    while (await gate.pass(post, isRefused => isRefused)) await clock.sleep(throttledPauseMs)
  }
  await Promise.all(Array.from({ length: count }, one))
  return clock.now()
}

describe.each([
  { name: '2 to 10 ms', least: 2, most: 10 },
  { name: '50 to 150 ms', least: 50, most: 150 },
  { name: '5 to 300 ms', least: 5, most: 300 },
])('answers that take $name', options, ({ least, most }) => {
  const latencyOf = (seed: number) => {
    const random = createRandom(seed)
    return () => least + (most - least) * random()
  }
  const few = cases.filter(({ name }) => !/beyond (2|5) requests/.test(name))

  it.each(few)('$name: hardly ever longer than it must, by whatever chance', async ({ throttle, imposedMs }) => {
    const base = await passAll(200, latencyOf(1))
    const seeds = Array.from({ length: 12 }, (_, index) => 11 + index)
    const ratios = []
    for (const seed of seeds)
      ratios.push((await passAll(200, latencyOf(seed), throttle(seed))) / (1.5 * imposedMs(200, base) + most + 2_000))
    expect(ratios.filter(ratio => ratio > 1).length).toBeLessThan(2)
    expect(Math.max(...ratios)).toBeLessThan(1.6)
  })
})

it('the rate stays a finite number in a long run, even when two answers arrive at the same moment', async () => {
  const clock = createVirtualClock()
  const limiter = createLimiter(clock, { rate: 8, burst: 4 })
  await clock.sleep(2 * 60 * 60_000)
  limiter.answered(clock.now(), false)
  limiter.answered(clock.now(), false)
  expect(Number.isFinite(limiter.rate())).toBe(true)
  expect(limiter.rate()).toBeGreaterThan(8)
})
