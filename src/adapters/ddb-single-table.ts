import type { KeyType, Projection, Throughput } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { hasMethods, isHolder, peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'ddb-single-table', title: 'ddb-single-table', versions: '2' }

/** Tables of `@nerdware/ddb-single-table` 2. */
export const ddbSingleTable: Adapter = {
  name: library.adapter,
  matches: value => isHolder(peek(value, 'tableKeysSchema')) && hasMethods(value, 'createModel', 'ensureTableIsActive'),
  toDefinitions: (value, context) => [fromDraft(readTable(value), library, context)],
}

function readTable(table: unknown): TableDraft {
  const schema = peekEntries(table, 'tableKeysSchema')
  const key = (name: string | undefined): readonly KeyDraft[] =>
    oneKey(name, typeOf(peek(table, 'tableKeysSchema', name ?? '')))
  const primary = (role: string) => key(schema.find(([, attribute]) => peek(attribute, role) === true)?.[0])
  return {
    table: peekText(table, 'tableName'),
    partitionKey: primary('isHashKey'),
    sortKey: primary('isRangeKey'),
    indexes: schema.flatMap(([attribute, options]): readonly IndexDraft[] => {
      const index = peek(options, 'index')
      const name = peekText(index, 'name')
      if (name === undefined) return []
      return [
        {
          name,
          kind: peek(index, 'global') === true ? 'global' : 'local',
          partitionKey: key(attribute),
          sortKey: key(peekText(index, 'rangeKey')),
          projection: readProjection(peek(index, 'project')),
          throughput: capacity(peek(index, 'throughput')),
        },
      ]
    }),
    // Only its indexes have a capacity, and one that has means a provisioned table.
    settings: schema.some(([, options]) => capacity(peek(options, 'index', 'throughput')) !== undefined)
      ? { billingMode: 'PROVISIONED' }
      : {},
  }
}

const types: Readonly<Record<string, KeyType>> = { string: 'S', number: 'N', Buffer: 'B' }
const typeOf = (attribute: unknown) => types[String(peek(attribute, 'type'))]

/** Nothing said is KEYS_ONLY here. */
function readProjection(project: unknown): Projection {
  if (Array.isArray(project)) return project.filter(name => typeof name === 'string')
  return project === true ? 'ALL' : 'KEYS_ONLY'
}

function capacity(throughput: unknown): Throughput | undefined {
  const read = peek(throughput, 'read')
  const write = peek(throughput, 'write')
  return typeof read === 'number' && typeof write === 'number'
    ? { readCapacity: read, writeCapacity: write }
    : undefined
}
