import { otherNames, tableFields } from '../settings/fields.ts'
import { didYouMean } from '../table/did-you-mean.ts'
import { type BrandedTable, type SourcedTable, tableBrand } from '../table/input.ts'
import { isHolder, isPlainObject, isRecord, memberOf, type UntypedRecord } from '../table/untyped.ts'
import { type Adapter, type AdapterContext, labelOf, plainData, sourceOf } from './adapter.ts'

/** Tables of `defineTable` and `defineModel`, from any copy of dynamox. */
export const dynamox: Adapter = {
  name: 'dynamox',
  matches: value => branded(value) !== undefined,
  toDefinitions(value, context) {
    const { input, warnings = [] } = branded(value) ?? {}
    return [{ ...readInput('dynamox', input, context), ...(warnings.length === 0 ? {} : { warnings }) }]
  },
}

/** A plain object in dynamox's own words, as JSON and YAML files and untyped scripts write it: `{ table, partitionKey, ... }`. */
export const tableInput: Adapter = {
  name: 'table-input',
  // An instance of a library's class may have the same fields with another meaning.
  matches: value => isPlainObject(value) && looksLikeTable(value),
  toDefinitions: (value, context) => [readInput('table-input', value, context)],
  explain: value =>
    isPlainObject(value) && isNameless(value) ? 'is a table without a name; add table: <name>' : undefined,
}

function readInput(adapter: string, input: unknown, context: AdapterContext): SourcedTable {
  const label = labelOf(memberOf(input, 'table'), context)
  const plain = plainData(input, label) as SourcedTable['input']
  // A name that is given as undefined comes from a variable that is not set; the message says so.
  const isUnset = isRecord(input) && Object.hasOwn(input, 'table') && input.table === undefined
  return { input: isUnset ? { ...plain, table: undefined } : plain, source: sourceOf(adapter, context), assumed: [] }
}

// Another copy of dynamox may have another version, and JavaScript does not check types.
type Branded = Partial<BrandedTable>

function branded(value: unknown): Branded | undefined {
  // Only its own brand: module wrappers of loaders inherit the brand of the default export, and would hide other exports.
  if (!isHolder(value) || !Object.hasOwn(value, tableBrand)) return undefined
  const data: unknown = Reflect.get(value, tableBrand)
  // A proxy that answers to every name has no `input` of its own.
  return isRecord(data) && Object.hasOwn(data, 'input') && isRecord(data.input) ? (data as Branded) : undefined
}

/** Whether an object would be a table if it had a name. An object with a projection is an index. */
export function isNameless(value: UntypedRecord): boolean {
  const fields = Object.keys(value)
  return fields.includes('partitionKey') && !fields.includes('table') && !fields.includes('projection')
}

// One known field tells a table from another object with a `table`. Misspelt fields are reported by the check of the input.
function looksLikeTable(value: UntypedRecord): boolean {
  // Only its own fields, for the same reason as the brand.
  const fields = Object.keys(value)
  if (fields.includes('table')) return isNameLike(value.table, fields) && fields.some(isKnown)
  return fields.includes('partitionKey') && fields.some(field => isNamed(field) && typeof value[field] === 'string')
}

/** Text, or a value that was meant as a name: a number or a list in YAML, a function of CloudFormation. */
function isNameLike(name: unknown, fields: readonly string[]): boolean {
  if (typeof name === 'string') return true
  if (!fields.includes('partitionKey')) return false
  return !isRecord(name) || Object.keys(name).every(key => /^(Fn::|Ref$)/.test(key))
}

const known: ReadonlySet<string> = new Set(
  tableFields.filter(field => field !== 'table').map(field => field.toLowerCase()),
)

// Of misspellings only those of `partitionKey`, which every table has. Words near `sortKey` may be `sortBy`.
function isKnown(field: string): boolean {
  const plain = field.replace(/[_-]/g, '').toLowerCase()
  return known.has(plain) || dynamoWords.includes(plain) || didYouMean(field, ['partitionKey']) !== undefined
}

// Fields that only tables of DynamoDB have.
const dynamoWords: readonly string[] = Object.keys(otherNames)
  .map(name => name.replace(/_/g, '').toLowerCase())
  .filter(name => /^(hash|range)key$|^(global|local)secondaryindexes$/.test(name))

/** Whether a field seems to hold the table's name. `name` does not count: an index has a name and a key as well. */
function isNamed(field: string): boolean {
  return /^table_?name$/i.test(field) || didYouMean(field, ['table']) !== undefined
}
