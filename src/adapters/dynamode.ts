import { isHolder, memberOf } from '../table/untyped.ts'
import { draftFromRequest, fromDraft, type LibraryAdapter } from './draft.ts'
import { hasMethods, invoke } from './read-values.ts'

/** Table managers of Dynamode 1. Billing and protection are arguments of its `createTable`, so they are unknown here. */
export const dynamode: LibraryAdapter = {
  name: 'dynamode',
  library: {
    title: 'Dynamode',
    packages: { dynamode: { exports: 'a TableManager', versions: ['1'] } },
  },
  matches: value =>
    isHolder(memberOf(value, 'tableMetadata')) && hasMethods(value, 'entityManager', 'createTable', 'validateTable'),
  toDefinitions: (value, context) => {
    const draft = draftFromRequest(invoke(value, 'createTable', { return: 'input' }))
    return [fromDraft({ ...draft, settings: {} }, dynamode, context)]
  },
}
