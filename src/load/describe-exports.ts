/** What a module exports, for people: `default (function handler)`, `limit (number)`. */
export function describeExports(root: unknown): readonly string[] {
  if (typeof root !== 'object' || root === null) return root === undefined ? [] : [`the file (${kindOf(root)})`]
  if (Array.isArray(root)) return [`the file (${kindOf(root)})`]
  const names = safe(() => Object.keys(root), []).filter(key => key !== 'module.exports')
  // The order in which ES modules list them.
  if (safe(() => Reflect.get(root, '__esModule'), false) === true) names.sort()
  const [only] = names
  if (names.length === 1 && only === 'default') {
    const value = safe(() => Reflect.get(root, only), undefined)
    if (kindOf(value).startsWith('object')) return describeExports(value)
  }
  return names
    .filter(key => key !== 'default' || !repeatsOthers(root))
    .map(key => `${key} (${safe(() => kindOf(Reflect.get(root, key)), 'an object that throws')})`)
}

// What Node shows of `exports.a = ...`: the names, and all of them again as `default`.
function repeatsOthers(root: object): boolean {
  const others = safe(() => Object.keys(root), []).filter(key => key !== 'default' && key !== 'module.exports')
  const keys = safe(() => Object.keys(Reflect.get(root, 'default')), [])
  return keys.length > 0 && keys.every(key => others.includes(key))
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'empty list' : `list of ${value.length}`
  if (typeof value === 'function') {
    const kind = Function.prototype.toString.call(value).startsWith('class') ? 'class' : 'function'
    return value.name === '' ? kind : `${kind} ${value.name}`
  }
  if (typeof value !== 'object') return typeof value
  const prototype: unknown = Object.getPrototypeOf(value)
  const name = prototype === null ? undefined : (prototype as { constructor?: { name?: string } }).constructor?.name
  return name === undefined || name === 'Object' ? objectOf(Object.keys(value)) : `instance of ${name}`
}

/** Its first few keys tell what an object is. */
function objectOf(keys: readonly string[]): string {
  if (keys.length === 0) return 'empty object'
  return `object with ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}`
}

function safe<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}
