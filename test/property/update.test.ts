import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import type { RunOptions } from '../../src/apply/run.ts'
import { readLive } from '../../src/apply/wait.ts'
import { awsTimings, type Timings } from '../../src/local/control-plane/pace.ts'
import { type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'
import { arbitraryTable, arbitraryWideTable } from '../support/arbitrary-tables.ts'
import { createFakeAws, type FakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const pairs = 1_000
/** Of the properties that take longer. */
const fewer = 500
const patience = { timeoutMs: 12 * 3_600_000 }

/** What takes seconds takes a tenth of them, and minutes a hundredth: as many states, and far fewer looks at them. */
const timings = Object.fromEntries(
  Object.entries(awsTimings).map(([what, [from, to]]) => {
    const part = from < 200_000 ? 10 : 100
    return [what, [from / part, to / part]]
  }),
) as Partial<Timings>

const twoTables = fc.record({
  from: arbitraryTable,
  to: arbitraryTable,
  prune: fc.boolean(),
  beside: fc.boolean(),
  seed: fc.nat(),
})
/** Pairs in which vector indexes and replicas have to be added, kept, changed or removed. */
const twoWideTables = fc
  .record({
    from: arbitraryWideTable,
    to: arbitraryWideTable,
    prune: fc.boolean(),
    beside: fc.boolean(),
    seed: fc.nat(),
  })
  .filter(({ from, to }) => [from, to].some(has('vectorIndexes')) && [from, to].some(has('replicas')))
const chances = fc.record({
  throttle: fc.double({ min: 0, max: 0.3, noNaN: true }),
  inUse: fc.double({ min: 0, max: 0.3, noNaN: true }),
  lost: fc.double({ min: 0, max: 0.2, noNaN: true }),
  dropped: fc.double({ min: 0, max: 0.2, noNaN: true }),
  describe: fc.double({ min: 0, max: 0.3, noNaN: true }),
})

function has(field: 'vectorIndexes' | 'replicas') {
  return (table: Partial<TableInput>) => Object.keys(table[field] || {}).length > 0
}

/** The same pairs every time. One that fails is reported with what to run it again by. */
const explore = <T>(property: fc.IAsyncPropertyWithHooks<T>, seed: number, numRuns = pairs) =>
  fc.assert(property, { seed, numRuns })

/** Brings the table to its definition the way `update` does: read when it has settled, plan, apply. */
async function update(aws: FakeAws, desired: TableDefinition, options: PlanOptions, run: RunOptions) {
  const { live, failed } = await readLive(desired, aws, { ...run, settle: true })
  if (failed !== undefined) return { plan: undefined, outcome: failed }
  const plan = planTable(desired, live, options)
  return { plan, outcome: await applyPlan(plan, aws, run) }
}

interface Case {
  readonly from: Parameters<typeof table>[0]
  readonly to: Parameters<typeof table>[0]
  readonly prune: boolean
  readonly beside: boolean
  readonly seed: number
}

function setUp({ from, to, prune, beside, seed }: Case, fake: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, { seed, timings, latencyMs: 0, ...fake })
  const desired = table(to)
  aws.put(table(from))
  return { clock, aws, desired, options: { dropIndexes: prune, pruneTags: prune, safeReplace: beside } }
}

/** Nothing is left to do, and nothing was dropped that the definition does not have unless that was asked for. */
async function expectDone({ aws, clock, desired, options }: ReturnType<typeof setUp>, { from, prune, beside }: Case) {
  const { live } = await readLive(desired, aws, { clock, settle: true })
  expect(planTable(desired, live, options)).toMatchObject({ steps: [], blocked: [] })
  // An index that is changed beside the old one leaves every index of the definition's names there, whatever it costs.
  if (beside) {
    const named = desired.globalIndexes.map(({ name }) => name).filter(name => name in (from?.globalIndexes ?? {}))
    const dropped = aws.calls.flatMap(({ request, answer }) =>
      request.api === 'UpdateTable' && answer === undefined
        ? (request.input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Delete }) => Delete?.IndexName ?? [])
        : [],
    )
    expect(dropped.filter(name => named.includes(name))).toEqual([])
  }
  if (prune) return
  const kept = [...Object.keys(from?.globalIndexes ?? {})].filter(
    name => !desired.globalIndexes.some(index => index.name === name),
  )
  expect(aws.table('users')?.indexes.map(({ definition }) => definition.name)).toEqual(expect.arrayContaining(kept))
  expect(aws.table('users')?.settings.tags).toMatchObject(
    Object.fromEntries(Object.entries(from?.tags ?? {}).filter(([key]) => desired.tags?.[key] === undefined)),
  )
}

