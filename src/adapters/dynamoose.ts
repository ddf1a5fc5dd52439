import type { Assumption, StreamView, TableSettings } from '../table/definition.ts'
import type { SourcedTable } from '../table/input.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDraft, type IndexDraft, type Library, type TableDraft } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { looksUnknown, notUnderstood } from './not-understood.ts'
import { hasMethods, invoke, isCallable, isHolder, peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamoose', title: 'Dynamoose', versions: '1 to 4' }

/** Models and tables of Dynamoose 3 and 4. */
export const dynamoose: Adapter = {
  name: library.adapter,
  connects: true,
  matches: value => isModel(value) || isTable(value),
  members: value =>
    isTable(value) ? peekList(internalsOf(value), 'models').map(model => [modelName(model), model]) : [],
  replaces: value => (isModel(value) ? peekList(internalsOf(peek(value, 'Model')), 'schemas') : []),
  explain: value => (looksLike(value) ? looksUnknown(library) : undefined),
  toDefinitions: async (value, context) => (isModel(value) ? ofSchemas(await readModel(value, context), context) : []),
}

/** What each schema of a model says as a source of its own; a model mostly has one. */
export function ofSchemas(drafts: readonly TableDraft[], context: AdapterContext): readonly SourcedTable[] {
  return drafts.map((draft, index) => {
    if (drafts.length === 1) return fromDraft(draft, library, context)
    const schema = `schemas[${index}]`
    const name = context.export === undefined ? schema : `${context.export}.${schema}`
    return fromDraft(draft, library, { ...context, export: name })
  })
}

// A model is a function (the class of its items) that carries its methods; what it knows lies behind a private symbol.
const isModel = (value: unknown) =>
  isCallable(value) && hasMethods(value, 'table') && hasMethods(peek(value, 'Model'), 'getInternalProperties')
const isTable = (value: unknown) =>
  !isCallable(value) && hasMethods(value, 'getInternalProperties', 'create', 'initialize')

// The methods that models have had in every version so far.
const looksLike = (value: unknown) =>
  isCallable(value) && !isModel(value) && 'Model' in value && hasMethods(value, 'get', 'query', 'scan', 'batchPut')

const modelName = (model: unknown) => peekText(model, 'name') ?? 'model'

/** What a model says of its table, schema by schema. Dynamoose lets the last of several win; the loader compares them. */
async function readModel(model: unknown, context: AdapterContext): Promise<readonly TableDraft[]> {
  const own = internalsOf(peek(model, 'Model'))
  if (!isHolder(own) || !hasMethods(own, 'getCreateTableAttributeParams')) throw notUnderstood(library, context)
  const given = peek(own, 'options')
  const pristine = peek(own, '_table') === undefined
  // A model that is asked for its table starts to create it, in AWS, unless its options forbid that first.
  if (pristine) Object.assign(own, { options: { ...spread(given), initialize: false } })
  const table = internalsOf(invoke(model, 'table'))
  const name = peekText(table, 'name')
  const schemas = await Promise.all(
    peekList(own, 'schemas').map(schema => invoke(schema, 'getCreateTableAttributeParams', peek(model, 'Model'))),
  )
  if (name === undefined || !schemas.some(keys => peekList(keys, 'KeySchema').length > 0))
    throw notUnderstood(library, context)

  const options = { ...spread(peek(table, 'options')), ...spread(given) }
  const settings = { ...throughputOf(options.throughput), ...settingsOf(options) }
  const chosen = (pristine && peek(given, 'throughput') !== undefined) || !isFilledIn(options.throughput)
  return schemas.map(keys => {
    const draft = draftFromRequest({ ...spread(keys), TableName: name })
    const indexes = settings.billingMode === 'PAY_PER_REQUEST' ? draft.indexes.map(unmetered) : draft.indexes
    return {
      ...draft,
      indexes,
      settings,
      assumed: [
        ...(chosen ? [] : assumedThroughput),
        ...(isFilledIn(peek(table, 'options', 'throughput')) ? assumedOfIndexes(indexes) : []),
      ],
    }
  })
}

/** The properties that Dynamoose keeps behind a symbol of its own; the getter of `name` gives that symbol away. */
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

/** What `throughput` of Dynamoose means: `ON_DEMAND`, one number for both, or `{ read, write }`. */
function throughputOf(throughput: unknown): TableSettings {
  if (throughput === 'ON_DEMAND') return { billingMode: 'PAY_PER_REQUEST' }
  const read = typeof throughput === 'number' ? throughput : peek(throughput, 'read')
  const write = typeof throughput === 'number' ? throughput : peek(throughput, 'write')
  if (typeof read !== 'number' || typeof write !== 'number') return {}
  return { billingMode: 'PROVISIONED', readCapacity: read, writeCapacity: write }
}

// Dynamoose fills in one unit each where neither a model nor the global defaults say anything, also in the options that
// it was given; somebody who means it writes `throughput: 1`.
function isFilledIn(throughput: unknown): boolean {
  return peek(throughput, 'read') === 1 && peek(throughput, 'write') === 1
}

const message = 'billing is provisioned at 1 read and 1 write unit, as Dynamoose has it when throughput is left out'

/** What Dynamoose would create although nobody wrote it down. */
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
  const ttl = ttlOf(options.expires)
  const stream = readStream(options.streamOptions)
  const tags = peekEntries(options.tags).map(([key, value]) => [key, String(value)])
  return {
    ...(ttl === undefined ? {} : { ttl }),
    ...(options.tableClass === 'infrequentAccess' ? { tableClass: 'STANDARD_INFREQUENT_ACCESS' } : {}),
    ...(stream === undefined ? {} : { stream }),
    ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags) }),
  }
}

/** `expires` is a life time in milliseconds, or holds the attribute; Dynamoose calls it `ttl` otherwise. */
export function ttlOf(expires: unknown): string | undefined {
  if (typeof expires === 'number') return 'ttl'
  return isHolder(expires) ? (peekText(expires, 'attribute') ?? 'ttl') : undefined
}

const views: readonly StreamView[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']

function readStream(options: unknown): StreamView | undefined {
  return peek(options, 'enabled') === true ? views.find(view => view === peek(options, 'type')) : undefined
}

function spread(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(peekEntries(value))
}
