import { mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import type { KeyType } from '../table/definition.ts'
import type { SourcedTable, TableLayer } from '../table/input.ts'
import { isHolder, isRecord, memberOf } from '../table/untyped.ts'
import { type AdapterContext, labelOf, looksUnknown, plainData, within } from './adapter.ts'
import {
  fromDraft,
  type IndexDraft,
  type KeyDraft,
  keyType,
  type LibraryAdapter,
  oneKey,
  type TableDraft,
} from './draft.ts'
import { entriesAt, hasMethods, invoke, listAt, textAt } from './read-values.ts'

/** Tables and entities of DynamoDB-Toolbox 1 and 2, and of 0.9, whose entities know the types of the table's keys. */
export const dynamodbToolbox: LibraryAdapter = {
  name: 'dynamodb-toolbox',
  library: {
    title: 'DynamoDB-Toolbox',
    packages: { 'dynamodb-toolbox': { exports: 'a Table or an Entity', versions: ['0.9', '1', '2'] } },
  },
  matches: value => isTable(value) || isEntity(value) || isOldTable(value) || isOldEntity(value),
  members: value => (isEntity(value) || isOldEntity(value) ? [['table', memberOf(value, 'table')]] : []),
  explain: value => (looksLike(value) ? looksUnknown(dynamodbToolbox.library) : undefined),
  toDefinitions: (value, context) => {
    if (isOldTable(value)) return readOldTable(value, context)
    if (!isTable(value)) return []
    return [withMeta(fromDraft(readTable(value), dynamodbToolbox, context), memberOf(value, 'meta'), context)]
  },
}

const isTable = (value: unknown) =>
  hasMethods(value, 'getName', 'build') && textAt(value, 'partitionKey', 'name') !== undefined
const isEntity = (value: unknown) =>
  hasMethods(value, 'build') && memberOf(value, 'type') === 'entity' && isTable(memberOf(value, 'table'))

const isOldTable = (value: unknown) =>
  textAt(value, 'Table', 'partitionKey') !== undefined && hasMethods(value, 'addEntity')
const isOldEntity = (value: unknown) =>
  hasMethods(value, 'putParams', 'getParams') && isOldTable(memberOf(value, 'table'))

const looksLike = (value: unknown) =>
  !isTable(value) &&
  !isEntity(value) &&
  hasMethods(value, 'build') &&
  ['table', 'entity'].includes(String(memberOf(value, 'type')))

function readTable(table: unknown): TableDraft {
  return {
    table: tableName(table),
    partitionKey: readKeys(memberOf(table, 'partitionKey')),
    sortKey: readKeys(memberOf(table, 'sortKey')),
    indexes: entriesAt(table, 'indexes').map(([name, index]): IndexDraft => {
      const keys = (side: string) => [
        ...readKeys(memberOf(index, side)),
        ...listAt(index, `${side}s`).flatMap(readKeys),
      ]
      const isLocal = memberOf(index, 'type') === 'local'
      return {
        name,
        kind: isLocal ? 'local' : 'global',
        partitionKey: isLocal ? [] : keys('partitionKey'),
        sortKey: keys('sortKey'),
      }
    }),
  }
}

/** The name may be set later, or be a function of the environment. `getName` throws when it is missing. */
function tableName(table: unknown): string | undefined {
  const name = memberOf(table, 'tableName') ?? memberOf(table, 'name')
  if (name === undefined) return undefined
  const resolved = invoke(table, 'getName')
  return typeof resolved === 'string' && resolved !== '' ? resolved : undefined
}

function readKeys(key: unknown): readonly KeyDraft[] {
  return oneKey(textAt(key, 'name'), () => keyType(memberOf(key, 'type')))
}

/** `meta.dynamox` of a table may hold any settings of dynamox, for which DynamoDB-Toolbox has no words. */
function withMeta(sourced: SourcedTable, meta: unknown, context: AdapterContext): SourcedTable {
  if (!isHolder(memberOf(meta, 'dynamox'))) return sourced
  const label = labelOf(sourced.input.table, context)
  const layer = plainData(memberOf(meta, 'dynamox'), `${label} › meta.dynamox`)
  if (!isRecord(layer)) return sourced
  const settings: TableLayer = layer
  const name = sourced.input.table === undefined ? {} : { table: sourced.input.table }
  return {
    ...sourced,
    input: { ...mergeLayers([sourced.input, settings]).layer, ...name },
    assumed: stillAssumed(sourced.assumed, [settings]),
  }
}

/** One source for each entity, so that their types for shared attributes can be compared. */
function readOldTable(table: unknown, context: AdapterContext): readonly SourcedTable[] {
  const mappings = entriesAt(table, 'Table', 'attributes').flatMap(([, attribute]) => entriesAt(attribute, 'mappings'))
  const entities = [...new Set(mappings.map(([entity]) => entity))]
  if (entities.length === 0) return [fromDraft(oldDraft(table, undefined), dynamodbToolbox, context)]
  return entities.map(entity => fromDraft(oldDraft(table, entity), dynamodbToolbox, within(context, entity)))
}

function oldDraft(table: unknown, entity: string | undefined): TableDraft {
  const keys = (holder: unknown, side: 'partitionKey' | 'sortKey') =>
    oneKey(textAt(holder, side), name => oldType(memberOf(table, 'Table', 'attributes', name), entity))
  const own = memberOf(table, 'Table')
  return {
    table: textAt(table, 'name'),
    partitionKey: keys(own, 'partitionKey'),
    sortKey: keys(own, 'sortKey'),
    indexes: entriesAt(own, 'indexes').map(
      ([name, index]): IndexDraft => ({
        name,
        kind: memberOf(index, 'type') === 'LSI' ? 'local' : 'global',
        partitionKey: keys(index, 'partitionKey'),
        sortKey: keys(index, 'sortKey'),
      }),
    ),
  }
}

/** The type of an attribute itself, or of an entity's field that is mapped to it. */
function oldType(attribute: unknown, entity: string | undefined): KeyType | undefined {
  const mapped = entity === undefined ? [] : entriesAt(attribute, 'mappings', entity).map(([, type]) => type)
  return keyType(mapped[0] ?? memberOf(attribute, 'type'))
}
