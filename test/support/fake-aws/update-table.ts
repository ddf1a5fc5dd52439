import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Refusal } from '../../../src/apply/ports.ts'
import type { IndexSettings } from '../../../src/table/definition.ts'
import { checkIndexes, checkUpdate } from './check-update.ts'
import { keyArn, readGlobalIndex } from './read-sdk.ts'
import { type FakeIndex, type FakeTable, illegal, inUse, viewOf } from './state.ts'
import type { Range, Timings } from './timings.ts'

/** The world around a table: time, chance, and what is to happen later. */
export interface World {
  readonly timings: Timings
  now(): number
  epoch(): number
  pick(range: Range): number
  later(ms: number, job: () => void): void
  /** How long descriptions show the old state after a change. */
  readonly staleMs: number
}

const day = 24 * 3_600_000

/** UpdateTable: refused, or begun; `no-op` when nothing would change. */
export function updateTable(
  world: World,
  table: FakeTable,
  input: UpdateTableCommandInput,
): Refusal | 'no-op' | undefined {
  const verdict = checkUpdate(table, input)
  if (verdict !== undefined) return verdict
  // AWS takes it, and it is lost.
  if (table.switching && input.BillingMode === 'PROVISIONED') return undefined
  const refusal = busy(table, input) ?? checkBudgets(world, table, input) ?? checkIndexes(table, input)
  if (refusal !== undefined) return refusal
  if (world.staleMs > 0) table.stale = { until: world.now() + world.staleMs, view: viewOf(table) }
  begin(world, table, input)
  return undefined
}

function busy(table: FakeTable, input: UpdateTableCommandInput): Refusal | undefined {
  const changesIndex =
    input.GlobalSecondaryIndexUpdates?.some(({ Create, Delete }) => (Create ?? Delete) !== undefined) === true
  const atWork = [...table.indexes.values()].some(index => index.status === 'CREATING' || index.status === 'DELETING')
  if (table.status === 'CREATING' || table.status === 'DELETING')
    return inUse(`Table is being ${table.status}: ${table.name}`)
  if (changesIndex && atWork) {
    const message = 'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table'
    const deletesBackfilling = input.GlobalSecondaryIndexUpdates?.some(
      ({ Delete }) => table.indexes.get(Delete?.IndexName ?? '')?.backfilling === true,
    )
    if (deletesBackfilling !== true) return { kind: 'limit', retryable: true, message }
  }
  if (table.status === 'UPDATING')
    return input.DeletionProtectionEnabled !== undefined ? undefined : inUse(`Table is being updated: ${table.name}`)
  const admitted =
    input.DeletionProtectionEnabled !== undefined || changesIndex || input.ProvisionedThroughput !== undefined
  if (atWork && !admitted) return inUse(`Index is being created: ${table.name}`)
  if (table.encryptionStatus === 'UPDATING' && input.SSESpecification !== undefined)
    return inUse(`Table is being encrypted: ${table.name}`)
  if (table.warmStatus === 'UPDATING' && input.WarmThroughput !== undefined)
    return inUse(`Warm throughput is being updated: ${table.name}`)
  return undefined
}

function checkBudgets(world: World, table: FakeTable, input: UpdateTableCommandInput): Refusal | undefined {
  const now = world.now()
  const recent = (times: readonly number[], ms: number) => times.filter(at => now - at < ms).length
  const lowers = (wanted: UpdateTableCommandInput['ProvisionedThroughput'], live: IndexSettings) =>
    (wanted?.ReadCapacityUnits ?? 0) < (live.readCapacity ?? 0) ||
    (wanted?.WriteCapacityUnits ?? 0) < (live.writeCapacity ?? 0)
  const owners = [
    { wanted: input.ProvisionedThroughput, live: table.settings, decreases: table.decreases },
    ...(input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update }) => {
      const index = table.indexes.get(Update?.IndexName ?? '')
      return index === undefined
        ? []
        : [{ wanted: Update?.ProvisionedThroughput, live: index.definition, decreases: index.decreases }]
    }),
  ]
  const lowered = owners.filter(({ wanted, live }) => wanted !== undefined && lowers(wanted, live))
  for (const { decreases } of lowered) {
    if (recent(decreases, day) >= 4 && recent(decreases, 3_600_000) > 0) {
      return { kind: 'cool-down', message: 'Provisioned throughput decreases are limited within a given UTC day.' }
    }
  }
  if (input.TableClass !== undefined && recent(table.classChanges, 30 * day) >= 2) {
    return { kind: 'cool-down', message: 'Updates to TableClass are limited to 2 times in 30 day(s).' }
  }
  if (
    input.SSESpecification !== undefined &&
    recent(table.encryptionChanges, day) >= 4 &&
    recent(table.encryptionChanges, day / 4) > 0
  ) {
    return { kind: 'cool-down', message: 'Updates to encryption are limited to 4 times in 24 hours.' }
  }
  const { protectionChangedAt: changedAt } = table
  if (input.DeletionProtectionEnabled !== undefined && changedAt !== undefined && now - changedAt < 15_000) {
    const until = world.epoch() + 15_000 - (now - changedAt)
    return {
      kind: 'cool-down',
      until,
      message: 'Deletion protection setting modified within the previous 15000 milliseconds.',
    }
  }
  for (const { decreases } of lowered) decreases.push(now)
  return undefined
}

