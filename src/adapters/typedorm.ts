import type { KeyType } from '../table/definition.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { looksUnknown } from './not-understood.ts'
import { hasMethods, invoke, isCallable, isHolder, peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'typedorm', title: 'TypeDORM', versions: '1' }

/** Tables, connections and entity classes of TypeDORM 1. */
export const typedorm: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || isConnection(value) || isEntity(value),
  members: value => {
    if (isConnection(value)) return tablesOf(value)
    return isEntity(value) && isTable(tableOf(value)) ? [['table', tableOf(value)]] : []
  },
  // A connection knows which entities live in its table.
  replaces: value => (isConnection(value) ? [peek(value, 'globalTable')] : []),
  explain: value =>
    isEntity(value) && tableOf(value) === undefined
      ? 'is an entity of TypeDORM without a table of its own: name the file that exports its Table or Connection as well'
      : looksLike(value)
        ? looksUnknown(library)
        : undefined,
  toDefinitions: (value, context) => {
    if (isTable(value)) return readTable(value, entitiesOf(value), context)
    const table = isConnection(value) ? peek(value, 'globalTable') : undefined
    return isTable(table) ? readTable(table, entitiesWithin(value), context) : []
  },
}

const isTable = (value: unknown) =>
  hasMethods(value, 'usesCompositeKey', 'getIndexByKey') && isHolder(peek(value, 'options'))
const isConnection = (value: unknown) =>
  hasMethods(value, 'getEntityByTarget') && Array.isArray(peek(value, 'entityMetadatas'))
const isEntity = (value: unknown) => isCallable(value) && invoke(storage(), 'hasKnownEntity', value) === true

const looksLike = (value: unknown) =>
  !isTable(value) && hasMethods(value, 'usesCompositeKey') && !hasMethods(value, 'send')

/** What TypeDORM's decorators write down; every copy of the library uses the same place. */
const storage = () => peek(globalThis, Symbol.for('DynamoDBMetadataStorageKey'))
const tableOf = (entity: unknown) => peek(invoke(storage(), 'getRawEntityByTarget', entity), 'table')

/** A table holds the names of its keys; only its entities show what is stored under them, so each is a side of its own. */
function readTable(table: unknown, entities: readonly unknown[], context: AdapterContext) {
  if (entities.length === 0) return [fromDraft(draftOf(table, undefined), library, context)]
  return entities.map(entity => {
    const name = peekText(entity, 'target', 'name') ?? peekText(entity, 'name') ?? 'entity'
    const member = context.export === undefined ? name : `${context.export}.${name}`
    return fromDraft(draftOf(table, entity), library, { ...context, export: member })
  })
}

/** The entities of a connection that live in its own table. */
function entitiesWithin(connection: unknown): readonly unknown[] {
  const targets = peekList(connection, 'entityMetadatas').map(entity => peek(entity, 'target'))
  const tables = [undefined, peek(connection, 'globalTable')]
  return peekList(storage(), 'entities').filter(
    entity => targets.includes(peek(entity, 'target')) && tables.includes(peek(entity, 'table')),
  )
}

/** The tables of a connection's entities that have one of their own, under the entity's name. */
function tablesOf(connection: unknown): readonly (readonly [string, unknown])[] {
  return peekList(connection, 'entityMetadatas').flatMap(entity => {
    const table = peek(entity, 'table')
    const own = isTable(table) && table !== peek(connection, 'globalTable')
    return own ? [[`${peekText(entity, 'target', 'name') ?? 'entity'}.table`, table] as const] : []
  })
}

/** An entity without a table lives in some connection's; that is no table which other entities name as theirs. */
function entitiesOf(table: unknown): readonly unknown[] {
  const all = peekList(storage(), 'entities')
  const own = all.filter(entity => peek(entity, 'table') === table)
  return own.length > 0 ? own : all.filter(entity => peek(entity, 'table') === undefined && fits(entity, table))
}

function fits(entity: unknown, table: unknown): boolean {
  const indexes = peekEntries(table, 'options', 'indexes').map(([name]) => name)
  const sorted = peek(entity, 'primaryKey', 'sortKey') !== undefined
  return (
    sorted === (peek(table, 'options', 'sortKey') !== undefined) &&
    peekEntries(entity, 'indexes').every(([name]) => indexes.includes(name))
  )
}

function draftOf(table: unknown, entity: unknown): TableDraft {
  const options = peek(table, 'options')
  const attributes = entity === undefined ? [] : invoke(storage(), 'getRawAttributesForEntity', peek(entity, 'target'))
  const key = (holder: unknown, schema: unknown, side: 'partitionKey' | 'sortKey'): readonly KeyDraft[] => {
    const name = peekText(holder, side)
    return name === undefined ? [] : [{ name, type: typeOf(peek(schema, side), attributes) }]
  }
  const primary = peek(entity, 'primaryKey')
  return {
    table: peekText(options, 'name'),
    partitionKey: key(options, primary, 'partitionKey'),
    sortKey: key(options, primary, 'sortKey'),
    indexes: peekEntries(options, 'indexes').map(([name, index]): IndexDraft => {
      const schema = peek(entity, 'indexes', name)
      return {
        name,
        kind: peek(index, 'type') === 'LOCAL_SECONDARY_INDEX' ? 'local' : 'global',
        partitionKey: key(index, schema, 'partitionKey'),
        sortKey: key(index, schema, 'sortKey'),
        projection: undefined,
      }
    }),
  }
}

/** Templates make strings; an alias is the attribute as it is. */
function typeOf(schema: unknown, attributes: unknown): KeyType | undefined {
  if (typeof schema === 'string') return 'S'
  const alias = peekText(schema, 'alias')
  if (alias === undefined || !Array.isArray(attributes)) return undefined
  return peek(
    attributes.find(attribute => peek(attribute, 'name') === alias),
    'type',
  ) === 'Number'
    ? 'N'
    : 'S'
}
