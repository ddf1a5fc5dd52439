import { streamViews } from '../settings/stream.ts'
import type { Assumption, TableSettings } from '../table/definition.ts'
import { definedOnly, memberOf } from '../table/untyped.ts'
import { draftFromRequest, fromDraft, type LibraryAdapter } from './draft.ts'
import { hasMethods, invoke, isCallable, textAt } from './read-values.ts'

/** Table classes of Dyngoose 4. */
export const dyngoose: LibraryAdapter = {
  name: 'dyngoose',
  library: {
    title: 'Dyngoose',
    packages: { dyngoose: { exports: 'a table class', versions: ['4'] } },
  },
  matches: value => isCallable(value) && hasMethods(memberOf(value, 'schema'), 'createTableInput', 'setPrimaryKey'),
  toDefinitions: (value, context) => {
    const schema = memberOf(value, 'schema')
    const draft = draftFromRequest(invoke(schema, 'createTableInput'))
    const settings = { ...draft.settings, ...settingsOf(schema) }
    return [fromDraft({ ...draft, settings, assumed: filledIn(settings) }, dyngoose, context)]
  },
}

// TTL and recovery are not part of CreateTable, but of the input that Dyngoose composes for CloudFormation.
function settingsOf(schema: unknown): TableSettings {
  const full = invoke(schema, 'createTableInput', true)
  const ttl = textAt(full, 'TimeToLiveSpecification', 'AttributeName')
  const stream = streamViews.find(view => view === memberOf(full, 'StreamSpecification', 'StreamViewType'))
  return definedOnly({
    ttl,
    stream,
    encryption: memberOf(schema, 'options', 'encrypted') === true ? 'AWS_MANAGED' : undefined,
    pointInTimeRecovery: memberOf(schema, 'options', 'backup') === true ? true : undefined,
  })
}

/** Dyngoose fills in defaults, which look the same as given values. */
function filledIn({ billingMode, pointInTimeRecovery }: TableSettings): readonly Assumption[] {
  const billing = 'billing is assumed to be on-demand (PAY_PER_REQUEST), the default of Dyngoose'
  const recovery = 'point-in-time recovery is assumed to be on, the default of Dyngoose'
  return [
    ...(billingMode === 'PAY_PER_REQUEST' ? [{ path: 'billingMode', message: billing, guess: true }] : []),
    ...(pointInTimeRecovery === true ? [{ path: 'pointInTimeRecovery', message: recovery, guess: true }] : []),
  ]
}
