import type { CreateReplicationGroupMemberAction, ReplicationGroupUpdate } from '@aws-sdk/client-dynamodb'
import type { Replica, ReplicaIndex } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { plural } from '../table/text.ts'
import { billingOf } from './billing.ts'
import { type Change, describeChange } from './change.ts'
import { isSameKey } from './encryption.ts'
import {
  arnIn,
  indexOverrides,
  overrides,
  ownChanges,
  ownSettings,
  presentReplicas,
  regionalTable,
} from './replica-settings.ts'
import {
  type Context,
  changeOf,
  type Step,
  step,
  type TableRequest,
  updatesIn,
  updateTable,
  type Work,
} from './step.ts'

const createWork: Work = {
  name: 'create-replica',
  expected: '14-49 s, minutes with data',
  leastMs: 14_000,
  isOf: request => updatesIn(request, 'ReplicaUpdates').some(({ Create }) => Create !== undefined),
}
const dropWork: Work = {
  name: 'drop-replica',
  expected: '2-4 min',
  leastMs: 121_000,
  isOf: request => updatesIn(request, 'ReplicaUpdates').some(({ Delete }) => Delete !== undefined),
}
export const replicaWorks: readonly Work[] = [createWork, dropWork]

type DropChange = Extract<Change, { kind: 'drop-replica' }>
type AddChange = Extract<Change, { kind: 'add-replica' }>

/** Removals first, then additions, one at a time: AWS accepts no other way. Then the settings of each replica. */
export function replicaSteps(changes: readonly Change[], context: Context): Step[] {
  const drops = changes.filter(change => change.kind === 'drop-replica')
  const adds = changes.filter(change => change.kind === 'add-replica')
  const all = changes.filter(change => change.kind === 'modify-replica')
  const modified = (context.desired.replicas ?? []).map(replica => {
    const own = all.filter(({ region }) => region === replica.region).map(({ change }) => change)
    return { replica, overriding: own.filter(isOverride), own: own.filter(change => !isOverride(change)) }
  })
  return [
    ...dropSteps(context.table, drops, context.live),
    ...addSteps(changes, adds, context),
    ...modified.flatMap(({ replica, overriding }) => updateStep(replica, overriding, context)),
    ...adds.flatMap(change => {
      const settings = ownChanges(context.desired, change.replica, undefined, {})
      return regionalSteps(change.replica, settings, () => change, context)
    }),
    ...modified.flatMap(({ replica, own }) =>
      regionalSteps(replica, own, change => modifying(replica, change), context),
    ),
  ]
}

const modifying = ({ region }: Replica, change: Change): Change => ({ kind: 'modify-replica', region, change })

/** The steps that remove all replicas of a live table, before it is deleted. */
export function removeReplicas(table: string, live: LiveTable): Step[] {
  const items = live.itemCount ?? 0
  const drops = presentReplicas(live).map(({ region }) => ({ kind: 'drop-replica', region, items }) as const)
  return dropSteps(table, drops, live.definition)
}

/** STRONG replicas and their witness are removed in one call, and only all of them together. */
function dropSteps(table: string, drops: readonly DropChange[], live: Context['live']): Step[] {
  const details = { destroys: true, work: dropWork }
  const remove = ({ region }: DropChange): ReplicationGroupUpdate => ({ Delete: { RegionName: region } })
  const copies = (items: number) =>
    items === 0 ? 'its copy of the items' : `its copy of about ${plural(items, 'item')}`
  const [first] = drops
  if (first !== undefined && live?.consistency === 'STRONG') {
    const witness = typeof live.witness === 'string' ? [{ Delete: { RegionName: live.witness } }] : undefined
    const request = updateTable(table, {
      ReplicaUpdates: drops.map(remove),
      ...(witness === undefined ? {} : { GlobalTableWitnessUpdates: witness }),
    })
    const where = drops.map(({ region }) => region).join(' and ')
    const beside = witness === undefined ? '' : ` and the witness in ${live.witness}`
    return [step('-', `remove the replica in ${where} with ${copies(first.items)}${beside}`, request, drops, details)]
  }
  return drops.map(change => {
    const request = updateTable(table, { ReplicaUpdates: [remove(change)] })
    return step('-', `remove the replica in ${change.region} with ${copies(change.items)}`, request, [change], details)
  })
}

function addSteps(changes: readonly Change[], adds: readonly AddChange[], context: Context): Step[] {
  const { table, desired } = context
  const create = ({ replica }: AddChange): ReplicationGroupUpdate => ({ Create: replicaInput(replica, context) })
  const strong = changeOf(changes, 'consistency')
  if (strong?.to !== 'STRONG' || adds.length === 0) {
    return adds.map(change => {
      const request = updateTable(table, { ReplicaUpdates: [create(change)] })
      return step('+', `add a replica in ${change.replica.region}`, request, [change], { work: createWork })
    })
  }
  const { witness } = desired
  const request = updateTable(table, {
    ReplicaUpdates: adds.map(create),
    ...(typeof witness === 'string' ? { GlobalTableWitnessUpdates: [{ Create: { RegionName: witness } }] } : {}),
    MultiRegionConsistency: 'STRONG',
  })
  const where = adds.map(({ replica }) => replica.region).join(' and ')
  const beside = typeof witness === 'string' ? `, with a witness in ${witness}` : ''
  const summary = `add replicas in ${where}${beside} (STRONG consistency, which cannot be changed later)`
  const chosen = changeOf(changes, 'witness')
  const causes = [...adds, strong, ...(chosen === undefined ? [] : [chosen])]
  return [step('+', summary, request, causes, { work: createWork })]
}

