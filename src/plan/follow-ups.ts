import { settings } from '../settings/catalogue.ts'
import { type Change, indexSettingChange, settingChange } from '../settings/change.ts'
import type { Field } from '../settings/setting.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'
import { memberOf } from '../table/untyped.ts'

/** All settings that DescribeTable does not report. */
export const followUps: readonly FollowUpField[] = settings.flatMap(({ followUp }) => followUp?.field ?? [])

/** The fields of settings that CreateTable cannot carry. */
const sentAfterCreation: readonly (readonly [field: string, Field])[] = settings.flatMap(setting =>
  setting.followUp !== undefined && setting.createMembers === undefined ? Object.entries<Field>(setting.fields) : [],
)

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

/** The settings that a new table still lacks after CreateTable, as changes from AWS's defaults. */
export function changesAfterCreation(desired: TableDefinition): Change[] {
  const others = settings.flatMap(setting => setting.afterCreation?.(desired) ?? [])
  const ofFields = sentAfterCreation.flatMap(([field, { ofIndexes }]) => {
    const own = memberOf(desired, field)
    return [
      ...(isOff(own) ? [] : [settingChange(field, false, own)]),
      ...(ofIndexes === true ? desired.globalIndexes : []).flatMap(index => {
        const value = memberOf(index, field)
        return isOff(value) ? [] : [indexSettingChange(index.name, field, false, value)]
      }),
    ]
  })
  return [...ofFields, ...others]
}

/**
 * Whether a change turns on a setting that CreateTable cannot carry and that is still at AWS's default. Such a setting
 * was lost by an interrupted creation, or another process is about to send it.
 */
export function isUnfinishedCreate(change: Change): boolean {
  if (change.kind === 'add-replica') return true
  if (change.kind === 'modify-replica') return isUnfinishedCreate(change.change)
  if (change.kind !== 'modify-setting' && change.kind !== 'modify-index-setting') return false
  return sentAfterCreation.some(([field]) => field === change.field) && isOff(change.from)
}

/** Whether a value is AWS's default for an optional setting. */
export const isOff = (value: unknown) => value === undefined || value === false
