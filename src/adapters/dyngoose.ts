import type { Assumption, StreamView, TableSettings } from '../table/definition.ts'
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
    return [fromDraft({ ...draft, settings, assumed: filledIn(settings) }, library, context)]
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

/** Dyngoose fills in what a table leaves out, and what was written down looks the same. */
function filledIn({ billingMode, pointInTimeRecovery }: TableSettings): readonly Assumption[] {
  const billing = 'billing is on-demand (PAY_PER_REQUEST), as Dyngoose has it when billingMode is left out'
  const recovery = 'point-in-time recovery is on, as Dyngoose has it when backup is left out'
  return [
    ...(billingMode === 'PAY_PER_REQUEST' ? [{ path: 'billingMode', message: billing, guess: true }] : []),
    ...(pointInTimeRecovery === true ? [{ path: 'pointInTimeRecovery', message: recovery, guess: true }] : []),
  ]
}

const views: readonly StreamView[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']
