import type { GlobalSecondaryIndexUpdate } from '@aws-sdk/client-dynamodb'
import type { Capacity, Change } from '../../settings/change.ts'
import type { Step } from '../../settings/step.ts'
import { describeChange } from '../describe-change.ts'
import { provisionedInput } from '../throughput.ts'
import { type Context, changeOf, type Phase, step } from './context.ts'

type CapacityChange = Extract<Change, { kind: 'modify-capacity' }>

/** Billing mode and provisioned capacity, of the table and of every index: AWS takes them in one call. */
export const billing: Phase = (changes, context) => {
  const mode = changeOf(changes, 'billingMode')
  const capacities = changes.filter(change => change.kind === 'modify-capacity')
  if (mode?.to === 'PAY_PER_REQUEST') return [toOnDemand(mode, context)]
  if (mode?.to === 'PROVISIONED') return [toProvisioned([mode, ...capacities], context)]
  return capacities.length === 0 ? [] : [setCapacity(capacities, context)]
}

function toOnDemand(change: Change, { table }: Context): Step {
  return step(
    '~',
    'switch billing to on-demand (PAY_PER_REQUEST)',
    { api: 'UpdateTable', input: { TableName: table, BillingMode: 'PAY_PER_REQUEST' } },
    [change],
    { uses: ['one of 4 switches to on-demand in 24 hours'] },
  )
}

/** AWS wants a capacity for the table and for every live index, also for those that the definition does not name. */
function toProvisioned(changes: readonly Change[], { table, desired, live, setsIndexCapacity }: Context): Step {
  const settable = setsIndexCapacity ? (live?.globalIndexes ?? []) : []
  const own = provisionedInput(desired)
  const indexes = settable.map(({ name }) => {
    const wanted = desired.globalIndexes.find(index => index.name === name)
    return { IndexName: name, ProvisionedThroughput: provisionedInput(wanted ?? {}) }
  })
  // All of it is charged from then on, also what nobody wrote down.
  const units = [
    unitsText(own),
    ...indexes.map(index => `index ${index.IndexName} ${unitsText(index.ProvisionedThroughput)}`),
  ]
  return step(
    '~',
    `switch billing to provisioned (${units.join('; ')})`,
    {
      api: 'UpdateTable',
      input: {
        TableName: table,
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: own,
        ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexUpdates: indexes.map(index => ({ Update: index })) }),
      },
    },
    changes,
  )
}

const unitsText = ({ ReadCapacityUnits, WriteCapacityUnits }: ReturnType<typeof provisionedInput>) =>
  `${ReadCapacityUnits} read, ${WriteCapacityUnits} write`

function setCapacity(changes: readonly CapacityChange[], { table }: Context): Step {
  const own = changes.find(change => change.index === undefined)
  const indexes = changes.filter(change => change.index !== undefined)
  const updates = indexes.map(
    ({ index, to }): GlobalSecondaryIndexUpdate => ({
      Update: { IndexName: index, ProvisionedThroughput: provisionedInput(to) },
    }),
  )
  return step(
    '~',
    `set ${changes.map(describeChange).join('; ')}`,
    {
      api: 'UpdateTable',
      input: {
        TableName: table,
        ...(own === undefined ? {} : { ProvisionedThroughput: provisionedInput(own.to) }),
        ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
      },
    },
    changes,
    { uses: changes.filter(isDecrease).map(decreaseText) },
  )
}

function isDecrease({ from, to }: CapacityChange): boolean {
  const lower = (field: keyof Capacity) => (to[field] ?? 0) < (from[field] ?? 0)
  return lower('readCapacity') || lower('writeCapacity')
}

function decreaseText({ index }: CapacityChange): string {
  const whose = index === undefined ? 'the table' : `index ${index}`
  return `one of 4 capacity decreases of ${whose} in a UTC day, then one an hour`
}
