import type { KeyType, Projection } from '../table/definition.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { looksUnknown } from './not-understood.ts'
import { hasMethods, isHolder, peek, peekEntries, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamodb-onetable', title: 'OneTable', versions: '1 and 2' }

/** Tables, models and plain schemas of DynamoDB OneTable 1 and 2. */
export const dynamodbOnetable: Adapter = {
  name: library.adapter,
  matches: value => isTable(value) || isModel(value) || isSchema(value),
  members: value => (isModel(value) ? [['table', peek(value, 'table')]] : []),
  replaces: value => (isTable(value) ? [peek(value, 'schema', 'definition')] : []),
  explain: value => (looksLike(value) ? looksUnknown(library) : undefined),
  toDefinitions: (value, context) => {
    if (isModel(value)) return isFree(value) ? [fromDraft(readFree(value), library, context)] : []
    const table = isTable(value) ? readTable(value) : readSchema(value)
    return draftsOf(table).map(({ model, draft }) => fromDraft(draft, library, named(context, model)))
  },
}

const isTable = (value: unknown) => hasMethods(value, 'getModel', 'listModels') && peekText(value, 'name') !== undefined
const isModel = (value: unknown) =>
  isTable(peek(value, 'table')) && peekText(value, 'tableName') !== undefined && hasMethods(value, 'create', 'find')
const isSchema = (value: unknown) =>
  peekText(value, 'format')?.startsWith('onetable:') === true && isHolder(peek(value, 'indexes', 'primary'))

const looksLike = (value: unknown) =>
  !isTable(value) &&
  !isSchema(value) &&
  (hasMethods(value, 'getModel', 'listModels') || peekText(value, 'format')?.startsWith('onetable:') === true)

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

/** Where a table keeps its indexes and models: in its schema, and in version 1 itself. */
const schemaOf = (table: unknown) => (isHolder(peek(table, 'schema', 'indexes')) ? peek(table, 'schema') : table)

/** Whether a model was made by `new Model`, so that its table does not know of it. */
const isFree = (model: unknown) =>
  !peekEntries(schemaOf(peek(model, 'table')), 'models').some(([, known]) => known === model)

function readFree(model: unknown): TableDraft {
  const { types, ttl } = readModel('', fieldsOf(model, peek(model, 'table')))
  return draftOf(readTable(peek(model, 'table')), types, ttl)
}

function readTable(table: unknown): OneTable {
  return {
    name: peekText(table, 'name'),
    indexes: peek(schemaOf(table), 'indexes'),
    models: peekEntries(schemaOf(table), 'models')
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, model]) => readModel(name, fieldsOf(model, table))),
  }
}

function fieldsOf(model: unknown, table: unknown): readonly Field[] {
  return [...peekEntries(model, 'block', 'fields'), ...peekEntries(model, 'fields')].map(([, field]) =>
    readField(field, peek(table, 'isoDates')),
  )
}

function readSchema(schema: unknown): OneTable {
  return {
    name: undefined,
    indexes: peek(schema, 'indexes'),
    models: peekEntries(schema, 'models').map(([name, model]) => {
      const fields = peekEntries(model).map(([field, options]) => {
        const attribute = (peekText(options, 'map') ?? field).split('.')
        return readField({ ...Object.fromEntries(peekEntries(options)), attribute }, peek(schema, 'params', 'isoDates'))
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

/** How OneTable stores a field, which is not always what its own getTableDefinition says: it forgets numeric dates and `map`. */
function readField(field: unknown, tableIsoDates: unknown): Field {
  const ttl = peek(field, 'ttl') === true
  const declared = peek(field, 'type')
  const type = String(typeof declared === 'function' ? declared.name : declared).toLowerCase()
  const isoDate = !ttl && (peek(field, 'isoDates') === true || tableIsoDates === true)
  const attribute = peek(field, 'attribute')
  const [name, ...inner] = Array.isArray(attribute) ? attribute : []
  return {
    attribute: typeof name === 'string' && inner.length === 0 ? name : undefined,
    // Buffers are stored as base64 text.
    type: type === 'number' || (type === 'date' && !isoDate) ? 'N' : 'S',
    ttl,
  }
}

/** One draft for each model, so that what they say of shared keys can be compared. */
function draftsOf(table: OneTable): readonly { readonly model: string | undefined; readonly draft: TableDraft }[] {
  if (table.models.length === 0) return [{ model: undefined, draft: draftOf(table, new Map(), undefined) }]
  return table.models.map(({ name, types, ttl }) => ({ model: name, draft: draftOf(table, types, ttl) }))
}

function draftOf(
  { name, indexes }: OneTable,
  types: ReadonlyMap<string, KeyType>,
  ttl: string | undefined,
): TableDraft {
  const key = (attribute: string | undefined): readonly KeyDraft[] =>
    oneKey(attribute, attribute === undefined ? undefined : types.get(attribute))
  const hash = peekText(indexes, 'primary', 'hash')
  return {
    table: name,
    partitionKey: key(hash),
    sortKey: key(peekText(indexes, 'primary', 'sort')),
    indexes: peekEntries(indexes).flatMap(([index, value]): readonly IndexDraft[] => {
      if (index === 'primary') return []
      const own = peekText(value, 'hash')
      const local = peek(value, 'type') === 'local' || own === undefined || own === hash
      return [
        {
          name: index,
          kind: local ? 'local' : 'global',
          partitionKey: key(own),
          sortKey: key(peekText(value, 'sort')),
          projection: readProjection(peek(value, 'project')),
        },
      ]
    }),
    settings: ttl === undefined ? {} : { ttl },
  }
}

/** OneTable creates an index that says nothing with everything in it. */
function readProjection(project: unknown): Projection {
  if (Array.isArray(project)) return project.filter(name => typeof name === 'string')
  return project === 'keys' ? 'KEYS_ONLY' : 'ALL'
}

function named(context: AdapterContext, model: string | undefined): AdapterContext {
  if (model === undefined) return context
  return { ...context, export: context.export === undefined ? model : `${context.export}.${model}` }
}
