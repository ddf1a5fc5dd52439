import type { Change } from '../settings/change.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'

/** All settings outside DescribeTable. */
export const followUps: readonly FollowUpField[] = [
  'ttl',
  'pointInTimeRecovery',
  'tags',
  'resourcePolicy',
  'contributorInsights',
  'kinesis',
]

/**
 * The settings outside DescribeTable that this definition speaks of, and so the ones worth a call of their own.
 * What the target is known to ignore is not asked for.
 */
export function followUpFields(definition: TableDefinition, capabilities?: Capabilities): FollowUpField[] {
  return followUps.filter(
    field =>
      capabilities?.ignores.includes(field) !== true &&
      (definition[field] !== undefined ||
        (field === 'contributorInsights' && definition.globalIndexes.some(index => index[field] !== undefined))),
  )
}

/**
 * Whether a change turns on a setting that CreateTable cannot carry and that is still at AWS's default:
 * what an interrupted create leaves behind, or another creator is about to send.
 */
export function isUnfinishedCreate(change: Change): boolean {
  if (change.kind === 'modify-index-setting') return change.field === 'contributorInsights' && isOff(change.from)
  if (change.kind !== 'modify-setting') return false
  switch (change.field) {
    case 'ttl':
    case 'pointInTimeRecovery':
    case 'contributorInsights':
    case 'kinesis':
      return isOff(change.from)
    default:
      return false
  }
}

const isOff = (value: unknown) => value === undefined || value === false
