import { createTableInput } from '../../plan/create-table-input.ts'
import { settingFields } from '../../settings/catalogue.ts'
import type { Field } from '../../settings/setting.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { memberOf } from '../../table/untyped.ts'
import { jsonText, valueText, type WriteOptions, type WrittenTemplate } from './written.ts'

/** The fields of settings that CreateTable has no member for. */
export const afterCreation = [
  ...['ttl', 'pointInTimeRecovery', 'kinesis', 'contributorInsights'],
  ...['replicas', 'consistency', 'witness'],
]

/** Inputs of CreateTable as JSON: one file for each table in a folder, else one table or a list. */
export function writeCreateTable(tables: readonly TableDefinition[], { folder }: WriteOptions): WrittenTemplate {
  const inputs = tables.map(table => ({ name: table.name, input: createTableInput(table) }))
  const [first] = inputs
  return {
    files:
      folder === true
        ? inputs.map(({ name, input }) => ({ path: `${name}.json`, text: jsonText(input) }))
        : [
            {
              path: 'tables.json',
              text: jsonText(inputs.length === 1 ? first?.input : inputs.map(({ input }) => input)),
            },
          ],
    notes: tables.flatMap(notesOf),
  }
}

/** A sentence for each setting that the table or one of its indexes turns on after its creation. */
function notesOf(table: TableDefinition): readonly string[] {
  const fields = Object.entries<Field>(settingFields).filter(([field]) => afterCreation.includes(field))
  return fields.flatMap(([name, field]) =>
    [table, ...table.globalIndexes].flatMap(owner => {
      const value = memberOf(owner, name)
      if (value === undefined || value === false) return []
      const index = owner === table ? '' : `index ${owner.name}: `
      return [`${table.name}: ${index}${field.label} (${valueText(field, value)}) is not part of CreateTable`]
    }),
  )
}
