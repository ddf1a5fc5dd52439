import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { hasMethods, peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamo-document-builder', title: 'dynamo-document-builder', versions: '0.8' }

/** Tables and entities of dynamo-document-builder, which knows the names of keys alone. */
export const dynamoDocumentBuilder: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || isEntity(value),
  members: value => (isEntity(value) ? [['table', peek(value, 'table')]] : []),
  toDefinitions: (value, context) => (isTable(value) ? [fromDraft(readTable(value), library, context)] : []),
}

const isTable = (value: unknown) =>
  peekText(value, 'tableName') !== undefined && peekText(value, 'partitionKeyName') !== undefined
const isEntity = (value: unknown) => hasMethods(value, 'buildPrimaryKey', 'send') && isTable(peek(value, 'table'))

function readTable(table: unknown): TableDraft {
  const indexes = (member: string, kind: IndexDraft['kind']) =>
    peekEntries(table, member).map(
      ([name, index]): IndexDraft => ({
        name,
        kind,
        partitionKey: oneKey(peekText(index, 'partitionKey'), undefined),
        sortKey: oneKey(peekText(index, 'sortKey'), undefined),
        projection: undefined,
      }),
    )
  return {
    table: peekText(table, 'tableName'),
    partitionKey: oneKey(peekText(table, 'partitionKeyName'), undefined),
    sortKey: oneKey(peekText(table, 'sortKeyName'), undefined),
    indexes: [...indexes('globalSecondaryIndexKeyNames', 'global'), ...indexes('localSecondaryIndexKeyNames', 'local')],
  }
}
