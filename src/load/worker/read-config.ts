import { DynamoxError } from '../../errors.ts'
import { tableBrand } from '../../table/brand.ts'

/** The config that a script exports, as plain data: its default export, or `module.exports`. */
export async function readConfig(namespace: unknown, file: string): Promise<unknown> {
  const value = await exported(namespace)
  if (typeof value === 'function') {
    throw new DynamoxError(
      'config',
      `${file} exports a function; export the config itself: export default defineConfig({ ... })`,
    )
  }
  return toPlain(value, '', file)
}

async function exported(namespace: unknown): Promise<unknown> {
  if (!isObject(namespace) || !('default' in namespace)) return namespace
  const value = await namespace.default
  // A CommonJS file that was compiled from ESM brings a namespace of its own as `default`.
  return isObject(value) && '__esModule' in value && 'default' in value ? value.default : value
}

// What crosses to the main thread is data; tables that code defined become what they were defined with.
function toPlain(value: unknown, path: string, file: string): unknown {
  if (isObject(value) || typeof value === 'function') {
    const branded: unknown = Reflect.get(value, tableBrand)
    if (isObject(branded)) return toPlain(branded.input, path, file)
  }
  if (Array.isArray(value)) return value.map((entry, index) => toPlain(entry, `${path}[${index}]`, file))
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      toPlain(entry, path === '' ? key : `${path}.${key}`, file),
    ])
    return Object.fromEntries(entries)
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DynamoxError('config', `${file}: ${path} is a ${typeof value}; a config holds plain values`)
  }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
