import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/apply/events.ts'
import { createTable } from '../../src/apply/reconcile.ts'
import { runTables } from '../../src/apply/run-tables.ts'
import { waitFor } from '../../src/apply/wait.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { createFakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

/** Creates `count` tables through one waiter and says what it took. */
async function createMany(count: number, concurrency: number, options: FakeAwsOptions) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  const waiter = createWaiter(aws, clock)
  const names = Array.from({ length: count }, (_, i) => `table-${i}`)
  const one = { ...table() }
  const outcomes = await runTables(names, name => createTable({ ...one, name }, aws, { clock, waiter }), {
    concurrency,
  })
  return {
    actions: [...new Set(outcomes.map(outcome => outcome.action))],
    seconds: clock.now() / 1_000,
    looks: aws.describes / count,
    sends: aws.calls.length / count,
  }
}

const timings = { create: [4_600, 5_800], settleAfterCreate: [0, 0] } as const

describe('one waiter for many tables', () => {
  it('describes each of 100 tables at most twice, and ends a moment after the last', async () => {
    const { actions, seconds, looks } = await createMany(100, 100, { timings, latencyMs: 2 })
    expect(actions).toEqual(['created'])
    expect(seconds).toBeLessThan(6.1)
    expect(looks).toBeLessThanOrEqual(2)
  })

  it('describes each of 1,000 tables little more than once', async () => {
    const { seconds, looks } = await createMany(1_000, 1_000, { timings, latencyMs: 2 })
    expect(seconds).toBeLessThan(7.5)
    expect(looks).toBeLessThanOrEqual(1.5)
  })

  it('ends at once when tables are ready at once', async () => {
    const { seconds, looks } = await createMany(500, 16, { timings: { ...timings, create: [0, 0] }, latencyMs: 2 })
    expect(seconds).toBeLessThan(1.2)
    expect(looks).toBe(1)
  })

  it("respects the account's rate, with few throttled requests", async () => {
    const limits = { inFlight: 100, mutationsPerSecond: 10, burst: 10, describesPerSecond: 100 }
    const { actions, seconds, sends } = await createMany(300, 200, { limits })
    expect(actions).toEqual(['created'])
    expect(seconds).toBeLessThan(1.2 * (300 / 10) + 6)
    // To find a limit, some requests must be refused.
    expect(sends).toBeLessThan(2.5)
  })

  it('works at the pace of the limit on tables in flight', async () => {
    const limits = { inFlight: 100, describesPerSecond: 1_000 }
    const { seconds } = await createMany(1_000, 128, { limits })
    // Ten waves of four seconds, and the last table.
    expect(seconds).toBeLessThan(1.25 * 40 + 6)
  })

  it('a table that never becomes ready does not delay the others', async () => {
    const clock = createVirtualClock()
    const aws = createFakeAws(clock, { timings })
    const waiter = createWaiter(aws, clock)
    const wait = (name: string) => waitFor(name, 'active', aws, { clock, waiter, timeoutMs: 120_000 })
    const names = Array.from({ length: 20 }, (_, i) => `table-${i}`)
    const outcomes = await Promise.all([
      ...names.map(async (name): Promise<Outcome> => {
        await clock.sleep(30_000)
        const created = await createTable({ ...table(), name }, aws, { clock, waiter })
        return { ...created, durationMs: clock.now() }
      }),
      ...['never-1', 'never-2', 'never-3', 'never-4', 'never-5', 'never-6'].map(wait),
    ])
    const created = outcomes.slice(0, 20)
    expect(new Set(created.map(outcome => outcome.action))).toEqual(new Set(['created']))
    expect(Math.max(...created.map(outcome => outcome.durationMs))).toBeLessThan(36_500)
    expect(outcomes.slice(20).map(outcome => outcome.error?.code)).toEqual(Array(6).fill('timeout'))
    expect(clock.now()).toBeLessThan(121_000)
  })

  it('ends all waits at once when the run is interrupted', async () => {
    const clock = createVirtualClock()
    const aws = createFakeAws(clock, { timings })
    const waiter = createWaiter(aws, clock)
    const stop = new AbortController()
    void clock.sleep(1_000).then(() => stop.abort())
    const names = Array.from({ length: 50 }, (_, i) => `table-${i}`)
    const outcomes = await runTables(
      names,
      name => createTable({ ...table(), name }, aws, { clock, waiter, signal: stop.signal }),
      { concurrency: 30, signal: stop.signal },
    )
    expect(outcomes.filter(outcome => outcome.action === 'interrupted')).toHaveLength(30)
    expect(outcomes.filter(outcome => outcome.action === 'skipped')).toHaveLength(20)
    expect(clock.now()).toBeLessThan(1_100)
  })

  it('slows down when its reads are throttled, and continues', async () => {
    const { actions, looks } = await createMany(200, 200, { timings, limits: { describesPerSecond: 30 } })
    expect(actions).toEqual(['created'])
    expect(looks).toBeLessThan(4)
  })

  it('limits the rate for each region separately', async () => {
    const clock = createVirtualClock()
    const waiter = createWaiter(createFakeAws(clock), clock)
    const send = (region: string | undefined, answer: 'accepted' | 'throttled') =>
      waiter.gate(region).pass(
        () => clock.sleep(20).then(() => answer),
        given => given === 'throttled',
      )
    for (let round = 0; round < 20; round += 1)
      await Promise.all(Array.from({ length: 8 }, () => send('us-east-2', 'throttled')))
    const lasting = async (region: string | undefined) => {
      const from = clock.now()
      await Promise.all(Array.from({ length: 10 }, () => send(region, 'accepted')))
      return clock.now() - from
    }
    expect(await lasting('us-east-2')).toBeGreaterThan(300)
    expect(await lasting('us-west-2')).toBeLessThan(100)
    expect(await lasting(undefined)).toBeLessThan(100)
  })
})
