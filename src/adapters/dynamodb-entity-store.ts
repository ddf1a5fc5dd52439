import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { hasMethods, invoke, peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamodb-entity-store', title: 'dynamodb-entity-store', versions: '2' }

/** Configurations of one table or of several for `@symphoniacloud/dynamodb-entity-store` 2, and stores made of them. */
export const dynamodbEntityStore: Adapter = {
  name: library.adapter,
  matches: value =>
    isTable(value) || isStore(value) || (isSeveral(value) && peekList(value, 'entityTables').every(isTable)),
  members: value => (isStore(value) ? [['config', configOf(value)]] : []),
  explain: value =>
    isStore(value) && configOf(value) === undefined
      ? 'is a store of dynamodb-entity-store over several tables, which it does not name: export the configuration that it is made of'
      : undefined,
  toDefinitions: (value, context) =>
    isTable(value)
      ? [fromDraft(readTable(value), library, context)]
      : peekList(value, 'entityTables').map((table, index) =>
          fromDraft(readTable(table), library, entry(context, index)),
        ),
}

const isTable = (value: unknown) =>
  peekText(value, 'tableName') !== undefined && peekText(value, 'metaAttributeNames', 'pk') !== undefined
const isStore = (value: unknown) =>
  hasMethods(value, 'for', 'forMultiple') && hasMethods(peek(value, 'transactions'), 'buildGetTransaction')
const isSeveral = (value: unknown) => peekList(value, 'entityTables').length > 0

/** The table of a store that has one only; it answers with that whatever entity it is asked for. */
function configOf(store: unknown): unknown {
  try {
    const entity = { type: 'dynamox' }
    const transaction = invoke(peek(store, 'transactions'), 'buildGetTransaction', entity)
    const table = peek(invoke(transaction, 'tableConfigResolver', entity.type), 'table')
    // One of several lists the entities that it is for.
    return peek(table, 'entityTypes') === undefined ? table : undefined
  } catch {
    return undefined
  }
}

function readTable(config: unknown): TableDraft {
  const names = peek(config, 'metaAttributeNames')
  const ttl = peekText(names, 'ttl')
  return {
    table: peekText(config, 'tableName'),
    partitionKey: oneKey(peekText(names, 'pk'), undefined),
    sortKey: oneKey(peekText(names, 'sk'), undefined),
    indexes: peekEntries(names, 'gsisById').map(
      ([id, keys]): IndexDraft => ({
        name: peekText(config, 'gsiNames', id) ?? id,
        kind: 'global',
        partitionKey: oneKey(peekText(keys, 'pk'), undefined),
        sortKey: oneKey(peekText(keys, 'sk'), undefined),
        projection: undefined,
      }),
    ),
    settings: ttl === undefined ? {} : { ttl },
  }
}

function entry(context: AdapterContext, index: number): AdapterContext {
  return { ...context, export: `${context.export ?? ''}.entityTables[${index}]`.replace(/^\./, '') }
}
