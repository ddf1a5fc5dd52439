/** An object whose members are not known. */
export type UntypedRecord = Readonly<Record<string, unknown>>

/** Whether `value` is an object that is neither an array nor a function. */
export function isRecord(value: unknown): value is UntypedRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object; any value that is not one has no members. */
export function asRecord(value: unknown): UntypedRecord {
  return isRecord(value) ? value : {}
}

/** The objects in a list; none when the value is not a list. */
export function recordsOf(value: unknown): readonly UntypedRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Whether a value is an object literal of any realm, or a module's namespace: not an instance of a class. */
export function isPlainObject(value: unknown): value is UntypedRecord {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** One text or several, as a list. */
export function textList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/** The members of these names. */
export function pick<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)))
}

/** The value at `path` within a value, including inherited members; `undefined` if the path does not exist. */
export function memberOf(value: unknown, ...path: readonly PropertyKey[]): unknown {
  return path.reduce((holder, key) => (isHolder(holder) ? Reflect.get(holder, key) : undefined), value)
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The members that are not `undefined`, so that a value is unchanged after a JSON round trip. */
export function definedOnly<const T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
}

/** An object with the same names and other values. */
export function mapMembers<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** Whether a value can have members: an object, a list or a function. */
export function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** A value as a message shows it: short, quoted when it is text. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value))
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'function') return 'a function'
  return String(value)
}

/** Several values as a sentence lists them: `"a", "b" or "c"`. */
export function listed(values: readonly string[], last: 'and' | 'or'): string {
  return inSentence(
    values.map(value => `"${value}"`),
    last,
  )
}

/** The same without quotes: `a, b or c`. */
export function inSentence(values: readonly string[], last: 'and' | 'or'): string {
  const tail = values.at(-1) ?? ''
  return values.length < 2 ? tail : `${values.slice(0, -1).join(', ')} ${last} ${tail}`
}

/** An object's own member, so that names of users such as `constructor` find nothing inherited. */
export function ownMember<T>(holder: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(holder, name) ? holder[name] : undefined
}

/** The values in groups of the same key, each in its order; groups are in the order of their first values. */
export function grouped<T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return [...groups.values()]
}

/** A long name cut to what fits in a message. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
