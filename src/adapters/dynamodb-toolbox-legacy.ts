import type { KeyType } from '../table/definition.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { hasMethods, peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamodb-toolbox', title: 'DynamoDB-Toolbox', versions: '0.9 to 2' }

/** Tables and entities of DynamoDB-Toolbox before version 1, whose entities know the types of the table's keys. */
export const dynamodbToolboxLegacy: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || isEntity(value),
  members: value => (isEntity(value) ? [['table', peek(value, 'table')]] : []),
  toDefinitions: (value, context) => (isTable(value) ? readTable(value, context) : []),
}

const isTable = (value: unknown) =>
  peekText(value, 'Table', 'partitionKey') !== undefined && hasMethods(value, 'addEntity')
const isEntity = (value: unknown) => hasMethods(value, 'putParams', 'getParams') && isTable(peek(value, 'table'))

/** Each entity is a side of its own, so that what they say of shared attributes can be compared. */
function readTable(table: unknown, context: AdapterContext) {
  const mappings = peekEntries(table, 'Table', 'attributes').flatMap(([, attribute]) =>
    peekEntries(attribute, 'mappings'),
  )
  const entities = [...new Set(mappings.map(([entity]) => entity))]
  if (entities.length === 0) return [fromDraft(draftOf(table, undefined), library, context)]
  return entities.map(entity => {
    const member = context.export === undefined ? entity : `${context.export}.${entity}`
    return fromDraft(draftOf(table, entity), library, { ...context, export: member })
  })
}

function draftOf(table: unknown, entity: string | undefined): TableDraft {
  const keys = (holder: unknown, side: 'partitionKey' | 'sortKey'): readonly KeyDraft[] => {
    const name = peekText(holder, side)
    return name === undefined ? [] : [{ name, type: typeOf(peek(table, 'Table', 'attributes', name), entity) }]
  }
  const own = peek(table, 'Table')
  return {
    table: peekText(table, 'name'),
    partitionKey: keys(own, 'partitionKey'),
    sortKey: keys(own, 'sortKey'),
    indexes: peekEntries(own, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: peek(index, 'type') === 'LSI' ? 'local' : 'global',
        partitionKey: keys(index, 'partitionKey'),
        sortKey: keys(index, 'sortKey'),
        projection: undefined,
      }),
    ),
  }
}

const types: Readonly<Record<string, KeyType>> = { string: 'S', number: 'N', binary: 'B' }

/** A type stands at the attribute itself, or with the names by which an entity maps to it. */
function typeOf(attribute: unknown, entity: string | undefined): KeyType | undefined {
  const mapped = entity === undefined ? [] : peekEntries(attribute, 'mappings', entity).map(([, type]) => type)
  const type = mapped[0] ?? peek(attribute, 'type')
  return typeof type === 'string' ? types[type] : undefined
}
