import type { Problem } from '../errors.ts'
import { toDefinition } from '../settings/to-definition.ts'
import type { VectorIndexInput } from '../settings/vector-indexes.ts'
import type { GlobalIndex, KeyType } from '../table/definition.ts'
import type { BrandedTable, TableLayer } from '../table/input.ts'
import { definitionError } from '../table/problems.ts'
import { isRecord, show } from '../table/untyped.ts'
import type { Attribute, VectorAttribute } from './attributes.ts'
import { makeTableModel, type TableModel } from './define-table.ts'
import { readModel } from './read-model.ts'

/** A table defined by a model, with the model's attributes. */
export interface Model<A extends Attributes = Attributes> extends TableModel {
  /** The attributes as declared, by their names in the model. */
  readonly attributes: A
}

/**
 * A table whose keys are named from `attributes` and have the types declared there. Naming an attribute that is not
 * declared, or one that cannot be a key, does not compile, and throws in JavaScript. The other rules are checked when
 * the model is used, so that the problems of all tables are reported at once.
 * @throws DynamoxError `definition` with all problems of the model, when a key is wrong.
 */
export function defineModel<const A extends Attributes>(input: ModelInput<A>): Model<A> {
  const untyped: unknown = input
  if (!isRecord(untyped)) {
    const message = `must be an object, not ${show(untyped)}; write { table, attributes, partitionKey, ... }`
    throw definitionError('the model', [{ path: 'defineModel', message }])
  }
  const { branded, problems } = readModel(untyped)
  if (problems.length > 0) {
    const name = typeof input.table === 'string' ? input.table : 'the model'
    throw definitionError(name, [...problems, ...otherProblems(branded)])
  }
  return { ...makeTableModel(branded), attributes: input.attributes }
}

/** The problems beside those of the keys, which are incomplete where they are wrong. */
function otherProblems({ input }: BrandedTable): readonly Problem[] {
  const { table } = input
  const { problems } = toDefinition(input, { path: typeof table === 'string' ? table : 'model' })
  return problems.filter(({ path }) => !/(partitionKey|sortKey|attribute|filters|ttl)$/.test(path))
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

/** A vector index on one of the model's vectors: its length must be the one declared there. */
export type ModelVectorIndex<A extends Attributes> = {
  [N in NameOf<A, 'VECTOR'>]: Omit<VectorIndexInput, keyof ModelVectorFields<A, N>> & ModelVectorFields<A, N>
}[NameOf<A, 'VECTOR'>]

interface ModelVectorFields<A extends Attributes, N extends AttributeName<A>> {
  /** An attribute that is declared with `vector(...)`. */
  readonly attribute: N
  /** The length of the vectors, as declared in `attributes`; may be left out. */
  readonly dimensions?: (A[N] extends VectorAttribute<infer D> ? D : never) | undefined
  /** Partitions the index; every search then names a value. */
  readonly partitionKey?: KeyName<A> | undefined
  /** Up to 18 attributes that a search can filter by. */
  readonly filters?: KeyName<A> | readonly KeyName<A>[] | undefined
  /** `ALL` when left out. */
  readonly projection?: ModelProjection<A> | undefined
}

/** The input of `defineModel`: a table whose keys are named from `attributes` and have the types declared there. */
export interface ModelInput<A extends Attributes> extends Omit<TableLayer, ModelKey> {
  /** The table's name: 3 to 255 characters, before prefix and suffix. */
  readonly table: string
  /** The attributes by the names that keys, indexes and `ttl` use. */
  readonly attributes: A
  /** The attribute of the partition key: a string, number or binary one. */
  readonly partitionKey: KeyName<A>
  /** The attribute of the sort key; none when left out. */
  readonly sortKey?: KeyName<A> | undefined
  /** Global secondary indexes by name: keys and settings of their own; may be added and removed later. */
  readonly globalIndexes?: Readonly<Record<string, ModelGlobalIndex<A>>> | undefined
  /** Local secondary indexes by name: the table's partition key with another sort key; fixed at creation. */
  readonly localIndexes?: Readonly<Record<string, ModelLocalIndex<A>>> | undefined
  /** Vector indexes by name, for similarity search. On-demand billing only. */
  readonly vectorIndexes?: Readonly<Record<string, ModelVectorIndex<A>>> | undefined
  /** The number attribute that holds the expiry time (epoch seconds), or `false` for none. */
  readonly ttl?: NumberName<A> | false | undefined
}

/** The fields that name attributes of the model. */
type ModelKey = 'partitionKey' | 'sortKey' | 'globalIndexes' | 'localIndexes' | 'vectorIndexes' | 'ttl'

type AttributeName<A extends Attributes> = keyof A & string

type NameOf<A extends Attributes, T> = {
  [N in AttributeName<A>]: A[N] extends { readonly type: T } ? N : never
}[AttributeName<A>]
