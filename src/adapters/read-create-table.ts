import type { Problem } from '../errors.ts'
import {
  type AwsShape,
  anything,
  awsText,
  checkShape,
  listOf,
  type Report,
  readProjectionMember,
  structure,
} from '../settings/aws-shape.ts'
import { settings } from '../settings/catalogue.ts'
import { attributesOf, type KeyAttribute, type KeyType, type TableKey } from '../table/definition.ts'
import type { SourcedTable } from '../table/input.ts'
import { isKeyType, keyTypes } from '../table/parse-key.ts'
import { at } from '../table/problems.ts'
import {
  asRecord,
  definedOnly,
  isRecord,
  listed,
  memberOf,
  recordsOf,
  show,
  type UntypedRecord,
} from '../table/untyped.ts'

const keySchema = listOf(structure({ AttributeName: awsText, KeyType: awsText }))
const projection = structure({ ProjectionType: awsText, NonKeyAttributes: listOf(awsText) })
const settingsOf = (part: 'members' | 'indexMembers'): Readonly<Record<string, AwsShape>> =>
  Object.assign({}, ...settings.map(({ aws }) => aws?.[part]))

/** Members that a setting reads. */
const settingMembers = settingsOf('members')

/** Members of CreateTable that have no field; they are added to the request unchanged. */
const passedOn: Readonly<Record<string, AwsShape>> = {
  GlobalTableSourceArn: awsText,
  GlobalTableSettingsReplicationMode: awsText,
}

