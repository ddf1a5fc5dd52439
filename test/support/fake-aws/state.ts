import type { Refusal } from '../../../src/apply/ports.ts'
import type { GlobalIndex, TableDefinition } from '../../../src/table/definition.ts'
import type { FollowUpField, IndexStatus, TableStatus } from '../../../src/table/live.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface FakeIndex {
  definition: Mutable<GlobalIndex>
  status: IndexStatus
  backfilling: boolean | undefined
  warmStatus: string | undefined
  decreases: number[]
}

/** A table as the fake keeps it. Times are the virtual clock's. */
export interface FakeTable {
  readonly name: string
  readonly id: string
  readonly arn: string
  readonly createdAt: number
  status: TableStatus
  readyAt: number
  settings: Mutable<TableDefinition>
  indexes: Map<string, FakeIndex>
  encryptionStatus: string | undefined
  warmStatus: string | undefined
  settling: Set<FollowUpField>
  /** A switch to on-demand is under way: a switch back is then accepted and lost. */
  switching: boolean
  decreases: number[]
  classChanges: number[]
  encryptionChanges: number[]
  ttlChangedAt: number | undefined
  protectionChangedAt: number | undefined
  tagsLockedUntil: number
  /** What descriptions show until then, because they lag. */
  stale: { readonly until: number; readonly view: FakeView } | undefined
  staleTags: { readonly until: number; readonly tags: Readonly<Record<string, string>> } | undefined
}

export interface FakeView {
  readonly status: TableStatus
  readonly settings: TableDefinition
  readonly indexes: readonly (readonly [string, FakeIndex])[]
  readonly encryptionStatus: string | undefined
  readonly warmStatus: string | undefined
}

export function viewOf(table: FakeTable): FakeView {
  return {
    status: table.status,
    settings: { ...table.settings },
    indexes: [...table.indexes].map(
      ([name, index]) => [name, { ...index, definition: { ...index.definition } }] as const,
    ),
    encryptionStatus: table.encryptionStatus,
    warmStatus: table.warmStatus,
  }
}

/** An answer that no tool should ever cause: the request breaks one of AWS's rules. */
export function illegal(message: string): Refusal {
  return { kind: 'static', message, cause: new Error(message) }
}

export function inUse(message: string): Refusal {
  return { kind: 'in-use', message: `Attempt to change a resource which is still in use: ${message}` }
}
