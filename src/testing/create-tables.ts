import { systemClock } from '../apply/clock.ts'
import { createTable } from '../apply/create-table.ts'
import type { TableApi } from '../apply/ports.ts'
import { createWaiter } from '../apply/waiter.ts'
import { DynamoxError } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'

/** Creates the tables side by side, by the engine of `dynamox create`, and waits until all are ready. */
export async function createTables(api: TableApi, definitions: readonly TableDefinition[]): Promise<void> {
  const waiter = createWaiter(api, systemClock)
  const outcomes = await Promise.all(definitions.map(definition => createTable(definition, api, { waiter })))
  for (const { name, action, error } of outcomes) {
    if (error !== undefined) throw error
    if (action === 'different') {
      throw new DynamoxError('conflict', `the table ${name} is there and differs from its definition`, {
        table: name,
        hint: 'dynamox local --reset starts with an empty store; dynamox plan --local shows the differences',
      })
    }
  }
}
