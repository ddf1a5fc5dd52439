import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { attributeDefinitions } from '../settings/aws-parts.ts'
import { billingAfter, billingOf } from '../settings/billing.ts'
import { settings } from '../settings/catalogue.ts'
import { type Change, changedIndex, keyText } from '../settings/change.ts'
import type { Setting } from '../settings/setting.ts'
import {
  addIndexStep,
  type Context,
  dropIndexStep,
  type Step,
  step,
  type TableRequest,
  updateTable,
} from '../settings/step.ts'
import { remainingVectors, searchKeys } from '../settings/vector-indexes.ts'
import type { TableDefinition, TableKey } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { createTableInput, globalIndexInput } from './create-table-input.ts'
import { remainingIndexes } from './diff-indexes.ts'
import { indexBuild, indexDrop, longestWork } from './durations.ts'

/**
 * The steps for `changes`, in the order that AWS requires. Indexes are dropped before billing changes, since a switch
 * to provisioned needs a capacity for every live index. Index builds come after settings that take seconds, so that an
 * interrupted plan has little left, and before settings that take minutes, so that a replaced index is missing only
 * briefly.
 */
export function stepsFor(
  changes: readonly Change[],
  desired: TableDefinition,
  live: LiveTable | undefined,
  target: Pick<Context, 'setsIndexCapacity' | 'arn'> = { setsIndexCapacity: true, arn: live?.arn },
): Step[] {
  if (changes.length === 0) return []
  const context: Context = {
    table: desired.name,
    desired,
    ...target,
    billing: live === undefined ? billingOf(desired) : billingAfter(desired, live.definition),
    live: live && {
      ...live.definition,
      globalIndexes: remainingIndexes(changes, live),
      vectorIndexes: remainingVectors(changes, live),
    },
  }
  const phase = (name: keyof Setting & ('firstSteps' | 'steps' | 'stepsAfterBuilds' | 'lastSteps')) =>
    settings.flatMap(setting => setting[name]?.(changes, context) ?? [])
  return combined([
    ...dropIndexes(changes, context),
    ...phase('firstSteps'),
    ...phase('steps'),
    ...addIndexes(changes, context),
    ...phase('stepsAfterBuilds'),
    ...phase('lastSteps'),
  ])
}

export function createStep(definition: TableDefinition): Step {
  const request: TableRequest = { api: 'CreateTable', input: createTableInput(definition) }
  const summary = `create table ${definition.name} (${keyText(definition)})`
  return step('+', summary, request, [], { until: { kind: 'ready' }, work: longestWork(request) })
}

export function deleteStep(table: string): Step {
  const request: TableRequest = { api: 'DeleteTable', input: { TableName: table } }
  return step('-', `delete table ${table}`, request, [], {
    until: { kind: 'gone' },
    destroys: true,
    work: longestWork(request),
  })
}

/** One index per call, each after the previous one is gone: AWS drops only one at a time. */
function dropIndexes(changes: readonly Change[], { table }: Context): Step[] {
  return changes.flatMap((change): Step[] => {
    if (change.kind !== 'drop-index' && change.kind !== 'replace-index') return []
    const { name } = changedIndex(change)
    const request = updateTable(table, { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] })
    return [dropIndexStep(change, request, { drop: indexDrop, build: indexBuild })]
  })
}

/**
 * One index per call, each after the previous one is built. Each call defines the attributes of all keys that the table
 * then has: AWS needs only those of the new index, but some engines replace the whole list.
 */
function addIndexes(changes: readonly Change[], { table, desired, live, billing, setsIndexCapacity }: Context): Step[] {
  const base = live ?? { ...desired, localIndexes: [], globalIndexes: [], vectorIndexes: {} }
  const keys: TableKey[] = [base, ...base.localIndexes, ...base.globalIndexes, ...searchKeys(base)]
  return changes.flatMap((change): Step[] => {
    if (change.kind !== 'add-index' && change.kind !== 'replace-index') return []
    const index = change.kind === 'add-index' ? change.index : change.to
    keys.push(index)
    const whole = globalIndexInput(index, billing)
    const { ProvisionedThroughput: _capacity, ...withoutCapacity } = whole
    const request = updateTable(table, {
      AttributeDefinitions: attributeDefinitions(keys),
      GlobalSecondaryIndexUpdates: [{ Create: setsIndexCapacity ? whole : withoutCapacity }],
    })
    return [addIndexStep(change, request, indexBuild)]
  })
}

type Member = 'on-demand' | 'provisioned' | 'capacity' | 'caps' | 'stream' | 'index-capacity' | 'index-create' | 'other'

/**
 * The pairs that AWS accepts in one UpdateTable, beyond those that a single step already combines (billing, capacity
 * and index capacities). AWS refuses every other pair, and is not known to accept sets of three.
 */
const accepted: readonly (readonly [Member, Member])[] = [
  ['on-demand', 'caps'],
  ['on-demand', 'stream'],
  ['on-demand', 'index-create'],
  ['index-capacity', 'index-create'],
]

/** Merges consecutive steps that AWS accepts in one call. */
function combined(steps: readonly Step[]): Step[] {
  const result: Step[] = []
  for (const next of steps) {
    const last = result.at(-1)
    const merged = last === undefined ? undefined : merge(last, next)
    if (merged === undefined) result.push(next)
    else result.splice(-1, 1, merged)
  }
  return result
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
  const { TableName: table = '', ...members } = { ...a.request.input, ...b.request.input }
  const request = updateTable(table, {
    ...members,
    ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
  })
  return step(a.sign === b.sign ? a.sign : '~', `${a.summary}; ${b.summary}`, request, [...a.changes, ...b.changes], {
    until: b.until,
    destroys: a.destroys || b.destroys,
    work: longestWork(request),
    uses: [...(a.uses ?? []), ...(b.uses ?? [])],
  })
}

/** The kinds of members of a call, for combining. */
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
