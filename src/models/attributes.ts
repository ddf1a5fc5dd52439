import type { KeyType } from '../table/definition.ts'

/** DynamoDB's type codes: string, number, binary, boolean, list, map, and sets of the first three. */
export type AttributeType = KeyType | 'BOOL' | 'L' | 'M' | 'SS' | 'NS' | 'BS'

/** An attribute of a model: its type, and its stored name if that differs from the name in the model. */
export interface Attribute<T extends AttributeType = AttributeType> {
  readonly type: T
  readonly name?: string | undefined
}

export interface AttributeOptions {
  /** The name in the table, when it differs from the one in the model: `email: string({ name: 'email_address' })`. */
  readonly name?: string | undefined
}

/** A string. May be a key. */
export function string(options: AttributeOptions = {}): Attribute<'S'> {
  return attribute('S', options)
}

/** A number. May be a key. */
export function number(options: AttributeOptions = {}): Attribute<'N'> {
  return attribute('N', options)
}

/** Bytes. May be a key. */
export function binary(options: AttributeOptions = {}): Attribute<'B'> {
  return attribute('B', options)
}

/** True or false. Cannot be a key. */
export function boolean(options: AttributeOptions = {}): Attribute<'BOOL'> {
  return attribute('BOOL', options)
}

/** A list of anything. Cannot be a key. */
export function list(options: AttributeOptions = {}): Attribute<'L'> {
  return attribute('L', options)
}

/** A nested object. Cannot be a key. */
export function map(options: AttributeOptions = {}): Attribute<'M'> {
  return attribute('M', options)
}

/** A set of strings. Cannot be a key. */
export function stringSet(options: AttributeOptions = {}): Attribute<'SS'> {
  return attribute('SS', options)
}

/** A set of numbers. Cannot be a key. */
export function numberSet(options: AttributeOptions = {}): Attribute<'NS'> {
  return attribute('NS', options)
}

/** A set of byte strings. Cannot be a key. */
export function binarySet(options: AttributeOptions = {}): Attribute<'BS'> {
  return attribute('BS', options)
}

/** A set of what `member` is: `set(string())` is `stringSet()`. Cannot be a key. */
export function set<T extends KeyType>(member: Attribute<T>, options: AttributeOptions = {}): Attribute<`${T}S`> {
  return attribute(`${member.type}S`, options)
}

function attribute<T extends AttributeType>(type: T, { name }: AttributeOptions): Attribute<T> {
  return { type, ...(name === undefined ? {} : { name }) }
}