it('any table becomes any other without a request that AWS would refuse, or is blocked', async () => {
  const seen = { pairs: 0, blocked: 0, steps: 0, strong: 0, kinds: new Set<string>() }
  await explore(
    fc.asyncProperty(twoTables, async pair => {
      const world = setUp(pair)
      const { clock, aws, desired, options } = world
      const { plan, outcome } = await update(aws, desired, options, { clock, ...patience })
      seen.pairs += 1
      seen.steps += plan?.steps.length ?? 0
      if (plan?.blocked.length === 0 && plan.steps.some(({ summary }) => summary.includes('STRONG'))) seen.strong += 1
      for (const { changes } of plan?.steps ?? []) for (const { kind } of changes) seen.kinds.add(kind)
      if (outcome.action === 'blocked') {
        seen.blocked += 1
        expect(aws.calls).toEqual([])
        return
      }
      expect(outcome.error).toBeUndefined()
      expect(aws.illegal()).toEqual([])
      // A step may have nothing left to do: a switch to on-demand raises warm throughput by itself.
      const accepted = aws.calls.filter(call => call.answer === undefined)
      expect(accepted.length).toBeLessThanOrEqual(plan?.steps.length ?? 0)
      await expectDone(world, pair)
    }),
    1,
  )
  // Most pairs are to be real work, else the property says little.
  expect(seen.blocked).toBeLessThan(seen.pairs / 2)
  expect(seen.steps).toBeGreaterThan(5 * (seen.pairs - seen.blocked))
  expect(seen.strong).toBeGreaterThan(10)
  expect([...seen.kinds]).toEqual(
    expect.arrayContaining([
      ...['add-vector-index', 'replace-vector-index', 'drop-vector-index'],
      ...['add-replica', 'modify-replica', 'drop-replica'],
    ]),
  )
})

it('the same holds with refusals, lost answers and outdated descriptions', async () => {
  await explore(
    fc.asyncProperty(twoTables, chances, fc.nat(150), async (pair, chaos, staleMs) => {
      const world = setUp(pair, { chaos, staleMs })
      const { clock, aws, desired, options } = world
      const { outcome } = await update(aws, desired, options, { clock, ...patience })
      if (outcome.action === 'blocked') return
      expect(outcome.error).toBeUndefined()
      expect(aws.illegal()).toEqual([])
      await expectDone(world, pair)
    }),
    2,
    fewer,
  )
})

it('an update of vector indexes and replicas can be stopped at any point and started again', async () => {
  const seen = { pairs: 0, interrupted: 0, blocked: 0 }
  await explore(
    fc.asyncProperty(
      twoWideTables,
      fc.array(fc.nat(40_000), { minLength: 1, maxLength: 2 }),
      fc.nat(100),
      async (pair, stops, staleMs) => {
        const world = setUp(pair, { staleMs })
        const { clock, aws, desired, options } = world
        for (const after of stops) {
          const stop = new AbortController()
          void clock.sleep(after).then(() => stop.abort())
          const { outcome } = await update(aws, desired, options, { clock, ...patience, signal: stop.signal })
          if (outcome.action === 'interrupted') seen.interrupted += 1
        }
        const { outcome } = await update(aws, desired, options, { clock, ...patience })
        if (outcome.action === 'blocked') seen.blocked += 1
        // Another pair in its place.
        fc.pre(outcome.action !== 'blocked')
        expect(outcome.error).toBeUndefined()
        expect(aws.illegal()).toEqual([])
        await expectDone(world, pair)
        seen.pairs += 1
      },
    ),
    3,
  )
  process.stdout.write(
    `${seen.pairs} pairs at an empty plan, ${seen.interrupted} interruptions; ${seen.blocked} other pairs were blocked\n`,
  )
  expect(seen.pairs).toBe(pairs)
  expect(seen.interrupted).toBeGreaterThan(pairs / 4)
})

it('two simultaneous updates of one table both succeed', async () => {
  await explore(
    fc.asyncProperty(twoTables, fc.nat(2_000), async (pair, later) => {
      const world = setUp(pair, { latencyMs: 5 })
      const { clock, aws, desired, options } = world
      const both = await Promise.all([
        update(aws, desired, options, { clock, ...patience }),
        clock.sleep(later).then(() => update(aws, desired, options, { clock, ...patience })),
      ])
      if (both.some(({ outcome }) => outcome.action === 'blocked')) return
      expect(both.map(({ outcome }) => outcome.error)).toEqual([undefined, undefined])
      await expectDone(world, pair)
    }),
    4,
    fewer,
  )
})
