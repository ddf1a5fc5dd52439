import { expect, test } from 'vitest'
import { type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import type { TableInput } from '../../src/table/input.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Indexes = TableInput['globalIndexes']

const plan = (wanted: Indexes, there: Indexes, options: PlanOptions = {}) => {
  const { steps, notices } = planTable(table({ globalIndexes: wanted }), live({ globalIndexes: there }), {
    safeReplace: true,
    ...options,
  })
  return { steps: steps.map(({ sign, summary }) => `${sign} ${summary}`), notices }
}

const old = { 'by-email': { partitionKey: 'email' } } as const
const changed = { 'by-email': { partitionKey: 'email', sortKey: 'at:N' } } as const
const standIn = { 'by-email-2': changed['by-email'] } as const
const stays = (verb: string, name = 'by-email-2') =>
  `global index by-email is kept, and its new form ${verb} as ${name}; move your queries to ${name}, rename by-email to ${name} in the definition, then drop by-email with update --drop-indexes`
const unnamed = (name: string) => `left alone: 1 index that the definition does not have (${name})`

test.each<[string, Indexes, Indexes, PlanOptions, string[], string[]]>([
  [
    'adds the changed index under a new name and keeps the old one',
    changed,
    old,
    {},
    ['+ add global index by-email-2 beside by-email (email S, at N, projection ALL)'],
    [stays('is added')],
  ],
  [
    'has nothing more to do once it is there',
    changed,
    { ...old, ...standIn },
    {},
    [],
    [stays('exists'), unnamed('by-email-2')],
  ],
  [
    'drops neither, though unnamed indexes are to be dropped',
    changed,
    { ...old, ...standIn, other: { partitionKey: 'x' } },
    { dropIndexes: true },
    ['- drop global index other'],
    [stays('exists')],
  ],
  [
    'once the definition names the new one, the old one is left',
    standIn,
    { ...old, ...standIn },
    {},
    [],
    [unnamed('by-email')],
  ],
  [
    'and dropped when that is asked for',
    standIn,
    { ...old, ...standIn },
    { dropIndexes: true },
    ['- drop global index by-email'],
    [],
  ],
  [
    'takes the next name when one is taken by something else',
    changed,
    { ...old, 'by-email-2': { partitionKey: 'x' } },
    {},
    ['+ add global index by-email-3 beside by-email (email S, at N, projection ALL)'],
    [stays('is added', 'by-email-3'), unnamed('by-email-2')],
  ],
  [
    'other indexes are added as ever',
    { ...old, 'by-at': { partitionKey: 'at:N' } },
    old,
    {},
    ['+ add global index by-at (at N, projection ALL)'],
    [],
  ],
])('%s', (_, wanted, there, options, steps, notices) => {
  expect(plan(wanted, there, options)).toEqual({ steps, notices })
})

test('a stand-in has the settings of the index it stands in for, assumed ones included', () => {
  const wanted = table({ billingMode: 'PROVISIONED', globalIndexes: changed })
  const there = live({ billingMode: 'PROVISIONED', globalIndexes: old })
  const { steps, blocked } = planTable(wanted, there, { safeReplace: true })
  expect(blocked).toEqual([])
  expect(steps[0]?.request.input).toMatchObject({
    GlobalSecondaryIndexUpdates: [
      { Create: { IndexName: 'by-email-2', ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } } },
    ],
  })
})

test('without the option it is dropped and recreated', () => {
  expect(plan(changed, old, { safeReplace: false }).steps).toEqual([
    '- drop global index by-email, to recreate it',
    '+ add global index by-email (email S, at N, projection ALL)',
  ])
})
