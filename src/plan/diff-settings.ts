import type { Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { TableDefinition, TableSettings } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { sameInsights, sameKmsKey, samePolicy, sameRecovery } from './same-value.ts'

/** Settings with a rule of their own here; billing, capacities, caps and warm throughput are diffThroughput's. */
type Field = Exclude<
  keyof TableSettings,
  | 'billingMode'
  | 'readCapacity'
  | 'writeCapacity'
  | 'maxReadUnits'
  | 'maxWriteUnits'
  | 'warmReadUnits'
  | 'warmWriteUnits'
  | 'tags'
>

/** For each setting: whether the live table is as the definition says. What is not known counts as the same. */
type Same = {
  readonly [F in Field]: (to: NonNullable<TableSettings[F]>, live: LiveTable, desired: TableDefinition) => boolean
}

const same: Same = {
  tableClass: (to, { definition }) => to === (definition.tableClass ?? 'STANDARD'),
  encryption: sameEncryption,
  kmsKeyId: (to, { definition }, desired) => {
    if (desired.encryption === 'AWS_OWNED' || desired.encryption === 'AWS_MANAGED') return true
    // A table on AWS's own key has none to compare with: `encryption` says the difference, where it is given.
    const unencrypted = (definition.encryption ?? 'AWS_OWNED') === 'AWS_OWNED'
    return unencrypted ? desired.encryption !== undefined : sameKmsKey(to, definition.kmsKeyId)
  },
  stream: (to, { definition }) => to === (definition.stream ?? false),
  // AWS always reports it.
  deletionProtection: (to, { definition }) => to === (definition.deletionProtection ?? to),
  ttl: (to, live) => !live.read.includes('ttl') || to === (live.definition.ttl ?? false),
  pointInTimeRecovery: (to, live) =>
    !live.read.includes('pointInTimeRecovery') || sameRecovery(to, live.definition.pointInTimeRecovery),
  resourcePolicy: (to, live) => {
    if (!live.read.includes('resourcePolicy')) return true
    const from = live.definition.resourcePolicy ?? false
    return typeof to === 'string' && typeof from === 'string' ? samePolicy(to, from) : to === from
  },
  contributorInsights: (to, live) =>
    !live.read.includes('contributorInsights') || sameInsights(to, live.definition.contributorInsights),
  kinesis: (to, live) => {
    if (!live.read.includes('kinesis')) return true
    const from = live.definition.kinesis ?? false
    if (to === false || from === false) return to === from
    return (
      to.arn === from.arn &&
      (to.precision === undefined || from.precision === undefined || to.precision === from.precision)
    )
  },
}

export function diffSettings(desired: TableDefinition, live: LiveTable): Change[] {
  return (Object.keys(same) as Field[]).flatMap(field => diffSetting(field, desired, live))
}

function diffSetting<F extends Field>(field: F, desired: TableDefinition, live: LiveTable): Change[] {
  const to = desired[field]
  if (to === undefined || to === null || !isGiven(desired, field)) return []
  if (same[field](to, live, desired)) return []
  return [{ kind: 'modify-setting', field, from: live.definition[field], to } as Change]
}

/**
 * DescribeTable shows a key of AWS's and one of the customer's alike (SSEType KMS and an ARN), so a difference
 * between those two is seen only where a key is named.
 */
function sameEncryption(to: NonNullable<TableSettings['encryption']>, { definition }: LiveTable): boolean {
  const from = definition.encryption ?? 'AWS_OWNED'
  return (to === 'AWS_OWNED') === (from === 'AWS_OWNED')
}
