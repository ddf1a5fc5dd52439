import { definitionError } from '../table/definition-error.ts'
import type { TableInput } from '../table/input.ts'
import { isRecord, show } from '../table/untyped.ts'
import { makeTableModel, type TableModel } from './table-model.ts'

/**
 * A table in dynamox's words, with keys in their short forms: `defineTable({ table: 'users', partitionKey: 'pk:S' })`.
 * Rules are checked when it is used, so that the problems of all tables can be told at once.
 * @throws DynamoxError `definition` for what is no object.
 */
export function defineTable(input: TableInput): TableModel {
  const untyped: unknown = input
  if (!isRecord(untyped)) {
    const message = `${show(untyped)} is no table; write { table, partitionKey, ... }`
    throw definitionError('the table', [{ path: 'defineTable', message }])
  }
  return makeTableModel({ input })
}
