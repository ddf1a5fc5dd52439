import { type AdapterContext, notUnderstood } from './adapter.ts'
import { draftFromRequest, fromDraft, type LibraryAdapter } from './draft.ts'
import { hasMethods, invoke, isCallable } from './read-values.ts'

/** Models of vogels 2 and of its successor, the package `dynamodb` 1. */
export const vogels: LibraryAdapter = {
  name: 'vogels',
  library: {
    title: 'vogels',
    packages: {
      vogels: { exports: 'a model', versions: ['2'] },
      dynamodb: { title: 'dynamodb', exports: 'a model', versions: ['1'] },
    },
  },
  matches: value =>
    isCallable(value) && hasMethods(value, 'createTable', 'describeTable', 'parallelScan', 'tableName', 'config'),
  toDefinitions: (value, context) => {
    const { indexes, ...draft } = draftFromRequest(requestOf(value, context))
    // Capacity is an argument of the library's createTable; the one in this request is from the call below.
    const unmetered = indexes.map(({ throughput: _, ...index }) => index)
    return [fromDraft({ ...draft, indexes: unmetered, settings: {} }, vogels, context)]
  },
}

/** A model does not expose its table, but sends the request to a client that records it. */
function requestOf(model: unknown, context: AdapterContext): unknown {
  let request: unknown
  const createTable = (input: unknown) => {
    request = input
  }
  invoke(model, 'config', { docClient: { config: {}, createTable, service: { createTable } } })
  invoke(model, 'createTable', { readCapacity: 1, writeCapacity: 1 }, () => undefined)
  if (request === undefined) throw notUnderstood(vogels.library, context)
  return request
}
