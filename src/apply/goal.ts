import { DynamoxError, type ErrorCode } from '../errors.ts'
import { isCarriedOut, isRecreated } from '../plan/carried-out.ts'
import type { Step, TableRequest } from '../settings/step.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'

/** The goal of a wait. */
export type Goal =
  /** The table is ready and shows the change of `request`; a description may be older than the request. */
  | { readonly kind: 'ready'; readonly request?: TableRequest | undefined }
  /** The table is not found, or was replaced by a table with a different id. */
  | { readonly kind: 'gone'; readonly id?: string | undefined }
  /** The index that `step` drops is no longer listed, or another process has already created the new one. */
  | { readonly kind: 'index-gone'; readonly index: string; readonly step: Step }
  | { readonly kind: 'setting'; readonly field: FollowUpField; readonly request?: TableRequest | undefined }
  /** Any other condition on a description. */
  | { readonly kind: 'holds'; readonly holds: (live: LiveTable | undefined) => boolean }

export interface Circumstances {
  readonly name: string
  /** How long the wait has lasted, in milliseconds. */
  readonly ageMs: number
  /** For how long the table has not been found; 0 when it was found. */
  readonly missingMs: number
  /** Whether a table that is not found may still be created (`wait`), or must have been deleted (`fail`). */
  readonly missing: 'wait' | 'fail'
}

/** DescribeTable is eventually consistent: right after a creation it may not find the table yet. */
const notFoundToleranceMs = 5_000
/** How long a settled description may show the old values before it counts as current. */
const staleToleranceMs = 10_000

/** Whether the goal is reached or pending, or the error when it can never be reached. */
export function judge(
  goal: Goal,
  live: LiveTable | undefined,
  at: Circumstances,
): 'reached' | 'pending' | DynamoxError {
  if (goal.kind === 'holds') return goal.holds(live) ? 'reached' : 'pending'
  if (goal.kind === 'gone') return judgeGone(goal.id, live)
  if (live === undefined)
    return at.missing === 'wait' || at.missingMs < notFoundToleranceMs ? 'pending' : vanished(at.name)
  const never = neverReady(at.name, live)
  if (never !== undefined) return new DynamoxError(never.code, never.message, { hint: never.hint, table: at.name })
  switch (goal.kind) {
    case 'ready':
      return (
        brokenBy(goal.request, live, at.name) ??
        (isReady(live) && isCurrent(goal.request, live, at) ? 'reached' : 'pending')
      )
    case 'index-gone':
      return isReady(live) && (live.indexes[goal.index] === undefined || isRecreated(goal.step, live))
        ? 'reached'
        : 'pending'
    case 'setting':
      return !live.settling.includes(goal.field) && isCurrent(goal.request, live, at) ? 'reached' : 'pending'
  }
}

/** The error for a replica that the request creates and that failed. */
function brokenBy(request: TableRequest | undefined, live: LiveTable, name: string): DynamoxError | undefined {
  const updates = request?.api === 'UpdateTable' ? (request.input.ReplicaUpdates ?? []) : []
  for (const { Create } of updates) {
    const status = live.replicaStatuses?.[Create?.RegionName ?? '']
    if (status === undefined || !brokenReplica.includes(status)) continue
    return new DynamoxError('aws', `${name}: the replica in ${Create?.RegionName} is ${status}`, {
      hint: 'correct the cause in that region (AWS Health and CloudTrail show it), then run the same command again',
      table: name,
    })
  }
  return undefined
}

function judgeGone(id: string | undefined, live: LiveTable | undefined) {
  if (live === undefined) return 'reached'
  return id !== undefined && live.id !== undefined && live.id !== id ? 'reached' : 'pending'
}

function isCurrent(request: TableRequest | undefined, live: LiveTable, { ageMs }: Circumstances): boolean {
  return request === undefined || ageMs > staleToleranceMs || isCarriedOut(request, live)
}

function vanished(name: string): DynamoxError {
  return new DynamoxError('not-found', `${name} no longer exists: it was deleted in the meantime`, {
    hint: 'find out what deleted it, then run the command again',
    table: name,
  })
}

/** A replica in one of these states stays there until its cause is removed; the table and its other replicas work. */
const brokenReplica = [
  ...['CREATION_FAILED', 'REGION_DISABLED', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'REPLICATION_NOT_AUTHORIZED'],
  'ARCHIVED',
]

const encryptionAtWork = ['ENABLING', 'DISABLING', 'UPDATING']

/**
 * Ready: the table ACTIVE, every index ACTIVE, and encryption, warm throughput and replicas settled.
 * TableStatus alone is ACTIVE while an index is built for minutes.
 */
export function isReady(live: LiveTable): boolean {
  return unsettled(live) === undefined
}

/** The first reason why a table is not ready, for messages; `undefined` when it is ready. */
export function unsettled(live: LiveTable): string | undefined {
  if (live.status !== 'ACTIVE') return live.status
  for (const [name, index] of Object.entries(live.indexes)) {
    if (index.status !== 'ACTIVE')
      return `index ${name} ${index.status}${index.backfilling === true ? ', backfilling' : ''}`
    if (index.backfilling === true) return `index ${name} backfilling`
    if (index.warmStatus === 'UPDATING') return `warm throughput of index ${name} UPDATING`
  }
  if (live.encryptionStatus !== undefined && encryptionAtWork.includes(live.encryptionStatus)) {
    return `encryption ${live.encryptionStatus}`
  }
  if (live.warmStatus === 'UPDATING') return 'warm throughput UPDATING'
  for (const [region, status] of Object.entries(live.replicaStatuses ?? {})) {
    if (!brokenReplica.includes(status) && status !== 'ACTIVE') return `replica ${region} ${status}`
  }
  return undefined
}

export interface NeverReady {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

/** Why a table can never become ready, and what to do about it; `undefined` when it can. */
export function neverReady(name: string, live: LiveTable): NeverReady | undefined {
  switch (live.status) {
    case 'DELETING':
      return {
        code: 'not-found',
        message: `${name} is being deleted and cannot become ready`,
        hint: `dynamox wait ${name} --for gone waits until it is gone; create it again after that`,
      }
    case 'INACCESSIBLE_ENCRYPTION_CREDENTIALS':
      return {
        code: 'aws',
        message: `${name} cannot use its KMS key (INACCESSIBLE_ENCRYPTION_CREDENTIALS)`,
        hint: 'enable the key again, or restore its policy, within 7 days; after that AWS archives the table',
      }
    case 'ARCHIVING':
    case 'ARCHIVED':
      return {
        code: 'aws',
        message: `${name} was archived because its KMS key was out of reach for 7 days (${live.status})`,
        hint: 'restore the table from the backup that AWS made of it, then delete this one',
      }
    case 'REPLICATION_NOT_AUTHORIZED':
      return {
        code: 'access-denied',
        message: `replication of ${name} is not authorized (REPLICATION_NOT_AUTHORIZED)`,
        hint: 'correct the permissions of the accounts that share this global table',
      }
    default:
      // Wait on unknown statuses: AWS may add new ones, and most statuses are temporary.
      return undefined
  }
}
