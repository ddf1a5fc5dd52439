import { isHolder, memberOf } from '../table/untyped.ts'

// Readers for values of libraries that dynamox does not depend on, so nothing about their types is certain.

type Callable = (...args: readonly unknown[]) => unknown

/** The text at `path`, unless it is empty. */
export function textAt(value: unknown, ...path: readonly PropertyKey[]): string | undefined {
  const found = memberOf(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The entries of the object or Map at `path`; none when there is neither. */
export function entriesAt(value: unknown, ...path: readonly PropertyKey[]): readonly (readonly [string, unknown])[] {
  const found = memberOf(value, ...path)
  if (isMap(found)) return [...found].map(([key, entry]) => [String(key), entry])
  return isHolder(found) ? Object.entries(found) : []
}

/** The list at `path`; empty when there is none. */
export function listAt(value: unknown, ...path: readonly PropertyKey[]): readonly unknown[] {
  const found = memberOf(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Whether a value has all these methods. */
export function hasMethods(value: unknown, ...names: readonly PropertyKey[]): boolean {
  return names.every(name => typeof memberOf(value, name) === 'function')
}

/** Calls a method of a value and returns its result; `undefined` when it has no such method. */
export function invoke(value: unknown, method: PropertyKey, ...args: readonly unknown[]): unknown {
  const found = memberOf(value, method)
  return isCallable(found) ? Reflect.apply(found, value, args) : undefined
}

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

// A Map may come from another realm, so its shape decides.
function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Map]'
}
