import { DynamoxError, isDynamoxError, type Problem } from '../errors.ts'
import type { SourcedTable } from '../table/input.ts'
import { at } from '../table/path.ts'
import { describeExports } from './describe-exports.ts'

/** Understands one way of writing a definition; see the adapters. */
export interface TableReader {
  toDefinitions(
    value: unknown,
    context: { file: string; export?: string },
  ): readonly SourcedTable[] | Promise<readonly SourcedTable[]>
  members?(value: unknown): readonly (readonly [name: string, member: unknown])[]
  replaces?(value: unknown): readonly unknown[]
  explain?(value: unknown): string | undefined
}

export interface CollectOptions {
  /** The file as messages and sources name it. */
  readonly file: string
  /** Only this export. */
  readonly export?: string | undefined
  readonly findReader: (value: unknown) => TableReader | undefined
  /** Tables that other files have shown already; those found here are added. */
  readonly taken?: Set<unknown> | undefined
}

export interface Collected {
  readonly tables: readonly SourcedTable[]
  /** What is wrong with tables that contradict themselves. */
  readonly problems: readonly Problem[]
  /** The `dynamox` export, when it is no table itself. */
  readonly sidecar?: unknown
  /** How many more tables it exports that are another file's. */
  readonly repeated: number
  /** What the file exports, for people. */
  readonly exports: readonly string[]
}

// A model file is small; what is deeper or wider than this is data that merely hangs on an export.
const maxDepth = 5
const maxValues = 20_000

/**
 * Every table in what a file exports: the value itself, its entries, `default` and its entries, lists and plain objects,
 * breadth first, so that a table found twice goes by its shortest name. Getters and proxies that throw are passed over.
 */
export async function collectTables(root: unknown, options: CollectOptions): Promise<Collected> {
  const sidecar = sidecarOf(root, options)
  const tables: SourcedTable[] = []
  const problems: Problem[] = []
  const taken = options.taken ?? new Set()
  let repeated = 0
  const seen = new Set<unknown>(sidecar === undefined ? [] : [sidecar])
  // What `module.exports = { User }` holds goes by `User`.
  const unnamed = new Set(isPlain(root) && exportNames(root).every(name => repeats.includes(name)) ? repeats : [])
  const queue = start(root, options.export)
  for (let index = 0; index < queue.length && index < maxValues; index += 1) {
    const { value, name, depth } = queue[index] as Visit
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
    seen.add(value)
    const reader = attempt(() => options.findReader(value))
    if (reader === undefined) {
      if (depth < maxDepth) queue.push(...children(value, unnamed.has(name) ? '' : name, depth + 1))
    } else if (taken.has(value)) {
      repeated += 1
    } else {
      taken.add(value)
      const found = await read(reader, value, name, options.file)
      tables.push(...found.tables)
      problems.push(...found.problems)
    }
  }
  return { tables, problems, repeated, exports: describeExports(root), ...(sidecar === undefined ? {} : { sidecar }) }
}

interface Visit {
  readonly value: unknown
  /** `User`, `default`, `tables[0]`; `''` for the file as a whole. */
  readonly name: string
  readonly depth: number
}

function start(root: unknown, only: string | undefined): Visit[] {
  if (only === undefined) return [{ value: root, name: '', depth: 0 }]
  const holder = [root, property(root, 'default')].find(value => property(value, only) !== undefined)
  return holder === undefined ? [] : [{ value: property(holder, only), name: only, depth: 1 }]
}

function children(value: object, name: string, depth: number): Visit[] {
  if (Array.isArray(value)) return value.map((entry, index) => ({ value: entry, name: `${name}[${index}]`, depth }))
  if (!isPlain(value)) return []
  return exportNames(value).map(key => ({
    value: property(value, key),
    name: name === '' ? key : `${name}.${key}`,
    depth,
  }))
}

/** The keys of an object; `default` and Node's `module.exports` last, for they repeat what has a name of its own. */
function exportNames(value: object): readonly string[] {
  const keys = attempt(() => Object.keys(value)) ?? []
  return [...keys.filter(key => !repeats.includes(key)), ...keys.filter(key => repeats.includes(key))]
}

const repeats = ['default', 'module.exports']

function property(value: unknown, key: string): unknown {
  return attempt(() => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined))
}

/** Whether an object is a bag of values (a literal, a module's namespace) and not an instance of something. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return (
    attempt(() => {
      const prototype = Object.getPrototypeOf(value)
      return prototype === null || Object.getPrototypeOf(prototype) === null
    }) ?? false
  )
}

async function read(reader: TableReader, value: unknown, name: string, file: string): Promise<ReadValue> {
  const label = `${file} ${name}`.trimEnd()
  try {
    return { tables: await reader.toDefinitions(value, name === '' ? { file } : { file, export: name }), problems: [] }
  } catch (cause) {
    if (isDynamoxError(cause)) return { tables: [], problems: problemsOf(cause, label) }
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new DynamoxError('model', `${label} cannot be read as a table: ${message}`, { cause })
  }
}

type ReadValue = Pick<Collected, 'tables' | 'problems'>

/** The problems of an adapter's error, under the file and export rather than under the table's name alone. */
export function problemsOf({ problems, message }: DynamoxError, label: string): readonly Problem[] {
  if (problems === undefined || problems.length === 0) return [{ path: label, message }]
  return problems.map(problem => ({ ...problem, path: at(label, problem.path.split(' › ').slice(1).join(' › ')) }))
}

function sidecarOf(root: unknown, { findReader }: CollectOptions): unknown {
  const value = property(root, 'dynamox') ?? property(property(root, 'default'), 'dynamox')
  return value === undefined || attempt(() => findReader(value)) ? undefined : value
}

/** The result, or `undefined` when it throws: exports may be proxies that throw at any touch. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
