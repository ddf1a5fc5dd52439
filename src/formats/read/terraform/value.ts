/** A value of Terraform's language; what only `terraform apply` or a missing input can tell is `Unknown`. */
export type Value = string | number | boolean | null | Unknown | readonly Value[] | ValueMap

export interface ValueMap {
  readonly [key: string]: Value
}

const needsKey = Symbol('needs')

/** A value that is not known, and what it needs: `var.stage`, `random_pet.this.id`. */
export interface Unknown {
  readonly [needsKey]: readonly string[]
}

/** A failed operation: a missing attribute, a wrong argument. `try` and `can` catch it, as in Terraform. */
export class EvaluationError extends Error {}

/** An operation that fails for want of a value, which the message names: `the file a.txt, which does not exist`. */
export class NeedError extends EvaluationError {}

export function unknown(...needs: readonly string[]): Unknown {
  return { [needsKey]: [...new Set(needs)] }
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && needsKey in value
}

/** The needs of the unknown values within a value; empty when all of it is known. */
export function needsOf(value: Value): readonly string[] {
  if (isUnknown(value)) return value[needsKey]
  if (isList(value)) return value.flatMap(needsOf)
  return isMap(value) ? Object.values(value).flatMap(needsOf) : []
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value)
}

/** One or several values as a list; none for `null`. The JSON form has a list of blocks where HCL has a block. */
export function listed(value: Value | undefined): readonly Value[]
export function listed(value: unknown): readonly unknown[]
export function listed(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** The maps of a list, or a single map: the blocks of one name. */
export function blocks(value: Value | undefined): readonly ValueMap[] {
  return listed(value).filter(isMap)
}

/** A list's elements or a map's values, with their keys. A list taken as a set has its elements as keys. */
export function entriesOf(value: Value | undefined): readonly (readonly [key: string | number, value: Value])[] {
  if (isList(value)) return value.map((item, index) => [index, item] as const)
  if (isMap(value)) return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  throw new EvaluationError(`${describe(value)} is not a list or map`)
}

export function toText(value: Value | undefined): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new EvaluationError(`${describe(value)} is not a string`)
}

export function toNumber(value: Value | undefined): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new EvaluationError(`${describe(value)} is not a number`)
}

export function toBoolean(value: Value | undefined): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new EvaluationError(`${describe(value)} is not true or false`)
}

export function toList(value: Value | undefined): readonly Value[] {
  return entriesOf(value).map(([, item]) => item)
}

export function toMap(value: Value | undefined): ValueMap {
  if (isMap(value)) return value
  throw new EvaluationError(`${describe(value)} is not a map`)
}

export function distinct(list: readonly Value[]): readonly Value[] {
  return [...new Map(list.map(item => [JSON.stringify(item), item])).values()]
}

/** Without duplicates, texts in order. */
export function toSet(value: Value | undefined): readonly Value[] {
  const items = distinct(toList(value))
  return items.every(item => typeof item === 'string') ? items.toSorted() : items
}

export function isEqual(a: Value, b: Value): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null))
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      keys.every(key => Object.hasOwn(b, key) && isEqual(a[key] ?? null, b[key] ?? null))
    )
  }
  return a === b
}

export function describe(value: Value | undefined): string {
  if (value === undefined) return 'a missing argument'
  if (isUnknown(value)) return 'an unknown value'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}

/** Plain JSON or YAML as a value; there are no functions or dates in it. `special` may take the place of an object. */
export function fromPlain(value: unknown, special: (value: object) => Value | undefined = () => undefined): Value {
  if (Array.isArray(value)) return value.map(item => fromPlain(item, special))
  if (typeof value === 'object' && value !== null) {
    if (isUnknown(value)) return value
    const other = special(value)
    if (other !== undefined) return other
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item, special)]))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
