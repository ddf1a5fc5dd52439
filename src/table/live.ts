import type { FollowUpSettings, TableDefinition } from './definition.ts'

/** Any text, since AWS adds statuses; these are known. */
export type TableStatus =
  | 'CREATING'
  | 'UPDATING'
  | 'DELETING'
  | 'ACTIVE'
  | 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'
  | 'ARCHIVING'
  | 'ARCHIVED'
  | 'REPLICATION_NOT_AUTHORIZED'
  | (string & {})

/** Any text, since AWS adds statuses; these are known. */
export type IndexStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE' | (string & {})

/** Settings that DescribeTable does not report; each needs a separate call, made only when needed. */
export type FollowUpField = keyof FollowUpSettings

/** A table as the target reports it: its definition and its statuses. */
export interface LiveTable {
  /** The table's definition, with the defaults of AWS filled in. */
  readonly definition: TableDefinition
  /** TableStatus. ACTIVE alone does not mean ready: an index may still be built. */
  readonly status: TableStatus
  /** The statuses of global and vector indexes, by name. */
  readonly indexes: Readonly<Record<string, LiveIndex>>
  /** SSEDescription.Status; absent when encryption was never changed. */
  readonly encryptionStatus?: string | undefined
  /** WarmThroughput.Status of the table. */
  readonly warmStatus?: string | undefined
  /** ReplicaStatus and WitnessStatus by region; absent for a table in one region. */
  readonly replicaStatuses?: Readonly<Record<string, string>> | undefined
  /** TableArn; tags and policies are read and set by it. */
  readonly arn?: string | undefined
  /** New for every creation; the only way to detect that a table was deleted and recreated. */
  readonly id?: string | undefined
  /** CreationDateTime. */
  readonly createdAt?: Date | undefined
  /** ItemCount, which AWS updates about every six hours. */
  readonly itemCount?: number | undefined
  /** TableSizeBytes, which AWS updates about every six hours. */
  readonly sizeBytes?: number | undefined
  /** Follow-up fields that were read; a field that is missing here is unknown and never counts as drift. */
  readonly read: readonly FollowUpField[]
  /** Follow-up settings that are still changing (TTL `ENABLING`, insights `ENABLING`, ...). */
  readonly settling: readonly FollowUpField[]
  /** Settings that could not be read, with the reason, one line each (a missing permission names its IAM action). */
  readonly warnings: readonly string[]
}

export interface LiveIndex {
  readonly status: IndexStatus
  readonly backfilling?: boolean | undefined
  readonly warmStatus?: string | undefined
}

/** A live table with nothing under way, for a definition to be compared with. */
export function settledTable(definition: TableDefinition, read: readonly FollowUpField[] = []): LiveTable {
  return { definition, status: 'ACTIVE', indexes: {}, read, settling: [], warnings: [] }
}
