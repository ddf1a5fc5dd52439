/** How compiled modules reach the helpers of this file. */
export const moduleHelpers = 'globalThis[Symbol.for("dynamox.modules")]'

type Import = (id: string) => Promise<unknown>

/** Gives the modules that `babelPlugin` compiled what their code calls. */
export function installModuleHelpers(): void {
  const load = async (load: Import, id: string): Promise<unknown> => interop(await load(id))
  Reflect.set(globalThis, Symbol.for('dynamox.modules'), { guard, load })
}

/** Exports that throw until they are given their value: what a circle of ES modules reads too early. */
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
 * A module as other files import it. CommonJS packages and projects that mix both module systems rely on two things:
 * a module without a default export stands for its own default, and a name that a module does not export is looked up in
 * its default export. Nothing is read before it is used, so that circles work as in Node.
 */
function interop(module: unknown): unknown {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return module
  return new Proxy(module, {
    get(target, key) {
      if (key === '__esModule') return true
      if (key === 'default') return defaultOf(target)
      // A module with a `then` would be taken for a promise.
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key)
      return memberOf(defaultOf(target), key)
    },
  })
}

/** Node gives a compiled CommonJS package as `{ default: { __esModule, default } }`; a class in there is what was meant. */
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
