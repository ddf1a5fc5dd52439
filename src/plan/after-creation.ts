import { settings } from '../settings/catalogue.ts'
import { type Change, indexSettingChange, isOff, settingChange } from '../settings/change.ts'
import type { Field } from '../settings/setting.ts'
import type { TableDefinition } from '../table/definition.ts'
import { memberOf } from '../table/untyped.ts'

/** The fields of settings that CreateTable cannot carry. */
const sentAfterCreation: readonly (readonly [field: string, Field])[] = settings.flatMap(setting =>
  setting.followUp !== undefined && setting.createMembers === undefined ? Object.entries<Field>(setting.fields) : [],
)

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
