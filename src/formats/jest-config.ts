import { isRecord } from '../table/untyped.ts'
import type { Format, TemplateTable } from './format.ts'

/** Configs of jest-dynamodb and jest-dynalite: a list of CreateTable inputs, or a function that returns it. */
export const jestConfig: Format = {
  name: 'jest-config',
  title: 'config of jest-dynamodb or jest-dynalite',
  matches: file => !file.isFolder && /jest-(dynamodb|dynalite)[-.]config\.([cm]?[jt]s|json)$/i.test(file.name),
  async read(file, context) {
    const data = /\.json$/i.test(file.name) ? (await file.document()).data : await context.run(file.path)
    const given = isRecord(data) && Array.isArray(data.tables) ? data.tables : []
    const tables = given.filter(isRecord).map(({ data: items, ...input }, index): TemplateTable => {
      const id = typeof input.TableName === 'string' ? input.TableName : `tables[${index}]`
      return { id, shape: 'create-table', input, items: Array.isArray(items) ? items : [] }
    })
    return { tables, skipped: [], warnings: [] }
  },
}
