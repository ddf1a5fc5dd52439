import { mergeLayers, stillAssumed } from '../settings/merge-layers.ts'
import type { KeyType } from '../table/definition.ts'
import type { SourcedTable, TableLayer } from '../table/input.ts'
import { isRecord } from '../table/untyped.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, type TableDraft } from './draft.ts'
import { looksUnknown } from './not-understood.ts'
import { hasMethods, invoke, isHolder, peek, peekEntries, peekList, peekText } from './peek.ts'
import { plainData } from './plain-data.ts'
import { labelOf } from './source.ts'

const library: Library = { adapter: 'dynamodb-toolbox', title: 'DynamoDB-Toolbox', versions: '0.9 to 2' }

/** Tables and entities of DynamoDB-Toolbox 1 and 2. */
export const dynamodbToolbox: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || isEntity(value),
  members: value => (isEntity(value) ? [['table', peek(value, 'table')]] : []),
  explain: value => (looksLike(value) ? looksUnknown(library) : undefined),
  toDefinitions: (value, context) =>
    isTable(value) ? [withMeta(fromDraft(readTable(value), library, context), peek(value, 'meta'), context)] : [],
}

const isTable = (value: unknown) =>
  hasMethods(value, 'getName', 'build') && peekText(value, 'partitionKey', 'name') !== undefined
const isEntity = (value: unknown) =>
  hasMethods(value, 'build') && peek(value, 'type') === 'entity' && isTable(peek(value, 'table'))

const looksLike = (value: unknown) =>
  !isTable(value) &&
  !isEntity(value) &&
  hasMethods(value, 'build') &&
  ['table', 'entity'].includes(String(peek(value, 'type')))

function readTable(table: unknown): TableDraft {
  return {
    table: tableName(table),
    partitionKey: readKeys(peek(table, 'partitionKey')),
    sortKey: readKeys(peek(table, 'sortKey')),
    indexes: peekEntries(table, 'indexes').map(([name, index]): IndexDraft => {
      const sortKey = [...readKeys(peek(index, 'sortKey')), ...peekList(index, 'sortKeys').flatMap(readKeys)]
      if (peek(index, 'type') === 'local')
        return { name, kind: 'local', partitionKey: [], sortKey, projection: undefined }
      const partitionKey = [
        ...readKeys(peek(index, 'partitionKey')),
        ...peekList(index, 'partitionKeys').flatMap(readKeys),
      ]
      return { name, kind: 'global', partitionKey, sortKey, projection: undefined }
    }),
  }
}

/** The name may be left for later or be a function of the environment; asking for a missing one throws. */
function tableName(table: unknown): string | undefined {
  const name = peek(table, 'tableName') ?? peek(table, 'name')
  if (name === undefined) return undefined
  const resolved = invoke(table, 'getName')
  return typeof resolved === 'string' && resolved !== '' ? resolved : undefined
}

const types: Readonly<Record<string, KeyType>> = { string: 'S', number: 'N', binary: 'B' }

function readKeys(key: unknown): readonly KeyDraft[] {
  const name = peekText(key, 'name')
  return name === undefined ? [] : [{ name, type: types[String(peek(key, 'type'))] }]
}

/** `meta.dynamox` of a table is the place for what DynamoDB-Toolbox has no words for: any settings of dynamox. */
function withMeta(sourced: SourcedTable, meta: unknown, context: AdapterContext): SourcedTable {
  if (!isHolder(peek(meta, 'dynamox'))) return sourced
  const label = labelOf(sourced.input.table, context)
  const layer = plainData(peek(meta, 'dynamox'), `${label} › meta.dynamox`)
  if (!isRecord(layer)) return sourced
  const settings: TableLayer = layer
  return {
    ...sourced,
    input: { ...mergeLayers([sourced.input, settings]).layer, ...tableOf(sourced) },
    assumed: stillAssumed(sourced.assumed, [settings]),
  }
}

const tableOf = ({ input }: SourcedTable) => (input.table === undefined ? {} : { table: input.table })
