import type { StreamView, TableSettings } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type Library } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { hasMethods, invoke, isCallable, peek, peekText } from './peek.ts'

const library: Library = { adapter: 'dyngoose', title: 'Dyngoose', versions: '4' }

/** Table classes of Dyngoose 4. */
export const dyngoose: Adapter = {
  name: library.adapter,
  matches: value => isCallable(value) && hasMethods(peek(value, 'schema'), 'createTableInput', 'setPrimaryKey'),
  toDefinitions: (value, context) => {
    const schema = peek(value, 'schema')
    const draft = draftFromRequest(invoke(schema, 'createTableInput'))
    const settings = { ...draft.settings, ...settingsOf(schema) }
    return [fromDraft({ ...draft, settings }, library, context)]
  },
}

// Expiry and recovery are not part of CreateTable, yet they are of the input that Dyngoose makes for CloudFormation.
function settingsOf(schema: unknown): TableSettings {
  const full = invoke(schema, 'createTableInput', true)
  const ttl = peekText(full, 'TimeToLiveSpecification', 'AttributeName')
  const stream = views.find(view => view === peek(full, 'StreamSpecification', 'StreamViewType'))
  return {
    ...(ttl === undefined ? {} : { ttl }),
    ...(stream === undefined ? {} : { stream }),
    ...(peek(schema, 'options', 'encrypted') === true ? { encryption: 'AWS_MANAGED' } : {}),
    ...(peek(schema, 'options', 'backup') === true ? { pointInTimeRecovery: true } : {}),
  }
}

const views: readonly StreamView[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']
