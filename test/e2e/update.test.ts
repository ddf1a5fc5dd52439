// Live tables follow their definitions on real engines, with items in them: nothing is lost, every index answers at the
// end, and a plan right after an update has nothing to do.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { dynamoDbLocalEngine } from '../support/engines/dynamodb-local.ts'
import type { EngineAddress, RunningEngine } from '../support/engines/engine.ts'
import { startRecordingProxy } from '../support/recording-proxy.ts'
import { items, type Shape, type UpdatedTable, updatedTable } from './support/updated-table.ts'

/** One update: what is wanted, what it may do, and the indexes that answer afterwards. */
interface Turn {
  readonly wanted: Shape
  readonly flags?: readonly string[]
  readonly indexes: readonly string[]
}

const first: Shape = { billing: 'PROVISIONED' }
const settings: readonly Turn[] = [
  { wanted: { billing: 'PROVISIONED', capacity: 9 }, indexes: ['by-colour'] },
  { wanted: { billing: 'PAY_PER_REQUEST' }, indexes: ['by-colour'] },
]
const onDemand = (indexes: readonly string[], more: Partial<Shape> = {}): Shape => ({
  billing: 'PAY_PER_REQUEST',
  indexes,
  ...more,
})
// One index at a time, so that an engine that builds each for half a minute is done in a minute.
const indexes: readonly Turn[] = [
  { wanted: onDemand(['colour', 'size']), indexes: ['by-colour', 'by-size'] },
  { wanted: onDemand(['size']), flags: ['--drop-indexes'], indexes: ['by-size'] },
  { wanted: onDemand(['size'], { sorted: true }), indexes: ['by-size'] },
  { wanted: onDemand(['size']), flags: ['--safe-replace'], indexes: ['by-size', 'by-size-2'] },
  { wanted: onDemand(['size-2']), flags: ['--drop-indexes'], indexes: ['by-size-2'] },
  { wanted: onDemand(['size-2'], { stream: 'NEW_IMAGE' }), indexes: ['by-size-2'] },
  { wanted: onDemand(['size-2'], { stream: 'KEYS_ONLY', ttl: 'until' }), indexes: ['by-size-2'] },
  {
    wanted: { billing: 'PROVISIONED', indexes: ['size-2', 'shape'], stream: false },
    indexes: ['by-shape', 'by-size-2'],
  },
]

describeEngines('update', engine => {
  const indexChanges = !engine.capabilities.refuses.includes('indexChanges')
  const turns = indexChanges ? [...settings, ...indexes] : settings

  test('an index is added, changed and dropped, settings follow, and no item is lost', async () => {
    const table = await updatedTable(engine, first)
    await createFilled(table)
    for (const turn of turns) await follow(table, turn)
  })

  test('two simultaneous updates both succeed, and one does the work', () =>
    twoAtOnce(engine, indexChanges ? ['colour', 'size'] : [], engine.name === 'dynamodb-local'))

  test('a saved plan is applied once, and no longer matches afterwards', async () => {
    const table = await updatedTable(engine, first)
    await table.actions('create')
    table.define({ billing: 'PROVISIONED', capacity: 3 })
    expect((await table.run('plan', '--out', 'plan.json')).code).toBe(0)
    expect(await table.actions('update', '--plan', 'plan.json')).toEqual(['updated'])
    await table.expectNothingToDo()
    const again = await table.run('update', '--plan', 'plan.json')
    expect(again.json).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(again.code).toBe(2)
  })
})

const shared = inject('engines').find(({ name }) => name === 'dynamodb-local')
const missing = shared !== undefined && 'unavailable' in shared ? `: skipped, ${shared.unavailable}` : ''

