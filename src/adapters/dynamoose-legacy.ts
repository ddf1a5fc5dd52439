import type { TableSettings } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type Library, type TableDraft } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { assumedOfIndexes, assumedThroughput, ttlOf } from './dynamoose.ts'
import { hasMethods, invoke, isCallable, isHolder, peek, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'dynamoose', title: 'Dynamoose', versions: '1 to 4' }

/** Models of Dynamoose 1 and 2, which set out to create their table as soon as they are made. */
export const dynamooseLegacy: Adapter = {
  name: library.adapter,
  connects: true,
  matches: value => isSecond(value) || isFirst(value),
  replaces: value => peekList(value, 'Model', 'schemas'),
  toDefinitions: async (value, context) => {
    const draft = isSecond(value) ? await readSecond(value) : readFirst(value)
    return [fromDraft(draft, library, context)]
  },
}

const isSecond = (value: unknown) =>
  isCallable(value) &&
  peekList(value, 'Model', 'schemas').length > 0 &&
  hasMethods(peek(value, 'table', 'create'), 'request')
const isFirst = (value: unknown) =>
  isCallable(value) && hasMethods(value, 'getTableReq') && isHolder(peek(value, '$__'))

async function readSecond(model: unknown): Promise<TableDraft> {
  const request = await invoke(peek(model, 'table', 'create'), 'request')
  return withChoices(request, peek(model, 'Model', 'options', 'expires'))
}

function readFirst(model: unknown): TableDraft {
  const expires = peekText(peek(model, '$__'), 'schema', 'expires', 'attribute')
  return withChoices(invoke(model, 'getTableReq'), expires === undefined ? undefined : { attribute: expires })
}

/** By the time a model is there, what it was given and what Dynamoose filled in look the same: one unit each is taken for filled in. */
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
