import type { KeyType } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import { type AdapterContext, looksUnknown, within } from './adapter.ts'
import { fromDraft, type IndexDraft, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, hasMethods, invoke, isCallable, listAt, textAt } from './read-values.ts'

/** Tables, connections and entity classes of TypeDORM 1. */
export const typedorm: LibraryAdapter = {
  name: 'typedorm',
  library: {
    title: 'TypeDORM',
    packages: {
      '@typedorm/common': { exports: 'a Table, a connection or an entity with a table', versions: ['1'] },
      '@typedorm/core': { exports: 'the connection', versions: ['1'] },
    },
  },
  matches: value => isTable(value) || isConnection(value) || isEntity(value),
  members: value => {
    if (isConnection(value)) return tablesOf(value)
    return isEntity(value) && isTable(tableOf(value)) ? [['table', tableOf(value)]] : []
  },
  // A connection also knows the entities of its table.
  replaces: value => (isConnection(value) ? [memberOf(value, 'globalTable')] : []),
  explain: value =>
    isEntity(value) && tableOf(value) === undefined
      ? 'is a TypeDORM entity without a table of its own; also load the file that exports its Table or Connection'
      : looksLike(value)
        ? looksUnknown(typedorm.library)
        : undefined,
  toDefinitions: (value, context) => {
    if (isTable(value)) return readTable(value, entitiesOf(value), context)
    const table = isConnection(value) ? memberOf(value, 'globalTable') : undefined
    return isTable(table) ? readTable(table, entitiesWithin(value), context) : []
  },
}

const isTable = (value: unknown) =>
  hasMethods(value, 'usesCompositeKey', 'getIndexByKey') && isHolder(memberOf(value, 'options'))
const isConnection = (value: unknown) =>
  hasMethods(value, 'getEntityByTarget') && Array.isArray(memberOf(value, 'entityMetadatas'))
const isEntity = (value: unknown) => isCallable(value) && invoke(storage(), 'hasKnownEntity', value) === true

const looksLike = (value: unknown) =>
  !isTable(value) && hasMethods(value, 'usesCompositeKey') && !hasMethods(value, 'send')

/** The metadata of TypeDORM's decorators, which every copy of the library stores in the same place. */
const storage = () => memberOf(globalThis, Symbol.for('DynamoDBMetadataStorageKey'))
const tableOf = (entity: unknown) => memberOf(invoke(storage(), 'getRawEntityByTarget', entity), 'table')

/** A table only knows the names of its keys. Its entities know the types, so each entity is a source of its own. */
function readTable(table: unknown, entities: readonly unknown[], context: AdapterContext) {
  if (entities.length === 0) return [fromDraft(draftOf(table, undefined), typedorm, context)]
  return entities.map(entity => {
    const name = textAt(entity, 'target', 'name') ?? textAt(entity, 'name') ?? 'entity'
    return fromDraft(draftOf(table, entity), typedorm, within(context, name))
  })
}

/** The entities of a connection that live in its own table. */
function entitiesWithin(connection: unknown): readonly unknown[] {
  const targets = listAt(connection, 'entityMetadatas').map(entity => memberOf(entity, 'target'))
  const tables = [undefined, memberOf(connection, 'globalTable')]
  return listAt(storage(), 'entities').filter(
    entity => targets.includes(memberOf(entity, 'target')) && tables.includes(memberOf(entity, 'table')),
  )
}

/** The tables of those entities of a connection that have their own, by the entity's name. */
function tablesOf(connection: unknown): readonly (readonly [string, unknown])[] {
  return listAt(connection, 'entityMetadatas').flatMap(entity => {
    const table = memberOf(entity, 'table')
    const own = isTable(table) && table !== memberOf(connection, 'globalTable')
    return own ? [[`${textAt(entity, 'target', 'name') ?? 'entity'}.table`, table] as const] : []
  })
}

/** The entities of a table: those that name it, else those that name no table and fit its keys and indexes. */
function entitiesOf(table: unknown): readonly unknown[] {
  const all = listAt(storage(), 'entities')
  const own = all.filter(entity => memberOf(entity, 'table') === table)
  return own.length > 0 ? own : all.filter(entity => memberOf(entity, 'table') === undefined && fits(entity, table))
}

function fits(entity: unknown, table: unknown): boolean {
  const indexes = entriesAt(table, 'options', 'indexes').map(([name]) => name)
  const sorted = memberOf(entity, 'primaryKey', 'sortKey') !== undefined
  return (
    sorted === (memberOf(table, 'options', 'sortKey') !== undefined) &&
    entriesAt(entity, 'indexes').every(([name]) => indexes.includes(name))
  )
}

function draftOf(table: unknown, entity: unknown): TableDraft {
  const options = memberOf(table, 'options')
  const attributes =
    entity === undefined ? [] : invoke(storage(), 'getRawAttributesForEntity', memberOf(entity, 'target'))
  const key = (holder: unknown, schema: unknown, side: 'partitionKey' | 'sortKey') =>
    oneKey(textAt(holder, side), () => typeOf(memberOf(schema, side), attributes))
  const primary = memberOf(entity, 'primaryKey')
  return {
    table: textAt(options, 'name'),
    partitionKey: key(options, primary, 'partitionKey'),
    sortKey: key(options, primary, 'sortKey'),
    indexes: entriesAt(options, 'indexes').map(([name, index]): IndexDraft => {
      const schema = memberOf(entity, 'indexes', name)
      return {
        name,
        kind: memberOf(index, 'type') === 'LOCAL_SECONDARY_INDEX' ? 'local' : 'global',
        partitionKey: key(index, schema, 'partitionKey'),
        sortKey: key(index, schema, 'sortKey'),
      }
    }),
  }
}

/** A template makes a string; an alias has the type of its attribute. */
function typeOf(schema: unknown, attributes: unknown): KeyType | undefined {
  if (typeof schema === 'string') return 'S'
  const alias = textAt(schema, 'alias')
  if (alias === undefined || !Array.isArray(attributes)) return undefined
  const attribute: unknown = attributes.find(each => memberOf(each, 'name') === alias)
  return memberOf(attribute, 'type') === 'Number' ? 'N' : 'S'
}
