import type { ReplicationGroupUpdate, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { readReplicas } from '../../settings/replica-settings.ts'
import type { Replica } from '../../table/definition.ts'
import { type AwsError, invalid, validation } from './answer.ts'
import type { Plane } from './plane.ts'
import { definitionOf, type ReplicaState, type TableState } from './state.ts'

export function describeReplicas({ replicas = [], settings: { witness, consistency }, arn }: TableState) {
  if (replicas.length === 0) return {}
  const copies = replicas.filter(({ replica }) => replica.region !== witness)
  const [other] = replicas.filter(({ replica }) => replica.region === witness)
  return {
    GlobalTableVersion: '2019.11.21',
    Replicas: copies.map(({ replica, status }) => ({
      ...overrides(replica),
      RegionName: replica.region,
      ReplicaStatus: status,
      ReplicaArn: arn,
    })),
    GlobalTableWitnesses: other && [{ RegionName: other.replica.region, WitnessStatus: other.status }],
    MultiRegionConsistency: consistency,
  }
}

function overrides({ kmsKeyId, tableClass, readCapacity, maxReadUnits, globalIndexes = {} }: Replica) {
  const units = (read: number | undefined, cap: number | false | undefined) => ({
    ProvisionedThroughputOverride: read === undefined ? undefined : { ReadCapacityUnits: read },
    OnDemandThroughputOverride: typeof cap === 'number' ? { MaxReadRequestUnits: cap } : undefined,
  })
  const indexes = Object.entries(globalIndexes).map(([name, index]) => ({
    IndexName: name,
    ...units(index.readCapacity, index.maxReadUnits),
  }))
  return {
    KMSMasterKeyId: kmsKeyId,
    ReplicaTableClassSummary: tableClass === undefined ? undefined : { TableClass: tableClass },
    ...units(readCapacity, maxReadUnits),
    GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes,
  }
}

/** The replica that an update describes, merged over what it was. */
export function readReplica(update: NonNullable<ReplicationGroupUpdate['Create']>, before?: Replica): Replica {
  const { TableClassOverride: tableClass, ...rest } = update
  const summary = tableClass === undefined ? {} : { ReplicaTableClassSummary: { TableClass: tableClass } }
  const [read] = readReplicas({ Replicas: [{ ...rest, ...summary }] })
  return { ...before, ...(read ?? { region: update.RegionName ?? '' }) }
}

/** M1 and M2: first what AWS refuses in known words, then what the engine cannot do, then the rest. */
export function judgeReplicas(plane: Plane, table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const {
    ReplicaUpdates: updates = [],
    GlobalTableWitnessUpdates: witnesses = [],
    MultiRegionConsistency: mode,
  } = input
  if (updates.length + witnesses.length === 0 && mode === undefined) return undefined
  const { settings, replicas = [], arn } = table
  const isStrong = mode === 'STRONG' || settings.consistency === 'STRONG'
  const regions = updates.map(({ Create, Update, Delete }) => (Create ?? Update ?? Delete)?.RegionName ?? '')
  if (regions.includes(plane.region))
    return validation(
      'Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.',
    )
  if (!isStrong && updates.filter(({ Create, Delete }) => (Create ?? Delete) !== undefined).length > 1)
    return validation('Update table operation with more than one create or delete replica actions not allowed')
  if (witnesses.length > 0 && !isStrong)
    return validation(
      'MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.',
    )
  const creates = updates.flatMap(({ Create }) => Create ?? [])
  if (creates.length > 0 && settings.stream !== 'NEW_AND_OLD_IMAGES')
    return validation(`Table must have DynamoDB Streams enabled with NEW_AND_OLD_IMAGES: ${arn}`)
  if (creates.length > 0 && settings.billingMode !== 'PAY_PER_REQUEST')
    return validation('Table write capacity should either be Pay-Per-Request or AutoScaled.')
  if (creates.some(({ KMSMasterKeyId: key }) => key === undefined) && settings.encryption === 'CUSTOMER_MANAGED')
    return invalid('KMSMasterKeyId must be specified for each replica.')
  const wanted = [...regions, ...witnesses.map(({ Create, Delete }) => (Create ?? Delete)?.RegionName ?? '')]
  const definition = { ...definitionOf(table), replicas: wanted.map(region => ({ region })) }
  return (
    plane.supports(mode === undefined ? definition : { ...definition, consistency: mode }) ??
    judgeRegions(replicas, input)
  )
}

/** The regions that the table is in must fit the request. AWS's words are known for replicas that exist only. */
function judgeRegions(replicas: readonly ReplicaState[], input: UpdateTableCommandInput): AwsError | undefined {
  const {
    ReplicaUpdates: updates = [],
    GlobalTableWitnessUpdates: witnesses = [],
    MultiRegionConsistency: mode,
  } = input
  const known = replicas.map(({ replica }) => replica.region)
  const created = [...updates, ...witnesses].flatMap(({ Create }) => Create?.RegionName ?? [])
  if (mode !== undefined && (created.length === 0 || replicas.length > 0))
    return validation('MultiRegionConsistency can only be set when the first replicas are created')
  if (mode === 'STRONG' && created.length !== 2)
    return validation('MultiRegionConsistency STRONG needs replicas in exactly three regions')
  const existing = [
    ...updates.map(({ Update, Delete }) => Update ?? Delete),
    ...witnesses.map(({ Delete }) => Delete),
  ].flatMap(action => action?.RegionName ?? [])
  const unknown = existing.find(region => !known.includes(region))
  if (unknown !== undefined) return validation(`Replica does not exist: ${unknown}`)
  return created.some(region => known.includes(region))
    ? validation('Failed to create a the new replica of table because one or more replicas already existed as tables.')
    : undefined
}

export const replicaIn = ({ replicas = [] }: TableState, region: string | undefined): ReplicaState | undefined =>
  replicas.find(({ replica }) => replica.region === region)
