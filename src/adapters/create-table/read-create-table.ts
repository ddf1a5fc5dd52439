import type { Problem } from '../../errors.ts'
import type { Assumption } from '../../table/definition.ts'
import { suggestion } from '../../table/did-you-mean.ts'
import type { SourcedTable } from '../../table/input.ts'
import { at } from '../../table/path.ts'
import { isRecord, listed, type UntypedRecord } from '../../table/untyped.ts'
import { readGlobalIndexes, readLocalIndexes } from './indexes.ts'
import { type Keys, type KeyTypes, type Report, readAttributeDefinitions, readKeySchema } from './key-schema.ts'
import { settingsOf } from './settings.ts'
import { definedOnly, unitsOf } from './units.ts'

export interface ReadCreateTable {
  readonly input: SourcedTable['input']
  readonly assumed: readonly Assumption[]
  readonly problems: readonly Problem[]
}

/**
 * A CreateTable input in dynamox's words. What the definition cannot even express is refused here, as AWS would:
 * definitions that no key uses, keys that are not defined, a PROVISIONED table (also by silence) without capacity.
 * @param label stands before every problem's path.
 */
export function readCreateTable(raw: UntypedRecord, label: string): ReadCreateTable {
  const problems: Problem[] = []
  const report: Report = (where, message, rule) =>
    problems.push({ path: at(label, where), message, ...(rule === undefined ? {} : { rule }) })
  const types = readAttributeDefinitions(raw.AttributeDefinitions, report)
  const keys = readKeySchema(raw.KeySchema, 'KeySchema', 'table', types, report)
  const billingMode = readBilling(raw, report)
  const global = readGlobalIndexes(raw.GlobalSecondaryIndexes, types, billingMode, report)
  const local = readLocalIndexes(raw.LocalSecondaryIndexes, types, keys, report)
  const searched = searchAttributes(raw.VectorIndexes)
  refuseUnused(types, [keys, ...global.keys, ...local.keys], searched, report)
  const input = definedOnly({
    table: raw.TableName,
    partitionKey: keys.partitionKey,
    sortKey: keys.sortKey.length === 0 ? undefined : keys.sortKey,
    globalIndexes: raw.GlobalSecondaryIndexes === undefined ? undefined : global.byName,
    localIndexes: raw.LocalSecondaryIndexes === undefined ? undefined : local.byName,
    billingMode,
    ...unitsOf(raw, '', report),
    ...settingsOf(raw, report),
    extra: extraOf(raw, types, searched, report),
  })
  return { input, assumed: [], problems }
}

// AWS: no BillingMode means PROVISIONED, and that needs a capacity.
function readBilling(raw: UntypedRecord, report: Report): unknown {
  const { BillingMode: given, ProvisionedThroughput: units } = raw
  if ((given ?? 'PROVISIONED') === 'PROVISIONED' && units === undefined) {
    const why = given === undefined ? 'no BillingMode means PROVISIONED' : 'BillingMode is PROVISIONED'
    report('ProvisionedThroughput', `it is missing, and ${why}; add it, or BillingMode: "PAY_PER_REQUEST"`, 'T1')
  }
  return given ?? 'PROVISIONED'
}

/** Attributes that vector indexes search by: they must be defined although no key uses them. */
function searchAttributes(indexes: unknown): ReadonlySet<string> {
  const schemas = Array.isArray(indexes) ? indexes.map(index => (isRecord(index) ? index.SearchSchema : undefined)) : []
  const elements = schemas.flatMap(schema => (Array.isArray(schema) ? schema : []))
  const names = elements.map(element => (isRecord(element) ? element.AttributeName : undefined))
  return new Set(names.filter(name => typeof name === 'string'))
}

function refuseUnused(
  types: KeyTypes | undefined,
  keys: readonly Keys[],
  searched: ReadonlySet<string>,
  report: Report,
): void {
  const used = new Set(keys.flatMap(({ partitionKey, sortKey }) => [...partitionKey, ...sortKey].map(key => key.name)))
  const unused = [...(types?.keys() ?? [])].filter(name => !used.has(name) && !searched.has(name))
  if (unused.length === 0) return
  const what = unused.length === 1 ? 'is defined and no key uses it' : 'are defined and no key uses them'
  const message = `${listed(unused, 'and')} ${what}; AttributeDefinitions takes key attributes only`
  report('AttributeDefinitions', message, keys.length > 1 ? 'K9' : 'K8')
}

const known = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'WarmThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'StreamSpecification',
  'SSESpecification',
  'TableClass',
  'DeletionProtectionEnabled',
  'Tags',
  'ResourcePolicy',
  'TimeToLiveSpecification',
  'PointInTimeRecoverySpecification',
]

/** Members that have no field of their own are kept for the request; what is a slip of the pen is refused. */
function extraOf(
  raw: UntypedRecord,
  types: KeyTypes | undefined,
  searched: ReadonlySet<string>,
  report: Report,
): UntypedRecord | undefined {
  const extra: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(raw)) {
    // `data` are rows that a test set-up puts into the table.
    if (known.includes(member) || member === 'data') continue
    const meant = suggestion(member, known)
    if (meant !== '' || !/^[A-Z]/.test(member)) report(member, `CreateTable has no member "${member}"${meant}`)
    else extra[member] = value
  }
  const definitions = [...(types ?? [])].filter(([name]) => searched.has(name))
  if (definitions.length > 0) {
    extra.AttributeDefinitions = definitions.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
  }
  return Object.keys(extra).length === 0 ? undefined : extra
}
