import type { Adapter } from './adapter.ts'
import { fromDraft, type Library } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { hasMethods, invoke, isHolder, peek } from './peek.ts'

const library: Library = { adapter: 'dynamode', title: 'Dynamode', versions: '1' }

/** Table managers of Dynamode 1. Billing and protection are arguments of its own create, so they are unknown here. */
export const dynamode: Adapter = {
  name: library.adapter,
  matches: value =>
    isHolder(peek(value, 'tableMetadata')) && hasMethods(value, 'entityManager', 'createTable', 'validateTable'),
  toDefinitions: (value, context) => {
    const draft = draftFromRequest(invoke(value, 'createTable', { return: 'input' }))
    return [fromDraft({ ...draft, settings: {} }, library, context)]
  },
}
