import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition, TableSettings } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'
import { memberOf } from '../table/untyped.ts'
import { billing } from './billing.ts'
import { contributorInsights } from './contributor-insights.ts'
import { deletionProtection } from './deletion-protection.ts'
import { encryption } from './encryption.ts'
import { globalTable } from './global-table.ts'
import { kinesisDestination } from './kinesis-destination.ts'
import { onDemandCaps } from './on-demand-caps.ts'
import { pointInTimeRecovery } from './point-in-time-recovery.ts'
import { resourcePolicy } from './resource-policy.ts'
import type { Field, Setting } from './setting.ts'
import { stream } from './stream.ts'
import { tableClass } from './table-class.ts'
import { tags } from './tags.ts'
import { timeToLive } from './time-to-live.ts'
import { vectorIndexes } from './vector-indexes.ts'
import { warmThroughput } from './warm-throughput.ts'

/**
 * Every setting, in the order of steps and of output. Settings that take seconds come first, so that an interrupted
 * plan has little left.
 */
const all = [
  billing,
  onDemandCaps,
  stream,
  tableClass,
  timeToLive,
  pointInTimeRecovery,
  tags,
  resourcePolicy,
  kinesisDestination,
  contributorInsights,
  encryption,
  vectorIndexes,
  globalTable,
  warmThroughput,
  deletionProtection,
] as const

export const settings: readonly Setting[] = all

/** The name of a field of a setting: `billingMode`, `ttl`. */
export type SettingField = FieldsOf<(typeof all)[number]>

type FieldsOf<S> = S extends Setting<infer Name> ? Name : never

type Missing = Exclude<keyof TableSettings, SettingField>

/** Every field of a setting. It does not compile if a field of `TableSettings` belongs to no setting in the list. */
export const settingFields: [Missing] extends [never] ? Readonly<Record<keyof TableSettings, Field>> : never =
  Object.assign({}, ...settings.map(({ fields }) => fields))

/** The fields that global indexes also have. */
export const indexSettingFields: Readonly<Record<string, Field>> = Object.fromEntries(
  Object.entries<Field>(settingFields).filter(([, field]) => field.ofIndexes === true),
)

/** All settings that DescribeTable does not report. */
export const followUps: readonly FollowUpField[] = settings.flatMap(({ followUp }) => followUp?.field ?? [])

/**
 * The settings outside DescribeTable that this definition sets, and which are therefore read with extra calls. Settings
 * that the target ignores are not read.
 */
export function followUpFields(definition: TableDefinition, capabilities?: Capabilities): FollowUpField[] {
  const owners = [definition, ...definition.globalIndexes]
  return followUps.filter(
    field =>
      capabilities?.ignores.includes(field) !== true && owners.some(owner => memberOf(owner, field) !== undefined),
  )
}
