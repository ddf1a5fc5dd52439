import { definitionError } from '../table/definition-error.ts'
import { isRecord, show } from '../table/untyped.ts'
import type { Attributes, ModelInput } from './model-input.ts'
import { readModel } from './read-model.ts'
import { makeTableModel, type TableModel } from './table-model.ts'

/** A table that was defined by a model, with the attributes that the model declares. */
export interface Model<A extends Attributes = Attributes> extends TableModel {
  readonly attributes: A
}

/**
 * A table whose keys are named from `attributes` and have the types declared there. Naming an attribute that is not
 * declared, or one that cannot be a key, does not compile, and throws in JavaScript. The other rules are checked when
 * the model is used, so that the problems of all tables can be told at once.
 * @throws DynamoxError `definition` with every key that is wrong.
 */
export function defineModel<const A extends Attributes>(input: ModelInput<A>): Model<A> {
  const untyped: unknown = input
  if (!isRecord(untyped)) {
    const message = `${show(untyped)} is no model; write { table, attributes, partitionKey, ... }`
    throw definitionError('the model', [{ path: 'defineModel', message }])
  }
  const { branded, problems } = readModel(untyped)
  if (problems.length > 0) throw definitionError(typeof input.table === 'string' ? input.table : 'the model', problems)
  return { ...makeTableModel(branded), attributes: input.attributes }
}
