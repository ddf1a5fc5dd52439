import type { ReplicaDescription, TableDescription } from '@aws-sdk/client-dynamodb'
import type { Replica, ReplicaIndex, ReplicaSettings, TableDefinition } from '../table/definition.ts'
import { type LiveTable, settledTable } from '../table/live.ts'
import { definedOnly, memberOf } from '../table/untyped.ts'
import { type Change, indexSettingChange, settingChange } from './change.ts'
import { compareSetting } from './compare.ts'
import { contributorInsights } from './contributor-insights.ts'
import { deletionProtection } from './deletion-protection.ts'
import { isSameKey } from './encryption.ts'
import { pointInTimeRecovery } from './point-in-time-recovery.ts'
import type { Ask, CompareOptions, Found, Setting, Sides } from './setting.ts'
import { tags } from './tags.ts'

/** The settings that each replica has for itself, and that only its own region's endpoint changes and reports. */
export const ownSettings: readonly Setting[] = [pointInTimeRecovery, tags, contributorInsights, deletionProtection]
const ownFields = ownSettings.flatMap(({ fields }) => Object.keys(fields))
const ownFollowUps = ownSettings.flatMap(({ followUp }) => followUp?.field ?? [])

/** The settings of a replica that the table's own region changes: they replace those of the table. */
export const overrides = ['kmsKeyId', 'tableClass', 'readCapacity', 'maxReadUnits'] as const
export const indexOverrides = ['readCapacity', 'maxReadUnits'] as const

/** A replica as a table of its region, with the settings that it has for itself. */
export function regionalTable(table: TableDefinition, replica: Replica): TableDefinition {
  const { name, partitionKey, sortKey, localIndexes } = table
  return {
    ...{ name, partitionKey, sortKey, localIndexes, assumed: [] },
    ...ownOf(replica),
    globalIndexes: table.globalIndexes.map(index =>
      definedOnly({
        name: index.name,
        partitionKey: index.partitionKey,
        sortKey: index.sortKey,
        projection: index.projection,
        contributorInsights: replica.globalIndexes?.[index.name]?.contributorInsights,
      }),
    ),
  }
}

/** The settings that a replica has for itself. */
export function ownOf(replica: Replica): ReplicaSettings {
  return definedOnly(Object.fromEntries(ownFields.map(field => [field, memberOf(replica, field)])))
}

/** A live replica as a table of its region; what could not be read there is unknown. `undefined` if it does not exist. */
export function regionalLive(live: LiveTable, region: string): LiveTable | undefined {
  const replica = presentReplicas(live).find(each => each.region === region)
  if (replica === undefined) return undefined
  const definition = regionalTable(live.definition, replica)
  const read = ownFollowUps.filter(field => definition[field] !== undefined)
  const status = live.replicaStatuses?.[region] ?? 'ACTIVE'
  const arn = live.arn === undefined ? undefined : arnIn(live.arn, region)
  return { ...settledTable(definition, read), status, arn }
}

/** The region in a table's ARN. */
export function regionOf(arn: unknown): string | undefined {
  return /^arn:[^:]*:dynamodb:([^:]+):/.exec(String(arn))?.[1]
}

/** The ARN of the same table in another region. */
export function arnIn(arn: string, region: string): string {
  return arn.replace(/^(arn:[^:]*:dynamodb:)[^:]*/, `$1${region}`)
}

/** The live replicas without those being deleted. */
export function presentReplicas({ definition, replicaStatuses }: LiveTable): readonly Replica[] {
  return (definition.replicas ?? []).filter(({ region }) => replicaStatuses?.[region] !== 'DELETING')
}

/** The differences in one replica. Only what the definition names for this replica is compared. */
export function compareReplica(wanted: Replica, current: Replica, sides: Sides, options: CompareOptions): Change[] {
  const { desired, live } = sides
  const table = live.definition
  // A replica without a class of its own follows the table, also to the class that this plan gives it.
  const inTable = (field: (typeof overrides)[number]) =>
    field === 'tableClass' ? (desired.tableClass ?? table.tableClass ?? 'STANDARD') : undefined
  const ofTable = overrides.flatMap(field => {
    const [from, to] = [current[field] ?? inTable(field), wanted[field]]
    const isSame =
      field === 'kmsKeyId' ? from !== undefined && isSameKey(String(to), String(from)) : isSameOverride(to, from)
    return to === undefined || isSame ? [] : [settingChange(field, from, to)]
  })
  const ofIndexes = Object.entries(wanted.globalIndexes ?? {}).flatMap(([name, index]) =>
    indexOverrides.flatMap(field => {
      const [from, to] = [current.globalIndexes?.[name]?.[field], index[field]]
      return to === undefined || isSameOverride(to, from) ? [] : [indexSettingChange(name, field, from, to)]
    }),
  )
  return [...ofTable, ...ofIndexes, ...ownChanges(desired, wanted, regionalLive(live, wanted.region), options)].map(
    change => ({ kind: 'modify-replica', region: wanted.region, change }),
  )
}

