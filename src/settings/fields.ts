import { isRecord, listed } from '../table/untyped.ts'
import { indexSettingFields, settingFields, settings } from './catalogue.ts'
import { type FieldCheck, mustBe, wrong } from './checks.ts'

/** Every field of a table input, in display order. */
export const tableFields: readonly string[] = [
  'table',
  'partitionKey',
  'sortKey',
  'globalIndexes',
  'localIndexes',
  ...Object.keys(settingFields),
  'extra',
]

/** The fields of a layer: all fields of a table except its name. */
export const layerFields: readonly string[] = tableFields.filter(field => field !== 'table')

/** Every field of a global index. */
export const globalIndexFields: readonly string[] = [
  'partitionKey',
  'sortKey',
  'projection',
  ...Object.keys(indexSettingFields),
]

/** Every field of a local index. */
export const localIndexFields: readonly string[] = ['sortKey', 'projection']

/** Names that other tools use for these fields, too different for spelling suggestions. */
export const otherNames: Readonly<Record<string, string>> = {
  name: 'table',
  tableName: 'table',
  hashKey: 'partitionKey',
  pk: 'partitionKey',
  rangeKey: 'sortKey',
  sk: 'sortKey',
  gsi: 'globalIndexes',
  index: 'globalIndexes',
  indexes: 'globalIndexes',
  indices: 'globalIndexes',
  secondaryIndexes: 'globalIndexes',
  globalSecondaryIndexes: 'globalIndexes',
  lsi: 'localIndexes',
  localSecondaryIndexes: 'localIndexes',
  include: 'projection',
  nonKeyAttributes: 'projection',
  ...Object.fromEntries(
    Object.entries(settingFields).flatMap(([field, { otherNames: others = [] }]) => others.map(name => [name, field])),
  ),
}

/** Members for the CreateTable request, by their AWS names; members that have a dynamox field are refused. */
export const extraMembers: FieldCheck = {
  wanted: 'a map of CreateTable members',
  schema: { type: 'object' },
  complaints(value) {
    if (!isRecord(value)) return mustBe(extraMembers.wanted, value)
    return Object.keys(value).flatMap(member => {
      const fields = fieldsOfMember.get(member)
      return fields === undefined
        ? []
        : wrong(`${member} cannot be set as extra; use ${listed(fields, 'or')}`, `.${member}`)
    })
  },
}

/** Members of a CreateTable-shaped input, each with the dynamox fields that replace it. */
const fieldsOfMember: ReadonlyMap<string, readonly string[]> = new Map([
  ['TableName', ['table']],
  ['KeySchema', ['partitionKey', 'sortKey']],
  ['GlobalSecondaryIndexes', ['globalIndexes']],
  ['LocalSecondaryIndexes', ['localIndexes']],
  ...settings.flatMap(({ fields, aws }) =>
    Object.keys(aws?.members ?? {}).map((member): [string, string[]] => [member, Object.keys(fields)]),
  ),
])
