import type { DataApi } from '../apply/data-api.ts'
import type { TableDefinition } from '../table/definition.ts'
import { keyOf } from './seed/check-keys.ts'
import { writeItems } from './seed/write-items.ts'

/** Deletes all items of these tables; the tables stay. Throws `not-found`, `throttled`. */
export async function clearTables(api: DataApi, tables: readonly TableDefinition[]): Promise<void> {
  await Promise.all(tables.map(table => clearTable(api, table)))
}

async function clearTable(api: DataApi, definition: TableDefinition): Promise<void> {
  const attributes = [...definition.partitionKey, ...definition.sortKey].map(({ name }) => name)
  for await (const items of api.scan(definition.name, { attributes })) {
    const writes = items.map(item => ({ kind: 'delete', key: keyOf(item, definition) }) as const)
    await writeItems(api, definition.name, writes)
  }
}
