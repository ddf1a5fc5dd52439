import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { IndexSettings, Replica, TableDefinition } from '../../table/definition.ts'
import {
  type Answer,
  type AwsError,
  inUse,
  invalid,
  limit,
  notFound,
  type Output,
  throttled,
  validation,
} from './answer.ts'
import { describeTable } from './describe.ts'
import { firstError, judgeDefinition, judgeKey, keyElement, redefined } from './judge-create.ts'
import { judgeAgainst, judgeRequest, oneOnline, partsOf } from './judge-update.ts'
import type { Range } from './pace.ts'
import { keepWorking, later, overQuota, type Plane } from './plane.ts'
import { readGlobalIndex } from './read-request.ts'
import { judgeReplicas, readReplica, replicaIn } from './replicas.ts'
import {
  definitionOf,
  indexOf,
  isSameDay,
  keyTypes,
  newIndex,
  streamLabel,
  type TableState,
  vectorOf,
} from './state.ts'
import { judgeVectors, newVectors, readVector } from './vectors.ts'

const hour = 3_600_000
const day = 24 * hour

/** Answers UpdateTable: refuses it, or starts the changes. */
export function updateTable(plane: Plane, input: UpdateTableCommandInput, table: TableState | undefined): Answer {
  const invalid = judgeRequest(input)
  if (invalid !== undefined) return invalid
  if (table === undefined) return notFound(`Table: ${input.TableName} not found`)
  if (table.status === 'CREATING') return inUse(`Table is being created: ${table.name}`)
  if (table.status === 'DELETING') return inUse(`Table is being deleted: ${table.name}`)
  const verdict = judgeAgainst(table, input)
  if (verdict !== undefined && verdict !== 'no-op') return verdict
  const answer = (): Output => ({ output: { TableDescription: describeTable(table, plane.now()) } })
  if (verdict === 'no-op') return { ...answer(), isNoOp: true }
  // AWS accepts this switch and then loses it.
  if (table.switching && input.BillingMode === 'PROVISIONED') return answer()
  const refusal = busy(table, input) ?? judgeBudgets(plane, table, input) ?? judgeOnline(plane, table, input)
  if (refusal !== undefined) return refusal
  begin(plane, table, input)
  return answer()
}

function busy(table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const updates = input.GlobalSecondaryIndexUpdates ?? []
  const changesIndex =
    input.VectorIndexUpdates !== undefined || updates.some(({ Create, Delete }) => (Create ?? Delete) !== undefined)
  const atWork = [...table.indexes, ...(table.vectors ?? [])].some(
    ({ status }) => status === 'CREATING' || status === 'DELETING',
  )
  if (changesIndex && atWork) {
    const deleted = updates.map(({ Delete }) => indexOf(table, Delete?.IndexName))
    if (deleted.some(index => index?.status === 'CREATING' && index.backfilling === false)) {
      const phase = 'Index creation is in resource allocation phase. Retry deletion during backfilling phase'
      return { type: 'ResourceInUseException', message: `${phase} or when the index is active` }
    }
    if (!deleted.some(index => index?.backfilling === true)) return oneOnline
  }
  if (table.status === 'UPDATING')
    return input.DeletionProtectionEnabled !== undefined ? undefined : inUse(`Table is being updated: ${table.name}`)
  const [part, ...others] = partsOf(input)
  const isAdmitted = changesIndex || (others.length === 0 && (part === 'protection' || part === 'capacity'))
  if (atWork && !isAdmitted) return inUse(`Index is being created or deleted: ${table.name}`)
  if (table.encryptionStatus === 'UPDATING' && input.SSESpecification !== undefined)
    return inUse(`Table is being encrypted: ${table.name}`)
  if (table.warmStatus === 'UPDATING' && input.WarmThroughput !== undefined)
    return inUse(`Warm throughput is being updated: ${table.name}`)
  return undefined
}

interface CapacityOwner {
  readonly wanted: UpdateTableCommandInput['ProvisionedThroughput']
  readonly live: IndexSettings
  /** The table or the index, which remembers the changes. */
  readonly state: Pick<TableState, 'decreases' | 'increasedAt'>
}