const isOverride = (change: Change) =>
  (change.kind === 'modify-setting' && overrides.some(field => field === change.field)) ||
  (change.kind === 'modify-index-setting' && indexOverrides.some(field => field === change.field))

/** One call for what replaces the table's own settings in a region. */
function updateStep(replica: Replica, changes: readonly Change[], context: Context): Step[] {
  if (changes.length === 0) return []
  const request = updateTable(context.table, { ReplicaUpdates: [{ Update: replicaInput(replica, context) }] })
  const summary = `change the replica in ${replica.region}: ${changes.map(describeChange).join('; ')}`
  const causes = changes.map(change => modifying(replica, change))
  return [step('~', summary, request, causes)]
}

/** A replica takes from the table all settings that it does not name. */
function replicaInput(replica: Replica, { live, desired }: Context): CreateReplicationGroupMemberAction {
  const { region, kmsKeyId, tableClass, globalIndexes = {} } = replica
  const billing = billingOf(
    live === undefined
      ? desired
      : { ...live, ...(desired.billingMode === undefined ? {} : { billingMode: desired.billingMode }) },
  )
  const units = ({ readCapacity, maxReadUnits }: Pick<Replica, 'readCapacity' | 'maxReadUnits'>) => ({
    ...(readCapacity === undefined || billing !== 'PROVISIONED'
      ? {}
      : { ProvisionedThroughputOverride: { ReadCapacityUnits: readCapacity } }),
    ...(maxReadUnits === undefined || billing === 'PROVISIONED'
      ? {}
      : { OnDemandThroughputOverride: { MaxReadRequestUnits: maxReadUnits === false ? -1 : maxReadUnits } }),
  })
  const indexes = Object.entries(globalIndexes).flatMap(([name, index]) => {
    const own = units(index)
    return Object.keys(own).length === 0 ? [] : [{ IndexName: name, ...own }]
  })
  return {
    RegionName: region,
    ...(kmsKeyId === undefined ? {} : { KMSMasterKeyId: kmsKeyId }),
    ...(tableClass === undefined ? {} : { TableClassOverride: tableClass }),
    ...units(replica),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  }
}

/** The steps of what a replica has for itself: the same as for a table, sent to the replica's region. */
function regionalSteps(
  replica: Replica,
  changes: readonly Change[],
  cause: (change: Change) => Change,
  context: Context,
): Step[] {
  const { region } = replica
  const { table, arn } = context
  const inRegion: Context = {
    ...context,
    desired: regionalTable(context.desired, replica),
    live: undefined,
    // The region's endpoint knows the ARN of a table that does not exist yet.
    arn: arn === undefined ? table : arnIn(arn, region),
  }
  const steps = ownSettings.flatMap(setting => [
    ...(setting.steps?.(changes, inRegion) ?? []),
    ...(setting.lastSteps?.(changes, inRegion) ?? []),
  ])
  return steps.map(each => ({
    ...each,
    summary: `${each.summary} in ${region}`,
    request: { ...each.request, region },
    until: { kind: 'answered' },
    changes: [...new Set(each.changes.map(cause))],
  }))
}

/** Whether the live table shows the replicas that a request asks for. */
export function showsReplicas(request: TableRequest, live: LiveTable): boolean {
  const present = presentReplicas(live)
  return updatesIn(request, 'ReplicaUpdates').every(({ Create, Update, Delete }) => {
    const region = (Create ?? Update ?? Delete)?.RegionName
    const replica = present.find(each => each.region === region)
    if (Delete !== undefined || replica === undefined) return (Delete !== undefined) === (replica === undefined)
    return Update === undefined || showsUpdate(Update, replica)
  })
}

type Update = NonNullable<ReplicationGroupUpdate['Update']>

function showsUpdate(update: Update, replica: Replica): boolean {
  const { KMSMasterKeyId: key, TableClassOverride: tableClass, GlobalSecondaryIndexes: indexes = [] } = update
  const shows = (wanted: Omit<Update, 'RegionName'>, live: ReplicaIndex) => {
    const { ProvisionedThroughputOverride: units, OnDemandThroughputOverride: caps } = wanted
    const [read, cap] = [units?.ReadCapacityUnits, caps?.MaxReadRequestUnits]
    return (
      (read === undefined || read === live.readCapacity) &&
      (cap === undefined || (cap === -1 ? undefined : cap) === live.maxReadUnits)
    )
  }
  return (
    (key === undefined || isSameKey(key, replica.kmsKeyId)) &&
    (tableClass === undefined || tableClass === replica.tableClass) &&
    shows(update, replica) &&
    indexes.every(index => shows(index, replica.globalIndexes?.[index.IndexName ?? ''] ?? {}))
  )
}
