import type { Adapter } from './adapter.ts'
import { createTable } from './create-table.ts'
import { dynamodbOnetable } from './dynamodb-onetable.ts'
import { dynamodbToolbox } from './dynamodb-toolbox.ts'
import { dynamoose } from './dynamoose.ts'
import { dynamox } from './dynamox.ts'
import { electrodb } from './electrodb.ts'
import { tableInput } from './table-input.ts'
import { typedorm } from './typedorm.ts'

/** Every adapter, in the order in which they are asked: what is marked comes before what merely looks like a table. */
export const adapters: readonly Adapter[] = [
  dynamox,
  dynamoose,
  electrodb,
  dynamodbOnetable,
  typedorm,
  dynamodbToolbox,
  createTable,
  tableInput,
]

/** The adapter that understands a value, or `undefined`. Never throws, whatever the value does when it is looked at. */
export function findAdapter(value: unknown): Adapter | undefined {
  return answersToAnything(value) ? undefined : adapters.find(adapter => matches(adapter, value))
}

// A proxy that has every property (a mock, an infrastructure binding) would look like whatever is asked for first.
function answersToAnything(value: unknown): boolean {
  try {
    return Object(value) === value && Reflect.get(value as object, Symbol('nobody has this')) !== undefined
  } catch {
    return false
  }
}

/** Whether the library behind an adapter tries to reach DynamoDB while its models are merely loaded. */
export function connectsByItself(name: string): boolean {
  return adapters.some(adapter => adapter.name === name && adapter.connects === true)
}

/** Why a value that belongs to some library gives no table; `undefined` when nothing is known about it. Never throws. */
export function explainValue(value: unknown): string | undefined {
  for (const adapter of adapters) {
    try {
      const why = adapter.explain?.(value)
      if (why !== undefined) return why
    } catch {}
  }
  return undefined
}

function matches(adapter: Adapter, value: unknown): boolean {
  try {
    return adapter.matches(value)
  } catch {
    return false
  }
}