/** The table and the indexes whose capacity the call sets. */
function capacityOwners(table: TableState, input: UpdateTableCommandInput): readonly CapacityOwner[] {
  return [
    { wanted: input.ProvisionedThroughput, live: table.settings, state: table },
    ...(input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update: update }) => {
      const index = indexOf(table, update?.IndexName)
      return index === undefined
        ? []
        : [{ wanted: update?.ProvisionedThroughput, live: index.definition, state: index }]
    }),
  ]
}

/** Whether a capacity goes down (`-1`) or up (`1`); a switch of the billing mode does neither. */
const moves = ({ wanted, live }: CapacityOwner, sign: 1 | -1): boolean =>
  (
    [
      [wanted?.ReadCapacityUnits, live.readCapacity],
      [wanted?.WriteCapacityUnits, live.writeCapacity],
    ] as const
  ).some(([units, current]) => units !== undefined && current !== undefined && (units - current) * sign > 0)

/** The quotas that come back with time. */
function judgeBudgets(plane: Plane, table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const now = plane.now()
  const recent = (times: readonly number[], ms: number) => times.filter(at => now - at < plane.coolDown(ms)).length
  const owners = capacityOwners(table, input)
  const excess = firstError(owners, ({ wanted }) => overQuota(plane, wanted))
  if (excess !== undefined) return excess
  for (const { state } of owners.filter(owner => moves(owner, -1))) {
    const today = state.decreases.filter(at => isSameDay(at, now))
    if (recent(today, day) < 4 || recent(today, hour) === 0) continue
    return limit(
      `Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: ${today.length}.`,
    )
  }
  if (input.TableClass !== undefined && recent(table.classChanges, 30 * day) >= 2)
    return limit('Updates to TableClass are limited to 2 times in 30 day(s).')
  if (input.SSESpecification !== undefined) {
    const { encryptionChanges: changes } = table
    if (recent(changes, day) >= 4 && recent(changes, day / 4) > 0)
      return limit('Updates to encryption are limited to 4 times in 24 hour(s).')
  }
  const { protectionChangedAt: changedAt } = table
  if (input.DeletionProtectionEnabled !== undefined && changedAt !== undefined) {
    const until = changedAt + plane.coolDown(15_000)
    if (now < until) {
      const what = `Deletion protection setting for table ${table.name} modified within the previous 15000 milliseconds`
      return throttled(`${what}. Please try again after ${new Date(until).toISOString()}`)
    }
  }
  return undefined
}

function judgeOnline(plane: Plane, table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const ofVectors = Object.keys(definitionOf(table).vectorIndexes ?? {}).length > 0
  if (input.BillingMode === 'PROVISIONED' && ofVectors)
    return invalid('Vector indexes are only supported for PAY_PER_REQUEST tables')
  return judgeIndexes(plane, table, input) ?? judgeVectors(table, input) ?? judgeReplicas(plane, table, input)
}

