import type { KeyType } from '../table/definition.ts'

/** DynamoDB's type codes: string, number, binary, boolean, list, map, sets of the first three; and vectors, which are lists of numbers. */
export type AttributeType = (typeof attributeTypes)[number]

export const attributeTypes = ['S', 'N', 'B', 'BOOL', 'L', 'M', 'SS', 'NS', 'BS', 'VECTOR'] as const

/** An attribute of a model: its type, and its stored name if that differs from the name in the model. */
export interface Attribute<T extends AttributeType = AttributeType> {
  /** DynamoDB's type code. */
  readonly type: T
  /** The name in the table, when it differs from the one in the model. */
  readonly name?: string | undefined
}

/** A list of exactly so many numbers, which vector indexes search by similarity. */
export interface VectorAttribute<D extends number = number> extends Attribute<'VECTOR'> {
  /** The length of every vector, 1 to 4096. */
  readonly dimensions: D
}

export interface AttributeOptions {
  /** The name in the table, when it differs from the one in the model: `email: string({ name: 'email_address' })`. */
  readonly name?: string | undefined
}

/** A string. May be a key. */
export const string = attributeOf('S')

/** A number. May be a key. */
export const number = attributeOf('N')

/** Bytes. May be a key. */
export const binary = attributeOf('B')

/** True or false. Cannot be a key. */
export const boolean = attributeOf('BOOL')

/** A list of anything. Cannot be a key. */
export const list = attributeOf('L')

/** A nested object. Cannot be a key. */
export const map = attributeOf('M')

/** A vector of this many numbers (1 to 4096), for vector indexes. Cannot be a key. */
export function vector<const D extends number>(dimensions: D, options: AttributeOptions = {}): VectorAttribute<D> {
  return { ...attributeOf('VECTOR')(options), dimensions }
}

/** A set of strings. Cannot be a key. */
export const stringSet = attributeOf('SS')

/** A set of numbers. Cannot be a key. */
export const numberSet = attributeOf('NS')

/** A set of byte strings. Cannot be a key. */
export const binarySet = attributeOf('BS')

/** A set of what `member` is: `set(string())` is `stringSet()`. Cannot be a key. */
export function set<T extends KeyType>(member: Attribute<T>, options: AttributeOptions = {}): Attribute<`${T}S`> {
  return attributeOf<`${T}S`>(`${member.type}S`)(options)
}

function attributeOf<T extends AttributeType>(type: T) {
  return ({ name }: AttributeOptions = {}): Attribute<T> => ({ type, ...(name === undefined ? {} : { name }) })
}
