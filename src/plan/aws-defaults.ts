import { billingOf } from '../settings/billing.ts'
import { indexSettingFields, settingFields } from '../settings/catalogue.ts'
import type { Field } from '../settings/setting.ts'
import type { BillingMode, GlobalIndex, TableDefinition } from '../table/definition.ts'
import { canonicalJson } from '../table/text.ts'
import { memberOf } from '../table/untyped.ts'

/**
 * The definition of a table created from this one, as AWS reports it: every setting that is left out has its default.
 * Fields in `except` stay as they are.
 */
export function withDefaults(definition: TableDefinition, except: readonly string[] = []): TableDefinition {
  const billing = billingOf(definition)
  const fill = <Owner extends TableDefinition | GlobalIndex>(owner: Owner, fields: Fields): Owner => {
    const values = Object.entries<Field>(fields).flatMap(([field, spec]) => {
      const value = except.includes(field)
        ? memberOf(owner, field)
        : reported(spec, memberOf(owner, field), owner, billing)
      return value === undefined ? [] : [[field, value]]
    })
    return { ...owner, ...Object.fromEntries(values) }
  }
  return {
    ...fill(definition, settingFields),
    globalIndexes: definition.globalIndexes.map(index => fill(index, indexSettingFields)),
  }
}

/**
 * A live definition without the settings that AWS would give a new table anyway, and without warm throughput, which AWS
 * raises by itself. The billing mode stays.
 */
export function withoutDefaults(live: TableDefinition): TableDefinition {
  const billing = billingOf(live)
  const reduce = <Owner extends TableDefinition | GlobalIndex>(owner: Owner, fields: Fields): Owner => {
    const dropped = Object.entries<Field>(fields).flatMap(([field, spec]) => {
      const usual = reported(spec, undefined, owner, billing)
      const isUsual = canonicalJson(memberOf(owner, field)) === canonicalJson(usual)
      return field !== 'billingMode' && (isUsual || field.startsWith('warm')) ? [field] : []
    })
    return Object.fromEntries(Object.entries(owner).filter(([field]) => !dropped.includes(field))) as Owner
  }
  return {
    ...reduce(live, settingFields),
    globalIndexes: live.globalIndexes.map(index => reduce(index, indexSettingFields)),
  }
}

type Fields = Readonly<Record<string, Field>>

function reported(
  { check, standard, asReported }: Field,
  value: unknown,
  owner: TableDefinition | GlobalIndex,
  billing: BillingMode,
): unknown {
  if (asReported !== undefined) return asReported(value, owner, billing)
  return value ?? standard ?? (check.complaints(false).length === 0 ? false : undefined)
}
