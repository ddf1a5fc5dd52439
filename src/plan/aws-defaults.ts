import { billingOf } from '../settings/billing.ts'
import { indexSettingFields, settingFields } from '../settings/catalogue.ts'
import { ownSettings } from '../settings/replica-settings.ts'
import type { Field } from '../settings/setting.ts'
import type { BillingMode, GlobalIndex, IndexSettings, Replica, TableDefinition } from '../table/definition.ts'
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
  const filled = fill(definition, settingFields)
  return {
    ...filled,
    ...(filled.replicas === undefined
      ? {}
      : { replicas: filled.replicas.map(replica => withOwnDefaults(replica, definition)) }),
    globalIndexes: definition.globalIndexes.map(index => fill(index, indexSettingFields)),
  }
}

/** A replica with what it has for itself: DynamoDB copies none of these settings from the table. */
function withOwnDefaults(replica: Replica, { globalIndexes }: TableDefinition): Replica {
  const fill = (owner: object | undefined, isIndex: boolean) => ({ ...owner, ...ownDefaults(owner, isIndex) })
  const indexes = globalIndexes.map(({ name }) => [name, fill(replica.globalIndexes?.[name], true)])
  return {
    ...replica,
    ...fill(replica, false),
    ...(indexes.length === 0 ? {} : { globalIndexes: Object.fromEntries(indexes) }),
  }
}

/** What AWS reports of the settings that a replica, or an index of it, has for itself. */
function ownDefaults(owner: object | undefined, isIndex: boolean): object {
  const fields = ownSettings.flatMap(setting => Object.entries<Field>(setting.fields))
  const own = fields.filter(([, { ofIndexes }]) => !isIndex || ofIndexes === true)
  return Object.fromEntries(
    own.map(([field, spec]) => [field, reported(spec, memberOf(owner, field), {}, 'PAY_PER_REQUEST')]),
  )
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
  const reduced = reduce(live, settingFields)
  return {
    ...reduced,
    ...(reduced.replicas === undefined ? {} : { replicas: reduced.replicas.map(withoutOwnDefaults) }),
    globalIndexes: live.globalIndexes.map(index => reduce(index, indexSettingFields)),
  }
}

function withoutOwnDefaults({ region, globalIndexes = {}, ...own }: Replica): Replica {
  const usual = ownDefaults({}, false)
  const reduce = (owner: object) =>
    Object.fromEntries(
      Object.entries(owner).filter(([field, value]) => canonicalJson(value) !== canonicalJson(memberOf(usual, field))),
    )
  const indexes = Object.entries(globalIndexes).map(([name, index]) => [name, reduce(index)] as const)
  const used = indexes.filter(([, index]) => Object.keys(index).length > 0)
  return { region, ...reduce(own), ...(used.length === 0 ? {} : { globalIndexes: Object.fromEntries(used) }) }
}

type Fields = Readonly<Record<string, Field>>

function reported(
  { check, standard, asReported }: Field,
  value: unknown,
  owner: IndexSettings,
  billing: BillingMode,
): unknown {
  if (asReported !== undefined) return asReported(value, owner, billing)
  return value ?? standard ?? (check.complaints(false).length === 0 ? false : undefined)
}
