import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamodb-entity-store', title: 'dynamodb-entity-store', versions: '2' }

/** Configurations of one table or of several for `@symphoniacloud/dynamodb-entity-store` 2. */
export const dynamodbEntityStore: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || (isSeveral(value) && peekList(value, 'entityTables').every(isTable)),
  toDefinitions: (value, context) =>
    isTable(value)
      ? [fromDraft(readTable(value), library, context)]
      : peekList(value, 'entityTables').map((table, index) =>
          fromDraft(readTable(table), library, entry(context, index)),
        ),
}

const isTable = (value: unknown) =>
  peekText(value, 'tableName') !== undefined && peekText(value, 'metaAttributeNames', 'pk') !== undefined
const isSeveral = (value: unknown) => peekList(value, 'entityTables').length > 0

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
