import type { Adapter } from './adapter.ts'
import { createTable } from './create-table.ts'
import { dataMapper } from './data-mapper.ts'
import { ddbSingleTable } from './ddb-single-table.ts'
import { dynamoDocumentBuilder } from './dynamo-document-builder.ts'
import { dynamoEasy } from './dynamo-easy.ts'
import { dynamoTs } from './dynamo-ts.ts'
import { dynamoTypes } from './dynamo-types.ts'
import { dynamodbEntityStore } from './dynamodb-entity-store.ts'
import { dynamodbOnetable } from './dynamodb-onetable.ts'
import { dynamodbToolbox } from './dynamodb-toolbox.ts'
import { dynamodbToolboxLegacy } from './dynamodb-toolbox-legacy.ts'
import { dynamode } from './dynamode.ts'
import { dynamoose } from './dynamoose.ts'
import { dynamooseLegacy } from './dynamoose-legacy.ts'
import { dynamooseSchema } from './dynamoose-schema.ts'
import { dynamox } from './dynamox.ts'
import { dyngoose } from './dyngoose.ts'
import { electrodb } from './electrodb.ts'
import { tableInput } from './table-input.ts'
import { typedorm } from './typedorm.ts'
import { vogels } from './vogels.ts'

/** Every adapter, in the order in which they are asked: what is marked comes before what merely looks like a table. */
export const adapters: readonly Adapter[] = [
  dynamox,
  dynamoose,
  dynamooseLegacy,
  dynamooseSchema,
  electrodb,
  dynamodbOnetable,
  typedorm,
  dynamodbToolbox,
  dynamodbToolboxLegacy,
  dataMapper,
  dynamode,
  dyngoose,
  dynamoTypes,
  dynamoEasy,
  ddbSingleTable,
  dynamoDocumentBuilder,
  vogels,
  createTable,
  tableInput,
  dynamodbEntityStore,
  dynamoTs,
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