/** The rules that need the state of the table's indexes. */
function judgeIndexes(plane: Plane, table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  for (const { Create: create, Update: update, Delete: drop } of input.GlobalSecondaryIndexUpdates ?? []) {
    const name = (create ?? update ?? drop)?.IndexName ?? ''
    const local = table.settings.localIndexes.some(index => index.name === name)
    if (drop !== undefined && local)
      return validation(`Cannot delete an index that is not a GlobalSecondaryIndex: ${name}`)
    if (create === undefined && indexOf(table, name) === undefined)
      return notFound(`Index ${name} for table ${table.name}`)
    if (create === undefined) continue
    if (local || indexOf(table, name) !== undefined)
      return validation('Attempting to create an index which already exists')
    if (table.indexes.length >= 20)
      return { ...limit('Number of global secondary indexes exceeds per-table limit of 20'), isStatic: true }
    const refusal = judgeNewIndex(plane, table, input)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function judgeNewIndex(plane: Plane, table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const create = (input.GlobalSecondaryIndexUpdates ?? []).find(update => update.Create !== undefined)?.Create
  if (create === undefined) return undefined
  const definitions = input.AttributeDefinitions ?? []
  const { KeySchema: schema = [], IndexName: name } = create
  const before = definitionOf(table)
  const known = keyTypes(before)
  if (definitions.length === 0) return invalid(`AttributeDefinitions is not specified for index: ${name}`)
  const refusal = judgeKey(schema, definitions, true)
  if (refusal !== undefined) return refusal
  const defined = new Map(definitions.map(each => [each.AttributeName, each.AttributeType]))
  for (const { AttributeName: key = '' } of schema) {
    const type = known.get(key)
    if (type !== undefined && type !== defined.get(key)) return redefined(key, type, keyElement(key, defined.get(key)))
  }
  const index = readGlobalIndex(create, definitions, input.BillingMode ?? table.settings.billingMode ?? 'PROVISIONED')
  const around = input.BillingMode === 'PAY_PER_REQUEST' ? onDemand(before) : before
  const after = { ...around, globalIndexes: [...around.globalIndexes, index] }
  return plane.supports(after) ?? judgeDefinition(after, before)
}

/** The table once its billing is on demand. */
function onDemand(table: TableDefinition): TableDefinition {
  const own = { readCapacity: undefined, writeCapacity: undefined, warmReadUnits: undefined, warmWriteUnits: undefined }
  const globalIndexes = table.globalIndexes.map(index => ({ ...index, ...own }))
  return { ...table, ...own, billingMode: 'PAY_PER_REQUEST', globalIndexes }
}

/** Changes that take effect at once, and the work of those that take time. */
function begin(plane: Plane, table: TableState, input: UpdateTableCommandInput): void {
  const { timings } = plane
  const { SSESpecification: encryption, DeletionProtectionEnabled: protection, WarmThroughput: warm } = input
  const now = plane.now()
  for (const owner of capacityOwners(table, input)) {
    if (moves(owner, 1)) owner.state.increasedAt = now
    if (moves(owner, -1)) owner.state.decreases = [...owner.state.decreases.filter(at => isSameDay(at, now)), now]
  }
  const range = durationOf(plane, table, input)
  if (range !== undefined) {
    table.switching = input.BillingMode === 'PAY_PER_REQUEST'
    later(plane, table, plane.pick(range), { kind: 'updated', change: input })
  }
  if (input.StreamSpecification?.StreamEnabled === true) table.streamLabel = streamLabel(plane.now())
  if (input.TableClass !== undefined) table.classChanges.push(plane.now())
  if (encryption !== undefined) {
    table.encryptionChanges.push(plane.now())
    table.encryptionStatus = 'UPDATING'
    later(plane, table, plane.pick(timings.encryption), { kind: 'encrypted', change: input })
  }
  if (protection !== undefined) {
    table.settings.deletionProtection = protection
    table.protectionChangedAt = plane.now()
  }
  beginWarm(plane, table, undefined, warm)
  for (const { Update: update } of input.GlobalSecondaryIndexUpdates ?? [])
    beginWarm(plane, table, update?.IndexName, update?.WarmThroughput)
  beginIndexes(plane, table, input)
  beginReplicas(plane, table, input)
  plane.changed(table.name)
}

/** How long the table is UPDATING for it; `undefined` for changes that have statuses of their own. */
function durationOf({ timings }: Plane, { settings }: TableState, input: UpdateTableCommandInput) {
  const { BillingMode: billing, GlobalSecondaryIndexUpdates: updates = [] } = input
  const updatesIndexes = updates.some(
    ({ Update }) => (Update?.ProvisionedThroughput ?? Update?.OnDemandThroughput) !== undefined,
  )
  if (billing !== undefined && billing !== settings.billingMode)
    return billing === 'PROVISIONED' ? timings.toProvisioned : timings.toOnDemand
  if (input.StreamSpecification !== undefined) return timings.stream
  if (updatesIndexes) return timings.indexCapacity
  if (input.ProvisionedThroughput !== undefined || input.OnDemandThroughput !== undefined) return timings.capacity
  return input.TableClass === undefined ? undefined : timings.tableClass
}

function beginWarm(
  plane: Plane,
  table: TableState,
  index: string | undefined,
  warm: UpdateTableCommandInput['WarmThroughput'],
): void {
  const owner = index === undefined ? table : indexOf(table, index)
  if (warm === undefined || owner === undefined) return
  owner.warmStatus = 'UPDATING'
  const { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write } = warm
  later(plane, table, plane.pick(plane.timings.warm), { kind: 'warmed', index, read, write })
}

function beginIndexes(plane: Plane, table: TableState, input: UpdateTableCommandInput): void {
  const created: string[] = []
  const dropped: (string | undefined)[] = []
  for (const { Create: create, Delete: drop } of input.GlobalSecondaryIndexUpdates ?? []) {
    dropped.push(drop?.IndexName)
    if (create === undefined) continue
    const billing = input.BillingMode ?? table.settings.billingMode ?? 'PROVISIONED'
    const definition = readGlobalIndex(create, input.AttributeDefinitions, billing)
    table.indexes.push({ ...newIndex(definition, 'CREATING'), backfilling: false })
    created.push(definition.name)
  }
  for (const { Create: create, Delete: drop } of input.VectorIndexUpdates ?? []) {
    dropped.push(drop?.IndexName)
    const { vectors = [] } = newVectors(create === undefined ? {} : readVector(create, input), 'CREATING')
    table.vectors = [...(table.vectors ?? []), ...vectors.map(vector => ({ ...vector, backfilling: false }))]
    created.push(...vectors.map(({ name }) => name))
  }
  for (const index of created) beginBuild(plane, table, index)
  for (const index of dropped) beginDrop(plane, table, index)
}

function beginBuild(plane: Plane, table: TableState, index: string): void {
  const allocated = plane.pick(plane.timings.allocateIndex)
  later(plane, table, allocated, { kind: 'allocated', index })
  later(plane, table, allocated + plane.pick(plane.timings.backfillIndex), { kind: 'built', index })
}

function beginDrop(plane: Plane, table: TableState, name: string | undefined): void {
  const index = indexOf(table, name)
  const state = index ?? vectorOf(table, name)
  if (state === undefined || name === undefined) return
  // A build that is under way is given up.
  table.pending = table.pending.filter(work => !('index' in work && work.index === name))
  state.status = 'DELETING'
  state.backfilling = undefined
  later(plane, table, plane.pick(plane.timings.dropIndex), { kind: 'dropped', index: name })
  if (index !== undefined) keepWorking(plane, table, index, plane.items?.dropIndex(table.name, name))
}

function beginReplicas(plane: Plane, table: TableState, input: UpdateTableCommandInput): void {
  const { timings } = plane
  if (input.MultiRegionConsistency !== undefined) table.settings.consistency = input.MultiRegionConsistency
  const begin = (region: string, range: Range, kind: 'replicated' | 'replica-changed' | 'replica-dropped') => {
    later(plane, table, plane.pick(range), { kind, region })
  }
  const create = (replica: Replica) => {
    table.replicas = [...(table.replicas ?? []), { replica, status: 'CREATING' }]
    begin(replica.region, timings.createReplica, 'replicated')
  }
  const drop = (region: string | undefined) => {
    const dropped = replicaIn(table, region)
    if (dropped === undefined) return
    dropped.status = 'DELETING'
    begin(dropped.replica.region, timings.dropReplica, 'replica-dropped')
  }
  for (const { Create: given, Delete: dropped } of input.GlobalTableWitnessUpdates ?? []) {
    if (given !== undefined) {
      table.settings.witness = given.RegionName ?? ''
      create({ region: table.settings.witness })
    }
    drop(dropped?.RegionName)
  }
  for (const { Create: given, Update: update, Delete: dropped } of input.ReplicaUpdates ?? []) {
    if (given !== undefined) create(readReplica(given))
    const changed = replicaIn(table, update?.RegionName)
    if (changed !== undefined && update !== undefined) {
      changed.status = 'UPDATING'
      changed.replica = readReplica(update, changed.replica)
      begin(changed.replica.region, timings.stream, 'replica-changed')
    }
    drop(dropped?.RegionName)
  }
}
