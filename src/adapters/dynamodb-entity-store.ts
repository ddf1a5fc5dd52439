import { memberOf } from '../table/untyped.ts'
import { within } from './adapter.ts'
import { fromDraft, type IndexDraft, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, hasMethods, invoke, listAt, textAt } from './read-values.ts'

/** Configurations of `@symphoniacloud/dynamodb-entity-store` 2, for one table or several, and stores made from them. */
export const dynamodbEntityStore: LibraryAdapter = {
  name: 'dynamodb-entity-store',
  library: {
    title: 'dynamodb-entity-store',
    packages: { '@symphoniacloud/dynamodb-entity-store': { exports: 'a store or its configuration', versions: ['2'] } },
  },
  matches: value =>
    isTable(value) || isStore(value) || (isSeveral(value) && listAt(value, 'entityTables').every(isTable)),
  members: value => (isStore(value) ? [['config', configOf(value)]] : []),
  explain: value =>
    isStore(value) && configOf(value) === undefined
      ? 'is a dynamodb-entity-store store of several tables, which it does not name; export its configuration instead'
      : undefined,
  toDefinitions: (value, context) =>
    isTable(value)
      ? [fromDraft(readTable(value), dynamodbEntityStore, context)]
      : listAt(value, 'entityTables').map((table, index) =>
          fromDraft(readTable(table), dynamodbEntityStore, within(context, `entityTables[${index}]`)),
        ),
}

const isTable = (value: unknown) =>
  textAt(value, 'tableName') !== undefined && textAt(value, 'metaAttributeNames', 'pk') !== undefined
const isStore = (value: unknown) =>
  hasMethods(value, 'for', 'forMultiple') && hasMethods(memberOf(value, 'transactions'), 'buildGetTransaction')
const isSeveral = (value: unknown) => listAt(value, 'entityTables').length > 0

/** The configuration of a store with a single table, which it returns for any entity. */
function configOf(store: unknown): unknown {
  try {
    const entity = { type: 'dynamox' }
    const transaction = invoke(memberOf(store, 'transactions'), 'buildGetTransaction', entity)
    const table = memberOf(invoke(transaction, 'tableConfigResolver', entity.type), 'table')
    // In a store of several tables, each table lists its entities.
    return memberOf(table, 'entityTypes') === undefined ? table : undefined
  } catch {
    return undefined
  }
}

function readTable(config: unknown): TableDraft {
  const names = memberOf(config, 'metaAttributeNames')
  const ttl = textAt(names, 'ttl')
  return {
    table: textAt(config, 'tableName'),
    partitionKey: oneKey(textAt(names, 'pk')),
    sortKey: oneKey(textAt(names, 'sk')),
    indexes: entriesAt(names, 'gsisById').map(
      ([id, keys]): IndexDraft => ({
        name: textAt(config, 'gsiNames', id) ?? id,
        kind: 'global',
        partitionKey: oneKey(textAt(keys, 'pk')),
        sortKey: oneKey(textAt(keys, 'sk')),
      }),
    ),
    settings: ttl === undefined ? {} : { ttl },
  }
}
