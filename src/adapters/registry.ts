import type { Adapter } from './adapter.ts'
import { createTable } from './create-table.ts'
import { dynamox } from './dynamox.ts'
import { tableInput } from './table-input.ts'

/** Every adapter, in the order in which they are asked: what is marked comes before what merely looks like a table. */
export const adapters: readonly Adapter[] = [dynamox, createTable, tableInput]

/** The adapter that understands a value, or `undefined`. Never throws, whatever the value does when it is looked at. */
export function findAdapter(value: unknown): Adapter | undefined {
  return adapters.find(adapter => matches(adapter, value))
}

function matches(adapter: Adapter, value: unknown): boolean {
  try {
    return adapter.matches(value)
  } catch {
    return false
  }
}
