import { existsSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { memberOf } from '../../table/untyped.ts'

const require = createRequire(import.meta.url)

/** Called with the path and the arguments of each construction, such as `new sst.aws.Dynamo('Orders', { ... })`. */
export type Note = (path: string, args: readonly unknown[]) => void

const paths = new WeakMap<object, string>()

/**
 * Answers everything: a member, a call and a construction each give another stand-in. Its text is a variable without a
 * value.
 */
export function standIn(path: string, note: Note = () => {}): object {
  const made = new Proxy(function standIn() {}, {
    has: (_, key) => typeof key === 'string',
    get(_, key) {
      if (key === Symbol.toPrimitive || key === 'toString') return () => `\${missing:${path}}`
      // As a module, it is its own default export.
      if (key === '__esModule') return true
      if (key === 'default') return made
      if (key === 'bind') return () => made
      // Not a promise.
      if (typeof key === 'symbol' || key === 'then') return undefined
      return standIn(`${path}.${key}`, note)
    },
    apply: () => standIn(`${path}()`, note),
    construct(_, args) {
      note(path, args)
      return standIn(path, note)
    },
  })
  paths.set(made, path)
  return made
}

/** The path of a stand-in; `undefined` for anything else. */
export function standInPath(value: unknown): string | undefined {
  return typeof value === 'function' ? paths.get(value) : undefined
}

/**
 * While a script is loaded, modules that its own files import and that do not exist are stand-ins: a template needs only
 * some of what its script imports. The result ends this, and returns the names of the modules.
 */
export function tolerateMissing(note?: Note): () => readonly string[] {
  const missing = new Map<string, string>()
  const original: unknown = Reflect.get(Module, resolver)
  if (typeof original !== 'function') return () => []
  const tolerant = function (this: unknown, ...given: readonly unknown[]): unknown {
    try {
      return Reflect.apply(original, this, given)
    } catch (error) {
      const [request, parent] = given
      const from = memberOf(parent, 'filename')
      if (typeof request !== 'string' || typeof from !== 'string' || !isOfScript(request, from)) throw error
      const path = join(dirname(from), 'dynamox-stand-ins', `${encodeURIComponent(request)}.cjs`)
      const module = new Module(path)
      Object.assign(module, { filename: path, loaded: true, exports: standIn(request, note) })
      require.cache[path] = module
      missing.set(request, path)
      return path
    }
  }
  Reflect.set(Module, resolver, tolerant)
  return () => {
    Reflect.set(Module, resolver, original)
    for (const path of missing.values()) delete require.cache[path]
    return [...missing.keys()]
  }
}

// jiti asks Node last, after its own search.
const resolver = '_resolveFilename'

/** Whether the script or a file of its project asks; a request for `x.js` may still lead to `x.ts`. */
function isOfScript(request: string, from: string): boolean {
  if (isAbsolute(request) || /[\\/]node_modules[\\/]/.test(from)) return false
  return !/\.[cm]?js$/.test(request) || !existsSync(resolve(dirname(from), request.replace(/js$/, 'ts')))
}
