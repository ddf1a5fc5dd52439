import { isHolder, memberOf } from '../table/untyped.ts'
import {
  fromDraft,
  type IndexDraft,
  type KeyDraft,
  keyType,
  type LibraryAdapter,
  oneKey,
  type TableDraft,
} from './draft.ts'
import { isCallable, listAt, textAt } from './read-values.ts'

/** Table classes of dynamo-types 2 and of its successor Dynamorm 2. */
export const dynamoTypes: LibraryAdapter = {
  name: 'dynamo-types',
  library: {
    title: 'dynamo-types',
    packages: {
      'dynamo-types': { exports: 'a table class', versions: ['2'] },
      '@serverless-seoul/dynamorm': { title: 'Dynamorm', exports: 'a table class', versions: ['2'] },
    },
  },
  matches: value =>
    isCallable(value) &&
    Array.isArray(memberOf(value, 'metadata', 'attributes')) &&
    isHolder(memberOf(value, 'metadata', 'primaryKey', 'hash')),
  toDefinitions: (value, context) => [fromDraft(readMetadata(memberOf(value, 'metadata')), dynamoTypes, context)],
}

function readMetadata(metadata: unknown): TableDraft {
  const primaryKey = memberOf(metadata, 'primaryKey')
  const expiring = listAt(metadata, 'attributes').find(attribute => memberOf(attribute, 'timeToLive') === true)
  const ttl = textAt(expiring, 'name')
  return {
    table: textAt(metadata, 'name'),
    partitionKey: readKey(memberOf(primaryKey, 'hash')),
    sortKey: readKey(memberOf(primaryKey, 'range')),
    indexes: [
      ...listAt(metadata, 'globalSecondaryIndexes').map(index => readIndex(index, 'global')),
      ...listAt(metadata, 'localSecondaryIndexes').map(index => readIndex(index, 'local')),
    ],
    settings: ttl === undefined ? {} : { ttl },
  }
}

function readIndex(index: unknown, kind: 'global' | 'local'): IndexDraft {
  return {
    name: String(memberOf(index, 'name')),
    kind,
    partitionKey: readKey(memberOf(index, 'hash')),
    sortKey: readKey(memberOf(index, 'range')),
  }
}

function readKey(attribute: unknown): readonly KeyDraft[] {
  return oneKey(textAt(attribute, 'name'), () => keyType(memberOf(attribute, 'type')))
}
