import type { GlobalIndex, KeyType, TableSettings } from '../table/definition.ts'
import { definitionError } from '../table/definition-error.ts'
import { isRecord, show } from '../table/untyped.ts'
import type { Attribute } from './attributes.ts'
import { makeTableModel, type TableModel } from './define-table.ts'
import { readModel } from './read-model.ts'

/** A table defined by a model, with the model's attributes. */
export interface Model<A extends Attributes = Attributes> extends TableModel {
  readonly attributes: A
}

/**
 * A table whose keys are named from `attributes` and have the types declared there. Naming an attribute that is not
 * declared, or one that cannot be a key, does not compile, and throws in JavaScript. The other rules are checked when
 * the model is used, so that the problems of all tables are reported at once.
 * @throws DynamoxError `definition` with every key that is wrong.
 */
export function defineModel<const A extends Attributes>(input: ModelInput<A>): Model<A> {
  const untyped: unknown = input
  if (!isRecord(untyped)) {
    const message = `must be an object, not ${show(untyped)}; write { table, attributes, partitionKey, ... }`
    throw definitionError('the model', [{ path: 'defineModel', message }])
  }
  const { branded, problems } = readModel(untyped)
  if (problems.length > 0) throw definitionError(typeof input.table === 'string' ? input.table : 'the model', problems)
  return { ...makeTableModel(branded), attributes: input.attributes }
}

/** A model's attributes, by the names that its keys and indexes use. */
export type Attributes = Readonly<Record<string, Attribute>>

/** The attributes that can be keys: strings, numbers and binary ones. */
export type KeyName<A extends Attributes> = NameOf<A, KeyType>

/** The attributes that are numbers. */
export type NumberName<A extends Attributes> = NameOf<A, 'N'>

/** A key of a global index: one attribute, or a list of up to four. */
export type KeyNames<A extends Attributes> = KeyName<A> | readonly [KeyName<A>, KeyName<A>?, KeyName<A>?, KeyName<A>?]

/** `ALL`, `KEYS_ONLY`, or a list of attributes, which may include attributes of other models in the same table. */
export type ModelProjection<A extends Attributes> = 'ALL' | 'KEYS_ONLY' | readonly (AttributeName<A> | (string & {}))[]

export interface ModelGlobalIndex<A extends Attributes>
  extends Omit<GlobalIndex, 'name' | 'partitionKey' | 'sortKey' | 'projection'> {
  readonly partitionKey: KeyNames<A>
  readonly sortKey?: KeyNames<A> | undefined
  /** `ALL` when left out. */
  readonly projection?: ModelProjection<A> | undefined
}

export interface ModelLocalIndex<A extends Attributes> {
  readonly sortKey: KeyName<A>
  /** `ALL` when left out. */
  readonly projection?: ModelProjection<A> | undefined
}

/** The input of `defineModel`: a table whose keys are named from `attributes` and have the types declared there. */
export interface ModelInput<A extends Attributes> extends Omit<TableSettings, 'ttl'> {
  /** The table's name: 3 to 255 characters, before prefix and suffix. */
  readonly table: string
  readonly attributes: A
  readonly partitionKey: KeyName<A>
  readonly sortKey?: KeyName<A> | undefined
  readonly globalIndexes?: Readonly<Record<string, ModelGlobalIndex<A>>> | undefined
  readonly localIndexes?: Readonly<Record<string, ModelLocalIndex<A>>> | undefined
  /** The number attribute that holds the expiry time (epoch seconds), or `false` for none. */
  readonly ttl?: NumberName<A> | false | undefined
  /** Members of the CreateTable request without a dynamox field, by their AWS names. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

type AttributeName<A extends Attributes> = keyof A & string

type NameOf<A extends Attributes, T> = {
  [N in AttributeName<A>]: A[N] extends { readonly type: T } ? N : never
}[AttributeName<A>]