describe.skipIf(missing !== '')(`update where states take their time (dynamodb-local, slow)${missing}`, () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await dynamoDbLocalEngine({ delayTransientStatuses: true }).start()
  })
  afterAll(() => engine?.stop())

  test('an index is added, changed and dropped, settings follow, and no item is lost', async () => {
    const turns = [...settings, ...indexes]
    // An index is built for half a minute: each turn on a table of its own, all at once.
    await Promise.all(
      turns.map(async (turn, at) => {
        const table = await updatedTable(engine, turns[at - 1]?.wanted ?? first)
        await createFilled(table)
        await follow(table, turn)
      }),
    )
  }, 300_000)

  // It takes a second deletion of an index whose deletion has not begun to show.
  test(
    'two simultaneous updates both succeed, and one does the work',
    () => twoAtOnce(engine, ['colour'], false),
    180_000,
  )

  test('an update waits for the index build of an earlier update with --no-wait', async () => {
    const table = await updatedTable(engine, onDemand(['colour']))
    await createFilled(table)
    table.define(onDemand(['colour', 'size']))
    expect(await table.actions('update', '--no-wait')).toEqual(['requested'])
    const waited = await table.run('update')
    expect(waited.stderr).toContain('waiting for work under way')
    expect(waited.json.tables.map(({ action }) => action)).toEqual(['unchanged'])
    await expectWhole(table, ['by-colour', 'by-size'])
  }, 180_000)
})

async function createFilled(table: UpdatedTable): Promise<void> {
  expect(await table.actions('create')).toEqual(['created'])
  await table.expectNothingToDo()
  await table.fill()
}

/** Brings the table to another definition, the way a user would find out that it has to be. */
async function follow(table: UpdatedTable, { wanted, flags = [], indexes }: Turn): Promise<void> {
  table.define(wanted)
  // An index that the definition does not have is a difference only to those who want it dropped.
  if (!flags.includes('--drop-indexes')) {
    const { code, json, stderr } = await table.run('create')
    expect({ code, action: json.tables[0]?.action }).toEqual({ code: 1, action: 'different' })
    expect(stderr).toContain(`dynamox update ${table.name}`)
  }
  expect((await table.run('plan', '--check', ...flags)).code).toBe(1)
  expect(await table.actions('update', '--yes', ...flags)).toEqual(['updated'])
  await expectWhole(table, indexes, flags)
}

/** All is as it was asked for, and no item is lost. */
async function expectWhole(table: UpdatedTable, indexes: readonly string[], flags: readonly string[] = []) {
  await table.expectNothingToDo(...flags)
  expect(await table.count()).toBe(items)
  expect(await table.answering()).toEqual(indexes)
}

/** `sorted`: the indexes to have with a sort key, of which `by-colour` exists without one; `refusesTheSame`: whether the engine
 * refuses a change that was made a moment ago. */
async function twoAtOnce(engine: EngineAddress, sorted: readonly string[], refusesTheSame: boolean): Promise<void> {
  const table = await updatedTable(engine, first)
  await createFilled(table)
  const { endpoint, passed } = await startRecordingProxy(engine.endpoint)
  const indexes = sorted.length > 0 ? sorted : ['colour']
  table.define({ billing: 'PROVISIONED', capacity: 7, indexes, sorted: sorted.length > 0 }, endpoint)
  const both = await Promise.all([table.run('update', '--yes'), table.run('update', '--yes')])
  expect(both.map(({ code, stderr }) => (code === 0 ? 'well' : stderr))).toEqual(['well', 'well'])
  await expectWhole(table, indexes.map(name => `by-${name}`).sort())
  const accepted = passed.filter(({ operation, accepted }) => operation === 'UpdateTable' && accepted)
  const inputs = accepted.map(({ input }) => JSON.stringify(input))
  const created = inputs.filter(input => input.includes('"Create":'))
  // The capacity, and then one drops the index that changes, creates it again, and adds the other.
  expect(new Set(inputs).size).toBe(sorted.length > 0 ? sorted.length + 2 : 1)
  expect(created).toHaveLength(sorted.length)
  if (refusesTheSame) expect(inputs).toHaveLength(new Set(inputs).size)
}
