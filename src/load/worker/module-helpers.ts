import { suggestion } from '../../table/did-you-mean.ts'

/** The expression by which compiled modules access the helpers in this file. */
export const moduleHelpers = 'globalThis[Symbol.for("dynamox.modules")]'

type Import = (id: string) => Promise<unknown>

/** A name that is imported from another file, with its line and column. */
export type ImportedName = readonly [name: string, line: number, column: number]

/** An import of a name that the other file does not export. */
export interface MissingExport {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly name: string
  readonly message: string
}

/**
 * Installs the helpers that modules compiled with `babelPlugin` call. Returns a function that lists the imported names
 * that do not exist; call it once all files are loaded, because files that import each other export late.
 */
export function installModuleHelpers(): () => readonly MissingExport[] {
  const imports: (() => readonly MissingExport[])[] = []
  const load = async (load: Import, id: string, names?: readonly ImportedName[], file = ''): Promise<unknown> => {
    const module = interop(await load(id))
    if (names !== undefined) imports.push(() => missingExports(module, id, names, file))
    return module
  }
  Reflect.set(globalThis, Symbol.for('dynamox.modules'), { guard, load })
  return () => imports.splice(0).flatMap(check => check())
}

function missingExports(
  module: unknown,
  id: string,
  names: readonly ImportedName[],
  file: string,
): readonly MissingExport[] {
  if (typeof module !== 'object' || module === null) return []
  return names.flatMap(([name, line, column]) => {
    if (name in module || Reflect.get(module, name) !== undefined) return []
    const message = `${id} does not export "${name}"${suggestion(name, Object.keys(module))}`
    return [{ file, line, column, name, message }]
  })
}

/** Makes exports throw until they have a value, as for ES modules that import each other. */
function guard(exports: object, names: readonly string[]): void {
  for (const name of names) {
    const shown = { configurable: true, enumerable: true }
    Object.defineProperty(exports, name, {
      ...shown,
      get() {
        throw new ReferenceError(`Cannot access '${name}' before initialization`)
      },
      set(value: unknown) {
        Object.defineProperty(exports, name, { ...shown, writable: true, value })
      },
    })
  }
}

/**
 * A module as other files import it. Projects that mix both module systems rely on two rules: a module without a
 * default export is its own default, and missing names are looked up in the default export. Exports are read only on
 * use, so that circular imports work as in Node.
 */
function interop(module: unknown): unknown {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return module
  return new Proxy(module, {
    get(target, key) {
      if (key === '__esModule') return true
      if (key === 'default') return defaultOf(target)
      // A module with a `then` would be treated as a promise.
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key)
      return memberOf(defaultOf(target), key)
    },
  })
}

/** Node imports a compiled CommonJS package as `{ default: { __esModule, default } }`; unwrap the inner class. */
function defaultOf(target: object): unknown {
  const value: unknown = Reflect.get(target, 'default')
  if (value === undefined || value === null) return target
  const inner = Reflect.get(target, '__esModule') === true ? Reflect.get(Object(value), 'default') : undefined
  return typeof inner === 'function' ? inner : value
}

function memberOf(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const member: unknown = Reflect.get(value, key)
  // A method of an exported instance needs its `this`.
  return typeof member === 'function' && !Object.hasOwn(value, key) ? member.bind(value) : member
}
