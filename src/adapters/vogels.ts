import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type Library } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { notUnderstood } from './not-understood.ts'
import { hasMethods, invoke, isCallable } from './peek.ts'

const library: Library = { adapter: 'vogels', title: 'vogels', versions: 'vogels 2, dynamodb 1' }

/** Models of vogels 2 and of its successor, the package `dynamodb` 1. */
export const vogels: Adapter = {
  name: library.adapter,
  matches: value =>
    isCallable(value) && hasMethods(value, 'createTable', 'describeTable', 'parallelScan', 'tableName', 'config'),
  toDefinitions: (value, context) => {
    const { indexes, ...draft } = draftFromRequest(requestOf(value, context))
    // Capacity is an argument of its own createTable; what stands here is what it was asked with.
    const unmetered = indexes.map(({ throughput: _, ...index }) => index)
    return [fromDraft({ ...draft, indexes: unmetered, settings: {} }, library, context)]
  },
}

/** A model keeps its table to itself; it shows it to the client that it is told to create it with. */
function requestOf(model: unknown, context: AdapterContext): unknown {
  let request: unknown
  const createTable = (input: unknown) => {
    request = input
  }
  invoke(model, 'config', { docClient: { config: {}, createTable, service: { createTable } } })
  invoke(model, 'createTable', { readCapacity: 1, writeCapacity: 1 }, () => undefined)
  if (request === undefined) throw notUnderstood(library, context)
  return request
}
