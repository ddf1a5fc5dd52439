import type { KeyType } from '../table/definition.ts'
import { memberOf } from '../table/untyped.ts'
import { fromDraft, type IndexDraft, keyType, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, invoke, isCallable, listAt, textAt } from './read-values.ts'

/** Model classes of dynamo-easy 7. */
export const dynamoEasy: LibraryAdapter = {
  name: 'dynamo-easy',
  library: {
    title: 'dynamo-easy',
    packages: { '@shiftcoders/dynamo-easy': { exports: 'a class with @Model', versions: ['7'] } },
  },
  matches: value => isCallable(value) && textAt(metadataOf(value), 'tableName') !== undefined,
  toDefinitions: (value, context) => [fromDraft(readModel(metadataOf(value)), dynamoEasy, context)],
}

/** The metadata of dynamo-easy's decorators, read through the `reflect-metadata` that the model file loaded. */
const metadataOf = (value: unknown) => invoke(Reflect, 'getMetadata', 'sc-reflect:model', value)

function readModel(model: unknown): TableDraft {
  const properties = listAt(model, 'properties')
  const key = (name: string | undefined) =>
    oneKey(name, stored => typeOf(properties.find(property => memberOf(property, 'nameDb') === stored)))
  const primary = (role: string) => {
    const property = properties.find(each => memberOf(each, 'key', 'type') === role)
    return key(textAt(property, 'nameDb'))
  }
  const locals = properties.flatMap(property => listAt(property, 'sortKeyForLSI'))
  return {
    table: textAt(model, 'tableName'),
    partitionKey: primary('HASH'),
    sortKey: primary('RANGE'),
    indexes: entriesAt(model, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: locals.includes(name) ? 'local' : 'global',
        partitionKey: key(textAt(index, 'partitionKey')),
        sortKey: key(textAt(index, 'sortKey')),
      }),
    ),
  }
}

/** A property with its own mapper may be stored as any type. */
function typeOf(property: unknown): KeyType | undefined {
  return memberOf(property, 'mapper') === undefined
    ? keyType(memberOf(property, 'typeInfo', 'type', 'name'))
    : undefined
}
