import { asRecord, recordsOf } from '../../table/untyped.ts'
import type { Format, TemplateTable } from './format.ts'
import { missingReason } from './missing-value.ts'
import { nameTable, stackOf } from './name-table.ts'

/** Configs of jest-dynamodb and jest-dynalite: a list of CreateTable inputs, or a function that returns it. */
export const jestConfig: Format = {
  name: 'jest-config',
  title: 'config of jest-dynamodb or jest-dynalite',
  matches: file => !file.isFolder && /jest-(dynamodb|dynalite)[-.]config\.([cm]?[jt]s|json)$/i.test(file.name),
  async read(file, context) {
    const data = /\.json$/i.test(file.name) ? (await file.document()).data : await context.run(file.path)
    const tables = recordsOf(asRecord(data).tables).map(({ data: items, ...input }, index): TemplateTable => {
      const { TableName: own } = input
      const name = typeof own === 'string' && own !== '' && !own.includes('${') ? own : undefined
      const id = name ?? `tables[${index}]`
      const named = nameTable({
        id,
        name,
        why: missingReason(own) ?? 'its TableName has no value',
        stack: name === undefined ? stackOf(file.shown) : undefined,
        inputs: context.inputs,
        file: file.shown,
      })
      return {
        id,
        shape: 'create-table',
        input: { ...input, TableName: named.name },
        items: Array.isArray(items) ? items : [],
        warnings: named.warnings,
      }
    })
    return { tables }
  },
}
