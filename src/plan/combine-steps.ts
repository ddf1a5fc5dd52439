import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Step } from '../settings/step.ts'
import { durations, workOf } from './durations.ts'

type Member = 'on-demand' | 'provisioned' | 'capacity' | 'caps' | 'stream' | 'index-capacity' | 'index-create' | 'other'

/**
 * The pairs that AWS takes in one UpdateTable, beyond those that a single step already makes (billing, capacity and
 * index capacities). Every other pair is refused, and no sets of three are known to be taken.
 */
const accepted: readonly (readonly [Member, Member])[] = [
  ['on-demand', 'caps'],
  ['on-demand', 'stream'],
  ['on-demand', 'index-create'],
  ['index-capacity', 'index-create'],
]

/** Merges steps that follow each other wherever AWS takes both in one call. */
export function combineSteps(steps: readonly Step[]): Step[] {
  const combined: Step[] = []
  for (const step of steps) {
    const last = combined.at(-1)
    const merged = last === undefined ? undefined : merge(last, step)
    if (merged === undefined) combined.push(step)
    else combined.splice(-1, 1, merged)
  }
  return combined
}

function merge(a: Step, b: Step): Step | undefined {
  if (a.request.api !== 'UpdateTable' || b.request.api !== 'UpdateTable') return undefined
  const [first, second] = [membersOf(a.request.input), membersOf(b.request.input)]
  if (first.length !== 1 || second.length !== 1) return undefined
  if (!accepted.some(pair => pair[0] === first[0] && pair[1] === second[0])) return undefined
  const updates = [
    ...(a.request.input.GlobalSecondaryIndexUpdates ?? []),
    ...(b.request.input.GlobalSecondaryIndexUpdates ?? []),
  ]
  const request = {
    api: 'UpdateTable' as const,
    input: {
      ...a.request.input,
      ...b.request.input,
      ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
    },
  }
  const uses = [...(a.uses ?? []), ...(b.uses ?? [])]
  return {
    sign: a.sign === b.sign ? a.sign : '~',
    summary: `${a.summary}; ${b.summary}`,
    request,
    until: b.until,
    changes: [...a.changes, ...b.changes],
    destroys: a.destroys || b.destroys,
    expected: durations[workOf(request)].expected,
    ...(uses.length === 0 ? {} : { uses }),
  }
}

/** What a call is made of, as far as combining goes. */
function membersOf(input: UpdateTableCommandInput): Member[] {
  const { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates = [], ...rest } = input
  const own = Object.keys(rest).map((name): Member => {
    if (name === 'BillingMode') return input.BillingMode === 'PAY_PER_REQUEST' ? 'on-demand' : 'provisioned'
    if (name === 'ProvisionedThroughput') return 'capacity'
    if (name === 'OnDemandThroughput') return 'caps'
    if (name === 'StreamSpecification') return 'stream'
    return 'other'
  })
  const ofIndexes = GlobalSecondaryIndexUpdates.map((update): Member => {
    if (update.Create !== undefined) return 'index-create'
    return update.Update?.ProvisionedThroughput === undefined ? 'other' : 'index-capacity'
  })
  return [...new Set([...own, ...ofIndexes])]
}
