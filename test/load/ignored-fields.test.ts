import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { ignoredFields } from '../../src/load/resolve-table.ts'
import { planTable } from '../../src/plan/plan-table.ts'
import type { TableInput } from '../../src/table/input.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

const units = (read: number, write: number) => ({ readCapacity: read, writeCapacity: write })
const wanted: Partial<TableInput> = {
  billingMode: 'PROVISIONED',
  ...units(5, 5),
  tags: { team: 'a' },
  globalIndexes: { one: { partitionKey: 'a', ...units(5, 5) }, two: { partitionKey: 'b', ...units(5, 5) } },
}
const scaled: Partial<TableInput> = {
  ...wanted,
  ...units(40, 20),
  globalIndexes: { one: { partitionKey: 'a', ...units(40, 20) }, two: { partitionKey: 'b', ...units(40, 20) } },
}

const plan = (ignore: Config['ignore'], there: Partial<TableInput> = scaled) => {
  const definition = table(wanted)
  const assumed = [...definition.assumed, ...ignoredFields(ignore, definition, ['base', 'users'])]
  return planTable({ ...definition, assumed }, live(there)).steps
}
const changed = (ignore: Config['ignore']) =>
  plan(ignore).flatMap(({ changes }) =>
    changes.map(change => (change.kind === 'modify-capacity' ? (change.index ?? 'table') : change.kind)),
  )

test.each<[Config['ignore'], string[]]>([
  [undefined, ['table', 'one', 'two']],
  [['capacity'], []],
  [
    ['readCapacity', 'writeCapacity'],
    ['one', 'two'],
  ],
  [['globalIndexes.one.capacity'], ['table', 'two']],
  [{ '*': ['capacity'] }, []],
  [{ users: ['capacity'] }, []],
  [{ base: ['capacity'] }, []],
  [{ other: ['capacity'] }, ['table', 'one', 'two']],
  [{ users: ['globalIndexes.two.capacity'], base: ['globalIndexes.one.capacity'] }, ['table']],
])('capacity under auto scaling is no difference: %j', (ignore, left) => {
  expect(changed(ignore)).toEqual(left)
})

test('a switch to provisioned uses the capacity that is written down', () => {
  const onDemand = { ...wanted, billingMode: 'PAY_PER_REQUEST', ...units(0, 0), globalIndexes: {} } as const
  const { readCapacity: _r, writeCapacity: _w, ...there } = onDemand
  const [step] = plan(['capacity'], there)
  expect(step?.request.input).toMatchObject({
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  })
})

test('any field can be ignored', () => {
  expect(plan(['capacity', 'tags'], { ...scaled, tags: { team: 'b' } })).toEqual([])
  expect(plan(['capacity', 'globalIndexes'], { ...scaled, globalIndexes: {} })).toEqual([])
})
