import type { GlobalSecondaryIndexUpdate, OnDemandThroughput } from '@aws-sdk/client-dynamodb'
import type { Change } from '../../settings/change.ts'
import type { Step } from '../../settings/step.ts'
import { describeChange } from '../describe-change.ts'
import { type Phase, step } from './context.ts'

/** Caps of the table in a call of their own (AWS takes them with a billing mode or alone), those of all indexes in another. */
export const onDemandCaps: Phase = (changes, { table }) => {
  const own = changes.filter(change => change.kind === 'modify-setting')
  const ofIndexes = changes.filter(change => change.kind === 'modify-index-setting')
  const steps: Step[] = []
  if (own.length > 0) {
    const input = { TableName: table, OnDemandThroughput: capsInput(own) }
    steps.push(step('~', summary(own), { api: 'UpdateTable', input }, own))
  }
  if (ofIndexes.length > 0) {
    const names = [...new Set(ofIndexes.map(change => change.index))]
    const updates = names.map((name): GlobalSecondaryIndexUpdate => {
      const caps = capsInput(ofIndexes.filter(change => change.index === name))
      return { Update: { IndexName: name, OnDemandThroughput: caps } }
    })
    const input = { TableName: table, GlobalSecondaryIndexUpdates: updates }
    steps.push(step('~', summary(ofIndexes), { api: 'UpdateTable', input }, ofIndexes))
  }
  return steps
}

type CapChange = Extract<Change, { kind: 'modify-setting' | 'modify-index-setting' }>

/** -1 takes a cap away. */
function capsInput(changes: readonly CapChange[]): OnDemandThroughput {
  const input: OnDemandThroughput = {}
  for (const { field, to } of changes) {
    const units = typeof to === 'number' ? to : -1
    if (field === 'maxReadUnits') input.MaxReadRequestUnits = units
    if (field === 'maxWriteUnits') input.MaxWriteRequestUnits = units
  }
  return input
}

const summary = (changes: readonly Change[]) => `set ${changes.map(describeChange).join('; ')}`
