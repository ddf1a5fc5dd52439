import type { KeyType } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { isCallable, isHolder, peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'data-mapper', title: 'The DynamoDB data mapper', versions: '0.7' }

/** Classes for `@aws/dynamodb-data-mapper` and its community fork, with annotations or without. */
export const dataMapper: Adapter = {
  name: library.adapter,
  matches: value => isCallable(value) && isHolder(marked(value, 'DynamoDbSchema')) && tableOf(value) !== undefined,
  toDefinitions: (value, context) => [fromDraft(readClass(value), library, context)],
}

const tableOf = (type: unknown) => {
  const name = marked(type, 'DynamoDbTableName')
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** What a class's prototype, or one above it, holds under a symbol. Each copy of the library has symbols of its own. */
function marked(type: unknown, description: string): unknown {
  for (let level = peek(type, 'prototype'); isHolder(level); level = Object.getPrototypeOf(level)) {
    const symbol = Object.getOwnPropertySymbols(level).find(each => each.description === description)
    if (symbol !== undefined) return peek(level, symbol)
  }
  return undefined
}

interface Field {
  readonly key: KeyDraft
  readonly role: unknown
  readonly indexes: ReadonlyMap<string, unknown>
}

function readClass(type: unknown): TableDraft {
  const fields = peekEntries(marked(type, 'DynamoDbSchema')).map(
    ([name, field]): Field => ({
      key: { name: peekText(field, 'attributeName') ?? name, type: keyType(field) },
      role: peek(field, 'keyType'),
      indexes: new Map(peekEntries(field, 'indexKeyConfigurations')),
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
      // Whether an index is local is said when the table is created, not in the class.
      const local = hash.length === 0 || hash[0]?.name === partitionKey[0]?.name
      return {
        name,
        kind: local && its('RANGE').length > 0 ? 'local?' : 'global',
        partitionKey: hash,
        sortKey: its('RANGE'),
        projection: undefined,
      }
    }),
  }
}

const types: Readonly<Record<string, KeyType>> = { String: 'S', Number: 'N', Date: 'N', Binary: 'B' }

function keyType(field: unknown): KeyType | undefined {
  const custom = peek(field, 'attributeType')
  if (custom === 'S' || custom === 'N' || custom === 'B') return custom
  return types[String(peek(field, 'type'))]
}