function begin(world: World, table: FakeTable, input: UpdateTableCommandInput): void {
  const { timings } = world
  const updating = (range: Range, change: () => void) => {
    table.status = 'UPDATING'
    world.later(world.pick(range), () => {
      change()
      if (table.status === 'UPDATING') table.status = 'ACTIVE'
    })
  }
  const { BillingMode: billing, StreamSpecification: stream, SSESpecification: encryption } = input
  const throughput = () => {
    applyThroughput(table.settings, input)
    for (const { Update } of input.GlobalSecondaryIndexUpdates ?? []) {
      const index = table.indexes.get(Update?.IndexName ?? '')
      if (index !== undefined && Update !== undefined) applyThroughput(index.definition, Update)
    }
  }
  if (billing === 'PAY_PER_REQUEST') {
    table.switching = true
    updating(timings.toOnDemand, () => {
      table.switching = false
      becomeOnDemand(table)
      throughput()
      if (stream !== undefined) table.settings.stream = stream.StreamViewType ?? false
    })
  } else if (billing === 'PROVISIONED') {
    updating(timings.toProvisioned, () => {
      table.settings.billingMode = 'PROVISIONED'
      for (const owner of [table.settings, ...[...table.indexes.values()].map(index => index.definition)]) {
        owner.maxReadUnits = undefined
        owner.maxWriteUnits = undefined
      }
      throughput()
    })
  } else if (stream !== undefined) {
    updating(timings.stream, () => {
      table.settings.stream = stream.StreamViewType ?? false
    })
  } else if (
    input.ProvisionedThroughput !== undefined ||
    input.OnDemandThroughput !== undefined ||
    updatesIndexes(input)
  ) {
    updating(updatesIndexes(input) ? timings.indexCapacity : timings.capacity, throughput)
  }
  if (input.TableClass !== undefined) {
    table.classChanges.push(world.now())
    updating(timings.tableClass, () => {
      table.settings.tableClass = input.TableClass
    })
  }
  if (encryption !== undefined) {
    table.encryptionChanges.push(world.now())
    table.encryptionStatus = 'UPDATING'
    world.later(world.pick(timings.encryption), () => {
      table.encryptionStatus = encryption.Enabled === true ? 'ENABLED' : undefined
      table.settings.encryption = encryption.Enabled === true ? 'CUSTOMER_MANAGED' : 'AWS_OWNED'
      table.settings.kmsKeyId = encryption.Enabled === true ? keyArn(encryption.KMSMasterKeyId) : undefined
    })
  }
  if (input.DeletionProtectionEnabled !== undefined) {
    table.settings.deletionProtection = input.DeletionProtectionEnabled
    table.protectionChangedAt = world.now()
  }
  beginWarm(world, table, input)
  beginIndexes(world, table, input)
}

const updatesIndexes = (input: UpdateTableCommandInput) =>
  input.GlobalSecondaryIndexUpdates?.some(
    ({ Update }) => Update !== undefined && Update.WarmThroughput === undefined,
  ) === true

function becomeOnDemand(table: FakeTable): void {
  table.settings.billingMode = 'PAY_PER_REQUEST'
  for (const owner of [table.settings, ...[...table.indexes.values()].map(index => index.definition)]) {
    owner.readCapacity = undefined
    owner.writeCapacity = undefined
    owner.warmReadUnits = Math.max(12_000, owner.warmReadUnits ?? 0)
    owner.warmWriteUnits = Math.max(4_000, owner.warmWriteUnits ?? 0)
  }
}

