import type { IndexSettings, Projection } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import {
  capacityOf,
  fromDraft,
  type IndexDraft,
  type KeyDraft,
  keyType,
  type LibraryAdapter,
  oneKey,
  type TableDraft,
} from './draft.ts'
import { entriesAt, hasMethods, textAt } from './read-values.ts'

/** Tables of `@nerdware/ddb-single-table` 2. */
export const ddbSingleTable: LibraryAdapter = {
  name: 'ddb-single-table',
  library: {
    title: 'ddb-single-table',
    packages: { '@nerdware/ddb-single-table': { exports: 'a Table', versions: ['2'] } },
  },
  matches: value =>
    isHolder(memberOf(value, 'tableKeysSchema')) && hasMethods(value, 'createModel', 'ensureTableIsActive'),
  toDefinitions: (value, context) => [fromDraft(readTable(value), ddbSingleTable, context)],
}

function readTable(table: unknown): TableDraft {
  const schema = entriesAt(table, 'tableKeysSchema')
  const key = (name: string | undefined): readonly KeyDraft[] =>
    oneKey(name, attribute => keyType(memberOf(table, 'tableKeysSchema', attribute, 'type')))
  const primary = (role: string) => key(schema.find(([, attribute]) => memberOf(attribute, role) === true)?.[0])
  return {
    table: textAt(table, 'tableName'),
    partitionKey: primary('isHashKey'),
    sortKey: primary('isRangeKey'),
    indexes: schema.flatMap(([attribute, options]): readonly IndexDraft[] => {
      const index = memberOf(options, 'index')
      const name = textAt(index, 'name')
      if (name === undefined) return []
      return [
        {
          name,
          kind: memberOf(index, 'global') === true ? 'global' : 'local',
          partitionKey: key(attribute),
          sortKey: key(textAt(index, 'rangeKey')),
          projection: readProjection(memberOf(index, 'project')),
          throughput: capacity(memberOf(index, 'throughput')),
        },
      ]
    }),
    // Only indexes carry a capacity; one that does implies a provisioned table.
    settings: schema.some(([, options]) => capacity(memberOf(options, 'index', 'throughput')) !== undefined)
      ? { billingMode: 'PROVISIONED' }
      : {},
  }
}

/** ddb-single-table projects KEYS_ONLY by default. */
function readProjection(project: unknown): Projection {
  if (Array.isArray(project)) return project.filter(name => typeof name === 'string')
  return project === true ? 'ALL' : 'KEYS_ONLY'
}

function capacity(throughput: unknown): IndexSettings | undefined {
  return capacityOf(memberOf(throughput, 'read'), memberOf(throughput, 'write'))
}