/** A CreateTable input, with the members that CloudFormation and test set-ups add to it. */
export const createTableShape = structure({
  TableName: awsText,
  AttributeDefinitions: listOf(structure({ AttributeName: awsText, AttributeType: awsText })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: listOf(
    structure({ IndexName: awsText, KeySchema: keySchema, Projection: projection, ...settingsOf('indexMembers') }),
  ),
  LocalSecondaryIndexes: listOf(structure({ IndexName: awsText, KeySchema: keySchema, Projection: projection })),
  ...passedOn,
  ...settingMembers,
  extra: anything,
  // Rows of a test set-up.
  data: anything,
})

export interface ReadCreateTable {
  readonly input: SourcedTable['input']
  readonly problems: readonly Problem[]
}

/**
 * Turns a CreateTable input into a table input. Refuses unknown members, and everything that a definition cannot express:
 * attribute definitions that no key uses, keys without a definition, a PROVISIONED table without capacity.
 * @param label precedes the path of every problem.
 */
export function readCreateTable(given: UntypedRecord, label: string): ReadCreateTable {
  const problems: Problem[] = []
  const add: Report = (where, message, rule) =>
    problems.push({ path: at(label, where), message, ...(rule === undefined ? {} : { rule }) })
  const { value, faulty } = checkShape(given, createTableShape, '', add)
  const raw = asRecord(value)
  // Further problems of a part with the wrong shape would only follow from that.
  const report: Report = (where, message, rule) => {
    if (!faulty.some(place => where === place || where.startsWith(`${place}.`) || where.startsWith(`${place}[`)))
      add(where, message, rule)
  }

  const types = readAttributeDefinitions(raw.AttributeDefinitions, report)
  const keys = readKeySchema(raw.KeySchema, 'KeySchema', false, types, report)
  const billingMode = readBilling(raw, report)
  const global = readIndexes(
    raw.GlobalSecondaryIndexes,
    'GlobalSecondaryIndexes',
    types,
    report,
    (index, key, where) => {
      if (billingMode === 'PROVISIONED' && index.ProvisionedThroughput === undefined)
        report(
          `${where}.ProvisionedThroughput`,
          'is missing; a PROVISIONED table needs it for every global index',
          'T4',
        )
      const sortKey = key.sortKey.length === 0 ? undefined : key.sortKey
      return definedOnly({ partitionKey: key.partitionKey, sortKey, ...readSettings(index, `${where}.`, report) })
    },
  )
  const own = keys.partitionKey[0]?.name
  const local = readIndexes(raw.LocalSecondaryIndexes, 'LocalSecondaryIndexes', types, report, (_, key, where) => {
    const hash = key.partitionKey[0]?.name
    if (hash !== undefined && own !== undefined && hash !== own)
      report(`${where}.KeySchema`, `the HASH key must be the table's, "${own}", found "${hash}"`, 'L2')
    return { sortKey: key.sortKey }
  })
  const searched = searchAttributes(raw.VectorIndexes)
  // A key that could not be read may use any of them.
  if (problems.length === 0) refuseUnused(types, [keys, ...global.keys, ...local.keys], searched, report)
  const input = definedOnly<UntypedRecord>({
    table: raw.TableName,
    partitionKey: keys.partitionKey,
    sortKey: keys.sortKey.length === 0 ? undefined : keys.sortKey,
    globalIndexes: raw.GlobalSecondaryIndexes === undefined ? undefined : global.byName,
    localIndexes: raw.LocalSecondaryIndexes === undefined ? undefined : local.byName,
    ...readSettings(raw, '', report),
    extra: extraOf(raw),
  })
  return { input, problems }
}

function readSettings(raw: UntypedRecord, parent: string, report: Report): UntypedRecord {
  return definedOnly(Object.assign({}, ...settings.map(({ aws }) => aws?.read(raw, parent, report))))
}

type KeyTypes = ReadonlyMap<string, KeyType>

/** The types of all defined attributes; `undefined` without a list. An attribute of an invalid type counts as a string from here on. */
function readAttributeDefinitions(value: unknown, report: Report): KeyTypes | undefined {
  const where = 'AttributeDefinitions'
  if (!Array.isArray(value)) {
    report(where, 'is missing; list every key attribute with its type: { AttributeName, AttributeType }', 'K6')
    return undefined
  }
  const types = new Map<string, KeyType>()
  for (const [index, entry] of value.entries()) {
    const { AttributeName: name, AttributeType: type } = asRecord(entry)
    const place = `${where}[${index}]`
    if (typeof name !== 'string') report(`${place}.AttributeName`, 'is missing', 'K11')
    else if (types.has(name)) report(place, `"${name}" is defined twice; keep one`, 'K10')
    else {
      if (!isKeyType(type)) report(`${place}.AttributeType`, `"${name}" has the type ${show(type)}; ${keyTypes}`, 'K11')
      types.set(name, isKeyType(type) ? type : 'S')
    }
  }
  return types
}

/** The key that a KeySchema names, with the types of its attributes. */
function readKeySchema(
  value: unknown,
  where: string,
  isGlobal: boolean,
  types: KeyTypes | undefined,
  report: Report,
): TableKey {
  const partitionKey: KeyAttribute[] = []
  const sortKey: KeyAttribute[] = []
  if (!Array.isArray(value) || value.length === 0) {
    report(where, 'names no key; start with { AttributeName, KeyType: "HASH" }', 'K1')
    return { partitionKey, sortKey }
  }
  for (const [index, entry] of value.entries()) {
    const { AttributeName: name, KeyType: role } = asRecord(entry)
    const place = `${where}[${index}]`
    if (typeof name !== 'string') report(`${place}.AttributeName`, 'is missing', 'K11')
    else if (role !== 'HASH' && role !== 'RANGE')
      report(`${place}.KeyType`, `must be HASH or RANGE, not ${show(role)}`, 'K11')
    else {
      if (index === 0 && role !== 'HASH') report(place, 'the first attribute of a key must be HASH', 'K3')
      else if (!isGlobal && index === 1 && role !== 'RANGE')
        report(place, 'the second attribute of a key must be RANGE', 'K4')
      else if (isGlobal && role === 'HASH' && sortKey.length > 0)
        report(place, 'HASH attributes must come before RANGE attributes', 'G5')
      if (types !== undefined && !types.has(name))
        report(place, `"${name}" is not in AttributeDefinitions; add it there`, 'K7')
      const keys = role === 'HASH' ? partitionKey : sortKey
      keys.push({ name, type: types?.get(name) ?? 'S' })
    }
  }
  return { partitionKey, sortKey }
}

// AWS: a table without BillingMode is PROVISIONED, and needs a capacity.
function readBilling(raw: UntypedRecord, report: Report): unknown {
  const { BillingMode: given, ProvisionedThroughput: units } = raw
  if ((given ?? 'PROVISIONED') === 'PROVISIONED' && units === undefined) {
    const why = given === undefined ? 'without BillingMode a table is PROVISIONED' : 'BillingMode is PROVISIONED'
    report('ProvisionedThroughput', `is missing, and ${why}; add it, or BillingMode: "PAY_PER_REQUEST"`, 'T1')
  }
  return given ?? 'PROVISIONED'
}

/** The indexes of one list as index inputs, by name, and the keys of each. */
interface ReadIndexes {
  readonly byName: UntypedRecord
  readonly keys: readonly TableKey[]
}

/** `convert` gives what is special to an index of this list, from its key. */
function readIndexes(
  value: unknown,
  field: 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes',
  types: KeyTypes | undefined,
  report: Report,
  convert: (index: UntypedRecord, key: TableKey, where: string) => UntypedRecord,
): ReadIndexes {
  const byName = new Map<string, UntypedRecord>()
  const keys: TableKey[] = []
  if (!Array.isArray(value)) return { byName: {}, keys }
  if (value.length === 0) report(field, 'is an empty list, which AWS refuses; leave it out', 'G1')
  for (const [position, index] of value.entries()) {
    const name = isRecord(index) ? index.IndexName : undefined
    if (!isRecord(index) || typeof name !== 'string') {
      report(`${field}[${position}].IndexName`, 'is missing', 'N4')
      continue
    }
    const where = `${field}.${name}`
    if (byName.has(name)) report(where, 'another index has the same name', 'G3')
    const its = readKeySchema(index.KeySchema, `${where}.KeySchema`, field === 'GlobalSecondaryIndexes', types, report)
    keys.push(its)
    byName.set(name, {
      ...convert(index, its, where),
      ...readProjectionMember(index.Projection, `${where}.Projection`, report),
    })
  }
  return { byName: Object.fromEntries(byName), keys }
}

/** The attributes of vector indexes, which may be defined although no key uses them, as far as this check goes. */
function searchAttributes(indexes: unknown): ReadonlySet<unknown> {
  const each = recordsOf(indexes)
  const elements = each.flatMap(({ SearchSchema }) => recordsOf(SearchSchema))
  return new Set([...elements, ...each.map(index => index.VectorAttribute)].map(one => memberOf(one, 'AttributeName')))
}

function refuseUnused(
  types: KeyTypes | undefined,
  keys: readonly TableKey[],
  searched: ReadonlySet<unknown>,
  report: Report,
): void {
  const used = new Set(keys.flatMap(key => attributesOf(key).map(({ name }) => name)))
  const unused = [...(types?.keys() ?? [])].filter(name => !used.has(name) && !searched.has(name))
  if (unused.length === 0) return
  const what = unused.length === 1 ? 'is not used by any key' : 'are not used by any key'
  const message = `${listed(unused, 'and')} ${what}; AttributeDefinitions takes key attributes only`
  report('AttributeDefinitions', message, keys.length > 1 ? 'K9' : 'K8')
}

/** The definition's `extra`, and the members that are passed on. */
function extraOf(raw: UntypedRecord): unknown {
  // The check of the field refuses anything else.
  if (raw.extra !== undefined && !isRecord(raw.extra)) return raw.extra
  const isPassedOn = (member: string) => Object.hasOwn(passedOn, member) && !Object.hasOwn(settingMembers, member)
  const passed = Object.fromEntries(Object.entries(raw).filter(([member]) => isPassedOn(member)))
  const extra = { ...passed, ...raw.extra }
  return raw.extra === undefined && Object.keys(extra).length === 0 ? undefined : extra
}
