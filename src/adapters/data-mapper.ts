import type { KeyType } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import { fromDraft, type IndexDraft, type KeyDraft, keyType, type LibraryAdapter, type TableDraft } from './draft.ts'
import { entriesAt, isCallable, textAt } from './read-values.ts'

const [plain, annotated] = ['a class with a table', 'a class with @table']
const versions = ['0.7']

/** Classes for `@aws/dynamodb-data-mapper` and its community fork, with annotations or without. */
export const dataMapper: LibraryAdapter = {
  name: 'data-mapper',
  library: {
    title: 'The DynamoDB data mapper',
    packages: {
      '@aws/dynamodb-data-mapper': { title: "AWS's data mapper", exports: plain, versions },
      '@aws/dynamodb-data-mapper-annotations': { title: "AWS's data mapper", exports: annotated, versions },
      '@awslabs-community-fork/dynamodb-data-mapper': { title: 'the data mapper', exports: plain, versions },
      '@awslabs-community-fork/dynamodb-data-mapper-annotations': {
        title: 'the data mapper',
        exports: annotated,
        versions,
      },
    },
  },
  matches: value => isCallable(value) && isHolder(marked(value, 'DynamoDbSchema')) && tableOf(value) !== undefined,
  toDefinitions: (value, context) => [fromDraft(readClass(value), dataMapper, context)],
}

const tableOf = (type: unknown) => {
  const name = marked(type, 'DynamoDbTableName')
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** Reads a symbol's value from a class's prototype chain, by description: each copy of the library has its own symbols. */
function marked(type: unknown, description: string): unknown {
  for (let level = memberOf(type, 'prototype'); isHolder(level); level = Object.getPrototypeOf(level)) {
    const symbol = Object.getOwnPropertySymbols(level).find(each => each.description === description)
    if (symbol !== undefined) return memberOf(level, symbol)
  }
  return undefined
}

interface Field {
  readonly key: KeyDraft
  readonly role: unknown
  readonly indexes: ReadonlyMap<string, unknown>
}

function readClass(type: unknown): TableDraft {
  const fields = entriesAt(marked(type, 'DynamoDbSchema')).map(
    ([name, field]): Field => ({
      key: { name: textAt(field, 'attributeName') ?? name, type: typeOf(field) },
      role: memberOf(field, 'keyType'),
      indexes: new Map(entriesAt(field, 'indexKeyConfigurations')),
    }),
  )
  const keys = (role: string) => fields.filter(field => field.role === role).map(({ key }) => key)
  const partitionKey = keys('HASH')
  const names = [...new Set(fields.flatMap(({ indexes }) => [...indexes.keys()]))]
  return {
    table: tableOf(type),
    partitionKey,
    sortKey: keys('RANGE'),
    indexes: names.map((name): IndexDraft => {
      const its = (role: string) => fields.filter(field => field.indexes.get(name) === role).map(({ key }) => key)
      const hash = its('HASH')
      // The class does not tell whether an index is local; that is an argument of the library's createTable.
      const local = hash.length === 0 || hash[0]?.name === partitionKey[0]?.name
      return {
        name,
        kind: local && its('RANGE').length > 0 ? 'local?' : 'global',
        partitionKey: hash,
        sortKey: its('RANGE'),
      }
    }),
  }
}

function typeOf(field: unknown): KeyType | undefined {
  const type = memberOf(field, 'type')
  return keyType(memberOf(field, 'attributeType')) ?? (type === 'Date' ? 'N' : keyType(type))
}
