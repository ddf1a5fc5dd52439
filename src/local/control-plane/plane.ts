import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { IndexSettings, TableDefinition } from '../../table/definition.ts'
import type { AwsError } from './answer.ts'
import type { Range, Timings } from './pace.ts'
import {
  type Destination,
  type IndexState,
  indexOf,
  type Mutable,
  type TableState,
  type VectorState,
  vectorOf,
  type Work,
} from './state.ts'

/**
 * The items behind the control plane: dynalite's store in the engine, nothing in the tests' fake. The control plane
 * decides what happens and when; the store carries it out. Each operation is called after the table's record was
 * written.
 */
export interface ItemStore {
  /** Deletes the items of a table and the entries of its indexes. */
  dropTable(table: string): Promise<void>
  /**
   * Fills a new index from the items that exist. The record lists the index, so writes that arrive meanwhile reach it
   * already. Rejects when the store closes.
   */
  buildIndex(table: string, index: string): Promise<void>
  /** Deletes the entries of an index that the record no longer lists. */
  dropIndex(table: string, index: string): Promise<void>
}

/** The tables, and what the operations need besides them: the clock, items, limits, other regions. */
export interface Plane {
  readonly tables: Map<string, TableState>
  readonly account: string
  readonly region: string
  /** Where the endpoint is: `127.0.0.1:8000`. */
  readonly address: string
  readonly timings: Timings
  /** Absent where no items are kept. */
  readonly items?: ItemStore | undefined
  /** How long DescribeTable does not find a table that was just created. */
  readonly notFoundMs: number
  /** Epoch milliseconds. */
  now(): number
  /** A duration within the range. */
  pick(range: Range): number
  /** How long a cool-down of AWS lasts here. */
  coolDown(ms: number): number
  newId(): string
  /** Whether one more table may be created now. */
  hasRoom(): boolean
  /** Refuses a table that could not be served here, although AWS would take it. */
  supports(definition: TableDefinition): AwsError | undefined
  /** The table has changed, or is gone, and must be written; maybe called more than once. */
  changed(name: string): void
  /** The item store has failed. */
  failed(error: unknown): void
  /** Puts a copy of the table into another region. */
  replicated(region: string, table: TableState): void
  unreplicated(region: string, name: string): void
}

const tableQuota = 40_000

/** The quota of a new account for one table or index, which AWS raises on request. */
export function overQuota(
  { region }: Plane,
  units: UpdateTableCommandInput['ProvisionedThroughput'],
): AwsError | undefined {
  const members = ['ReadCapacityUnits', 'WriteCapacityUnits'] as const
  const member = members.find(each => (units?.[each] ?? 0) > tableQuota)
  if (member === undefined) return undefined
  const message = `The requested ${member}, ${units?.[member]}, is above the per table maximum for the account in ${region}`
  return { type: 'LimitExceededException', message: `${message}. Per table maximum: ${tableQuota}.`, isStatic: true }
}

/** Work without its time. */
type Begun = Work extends infer W ? (W extends Work ? Omit<W, 'at'> : never) : never

function settledStatus({ status }: Destination): Destination['status'] {
  return status === 'DISABLING' || status === 'DISABLED' ? 'DISABLED' : 'ACTIVE'
}

/** Begins work that ends after `ms`. */
export function later(plane: Plane, table: TableState, ms: number, begun: Begun): void {
  const work: Work = { ...begun, at: plane.now() + ms }
  const place = table.pending.findIndex(({ at }) => at > work.at)
  table.pending.splice(place < 0 ? table.pending.length : place, 0, work)
  setUpdating(table)
  plane.changed(table.name)
}

const holding = ['updated', 'allocated', 'dropped', 'replicated', 'replica-changed', 'replica-dropped']

/** UPDATING follows from the work under way, so that no table can stay UPDATING without any. */
export function setUpdating(table: TableState): void {
  if (table.status !== 'ACTIVE' && table.status !== 'UPDATING') return
  const isHeld =
    table.pending.some(({ kind }) => holding.includes(kind)) ||
    table.indexes.some(({ status }) => status === 'DELETING')
  table.status = isHeld ? 'UPDATING' : 'ACTIVE'
}

/** Ends all work that is due. */
export function advance(plane: Plane, table: TableState): void {
  for (let next = table.pending[0]; next !== undefined && next.at <= plane.now(); next = table.pending[0]) {
    table.pending.shift()
    finish(plane, table, next)
    setUpdating(table)
    plane.changed(table.name)
  }
}

function finish(plane: Plane, table: TableState, work: Work): void {
  switch (work.kind) {
    case 'created':
      table.status = 'ACTIVE'
      table.readyAt = plane.now() + plane.pick(plane.timings.settleAfterCreate)
      for (const index of [...table.indexes, ...(table.vectors ?? [])]) index.status = 'ACTIVE'
      return
    case 'deleted':
      if (!table.working) plane.tables.delete(table.name)
      return
    case 'updated':
      applyUpdate(plane, table, work.change)
      table.switching = false
      return
    case 'encrypted': {
      const { Enabled: enabled, KMSMasterKeyId: key } = work.change.SSESpecification ?? {}
      const isManaged = key === undefined || key === 'alias/aws/dynamodb'
      table.encryptionStatus = enabled === true ? 'ENABLED' : undefined
      table.settings.encryption = enabled !== true ? 'AWS_OWNED' : isManaged ? 'AWS_MANAGED' : 'CUSTOMER_MANAGED'
      table.settings.kmsKeyId = enabled === true && !isManaged ? key : undefined
      return
    }
    case 'warmed': {
      const owner = work.index === undefined ? table : indexOf(table, work.index)
      if (owner === undefined) return
      owner.warmStatus = 'ACTIVE'
      raiseWarm('settings' in owner ? owner.settings : owner.definition, work.read, work.write)
      return
    }
    case 'allocated':
    case 'built':
    case 'dropped':
      finishIndex(plane, table, work)
      return
    case 'replicated':
    case 'replica-changed':
    case 'replica-dropped':
      finishReplica(plane, table, work)
      return
    case 'settled':
      table.settling = table.settling.filter(field => field !== work.field)
      if (work.field === 'kinesis' && table.destinations !== undefined)
        table.destinations = table.destinations.map(each => ({ ...each, status: settledStatus(each) }))
  }
}

