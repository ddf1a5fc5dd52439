import type { TableSettings } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import type { Adapter } from './adapter.ts'
import { draftFromRequest, type TableDraft } from './draft.ts'
import { assumedOfIndexes, assumedThroughput, ofSchemas, ttlOf } from './dynamoose.ts'
import { entriesAt, hasMethods, invoke, isCallable, listAt, textAt } from './read-values.ts'

/** Models of Dynamoose 1 and 2, which start to create their table when they are constructed. */
export const dynamooseLegacy: Adapter = {
  name: 'dynamoose',
  connects: true,
  matches: value => isSecond(value) || isFirst(value),
  replaces: value => listAt(value, 'Model', 'schemas'),
  toDefinitions: async (value, context) => {
    const drafts = isSecond(value) ? await readSecond(value) : [readFirst(value)]
    return ofSchemas(drafts, context)
  },
}

const isSecond = (value: unknown) =>
  isCallable(value) &&
  listAt(value, 'Model', 'schemas').length > 0 &&
  hasMethods(memberOf(value, 'table', 'create'), 'request')
const isFirst = (value: unknown) =>
  isCallable(value) && hasMethods(value, 'getTableReq') && isHolder(memberOf(value, '$__'))

/** One draft for each schema of the model: Dynamoose 2 itself creates only the indexes of the first one. */
async function readSecond(model: unknown): Promise<readonly TableDraft[]> {
  const request = await invoke(memberOf(model, 'table', 'create'), 'request')
  const common = Object.fromEntries(entriesAt(request).filter(([name]) => !/Indexes$/.test(name)))
  const schemas = listAt(model, 'Model', 'schemas')
  const parts = await Promise.all(
    schemas.map(schema => invoke(schema, 'getCreateTableAttributeParams', memberOf(model, 'Model'))),
  )
  const expires = memberOf(model, 'Model', 'options', 'expires')
  return parts.map(part => withChoices({ ...common, ...Object.fromEntries(entriesAt(part)) }, expires))
}

function readFirst(model: unknown): TableDraft {
  const expires = textAt(memberOf(model, '$__'), 'schema', 'expires', 'attribute')
  return withChoices(invoke(model, 'getTableReq'), expires === undefined ? undefined : { attribute: expires })
}

/** A finished model does not show which options were given and which are defaults: one unit each counts as the default. */
function withChoices(request: unknown, expires: unknown): TableDraft {
  const draft = draftFromRequest(request)
  const ttl = ttlOf(expires)
  const settings: TableSettings = { ...draft.settings, ...(ttl === undefined ? {} : { ttl }) }
  const unchosen = settings.readCapacity === 1 && settings.writeCapacity === 1
  return {
    ...draft,
    settings,
    assumed: unchosen ? [...assumedThroughput, ...assumedOfIndexes(draft.indexes)] : [],
  }
}
