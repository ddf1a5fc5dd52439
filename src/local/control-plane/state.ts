import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { KinesisDestination } from '../../settings/kinesis-destination.ts'
import { searchKeys } from '../../settings/vector-indexes.ts'
import type { GlobalIndex, Replica, TableDefinition, VectorIndex } from '../../table/definition.ts'
import type { FollowUpField, IndexStatus, TableStatus } from '../../table/live.ts'

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A global index of a table. */
export interface IndexState {
  definition: Mutable<GlobalIndex>
  status: IndexStatus
  /** As AWS reports it: false while resources are allocated, true while items are filled in, absent otherwise. */
  backfilling?: boolean | undefined
  /** Whether the item store is still filling it, or deleting its entries. */
  working: boolean
  warmStatus?: string | undefined
  /** When its capacity was lowered: the last time, and before on the same day. */
  decreases: number[]
  increasedAt?: number | undefined
}

export interface VectorState {
  readonly name: string
  readonly definition: VectorIndex
  status: IndexStatus
  backfilling?: boolean | undefined
}

export interface ReplicaState {
  replica: Mutable<Replica>
  status: string
}

/** A resource-based policy. */
export interface Policy {
  readonly text: string
  readonly revision: string
}

/** A Kinesis data stream that receives the table's changes, or did. */
export interface Destination extends KinesisDestination {
  readonly status: 'ENABLING' | 'ACTIVE' | 'UPDATING' | 'DISABLING' | 'DISABLED'
}

/**
 * A table as the control plane keeps it: its settings, its statuses, the work under way and what its quotas depend on.
 * Plain data that survives JSON; times are epoch milliseconds.
 */
export interface TableState {
  readonly name: string
  readonly id: string
  readonly arn: string
  readonly createdAt: number
  status: TableStatus
  /** Whether the item store is still deleting its items. */
  working: boolean
  /** Everything but the global indexes, which are in `indexes`. */
  settings: Mutable<Omit<TableDefinition, 'globalIndexes' | 'assumed'>>
  indexes: IndexState[]
  vectors?: VectorState[] | undefined
  /** The copies in other regions, and the witness of STRONG consistency. */
  replicas?: ReplicaState[]
  /** Work that ends later, the next first. */
  pending: Work[]
  /** Until then, settings that have operations of their own are refused, although the table is ACTIVE. */
  readyAt: number
  encryptionStatus?: string | undefined
  warmStatus?: string | undefined
  /** Settings with operations of their own that are still changing. */
  settling: FollowUpField[]
  /** A switch to on-demand is under way: AWS accepts a switch back and loses it. */
  switching: boolean
  /** The label of the last stream, which AWS reports after the stream was turned off, too. */
  streamLabel?: string | undefined
  onDemandSince?: number | undefined
  decreases: number[]
  increasedAt?: number | undefined
  classChanges: number[]
  encryptionChanges: number[]
  ttlChangedAt?: number | undefined
  protectionChangedAt?: number | undefined
  /** Until then, AWS refuses further changes of tags and reports the old ones. */
  tagsLockedUntil: number
  oldTags?: Readonly<Record<string, string>> | undefined
  /** The first to be enabled comes first. */
  destinations?: readonly Destination[]
  /** When contributor insights were changed, by the name of the index; '' is the table. */
  insightsChangedAt?: Readonly<Record<string, number>>
  /** Changes whenever the resource policy does. */
  policyRevision?: string | undefined
  policyChangedAt?: number | undefined
  /** The policy of the stream with this label. */
  streamPolicy?: (Policy & { readonly label: string }) | undefined
}

/** Work that ends at a moment. */
export type Work = { readonly at: number } & (
  | { readonly kind: 'created' | 'deleted' }
  /** An UpdateTable call takes effect, and the table is ACTIVE again. */
  | { readonly kind: 'updated' | 'encrypted'; readonly change: UpdateTableCommandInput }
  /** Of the table when no index is named. */
  | {
      readonly kind: 'warmed'
      readonly index?: string | undefined
      readonly read?: number | undefined
      readonly write?: number | undefined
    }
  /** Of a global or a vector index. */
  | { readonly kind: 'allocated' | 'built' | 'dropped'; readonly index: string }
  | { readonly kind: 'replicated' | 'replica-changed' | 'replica-dropped'; readonly region: string }
  | { readonly kind: 'settled'; readonly field: FollowUpField }
)

/** A table without work under way. */
export function stateOf(
  table: Pick<TableState, 'id' | 'arn' | 'createdAt' | 'status' | 'settings'>,
  indexes: readonly IndexState['definition'][],
): TableState {
  const { status } = table
  return {
    ...table,
    name: table.settings.name,
    indexes: indexes.map(definition => newIndex(definition, status === 'CREATING' ? 'CREATING' : 'ACTIVE')),
    ...{ working: false, pending: [], readyAt: 0, settling: [], switching: false },
    ...{ decreases: [], classChanges: [], encryptionChanges: [], tagsLockedUntil: 0 },
    onDemandSince: table.settings.billingMode === 'PAY_PER_REQUEST' ? table.createdAt : undefined,
  }
}

/** AWS counts decreases of capacity by the day in UTC. */
export const isSameDay = (at: number, now: number): boolean =>
  new Date(at).toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10)

/** AWS names a stream after its time. */
export const streamLabel = (at: number): string => new Date(at).toISOString().slice(0, -1)

export const newIndex = (definition: IndexState['definition'], status: IndexState['status']): IndexState => ({
  definition,
  status,
  working: false,
  decreases: [],
})

export function indexOf(table: TableState, name: string | undefined): IndexState | undefined {
  return table.indexes.find(({ definition }) => definition.name === name)
}

export function vectorOf({ vectors = [] }: TableState, name: string | undefined): VectorState | undefined {
  return vectors.find(vector => vector.name === name)
}

/** The types of all attributes that keys use, by name. */
export function keyTypes(table: TableDefinition): ReadonlyMap<string, string> {
  const owners = [table, ...table.localIndexes, ...table.globalIndexes, ...searchKeys(table)]
  return new Map(owners.flatMap(owner => [...owner.partitionKey, ...owner.sortKey]).map(key => [key.name, key.type]))
}

/** The definition that the table has. */
export function definitionOf({ settings, indexes, vectors = [] }: TableState): TableDefinition {
  const globalIndexes = indexes.map(({ definition }) => definition)
  const vectorIndexes = Object.fromEntries(vectors.map(({ name, definition }) => [name, definition]))
  return { ...settings, globalIndexes, vectorIndexes, assumed: [] }
}
