import { billingOf } from '../settings/billing.ts'
import { indexSettingFields, settingFields } from '../settings/catalogue.ts'
import { ownSettings } from '../settings/replica-settings.ts'
import type { Field } from '../settings/setting.ts'
import type { BillingMode, GlobalIndex, IndexSettings, Replica, TableDefinition } from '../table/definition.ts'
import { canonicalJson } from '../table/text.ts'
import { definedOnly, memberOf, type UntypedRecord } from '../table/untyped.ts'

/**
 * The definition of a table created from this one, as AWS reports it: every setting that is left out has its default.
 * Fields in `except` stay as they are.
 */
export function withDefaults(definition: TableDefinition, except: readonly string[] = []): TableDefinition {
  const fill = <Owner extends TableDefinition | GlobalIndex>(owner: Owner, fields: Fields): Owner => {
    const filled = Object.entries(fields).filter(([field]) => !except.includes(field))
    return { ...owner, ...reported(filled, owner, owner, billingOf(definition)) }
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

/** The settings that a replica, or an index of it, has for itself, as AWS reports them. */
function ownDefaults(owner: object | undefined, isIndex: boolean): UntypedRecord {
  const fields = ownSettings.flatMap(setting => Object.entries<Field>(setting.fields))
  const own = fields.filter(([, { ofIndexes }]) => !isIndex || ofIndexes === true)
  return reported(own, owner, {}, 'PAY_PER_REQUEST')
}

/**
 * A live definition without the settings that AWS would give a new table anyway, and without warm throughput, which AWS
 * raises by itself. The billing mode stays.
 */
export function withoutDefaults(live: TableDefinition): TableDefinition {
  const reduce = <Owner extends TableDefinition | GlobalIndex>(owner: Owner, fields: Fields): Owner => {
    const { billingMode: _, ...usual } = reported(Object.entries(fields), {}, owner, billingOf(live))
    const { warmReadUnits, warmWriteUnits } = owner
    return unusual(owner, { ...usual, warmReadUnits, warmWriteUnits })
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
  const indexes = Object.entries(globalIndexes).map(([name, index]) => [name, unusual(index, usual)] as const)
  const used = indexes.filter(([, index]) => Object.keys(index).length > 0)
  return { region, ...unusual(own, usual), ...(used.length === 0 ? {} : { globalIndexes: Object.fromEntries(used) }) }
}

/** The members that differ from the usual ones. */
function unusual<Owner extends object>(owner: Owner, usual: UntypedRecord): Owner {
  const differs = ([field, value]: [string, unknown]) => canonicalJson(value) !== canonicalJson(usual[field])
  return Object.fromEntries(Object.entries(owner).filter(differs)) as Owner
}

type Fields = Readonly<Record<string, Field>>

/** The values of these fields as AWS reports them; `settings` are those that the values depend on. */
function reported(
  fields: readonly (readonly [string, Field])[],
  owner: unknown,
  settings: IndexSettings,
  billing: BillingMode,
): UntypedRecord {
  const values = fields.map(([field, { check, standard, asReported }]) => {
    const value = memberOf(owner, field)
    if (asReported !== undefined) return [field, asReported(value, settings, billing)]
    return [field, value ?? standard ?? (check.complaints(false).length === 0 ? false : undefined)]
  })
  return definedOnly(Object.fromEntries(values))
}
