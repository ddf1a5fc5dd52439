import { describe, expect, it } from 'vitest'
import { checkExists, prepareChecks } from '../../src/apply/check-exists.ts'
import type { TableApi } from '../../src/apply/ports.ts'
import { createTable } from '../../src/apply/reconcile.ts'
import { runTables } from '../../src/apply/run-tables.ts'
import { createFakeAws } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const numbered = (count: number, prefix = 'table-') => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

/** The names that exist, and how often that was asked for. */
async function check(names: readonly string[], there: readonly string[], more: Partial<TableApi> = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock)
  await runTables(there, name => createTable({ ...table(), name }, aws, { clock }))
  const before = aws.describes
  const api = { ...aws, ...more }
  const shared = await prepareChecks(names.length, api, { clock, looks: 16 })
  const outcomes = await runTables(names, name => checkExists(name, aws, shared))
  const found = outcomes.filter(({ action }) => action === 'exists').map(({ name }) => name)
  return { found, describes: aws.describes - before, outcomes }
}

describe('checking many tables', () => {
  it('describes only the tables that are listed', async () => {
    const there = numbered(5)
    const { found, describes, outcomes } = await check([...numbered(100, 'other-'), ...there], there)
    expect(found).toEqual(there)
    expect(describes).toBe(5)
    expect(outcomes.slice(0, 100).every(({ action, error }) => action === 'missing' && error === undefined)).toBe(true)
  })

  it.each([
    ['few tables', 10, 3, {}],
    ['an account with too many tables to list them for these', 40, 250, {}],
    ['listing that is not allowed', 40, 3, { listWithin: () => Promise.reject(new Error('denied')) }],
  ])('%s: each is looked at', async (_, asked, others, more) => {
    const { found, describes } = await check(numbered(asked, 'other-'), numbered(others), more)
    expect(found).toEqual([])
    expect(describes).toBe(asked)
  })

  it('a list that does not arrive is abandoned soon, and requested only once', async () => {
    const clock = createVirtualClock()
    const aws = createFakeAws(clock)
    const listWithin: TableApi['listWithin'] = (_, options) =>
      new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('late'))))
    const { deadline } = await prepareChecks(40, { ...aws, listWithin }, { clock, timeoutMs: 60_000 })
    expect(clock.now()).toBeLessThan(3_000)
    expect(deadline).toBe(60_000)
    const before = clock.now()
    await prepareChecks(40, { ...aws, listWithin }, { clock, timeoutMs: 1_000 })
    expect(clock.now() - before).toBeLessThanOrEqual(750)
  })

  it('sends as many requests at once as allowed, so that none times out in the queue', async () => {
    const clock = createVirtualClock()
    const describe = async () => void (await clock.sleep(1_800))
    const api = { ...createFakeAws(clock), describe }
    const options = await prepareChecks(31, api, { clock, timeoutMs: 3_000 })
    const outcomes = await runTables(numbered(31), name => checkExists(name, api, options), { concurrency: 32 })
    expect(outcomes.map(({ error }) => error)).toEqual(Array(31).fill(undefined))
  })

  it('all requests share one deadline, including those that start late', async () => {
    const clock = createVirtualClock()
    const api = createFakeAws(clock, { chaos: { describe: 1 } })
    const options = await prepareChecks(
      200,
      { ...api, listWithin: async () => undefined },
      { clock, timeoutMs: 10_000 },
    )
    const outcomes = await runTables(numbered(200), name => checkExists(name, api, options), { concurrency: 32 })
    expect(new Set(outcomes.map(({ error }) => error?.code))).toEqual(new Set(['throttled', 'timeout']))
    expect(clock.now()).toBeLessThan(10_500)
  })

  it("another account's table is in no list", async () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:210987654321:table/theirs'
    expect((await check([...numbered(50), arn], [])).describes).toBe(1)
  })
})
