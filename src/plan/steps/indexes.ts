import type { Step } from '../../settings/step.ts'
import { globalIndexInput } from '../create-table-input.ts'
import { indexText } from '../describe-change.ts'
import { durations } from '../durations.ts'
import { attributeDefinitions } from '../key-schema.ts'
import { type Phase, step } from './context.ts'

/** One index a call, and the next only when it is gone: AWS takes one at a time. */
export const dropIndexes: Phase = (changes, { table }) =>
  changes.flatMap((change): Step[] => {
    if (change.kind !== 'drop-index' && change.kind !== 'replace-index') return []
    const { name } = change.kind === 'drop-index' ? change.index : change.from
    const request = {
      api: 'UpdateTable' as const,
      input: { TableName: table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] },
    }
    const until = { kind: 'index-gone' as const, index: name }
    if (change.kind === 'drop-index')
      return [step('-', `drop global index ${name}`, request, [change], { until, destroys: true })]
    const expected = `${durations['drop-index'].expected}, then queries on it fail until it is built again (${durations['build-index'].expected})`
    return [
      step('-', `drop global index ${name}, to make it anew`, request, [change], { until, destroys: true, expected }),
    ]
  })

/** One index a call, with the attributes of its own keys and no others; the next when it is built. */
export const addIndexes: Phase = (changes, { table, billing, setsIndexCapacity }) =>
  changes.flatMap((change): Step[] => {
    if (change.kind !== 'add-index' && change.kind !== 'replace-index') return []
    const index = change.kind === 'add-index' ? change.index : change.to
    const whole = globalIndexInput(index, billing)
    const { ProvisionedThroughput: _capacity, ...withoutCapacity } = whole
    const request = {
      api: 'UpdateTable' as const,
      input: {
        TableName: table,
        AttributeDefinitions: attributeDefinitions([index]),
        GlobalSecondaryIndexUpdates: [{ Create: setsIndexCapacity ? whole : withoutCapacity }],
      },
    }
    const beside = change.kind === 'add-index' && change.beside !== undefined ? ` beside ${change.beside}` : ''
    return [step('+', `add global index ${index.name}${beside} (${indexText(index)})`, request, [change])]
  })
