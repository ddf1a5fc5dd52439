import { memberOf } from '../table/untyped.ts'
import { fromDraft, type IndexDraft, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, hasMethods, textAt } from './read-values.ts'

/** Tables and entities of dynamo-document-builder 0.8, which knows only the names of keys. */
export const dynamoDocumentBuilder: LibraryAdapter = {
  name: 'dynamo-document-builder',
  library: {
    title: 'dynamo-document-builder',
    packages: { 'dynamo-document-builder': { exports: 'a DynamoTable or an entity', versions: ['0.8'] } },
  },
  matches: value => isTable(value) || isEntity(value),
  members: value => (isEntity(value) ? [['table', memberOf(value, 'table')]] : []),
  toDefinitions: (value, context) =>
    isTable(value) ? [fromDraft(readTable(value), dynamoDocumentBuilder, context)] : [],
}

const isTable = (value: unknown) =>
  textAt(value, 'tableName') !== undefined && textAt(value, 'partitionKeyName') !== undefined
const isEntity = (value: unknown) => hasMethods(value, 'buildPrimaryKey', 'send') && isTable(memberOf(value, 'table'))

function readTable(table: unknown): TableDraft {
  const indexes = (member: string, kind: IndexDraft['kind']) =>
    entriesAt(table, member).map(
      ([name, index]): IndexDraft => ({
        name,
        kind,
        partitionKey: oneKey(textAt(index, 'partitionKey')),
        sortKey: oneKey(textAt(index, 'sortKey')),
      }),
    )
  return {
    table: textAt(table, 'tableName'),
    partitionKey: oneKey(textAt(table, 'partitionKeyName')),
    sortKey: oneKey(textAt(table, 'sortKeyName')),
    indexes: [...indexes('globalSecondaryIndexKeyNames', 'global'), ...indexes('localSecondaryIndexKeyNames', 'local')],
  }
}
