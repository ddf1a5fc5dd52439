import type { KeyType } from '../table/definition.ts'
import { isRecord, memberOf } from '../table/untyped.ts'
import { fromDraft, type IndexDraft, keyType, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, textAt } from './read-values.ts'

/** Definitions of `@hexlabs/dynamo-ts` 4, which have no name, and table clients, which have one. */
export const dynamoTs: LibraryAdapter = {
  name: 'dynamo-ts',
  library: {
    title: 'dynamo-ts',
    packages: { '@hexlabs/dynamo-ts': { exports: 'a definition or a TableClient', versions: ['4'] } },
  },
  matches: value => isDefinition(value) || isClient(value),
  replaces: value => (isClient(value) ? [memberOf(value, 'info')] : []),
  toDefinitions: (value, context) => {
    const draft = isClient(value)
      ? readDefinition(memberOf(value, 'info'), textAt(value, 'config', 'tableName'))
      : readDefinition(value, undefined)
    return [fromDraft(draft, dynamoTs, context)]
  },
}

const isDefinition = (value: unknown) =>
  isRecord(value) &&
  isRecord(value.definition) &&
  typeof value.partitionKey === 'string' &&
  Object.hasOwn(value.definition, value.partitionKey)
const isClient = (value: unknown) =>
  isDefinition(memberOf(value, 'info')) && textAt(value, 'config', 'tableName') !== undefined

function readDefinition(table: unknown, name: string | undefined): TableDraft {
  const keys = (holder: unknown, side: 'partitionKey' | 'sortKey') =>
    oneKey(textAt(holder, side), name => typeOf(memberOf(table, 'definition', name)))
  return {
    table: name,
    partitionKey: keys(table, 'partitionKey'),
    sortKey: keys(table, 'sortKey'),
    indexes: entriesAt(table, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: memberOf(index, 'local') === true ? 'local' : 'global',
        partitionKey: keys(index, 'partitionKey'),
        sortKey: keys(index, 'sortKey'),
      }),
    ),
  }
}

/** A question mark at the end of a type marks an optional attribute. */
function typeOf(type: unknown): KeyType | undefined {
  return typeof type === 'string' ? keyType(type.replace(/\?$/, '')) : undefined
}
