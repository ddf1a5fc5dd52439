import { createTableInput } from '../../plan/create-table-input.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { settingNotes, type WriteOptions, type WrittenTemplate } from './written.ts'

/** The fields of settings that CreateTable has no member for. */
export const afterCreation = [
  ...['ttl', 'pointInTimeRecovery', 'kinesis', 'contributorInsights'],
  ...['replicas', 'consistency', 'witness'],
]

/** Inputs of CreateTable as JSON: one file for each table in a folder, else one table or a list. */
export function writeCreateTable(tables: readonly TableDefinition[], { folder }: WriteOptions): WrittenTemplate {
  const inputs = tables.map(table => ({ name: table.name, input: createTableInput(table) }))
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
  const [first] = inputs
  return {
    files:
      folder === true
        ? inputs.map(({ name, input }) => ({ path: `${name}.json`, text: json(input) }))
        : [{ path: 'tables.json', text: json(inputs.length === 1 ? first?.input : inputs.map(({ input }) => input)) }],
    notes: tables.flatMap(table =>
      settingNotes(table, afterCreation, 'is not part of CreateTable').map(note => `${table.name}: ${note}`),
    ),
  }
}
