import type { Adapter } from './adapter.ts'
import { fromDraft, type Library } from './draft.ts'
import { draftFromRequest } from './draft-from-request.ts'
import { hasMethods, invoke } from './peek.ts'

const library: Library = { adapter: 'dynamoose', title: 'A Dynamoose schema', versions: '2 to 4' }

/** A schema of Dynamoose 2 to 4 without a model, as nestjs-dynamoose has it: all but the name and the billing. */
export const dynamooseSchema: Adapter = {
  name: library.adapter,
  matches: value =>
    hasMethods(value, 'getCreateTableAttributeParams', 'getAttributeType') && !hasMethods(value, 'table'),
  toDefinitions: async (value, context) => {
    const keys = await invoke(value, 'getCreateTableAttributeParams', model)
    return [fromDraft({ ...draftFromRequest(keys), settings: {} }, library, context)]
  },
}

// The indexes of a schema ask the model's table for its throughput; on-demand has none to hand down.
const options = { throughput: 'ON_DEMAND' }
const model = { options, getInternalProperties: () => ({ options, table: () => model }) }
