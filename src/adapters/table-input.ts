import { tableFields } from '../table/fields.ts'
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
}

// Misspelt fields are for the reader to name; one field that is known tells a table from another thing with a `table`.
function looksLikeTable(value: UntypedRecord): boolean {
  // Its own: loaders wrap a module so that it answers for its default export, and would hide the other exports.
  if (!Object.hasOwn(value, 'table') || typeof value.table !== 'string') return false
  const known = new Set(tableFields.map(field => field.toLowerCase()))
  return Object.keys(value).some(field => field !== 'table' && known.has(field.replace(/[_-]/g, '').toLowerCase()))
}

// A literal of any realm; an instance of some library's class may have the same fields and mean something else.
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
