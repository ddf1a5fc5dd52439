import type { Change } from '../settings/change.ts'
import type { Step } from '../settings/step.ts'
import { billing } from './steps/billing.ts'
import type { Context, Phase } from './steps/context.ts'
import { contributorInsights, contributorInsightsOfNewIndexes } from './steps/contributor-insights.ts'
import { deletionProtection } from './steps/deletion-protection.ts'
import { encryption } from './steps/encryption.ts'
import { addIndexes, dropIndexes } from './steps/indexes.ts'
import { kinesis } from './steps/kinesis.ts'
import { onDemandCaps } from './steps/on-demand-caps.ts'
import { pointInTimeRecovery } from './steps/point-in-time-recovery.ts'
import { resourcePolicy } from './steps/resource-policy.ts'
import { stream } from './steps/stream.ts'
import { tableClass } from './steps/table-class.ts'
import { tags } from './steps/tags.ts'
import { timeToLive, timeToLiveAgain } from './steps/time-to-live.ts'
import { warmThroughput } from './steps/warm-throughput.ts'

/**
 * The phases of an update, in the order that AWS's rules ask for. Indexes go before billing, since a switch to
 * provisioned wants a capacity for every live index; what takes minutes (index builds, warm throughput) comes after
 * what takes seconds, so that a plan that is stopped or not waited for has little left, and builds come first, so that
 * an index that was dropped to be made anew is not away for longer than must be; protection is last.
 */
const phases = {
  'drop-indexes': dropIndexes,
  billing,
  'on-demand-caps': onDemandCaps,
  stream,
  'table-class': tableClass,
  'time-to-live': timeToLive,
  'point-in-time-recovery': pointInTimeRecovery,
  tags,
  'resource-policy': resourcePolicy,
  kinesis,
  'contributor-insights': contributorInsights,
  encryption,
  'add-indexes': addIndexes,
  'insights-of-new-indexes': contributorInsightsOfNewIndexes,
  'warm-throughput': warmThroughput,
  'time-to-live-again': timeToLiveAgain,
  'deletion-protection': deletionProtection,
} satisfies Record<string, Phase>

type PhaseName = keyof typeof phases

/** The steps for `changes`, phase by phase. */
export function stepsFor(changes: readonly Change[], context: Context): Step[] {
  return (Object.keys(phases) as PhaseName[]).flatMap(name => {
    const own = changes.filter(change => phasesOf(change).includes(name))
    return own.length === 0 ? [] : phases[name](own, context)
  })
}

/** Which phases carry a change out; none for what cannot be changed in place. A Change that is missing here does not compile. */
export function phasesOf(change: Change): readonly PhaseName[] {
  switch (change.kind) {
    case 'modify-key':
    case 'add-local-index':
    case 'drop-local-index':
    case 'replace-local-index':
      return []
    case 'modify-setting':
      return settingPhases[change.field]
    case 'modify-capacity':
      return ['billing']
    case 'modify-index-setting':
      return settingPhases[change.field]
    case 'modify-tags':
      return ['tags']
    case 'drop-index':
      return ['drop-indexes']
    case 'add-index':
      return ['add-indexes', 'insights-of-new-indexes']
    case 'replace-index':
      return ['drop-indexes', 'add-indexes', 'insights-of-new-indexes']
    default:
      return change satisfies never
  }
}

const settingPhases: Readonly<Record<Extract<Change, { kind: 'modify-setting' }>['field'], readonly PhaseName[]>> = {
  billingMode: ['billing'],
  maxReadUnits: ['on-demand-caps'],
  maxWriteUnits: ['on-demand-caps'],
  warmReadUnits: ['warm-throughput'],
  warmWriteUnits: ['warm-throughput'],
  tableClass: ['table-class'],
  encryption: ['encryption'],
  kmsKeyId: ['encryption'],
  stream: ['stream'],
  ttl: ['time-to-live', 'time-to-live-again'],
  pointInTimeRecovery: ['point-in-time-recovery'],
  deletionProtection: ['deletion-protection'],
  resourcePolicy: ['resource-policy'],
  contributorInsights: ['contributor-insights'],
  kinesis: ['kinesis'],
}
