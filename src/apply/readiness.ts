import type { ErrorCode } from '../errors.ts'
import type { LiveTable } from '../table/live.ts'

const encryptionAtWork = ['ENABLING', 'DISABLING', 'UPDATING']

/**
 * Ready: the table ACTIVE, every index ACTIVE, and encryption, warm throughput and replicas settled.
 * TableStatus alone says ACTIVE while an index is built for minutes.
 */
export function isReady(live: LiveTable): boolean {
  return unsettled(live) === undefined
}

/** The first thing that keeps a table from being ready, in words; `undefined` when it is ready. */
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
    if (status !== 'ACTIVE') return `replica ${region} ${status}`
  }
  return undefined
}

export interface NeverReady {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

/** Why waiting for a table to become ready is in vain, and what to do about it. */
export function neverReady(name: string, live: LiveTable): NeverReady | undefined {
  switch (live.status) {
    case 'DELETING':
      return {
        code: 'not-found',
        message: `${name} is being deleted, and will not become ready`,
        hint: `wait until it is gone (dynamox wait ${name} --for gone), then create it again`,
      }
    case 'INACCESSIBLE_ENCRYPTION_CREDENTIALS':
      return {
        code: 'aws',
        message: `${name} cannot use its KMS key (INACCESSIBLE_ENCRYPTION_CREDENTIALS)`,
        hint: 'enable the key again, or restore its policy, within 7 days: after that the table is archived',
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
        message: `replication of ${name} is not authorised (REPLICATION_NOT_AUTHORIZED)`,
        hint: 'mend the permissions of the accounts that share this global table',
      }
    case 'CREATING':
    case 'UPDATING':
    case 'ACTIVE':
      return undefined
    default:
      return live.status satisfies never
  }
}
