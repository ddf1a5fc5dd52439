import { isGiven } from '../table/definition.ts'
import { canonicalJson } from '../table/text.ts'
import { memberOf } from '../table/untyped.ts'
import { type Change, indexSettingChange, settingChange } from './change.ts'
import type { CompareOptions, Field, Setting, Sides } from './setting.ts'

/** Whether a field's live value matches the wanted one. */
export function isSameValue(
  { isSame, standard = false }: Field,
  wanted: unknown,
  live: unknown,
  sides: Sides,
): boolean {
  return isSame === undefined ? wanted === (live ?? standard) : isSame(wanted, live, sides)
}

/** The differences in one setting: its own comparison, else each field by `isSameValue`. */
export function compareSetting(setting: Setting, sides: Sides, options: CompareOptions): readonly Change[] {
  if (setting.compare !== undefined) return setting.compare(sides, options)
  const { fields, followUp } = setting
  const { desired, live, indexes } = sides
  if (followUp !== undefined && !live.read.includes(followUp.field)) return []
  return Object.entries<Field>(fields).flatMap(([field, spec]) => {
    const same = (wanted: unknown, current: unknown) =>
      options.exact === true
        ? canonicalJson(wanted) === canonicalJson(current)
        : isSameValue(spec, wanted, current, sides)
    const differs = (wanted: unknown, current: unknown, path: string) =>
      wanted !== undefined && wanted !== null && isGiven(desired, path) && !same(wanted, current)
    const [from, to] = [memberOf(live.definition, field), memberOf(desired, field)]
    return [
      ...(differs(to, from, field) ? [settingChange(field, from, to)] : []),
      ...(spec.ofIndexes === true ? indexes : []).flatMap(({ desired: index, live: current }) => {
        const [before, after] = [memberOf(current, field), memberOf(index, field)]
        const isOther = differs(after, before, `globalIndexes.${index.name}.${field}`)
        return isOther ? [indexSettingChange(index.name, field, before, after)] : []
      }),
    ]
  })
}
