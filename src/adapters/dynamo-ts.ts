import type { KeyType } from '../table/definition.ts'
import { isRecord } from '../table/untyped.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamo-ts', title: 'dynamo-ts', versions: '4' }

/** What `defineTable` of `@hexlabs/dynamo-ts` 4 makes (attributes, keys and indexes, but no name), and clients that name it. */
export const dynamoTs: Adapter = {
  name: library.adapter,
  matches: value => isDefinition(value) || isClient(value),
  replaces: value => (isClient(value) ? [peek(value, 'info')] : []),
  toDefinitions: (value, context) => {
    const draft = isClient(value)
      ? readDefinition(peek(value, 'info'), peekText(value, 'config', 'tableName'))
      : readDefinition(value, undefined)
    return [fromDraft(draft, library, context)]
  },
}

const isDefinition = (value: unknown) =>
  isRecord(value) &&
  isRecord(value.definition) &&
  typeof value.partitionKey === 'string' &&
  Object.hasOwn(value.definition, value.partitionKey)
const isClient = (value: unknown) =>
  isDefinition(peek(value, 'info')) && peekText(value, 'config', 'tableName') !== undefined

function readDefinition(table: unknown, name: string | undefined): TableDraft {
  const keys = (holder: unknown, side: 'partitionKey' | 'sortKey'): readonly KeyDraft[] => {
    const name = peekText(holder, side)
    return name === undefined ? [] : [{ name, type: typeOf(peek(table, 'definition', name)) }]
  }
  return {
    table: name,
    partitionKey: keys(table, 'partitionKey'),
    sortKey: keys(table, 'sortKey'),
    indexes: peekEntries(table, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: peek(index, 'local') === true ? 'local' : 'global',
        partitionKey: keys(index, 'partitionKey'),
        sortKey: keys(index, 'sortKey'),
        projection: undefined,
      }),
    ),
  }
}

const types: Readonly<Record<string, KeyType>> = { string: 'S', number: 'N', binary: 'B' }

/** A question mark is for attributes that may be missing. */
function typeOf(type: unknown): KeyType | undefined {
  return typeof type === 'string' ? types[type.replace(/\?$/, '')] : undefined
}
