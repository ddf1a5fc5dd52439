import { type StreamView, streamViews } from '../settings/stream.ts'
import type { Assumption, TableSettings } from '../table/definition.ts'
import type { SourcedTable } from '../table/input.ts'
import { definedOnly, isHolder, isRecord, memberOf } from '../table/untyped.ts'
import { type AdapterContext, looksUnknown, notUnderstood, within } from './adapter.ts'
import { draftFromRequest, fromDraft, type IndexDraft, type LibraryAdapter, type TableDraft } from './draft.ts'
import { entriesAt, hasMethods, invoke, isCallable, listAt, textAt } from './read-values.ts'

/** Models and tables of Dynamoose 3 and 4. */
export const dynamoose: LibraryAdapter = {
  name: 'dynamoose',
  library: {
    title: 'Dynamoose',
    packages: {
      dynamoose: { exports: 'a model, a table or a schema', versions: ['1', '2', '3', '4'] },
      'nestjs-dynamoose': { exports: 'its schema, or { name, schema, options }', versions: ['0'] },
    },
  },
  connects: true,
  matches: value => isModel(value) || isTable(value),
  members: value =>
    isTable(value) ? listAt(internalsOf(value), 'models').map(model => [modelName(model), model]) : [],
  replaces: value => (isModel(value) ? listAt(internalsOf(memberOf(value, 'Model')), 'schemas') : []),
  explain: value => (looksLike(value) ? looksUnknown(dynamoose.library) : undefined),
  toDefinitions: async (value, context) => (isModel(value) ? ofSchemas(await readModel(value, context), context) : []),
}

/**
 * A schema of Dynamoose 2 to 4 without a model, which knows everything but the name and the billing, and the
 * `{ name, schema, options }` from which nestjs-dynamoose makes a model.
 */
export const dynamooseSchema: LibraryAdapter = {
  name: 'dynamoose',
  library: { title: 'a Dynamoose schema', packages: {} },
  matches: value => isSchema(value) || isNamedSchema(value),
  replaces: value => (isNamedSchema(value) ? [memberOf(value, 'schema')] : []),
  toDefinitions: async (value, context) => {
    const draft = isSchema(value) ? await readSchema(value, {}) : await readNamedSchema(value)
    return [fromDraft(draft, dynamooseSchema, context)]
  },
}

/** One source for each schema of a model. Most models have one schema. */
export function ofSchemas(drafts: readonly TableDraft[], context: AdapterContext): readonly SourcedTable[] {
  return drafts.map((draft, index) =>
    fromDraft(draft, dynamoose, drafts.length === 1 ? context : within(context, `schemas[${index}]`)),
  )
}

// A model is a function (the class of its items) with methods; its data is stored under a private symbol.
const isModel = (value: unknown) =>
  isCallable(value) && hasMethods(value, 'table') && hasMethods(memberOf(value, 'Model'), 'getInternalProperties')
const isTable = (value: unknown) =>
  !isCallable(value) && hasMethods(value, 'getInternalProperties', 'create', 'initialize')

// Methods that models have in every version so far.
const looksLike = (value: unknown) =>
  isCallable(value) && !isModel(value) && 'Model' in value && hasMethods(value, 'get', 'query', 'scan', 'batchPut')

const modelName = (model: unknown) => textAt(model, 'name') ?? 'model'

/** One draft for each schema. In Dynamoose the last schema wins; the loader reports contradictions instead. */
async function readModel(model: unknown, context: AdapterContext): Promise<readonly TableDraft[]> {
  const own = internalsOf(memberOf(model, 'Model'))
  if (!isHolder(own) || !hasMethods(own, 'getCreateTableAttributeParams'))
    throw notUnderstood(dynamoose.library, context)
  const given = memberOf(own, 'options')
  const pristine = memberOf(own, '_table') === undefined
  // Reading a model's table makes Dynamoose create it in AWS, unless the options forbid that first.
  if (pristine) Object.assign(own, { options: { ...spread(given), initialize: false } })
  const table = internalsOf(invoke(model, 'table'))
  const name = textAt(table, 'name')
  const schemas = await Promise.all(
    listAt(own, 'schemas').map(schema => invoke(schema, 'getCreateTableAttributeParams', memberOf(model, 'Model'))),
  )
  if (name === undefined || !schemas.some(keys => listAt(keys, 'KeySchema').length > 0))
    throw notUnderstood(dynamoose.library, context)

  const options = { ...spread(memberOf(table, 'options')), ...spread(given) }
  const settings = { ...throughputOf(options.throughput), ...settingsOf(options) }
  const chosen = (pristine && memberOf(given, 'throughput') !== undefined) || !isFilledIn(options.throughput)
  return schemas.map(keys => {
    const draft = draftFromRequest({ ...spread(keys), TableName: name })
    const indexes = settings.billingMode === 'PAY_PER_REQUEST' ? draft.indexes.map(unmetered) : draft.indexes
    return {
      ...draft,
      indexes,
      settings,
      assumed: [
        ...(chosen ? [] : assumedThroughput),
        ...(isFilledIn(memberOf(table, 'options', 'throughput')) ? assumedOfIndexes(indexes) : []),
      ],
    }
  })
}

