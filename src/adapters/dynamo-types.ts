import type { KeyType } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { isCallable, isHolder, peek, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamo-types', title: 'dynamo-types', versions: '2' }

/** Table classes of dynamo-types and of its successor Dynamorm. */
export const dynamoTypes: Adapter = {
  name: library.adapter,
  matches: value =>
    isCallable(value) &&
    Array.isArray(peek(value, 'metadata', 'attributes')) &&
    isHolder(peek(value, 'metadata', 'primaryKey', 'hash')),
  toDefinitions: (value, context) => [fromDraft(readMetadata(peek(value, 'metadata')), library, context)],
}

function readMetadata(metadata: unknown): TableDraft {
  const primaryKey = peek(metadata, 'primaryKey')
  const expiring = peekList(metadata, 'attributes').find(attribute => peek(attribute, 'timeToLive') === true)
  const ttl = peekText(expiring, 'name')
  return {
    table: peekText(metadata, 'name'),
    partitionKey: readKey(peek(primaryKey, 'hash')),
    sortKey: readKey(peek(primaryKey, 'range')),
    indexes: [
      ...peekList(metadata, 'globalSecondaryIndexes').map(index => readIndex(index, 'global')),
      ...peekList(metadata, 'localSecondaryIndexes').map(index => readIndex(index, 'local')),
    ],
    settings: ttl === undefined ? {} : { ttl },
  }
}

function readIndex(index: unknown, kind: 'global' | 'local'): IndexDraft {
  return {
    name: String(peek(index, 'name')),
    kind,
    partitionKey: readKey(peek(index, 'hash')),
    sortKey: readKey(peek(index, 'range')),
    projection: undefined,
  }
}

function readKey(attribute: unknown): readonly KeyDraft[] {
  const name = peekText(attribute, 'name')
  const type = peek(attribute, 'type')
  const known: KeyType | undefined = type === 'S' || type === 'N' || type === 'B' ? type : undefined
  return name === undefined ? [] : [{ name, type: known }]
}