/** The replica is created or deleted; its region is told. */
function finishReplica(plane: Plane, table: TableState, { kind, region }: Extract<Work, { region: string }>): void {
  const state = table.replicas?.find(({ replica }) => replica.region === region)
  if (state === undefined) return
  state.status = 'ACTIVE'
  if (kind === 'replicated' && region !== table.settings.witness) plane.replicated(region, table)
  if (kind === 'replica-dropped') {
    table.replicas = table.replicas?.filter(each => each !== state) ?? []
    plane.unreplicated(region, table.name)
    if (region === table.settings.witness) table.settings.witness = undefined
    if (table.replicas.length === 0) table.settings.consistency = undefined
  }
}

function finishIndex(plane: Plane, table: TableState, { kind, index: name }: Extract<Work, { index: string }>): void {
  const index = indexOf(table, name)
  const state = index ?? vectorOf(table, name)
  if (state === undefined) return
  if (kind === 'allocated') {
    state.backfilling = true
    if (index !== undefined) keepWorking(plane, table, index, plane.items?.buildIndex(table.name, name))
  } else endIndexWork(table, name, state)
}

/** The index becomes ACTIVE, or goes, once both its time is over and its items are done. */
function endIndexWork(table: TableState, name: string, index: IndexState | VectorState): void {
  const isTimed = table.pending.some(work => (work.kind === 'built' || work.kind === 'dropped') && work.index === name)
  if (isTimed || ('working' in index && index.working)) return
  if (index.status === 'DELETING') {
    table.indexes = table.indexes.filter(each => each !== index)
    table.vectors = table.vectors?.filter(each => each !== index)
  } else if (index.status === 'CREATING') {
    index.status = 'ACTIVE'
    index.backfilling = undefined
  }
}

/** Waits for the item store's part of the work on an index. */
export function keepWorking(plane: Plane, table: TableState, index: IndexState, work: Promise<void> | undefined): void {
  if (work === undefined) return
  const { status } = index
  index.working = true
  work.then(() => {
    // A build whose index was dropped meanwhile has nothing left to report.
    if (index.status !== status) return
    index.working = false
    endIndexWork(table, index.definition.name, index)
    setUpdating(table)
    plane.changed(table.name)
  }, plane.failed)
}

/** Deletes the items of a table that is DELETING. */
export function dropItems(plane: Plane, table: TableState): void {
  const work = plane.items?.dropTable(table.name)
  if (work === undefined) return
  table.working = true
  work.then(() => {
    table.working = false
    if (!table.pending.some(({ kind }) => kind === 'deleted')) plane.tables.delete(table.name)
    plane.changed(table.name)
  }, plane.failed)
}

type Owner = Mutable<IndexSettings>

function applyUpdate(plane: Plane, table: TableState, input: UpdateTableCommandInput): void {
  const { BillingMode: billing, StreamSpecification: stream, TableClass: tableClass } = input
  const owners: Owner[] = [table.settings, ...table.indexes.map(({ definition }) => definition)]
  if (billing !== undefined && billing !== table.settings.billingMode) {
    table.settings.billingMode = billing
    for (const owner of owners) {
      if (billing === 'PROVISIONED') Object.assign(owner, { maxReadUnits: undefined, maxWriteUnits: undefined })
      else {
        Object.assign(owner, { readCapacity: undefined, writeCapacity: undefined })
        raiseWarm(owner, 12_000, 4_000)
      }
    }
    if (billing === 'PAY_PER_REQUEST') table.onDemandSince = plane.now()
  }
  setThroughput(table.settings, input)
  for (const { Update: update } of input.GlobalSecondaryIndexUpdates ?? []) {
    const index = indexOf(table, update?.IndexName)
    if (index !== undefined && update !== undefined) setThroughput(index.definition, update)
  }
  if (stream !== undefined) table.settings.stream = stream.StreamViewType ?? false
  if (tableClass !== undefined) table.settings.tableClass = tableClass
}

function setThroughput(
  owner: Owner,
  {
    ProvisionedThroughput: capacity,
    OnDemandThroughput: caps,
  }: Pick<UpdateTableCommandInput, 'ProvisionedThroughput' | 'OnDemandThroughput'>,
): void {
  if (capacity !== undefined) {
    owner.readCapacity = capacity.ReadCapacityUnits
    owner.writeCapacity = capacity.WriteCapacityUnits
    raiseWarm(owner, capacity.ReadCapacityUnits, capacity.WriteCapacityUnits)
  }
  const cap = (units: number) => (units === -1 ? undefined : units)
  if (caps?.MaxReadRequestUnits !== undefined) owner.maxReadUnits = cap(caps.MaxReadRequestUnits)
  if (caps?.MaxWriteRequestUnits !== undefined) owner.maxWriteUnits = cap(caps.MaxWriteRequestUnits)
}

/** Warm throughput is the highest capacity that there ever was, and never drops. */
function raiseWarm(owner: Owner, read = 0, write = 0): void {
  owner.warmReadUnits = Math.max(owner.warmReadUnits ?? 0, read)
  owner.warmWriteUnits = Math.max(owner.warmWriteUnits ?? 0, write)
}