const isSchema = (value: unknown) =>
  hasMethods(value, 'getCreateTableAttributeParams', 'getAttributeType') && !hasMethods(value, 'table')
const isNamedSchema = (value: unknown) =>
  isRecord(value) && textAt(value, 'name') !== undefined && isSchema(memberOf(value, 'schema'))

async function readSchema(schema: unknown, settings: TableSettings): Promise<TableDraft> {
  const { readCapacity: read, writeCapacity: write } = settings
  // The indexes of a schema take their throughput from the model's table; an on-demand table has none.
  const options = { throughput: read === undefined ? 'ON_DEMAND' : { read, write } }
  const model = { options, getInternalProperties: () => ({ options, table: () => model }) }
  return { ...draftFromRequest(await invoke(schema, 'getCreateTableAttributeParams', model)), settings }
}

async function readNamedSchema(named: unknown): Promise<TableDraft> {
  const options = spread(memberOf(named, 'options'))
  const settings = { ...throughputOf(options.throughput), ...settingsOf(options) }
  const name = textAt(options, 'tableName') ?? textAt(named, 'name') ?? ''
  const table = `${textAt(options, 'prefix') ?? ''}${name}${textAt(options, 'suffix') ?? ''}`
  return { ...(await readSchema(memberOf(named, 'schema'), settings)), table }
}

/** The properties that Dynamoose stores under a private symbol. The getter of `name` reveals the symbol. */
function internalsOf(holder: unknown): unknown {
  for (let level: unknown = holder; isHolder(level); level = Object.getPrototypeOf(level)) {
    const getter = Object.getOwnPropertyDescriptor(level, 'name')?.get
    if (getter === undefined) continue
    let key: unknown
    const spy = {
      getInternalProperties: (symbol: unknown) => {
        key = symbol
        return {}
      },
    }
    Reflect.apply(getter, spy, [])
    return key === undefined ? undefined : invoke(holder, 'getInternalProperties', key)
  }
  return undefined
}

/** Reads Dynamoose's `throughput`: `ON_DEMAND`, one number for both, or `{ read, write }`. */
function throughputOf(throughput: unknown): TableSettings {
  if (throughput === 'ON_DEMAND') return { billingMode: 'PAY_PER_REQUEST' }
  const read = typeof throughput === 'number' ? throughput : memberOf(throughput, 'read')
  const write = typeof throughput === 'number' ? throughput : memberOf(throughput, 'write')
  if (typeof read !== 'number' || typeof write !== 'number') return {}
  return { billingMode: 'PROVISIONED', readCapacity: read, writeCapacity: write }
}

// Dynamoose fills in one unit each when neither the model nor the global defaults give a throughput. It does so in the
// given options as well, in this form; a user who wants one unit writes `throughput: 1`.
function isFilledIn(throughput: unknown): boolean {
  return memberOf(throughput, 'read') === 1 && memberOf(throughput, 'write') === 1
}

const message = 'billing is assumed to be provisioned with 1 read and 1 write unit, the default of Dynamoose'

/** The throughput with which Dynamoose creates a table by default. */
export const assumedThroughput: readonly Assumption[] = ['billingMode', 'readCapacity', 'writeCapacity'].map(path => ({
  path,
  message,
  guess: true,
}))

export function assumedOfIndexes(indexes: readonly IndexDraft[]): readonly Assumption[] {
  return indexes
    .filter(({ throughput }) => throughput?.readCapacity === 1 && throughput.writeCapacity === 1)
    .flatMap(({ name }) => ['readCapacity', 'writeCapacity'].map(field => `globalIndexes.${name}.${field}`))
    .map(path => ({ path, message, guess: true }))
}

const unmetered = ({ throughput: _, ...index }: IndexDraft): IndexDraft => index

function settingsOf(options: Readonly<Record<string, unknown>>): TableSettings {
  const tags = entriesAt(options.tags).map(([key, value]) => [key, String(value)])
  return definedOnly({
    ttl: ttlOf(options.expires),
    tableClass: options.tableClass === 'infrequentAccess' ? 'STANDARD_INFREQUENT_ACCESS' : undefined,
    stream: readStream(options.streamOptions),
    tags: tags.length === 0 ? undefined : Object.fromEntries(tags),
  })
}

/** `expires` is a lifetime in milliseconds, or an object that may name the attribute; the default is `ttl`. */
export function ttlOf(expires: unknown): string | undefined {
  if (typeof expires === 'number') return 'ttl'
  return isHolder(expires) ? (textAt(expires, 'attribute') ?? 'ttl') : undefined
}

function readStream(options: unknown): StreamView | undefined {
  return memberOf(options, 'enabled') === true
    ? streamViews.find(view => view === memberOf(options, 'type'))
    : undefined
}

function spread(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entriesAt(value))
}
