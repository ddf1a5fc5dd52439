import type { KeyType } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { invoke, isCallable, peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamo-easy', title: 'dynamo-easy', versions: '7' }

/** Model classes of dynamo-easy 7. */
export const dynamoEasy: Adapter = {
  name: library.adapter,
  matches: value => isCallable(value) && peekText(metadataOf(value), 'tableName') !== undefined,
  toDefinitions: (value, context) => [fromDraft(readModel(metadataOf(value)), library, context)],
}

/** What the decorators wrote down, through `reflect-metadata`, which the model itself brings. */
const metadataOf = (value: unknown) => invoke(Reflect, 'getMetadata', 'sc-reflect:model', value)

function readModel(model: unknown): TableDraft {
  const properties = peekList(model, 'properties')
  const key = (name: string | undefined): readonly KeyDraft[] => {
    const property = properties.find(each => peek(each, 'nameDb') === name)
    return name === undefined ? [] : [{ name, type: typeOf(property) }]
  }
  const primary = (role: string) =>
    key(
      peekText(
        properties.find(each => peek(each, 'key', 'type') === role),
        'nameDb',
      ),
    )
  const locals = properties.flatMap(property => peekList(property, 'sortKeyForLSI'))
  return {
    table: peekText(model, 'tableName'),
    partitionKey: primary('HASH'),
    sortKey: primary('RANGE'),
    indexes: peekEntries(model, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: locals.includes(name) ? 'local' : 'global',
        partitionKey: key(peekText(index, 'partitionKey')),
        sortKey: key(peekText(index, 'sortKey')),
        projection: undefined,
      }),
    ),
  }
}

const types: Readonly<Record<string, KeyType>> = {
  String: 'S',
  Number: 'N',
  Uint8Array: 'B',
  Buffer: 'B',
  ArrayBuffer: 'B',
}

/** A mapper of the property's own may store anything. */
function typeOf(property: unknown): KeyType | undefined {
  if (peek(property, 'mapper') !== undefined) return undefined
  return types[String(peek(property, 'typeInfo', 'type', 'name'))]
}