type Owner = { -readonly [K in keyof IndexSettings]: IndexSettings[K] }

function applyThroughput(
  owner: Owner,
  input: Pick<UpdateTableCommandInput, 'ProvisionedThroughput' | 'OnDemandThroughput'>,
): void {
  const { ProvisionedThroughput: capacity, OnDemandThroughput: caps } = input
  if (capacity !== undefined) {
    owner.readCapacity = capacity.ReadCapacityUnits
    owner.writeCapacity = capacity.WriteCapacityUnits
    // Warm throughput is the highest capacity ever provisioned, and never drops.
    owner.warmReadUnits = Math.max(owner.warmReadUnits ?? 0, capacity.ReadCapacityUnits ?? 0)
    owner.warmWriteUnits = Math.max(owner.warmWriteUnits ?? 0, capacity.WriteCapacityUnits ?? 0)
  }
  const cap = (units: number) => (units === -1 ? undefined : units)
  if (caps?.MaxReadRequestUnits !== undefined) owner.maxReadUnits = cap(caps.MaxReadRequestUnits)
  if (caps?.MaxWriteRequestUnits !== undefined) owner.maxWriteUnits = cap(caps.MaxWriteRequestUnits)
}

function beginWarm(world: World, table: FakeTable, input: UpdateTableCommandInput): void {
  const raise = (
    owner: Owner,
    target: { warmStatus: string | undefined },
    warm: UpdateTableCommandInput['WarmThroughput'],
  ) => {
    if (warm === undefined) return
    target.warmStatus = 'UPDATING'
    world.later(world.pick(world.timings.warm), () => {
      target.warmStatus = 'ACTIVE'
      owner.warmReadUnits = warm.ReadUnitsPerSecond ?? owner.warmReadUnits
      owner.warmWriteUnits = warm.WriteUnitsPerSecond ?? owner.warmWriteUnits
    })
  }
  raise(table.settings, table, input.WarmThroughput)
  for (const { Update } of input.GlobalSecondaryIndexUpdates ?? []) {
    const index = table.indexes.get(Update?.IndexName ?? '')
    if (index !== undefined) raise(index.definition, index, Update?.WarmThroughput)
  }
}

function beginIndexes(world: World, table: FakeTable, input: UpdateTableCommandInput): void {
  const { timings } = world
  for (const { Create, Delete } of input.GlobalSecondaryIndexUpdates ?? []) {
    if (Create !== undefined) {
      const billing = input.BillingMode ?? table.settings.billingMode ?? 'PROVISIONED'
      const definition = readGlobalIndex(Create, input.AttributeDefinitions, billing)
      const index: FakeIndex = {
        definition,
        status: 'CREATING',
        backfilling: false,
        warmStatus: undefined,
        decreases: [],
      }
      table.indexes.set(definition.name, index)
      if (input.BillingMode === undefined) table.status = 'UPDATING'
      const allocated = world.pick(timings.allocateIndex)
      world.later(allocated, () => {
        index.backfilling = true
        if (table.status === 'UPDATING' && !table.switching) table.status = 'ACTIVE'
      })
      world.later(allocated + world.pick(timings.backfillIndex), () => {
        if (index.status !== 'CREATING') return
        index.status = 'ACTIVE'
        index.backfilling = undefined
      })
    }
    const dropped = table.indexes.get(Delete?.IndexName ?? '')
    if (dropped !== undefined) {
      dropped.status = 'DELETING'
      table.status = 'UPDATING'
      world.later(world.pick(timings.dropIndex), () => {
        table.indexes.delete(dropped.definition.name)
        if (table.status === 'UPDATING') table.status = 'ACTIVE'
      })
    }
  }
}

/** DeleteTable: refused, or begun. */
export function checkDelete(table: FakeTable, now: number): Refusal | undefined {
  if (table.status === 'CREATING' || table.status === 'UPDATING' || table.status === 'DELETING') {
    return inUse(`Table is being ${table.status}: ${table.name}`)
  }
  if ([...table.indexes.values()].some(index => index.status !== 'ACTIVE')) {
    return inUse('Cannot delete table while indexes are being created, updated, or deleted.')
  }
  if (now < table.tagsLockedUntil) return inUse('Table tags are being updated')
  if (table.settings.deletionProtection === true) {
    return illegal(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    )
  }
  return undefined
}