/** The changes of what a replica has for itself; from DynamoDB's defaults when it does not exist yet. */
export function ownChanges(
  table: TableDefinition,
  replica: Replica,
  there: LiveTable | undefined,
  options: CompareOptions,
): readonly Change[] {
  const desired = regionalTable(table, replica)
  const live = there ?? newLive(desired)
  const indexes = desired.globalIndexes.flatMap(index => {
    const current = live.definition.globalIndexes.find(({ name }) => name === index.name)
    return current === undefined ? [] : [{ desired: index, live: current }]
  })
  return ownSettings.flatMap(setting => compareSetting(setting, { desired, live, indexes }, options))
}

/** A replica right after its creation: DynamoDB copies none of these settings from the table. */
function newLive(desired: TableDefinition): LiveTable {
  const definition = { ...regionalTable(desired, { region: '' }), deletionProtection: false }
  return settledTable(definition, ownFollowUps)
}

const isSameOverride = (wanted: unknown, live: unknown) => wanted === live || (wanted === false && live === undefined)

/** Whether a wanted setting of a live replica could not be read, so that a difference is unknown. */
export function isReplicaUnread({ replicas = [] }: TableDefinition, live: LiveTable): boolean {
  return replicas.some(wanted => {
    const there = regionalLive(live, wanted.region)
    if (there === undefined) return false
    return ownFields.some(
      field => memberOf(wanted, field) !== undefined && memberOf(there.definition, field) === undefined,
    )
  })
}

/** The replicas in a description, with the settings that replace those of the table. */
export function readReplicas({ Replicas = [] }: TableDescription): Replica[] {
  return Replicas.map(readReplica)
}

function readReplica(live: ReplicaDescription): Replica {
  const { KMSMasterKeyId: key, ReplicaTableClassSummary: summary, GlobalSecondaryIndexes: indexes = [] } = live
  const globalIndexes = indexes.map((index): [string, ReplicaIndex] => [index.IndexName ?? '', readUnits(index)])
  return definedOnly({
    region: live.RegionName ?? '',
    kmsKeyId: key,
    tableClass: summary?.TableClass,
    ...readUnits(live),
    globalIndexes: globalIndexes.length === 0 ? undefined : Object.fromEntries(globalIndexes),
  })
}

type Units = Pick<ReplicaDescription, 'ProvisionedThroughputOverride' | 'OnDemandThroughputOverride'>

function readUnits({ ProvisionedThroughputOverride: units, OnDemandThroughputOverride: caps }: Units): ReplicaIndex {
  const cap = caps?.MaxReadRequestUnits
  return definedOnly({ readCapacity: units?.ReadCapacityUnits, maxReadUnits: cap === -1 ? undefined : cap })
}

/** Reads what each replica has for itself, in its own region. A region out of reach leaves the others as they are. */
export async function readRegions(ask: Ask, table: TableDescription): Promise<Found> {
  const regions = await Promise.all(readReplicas(table).map(replica => readRegion(ask, table, replica)))
  return {
    settings: regions.length === 0 ? {} : { replicas: regions.map(({ replica }) => replica) },
    settling: regions.some(({ settling }) => settling),
    // The reason is the same for each setting of a region.
    warnings: regions.flatMap(({ warnings }) => warnings.slice(0, 1)),
  }
}

async function readRegion(ask: Ask, { TableName }: TableDescription, replica: Replica) {
  const inRegion: Ask = (operation, input, found, absent) => ask(operation, input, found, absent, replica.region)
  const tables: TableDescription[] = []
  const described = await inRegion('DescribeTable', { TableName }, ({ Table }) => {
    tables.push(...(Table === undefined ? [] : [Table]))
    return { settings: {} }
  })
  const [table] = tables
  if (table === undefined) return { replica, settling: false, warnings: described?.warnings ?? [] }
  const parts = await Promise.all(ownSettings.map(({ followUp }) => followUp?.read(inRegion, table)))
  const merged = { ...replica.globalIndexes }
  for (const [name, values] of parts.flatMap(part => Object.entries(part?.indexes ?? {})))
    merged[name] = { ...merged[name], ...values }
  return {
    replica: {
      ...replica,
      deletionProtection: table.DeletionProtectionEnabled ?? false,
      ...Object.assign({}, ...parts.map(part => part?.settings)),
      ...(Object.keys(merged).length === 0 ? {} : { globalIndexes: merged }),
    } satisfies Replica,
    settling: parts.some(part => part?.settling === true),
    warnings: parts.flatMap(part => part?.warnings ?? []),
  }
}
