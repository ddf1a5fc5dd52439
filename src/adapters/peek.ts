/** Reading values of libraries whose types are not here: objects and functions alike, nothing taken for granted. */

type Callable = (...args: readonly unknown[]) => unknown

/** What lies at `path` within a value; `undefined` where the way there ends. */
export function peek(value: unknown, ...path: readonly PropertyKey[]): unknown {
  return path.reduce((parent, key) => (isHolder(parent) ? Reflect.get(parent, key) : undefined), value)
}

/** The text at `path`, when it is one and not empty. */
export function peekText(value: unknown, ...path: readonly PropertyKey[]): string | undefined {
  const found = peek(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The entries of the object or Map at `path`; none when there is neither. */
export function peekEntries(value: unknown, ...path: readonly PropertyKey[]): readonly (readonly [string, unknown])[] {
  const found = peek(value, ...path)
  if (isMap(found)) return [...found].map(([key, entry]) => [String(key), entry])
  return isHolder(found) ? Object.entries(found) : []
}

/** The list at `path`; empty when there is none. */
export function peekList(value: unknown, ...path: readonly PropertyKey[]): readonly unknown[] {
  const found = peek(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Whether a value has all these methods. */
export function hasMethods(value: unknown, ...names: readonly PropertyKey[]): boolean {
  return names.every(name => typeof peek(value, name) === 'function')
}

/** What a method of a value answers, called on that value; `undefined` when it has no such method. */
export function invoke(value: unknown, method: PropertyKey, ...args: readonly unknown[]): unknown {
  const found = peek(value, method)
  return isCallable(found) ? Reflect.apply(found, value, args) : undefined
}

export function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

// A Map may come from another realm, so its shape decides.
function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Map]'
}
