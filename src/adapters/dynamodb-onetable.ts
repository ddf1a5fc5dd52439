import type { KeyType, Projection } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import { looksUnknown, within } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, hasMethods, textAt } from './read-values.ts'

/** Tables, models and plain schemas of DynamoDB OneTable 1 and 2. */
export const dynamodbOnetable: LibraryAdapter = {
  name: 'dynamodb-onetable',
  library: {
    title: 'OneTable',
    packages: { 'dynamodb-onetable': { exports: 'a Table, a model or a schema', versions: ['1', '2'] } },
  },
  matches: value => isTable(value) || isModel(value) || isSchema(value),
  members: value => (isModel(value) ? [['table', memberOf(value, 'table')]] : []),
  replaces: value => (isTable(value) ? [memberOf(value, 'schema', 'definition')] : []),
  explain: value => (looksLike(value) ? looksUnknown(dynamodbOnetable.library) : undefined),
  toDefinitions: (value, context) => {
    if (isModel(value)) return isFree(value) ? [fromDraft(readFree(value), dynamodbOnetable, context)] : []
    const table = isTable(value) ? readTable(value) : readSchema(value)
    return draftsOf(table).map(({ model, draft }) =>
      fromDraft(draft, dynamodbOnetable, model === undefined ? context : within(context, model)),
    )
  },
}

const isTable = (value: unknown) => hasMethods(value, 'getModel', 'listModels') && textAt(value, 'name') !== undefined
const isModel = (value: unknown) =>
  isTable(memberOf(value, 'table')) && textAt(value, 'tableName') !== undefined && hasMethods(value, 'create', 'find')
const isSchema = (value: unknown) =>
  isHolder(memberOf(value, 'indexes', 'primary')) &&
  (textAt(value, 'format')?.startsWith('onetable:') === true ||
    (textAt(value, 'indexes', 'primary', 'hash') !== undefined && isHolder(memberOf(value, 'models'))))

const looksLike = (value: unknown) =>
  !isTable(value) &&
  !isSchema(value) &&
  (hasMethods(value, 'getModel', 'listModels') || textAt(value, 'format')?.startsWith('onetable:') === true)

interface OneTable {
  readonly name: string | undefined
  readonly indexes: unknown
  readonly models: readonly Model[]
}

interface Model {
  readonly name: string
  /** The type of each attribute that is stored under a name of its own. */
  readonly types: ReadonlyMap<string, KeyType>
  readonly ttl: string | undefined
}

/** The holder of a table's indexes and models: its schema, or the table itself in version 1. */
const schemaOf = (table: unknown) =>
  isHolder(memberOf(table, 'schema', 'indexes')) ? memberOf(table, 'schema') : table

/** Whether a model was made by `new Model`, and so is not registered with its table. */
const isFree = (model: unknown) =>
  !entriesAt(schemaOf(memberOf(model, 'table')), 'models').some(([, known]) => known === model)

function readFree(model: unknown): TableDraft {
  const { types, ttl } = readModel('', fieldsOf(model, memberOf(model, 'table')))
  return draftOf(readTable(memberOf(model, 'table')), types, ttl)
}

function readTable(table: unknown): OneTable {
  return {
    name: textAt(table, 'name'),
    indexes: memberOf(schemaOf(table), 'indexes'),
    models: entriesAt(schemaOf(table), 'models')
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, model]) => readModel(name, fieldsOf(model, table))),
  }
}

function fieldsOf(model: unknown, table: unknown): readonly Field[] {
  return [...entriesAt(model, 'block', 'fields'), ...entriesAt(model, 'fields')].map(([, field]) =>
    readField(field, memberOf(table, 'isoDates')),
  )
}

function readSchema(schema: unknown): OneTable {
  return {
    name: undefined,
    indexes: memberOf(schema, 'indexes'),
    models: entriesAt(schema, 'models').map(([name, model]) => {
      const fields = entriesAt(model).map(([field, options]) => {
        const attribute = (textAt(options, 'map') ?? field).split('.')
        return readField(
          { ...Object.fromEntries(entriesAt(options)), attribute },
          memberOf(schema, 'params', 'isoDates'),
        )
      })
      return readModel(name, fields)
    }),
  }
}

interface Field {
  /** `undefined` when it is kept inside another attribute. */
  readonly attribute: string | undefined
  readonly type: KeyType
  readonly ttl: boolean
}

function readModel(name: string, fields: readonly Field[]): Model {
  const types = fields.flatMap(({ attribute, type }) => (attribute === undefined ? [] : [[attribute, type] as const]))
  return { name, types: new Map(types), ttl: fields.find(({ ttl }) => ttl)?.attribute }
}

/** How OneTable stores a field. Its own getTableDefinition ignores numeric dates and `map`, so it cannot be used. */
function readField(field: unknown, tableIsoDates: unknown): Field {
  const ttl = memberOf(field, 'ttl') === true
  const declared = memberOf(field, 'type')
  const type = String(typeof declared === 'function' ? declared.name : declared).toLowerCase()
  const isoDate = !ttl && (memberOf(field, 'isoDates') === true || tableIsoDates === true)
  const attribute = memberOf(field, 'attribute')
  const [name, ...inner] = Array.isArray(attribute) ? attribute : []
  return {
    attribute: typeof name === 'string' && inner.length === 0 ? name : undefined,
    // Buffers are stored as base64 text.
    type: type === 'number' || (type === 'date' && !isoDate) ? 'N' : 'S',
    ttl,
  }
}

/** One draft for each model, so that their types for shared keys can be compared. */
function draftsOf(table: OneTable): readonly { readonly model: string | undefined; readonly draft: TableDraft }[] {
  if (table.models.length === 0) return [{ model: undefined, draft: draftOf(table, new Map(), undefined) }]
  return table.models.map(({ name, types, ttl }) => ({ model: name, draft: draftOf(table, types, ttl) }))
}

function draftOf(
  { name, indexes }: OneTable,
  types: ReadonlyMap<string, KeyType>,
  ttl: string | undefined,
): TableDraft {
  const key = (attribute: string | undefined): readonly KeyDraft[] => oneKey(attribute, name => types.get(name))
  const hash = textAt(indexes, 'primary', 'hash')
  return {
    table: name,
    partitionKey: key(hash),
    sortKey: key(textAt(indexes, 'primary', 'sort')),
    indexes: entriesAt(indexes).flatMap(([index, value]): readonly IndexDraft[] => {
      if (index === 'primary') return []
      const own = textAt(value, 'hash')
      const local = memberOf(value, 'type') === 'local' || own === undefined || own === hash
      return [
        {
          name: index,
          kind: local ? 'local' : 'global',
          partitionKey: key(own),
          sortKey: key(textAt(value, 'sort')),
          projection: readProjection(memberOf(value, 'project')),
        },
      ]
    }),
    settings: ttl === undefined ? {} : { ttl },
  }
}

/** OneTable projects ALL by default. */
function readProjection(project: unknown): Projection {
  if (Array.isArray(project)) return project.filter(name => typeof name === 'string')
  return project === 'keys' ? 'KEYS_ONLY' : 'ALL'
}
