import type { WarmThroughput } from '@aws-sdk/client-dynamodb'
import type { Change } from '../../settings/change.ts'
import { describeChange } from '../describe-change.ts'
import { type Phase, step } from './context.ts'

/** Warm throughput must be the only operation in its call: one for the table, one for each index. */
export const warmThroughput: Phase = (changes, { table }) => {
  const owners = new Map<string | undefined, Change[]>()
  for (const change of changes) {
    const index = change.kind === 'modify-index-setting' ? change.index : undefined
    owners.set(index, [...(owners.get(index) ?? []), change])
  }
  return [...owners].map(([index, own]) => {
    const WarmThroughput = warmUnits(own)
    const input =
      index === undefined
        ? { TableName: table, WarmThroughput }
        : { TableName: table, GlobalSecondaryIndexUpdates: [{ Update: { IndexName: index, WarmThroughput } }] }
    return step('~', `raise ${own.map(describeChange).join('; ')}`, { api: 'UpdateTable', input }, own)
  })
}

function warmUnits(changes: readonly Change[]): WarmThroughput {
  const input: WarmThroughput = {}
  for (const change of changes) {
    if (change.kind !== 'modify-setting' && change.kind !== 'modify-index-setting') continue
    if (typeof change.to !== 'number') continue
    if (change.field === 'warmReadUnits') input.ReadUnitsPerSecond = change.to
    if (change.field === 'warmWriteUnits') input.WriteUnitsPerSecond = change.to
  }
  return input
}
