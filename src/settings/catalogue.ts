import type { TableSettings } from '../table/definition.ts'
import { billing } from './billing.ts'
import { contributorInsights } from './contributor-insights.ts'
import { deletionProtection } from './deletion-protection.ts'
import { encryption } from './encryption.ts'
import { kinesis } from './kinesis.ts'
import { onDemandCaps } from './on-demand-caps.ts'
import { pointInTimeRecovery } from './point-in-time-recovery.ts'
import { replicas } from './replicas.ts'
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
  kinesis,
  contributorInsights,
  encryption,
  vectorIndexes,
  replicas,
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
