import type {
  CreateReplicationGroupMemberAction,
  ReplicationGroupUpdate,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { Replica } from '../table/definition.ts'
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
import { type Context, changeOf, type Step, step, type TableRequest, updateTable, type Work } from './step.ts'

const updatesOf = ({ api, input }: TableRequest): readonly ReplicationGroupUpdate[] =>
  api === 'UpdateTable' ? (input.ReplicaUpdates ?? []) : []

const createWork: Work = {
  name: 'create-replica',
  expected: '14-49 s, minutes with data',
  leastMs: 14_000,
  isOf: request => updatesOf(request).some(({ Create }) => Create !== undefined),
}
const dropWork: Work = {
  name: 'drop-replica',
  expected: '2-4 min',
  leastMs: 121_000,
  isOf: request => updatesOf(request).some(({ Delete }) => Delete !== undefined),
}
export const replicaWorks: readonly Work[] = [createWork, dropWork]

type DropChange = Extract<Change, { kind: 'drop-replica' }>
type AddChange = Extract<Change, { kind: 'add-replica' }>
type ModifyChange = Extract<Change, { kind: 'modify-replica' }>

/** Removals first, then additions, one at a time: AWS accepts no other way. Then the settings of each replica. */
export function replicaSteps(changes: readonly Change[], context: Context): Step[] {
  const drops = changes.filter((change): change is DropChange => change.kind === 'drop-replica')
  const adds = changes.filter((change): change is AddChange => change.kind === 'add-replica')
  const own = changes.filter((change): change is ModifyChange => change.kind === 'modify-replica')
  return [
    ...dropSteps(context.table, drops, context.live),
    ...addSteps(changes, adds, context),
    ...updateSteps(own, context),
    ...adds.flatMap(change => {
      const settings = ownChanges(context.desired, change.replica, undefined, {})
      return regionalSteps(change.replica, settings, () => change, context)
    }),
    ...regionsOf(own).flatMap(region => {
      const replica = context.desired.replicas?.find(each => each.region === region)
      const inner = own.filter(change => change.region === region && !isOverride(change.change))
      const outer = (change: Change): Change => ({ kind: 'modify-replica', region, change })
      return replica === undefined
        ? []
        : regionalSteps(
            replica,
            inner.map(({ change }) => change),
            outer,
            context,
          )
    }),
  ]
}

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

const regionsOf = (changes: readonly ModifyChange[]) => [...new Set(changes.map(({ region }) => region))]

/** One call for what replaces the table's own settings in a region. */
function updateSteps(changes: readonly ModifyChange[], context: Context): Step[] {
  const replacing = changes.filter(({ change }) => isOverride(change))
  return regionsOf(replacing).flatMap(region => {
    const replica = context.desired.replicas?.find(each => each.region === region)
    if (replica === undefined) return []
    const own = replacing.filter(change => change.region === region)
    const request = updateTable(context.table, { ReplicaUpdates: [{ Update: replicaInput(replica, context) }] })
    const summary = `change the replica in ${region}: ${own.map(({ change }) => describeChange(change)).join('; ')}`
    return [step('~', summary, request, own)]
  })
}

/** What a replica does not name, it takes from the table. */
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
  return updatesOf(request).every(({ Create, Update, Delete }) => {
    const region = (Create ?? Update ?? Delete)?.RegionName
    const replica = present.find(each => each.region === region)
    if (Delete !== undefined || replica === undefined) return (Delete !== undefined) === (replica === undefined)
    return Update === undefined || showsUpdate(Update, replica)
  })
}

type Update = NonNullable<NonNullable<UpdateTableCommandInput['ReplicaUpdates']>[number]['Update']>

function showsUpdate(update: Update, replica: Replica): boolean {
  const { KMSMasterKeyId: key, TableClassOverride: tableClass, GlobalSecondaryIndexes: indexes = [] } = update
  const shows = (
    wanted: Pick<Update, 'ProvisionedThroughputOverride' | 'OnDemandThroughputOverride'>,
    live: Replica['globalIndexes'] & {} extends Record<string, infer I> ? I : never,
  ) => {
    const [read, cap] = [
      wanted.ProvisionedThroughputOverride?.ReadCapacityUnits,
      wanted.OnDemandThroughputOverride?.MaxReadRequestUnits,
    ]
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
