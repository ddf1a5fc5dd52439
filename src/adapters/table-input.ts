import { otherNames, tableFields } from '../settings/fields.ts'
import { didYouMean } from '../table/did-you-mean.ts'
import type { SourcedTable } from '../table/input.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import type { Adapter } from './adapter.ts'
import { plainData } from './plain-data.ts'
import { labelOf, sourceOf } from './source.ts'

/** A plain object in dynamox's own words, as JSON and YAML files and untyped scripts write it: `{ table, partitionKey, ... }`. */
export const tableInput: Adapter = {
  name: 'table-input',
  matches: value => isRecord(value) && isPlain(value) && looksLikeTable(value),
  toDefinitions(value, context) {
    const label = labelOf(isRecord(value) ? value.table : undefined, context)
    return [
      {
        input: plainData(value, label) as SourcedTable['input'],
        source: sourceOf('table-input', context),
        assumed: [],
      },
    ]
  },
  explain: value =>
    isRecord(value) && isPlain(value) && isNameless(value) ? 'is a table without a name; add table: <name>' : undefined,
}

/** Whether an object that is no table has the look of one but for its name; an index has a projection. */
export function isNameless(value: UntypedRecord): boolean {
  const fields = Object.keys(value)
  return fields.includes('partitionKey') && !fields.includes('table') && !fields.includes('projection')
}

// Misspelt fields are for the reader to name; one field that is known tells a table from another thing with a `table`.
function looksLikeTable(value: UntypedRecord): boolean {
  // Its own: loaders wrap a module so that it answers for its default export, and would hide the other exports.
  const fields = Object.keys(value)
  if (fields.includes('table')) return typeof value.table === 'string' && fields.some(isKnown)
  return fields.includes('partitionKey') && fields.some(field => isNamed(field) && typeof value[field] === 'string')
}

const known: ReadonlySet<string> = new Set(
  tableFields.filter(field => field !== 'table').map(field => field.toLowerCase()),
)

// Of the many misspellings only those of the one field that every table has: what is near `sortKey` may be `sortBy`.
function isKnown(field: string): boolean {
  const plain = field.replace(/[_-]/g, '').toLowerCase()
  return known.has(plain) || dynamoWords.includes(plain) || didYouMean(field, ['partitionKey']) !== undefined
}

// What only tables of DynamoDB have.
const dynamoWords: readonly string[] = Object.keys(otherNames)
  .map(name => name.replace(/_/g, '').toLowerCase())
  .filter(name => /^(hash|range)key$|^(global|local)secondaryindexes$/.test(name))

/** Whether a field seems to hold the table's name. Not `name`: an index in other words has a name and a key as well. */
function isNamed(field: string): boolean {
  return /^table_?name$/i.test(field) || didYouMean(field, ['table']) !== undefined
}

// A literal of any realm; an instance of some library's class may have the same fields and mean something else.
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
