import { createTable } from '../src/apply/reconcile.ts'
import { runTables } from '../src/apply/run-tables.ts'
import { createWaiter } from '../src/apply/waiter.ts'
import { toDefinition } from '../src/settings/to-definition.ts'
import type { TableDefinition } from '../src/table/definition.ts'
import { createFakeAws } from '../test/support/fake-aws.ts'
import { createVirtualClock } from '../test/support/virtual-clock.ts'

const inFlight = 500
const mutationsPerSecond = 40
const burst = 10
/** The middle of what the fake takes for a table, in seconds, and the most. */
const creation = { middle: 4, most: 6 }

export interface Simulated {
  /** Virtual seconds from the first request to the last table that is ready. */
  readonly seconds: number
  /** A lower bound that no tool can beat. */
  readonly imposed: number
  readonly describes: number
  /** The share of requests that were throttled. */
  readonly throttled: number
  readonly bytesPerTable: number
}

/** Creates so many tables on the simulated AWS and waits for them. */
export async function simulate(count: number): Promise<Simulated> {
  const clock = createVirtualClock()
  const api = createFakeAws(clock, { limits: { inFlight, mutationsPerSecond, burst, describesPerSecond: 2_500 } })
  const waiter = createWaiter(api, clock)
  const definitions = Array.from({ length: count }, (_, index) => definition(`table-${index}`))
  const byName = new Map(definitions.map(table => [table.name, table]))
  let peak = 0
  const before = process.memoryUsage().heapUsed
  const outcomes = await runTables(
    [...byName.keys()],
    name => {
      peak = Math.max(peak, process.memoryUsage().heapUsed)
      const table = byName.get(name)
      if (table === undefined) throw new Error(`no table ${name}`)
      return createTable(table, api, { clock, waiter, timeoutMs: 3_600_000 })
    },
    { concurrency: inFlight },
  )
  const failed = outcomes.find(({ action }) => action !== 'created')
  if (failed !== undefined) throw failed.error ?? new Error(`${failed.name} was ${failed.action}`)
  const throttled = api.calls.filter(({ answer }) => typeof answer === 'object' && answer.kind !== 'exists').length
  const perSecond = Math.min(mutationsPerSecond, inFlight / creation.middle)
  return {
    seconds: clock.now() / 1_000,
    imposed: Math.max(0, count - burst) / perSecond + creation.most,
    describes: api.describes / count,
    throttled: throttled / api.calls.length,
    bytesPerTable: (peak - before) / count,
  }
}

function definition(name: string): TableDefinition {
  const { definition: made } = toDefinition({ partitionKey: 'pk:S' }, { path: name, name })
  if (made === undefined) throw new Error(`${name} is no definition`)
  return made
}
