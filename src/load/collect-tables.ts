import { type Adapter, describeBeside } from '../adapters/adapter.ts'
import { attempt, DynamoxError, isDynamoxError, messageOf, type Problem } from '../errors.ts'
import type { SourcedTable } from '../table/input.ts'
import { at } from '../table/problems.ts'
import { isPlainObject } from '../table/untyped.ts'

type TableReader = Pick<Adapter, 'name' | 'toDefinitions' | 'members' | 'replaces'>

interface CollectOptions {
  /** The file as messages and sources name it. */
  readonly file: string
  /** Read only this export. */
  readonly export?: string | undefined
  readonly findReader: (value: unknown) => TableReader | undefined
  /** Explains why a value that looks like a library's table gives no table. */
  readonly explain?: ((value: unknown) => string | undefined) | undefined
  /** Tables already found in other files; tables found here are added. */
  readonly taken?: Set<unknown> | undefined
  /** The survey of all files in the run, see `surveyExports`. */
  readonly survey?: Survey | undefined
}

/** The contents of a file's exports. */
export interface Collected {
  readonly tables: readonly SourcedTable[]
  /** The problems of tables that contradict themselves. */
  readonly problems: readonly Problem[]
  /** The `dynamox` export, when it is not a table itself: a layer for the file's tables, unchecked. */
  readonly sidecar?: unknown
  /** How many of its exported tables belong to another file, as in a barrel file. */
  readonly repeated: number
  /** The adapters of values that belong to a table without being one, such as entities. */
  readonly belonging: readonly string[]
  /** Values that look like a library's table but give no table. */
  readonly unread: readonly UnreadValue[]
  /** The file's exports, for people: `limit (number)`. */
  readonly exports: readonly string[]
}

export interface UnreadValue {
  /** The adapter that knows the value, when one does. */
  readonly adapter?: string
  /** For people: `User is an entity without a table`. */
  readonly why: string
}

/** Facts about the exports of all files, collected before the first table is read. */
interface Survey {
  /** Values that another, more detailed value replaces. */
  readonly replaced: ReadonlySet<unknown>
  /** Values that are exported under their own name, which is preferred to a name by the path to them. */
  readonly exported: ReadonlySet<unknown>
}

type SurveyOptions = Pick<CollectOptions, 'export' | 'findReader'>

// Limits for the search. A model file is small; anything beyond these limits is data, not tables.
const maxDepth = 5
const maxValues = 20_000

/**
 * Finds every table in a file's exports, including `default`, lists, plain objects and the members of a value (a
 * service's entities). The search is breadth first, so that a table found twice gets its shortest name. Getters and
 * proxies may throw on any access; they are skipped.
 */
export async function collectTables(root: unknown, options: CollectOptions): Promise<Collected> {
  const sidecar = sidecarOf(root, options)
  const tables: SourcedTable[] = []
  const problems: Problem[] = []
  const belonging: string[] = []
  const unread: UnreadValue[] = []
  const taken = options.taken ?? new Set()
  const survey = options.survey ?? surveyExports([root], options)
  let repeated = 0
  for (const { value, name, reader, isMember } of visits(root, options, sidecar)) {
    if (reader !== undefined && (taken.has(value) || survey.replaced.has(value))) repeated += 1
    else if (isMember && survey.exported.has(value)) continue
    else {
      const found = reader === undefined ? nothing : await read(reader, value, name, options.file)
      tables.push(...found.tables)
      problems.push(...found.problems)
      if (found !== nothing) taken.add(value)
      if (found.tables.length > 0 || found.problems.length > 0) continue
      if (reader !== undefined) belonging.push(reader.name)
      const why = attempt(() => options.explain?.(value))
      if (why === undefined) continue
      unread.push({ ...(reader === undefined ? {} : { adapter: reader.name }), why: `${name || 'it'} ${why}` })
    }
  }
  const exports = describeExports(root)
  return { tables, problems, repeated, belonging, unread, exports, ...(sidecar === undefined ? {} : { sidecar }) }
}

/** Memoises `findReader` across the survey and the collection, which visit the same values. */
export function rememberReaders(findReader: CollectOptions['findReader']): CollectOptions['findReader'] {
  const known = new Map<unknown, TableReader | undefined>()
  return value => {
    if (!known.has(value)) known.set(value, findReader(value))
    return known.get(value)
  }
}

/** Searches the exports of all files without reading any table. */
export function surveyExports(roots: readonly unknown[], options: SurveyOptions): Survey {
  const found = roots.flatMap(root => [...visits(root, options, undefined)])
  return {
    replaced: new Set(found.flatMap(({ value, reader }) => attempt(() => reader?.replaces?.(value)) ?? [])),
    exported: new Set(found.filter(({ isMember }) => !isMember).map(({ value }) => value)),
  }
}

/** Visits every value once, with its reader. */
function* visits(root: unknown, options: SurveyOptions, sidecar: unknown): Generator<Visit & { reader?: TableReader }> {
  const seen = new Set<unknown>(sidecar === undefined ? [] : [sidecar])
  // The entries of `module.exports = { User }` are named `User`, not `default.User`.
  const unnamed = new Set(isPlain(root) && exportNames(root).every(name => repeats.includes(name)) ? repeats : [])
  const queue = start(root, options.export)
  for (let index = 0; index < queue.length && index < maxValues; index += 1) {
    const visit = queue[index] as Visit
    const { value, depth } = visit
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
    seen.add(value)
    const reader = attempt(() => options.findReader(value))
    yield { ...visit, ...(reader === undefined ? {} : { reader }) }
    if (depth >= maxDepth) continue
    const name = unnamed.has(visit.name) ? '' : visit.name
    if (reader === undefined) queue.push(...children(value, name, depth + 1).slice(0, maxValues))
    else queue.push(...members(reader, value, name, depth + 1))
  }
}

interface Visit {
  readonly value: unknown
  /** `User`, `default`, `tables[0]`; `''` for the file as a whole. */
  readonly name: string
  readonly depth: number
  /** Whether another value led here, rather than an export. */
  readonly isMember?: boolean
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

function members(reader: TableReader, value: unknown, name: string, depth: number): Visit[] {
  const found = attempt(() => reader.members?.(value)) ?? []
  return found.map(([key, member]) => ({
    value: member,
    name: name === '' ? key : `${name}.${key}`,
    depth,
    isMember: true,
  }))
}

/**
 * The keys of an object. `default` and Node's `module.exports` come last, because they repeat named exports. The keys
 * of a module are sorted as in ES modules, because compiled modules may list them in another order.
 */
function exportNames(value: object): readonly string[] {
  const keys = attempt(() => Object.keys(value)) ?? []
  if (property(value, '__esModule') === true) keys.sort()
  return [...keys.filter(key => !repeats.includes(key)), ...keys.filter(key => repeats.includes(key))]
}

const repeats = ['default', 'module.exports']

function property(value: unknown, key: string): unknown {
  return attempt(() => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined))
}

const isPlain = (value: unknown): value is object => attempt(() => isPlainObject(value)) ?? false

async function read(reader: TableReader, value: unknown, name: string, file: string): Promise<ReadValue> {
  const label = `${file} ${name}`.trimEnd()
  try {
    return { tables: await reader.toDefinitions(value, name === '' ? { file } : { file, export: name }), problems: [] }
  } catch (cause) {
    if (isDynamoxError(cause)) return { tables: [], problems: problemsOf(cause, label) }
    const message = messageOf(cause)
    throw new DynamoxError('model', `${label} cannot be read as a table: ${message}`, { hint: describeBeside, cause })
  }
}

type ReadValue = Pick<Collected, 'tables' | 'problems'>

const nothing: ReadValue = { tables: [], problems: [] }

/** The problems of an adapter's error, with file and export in their paths instead of only the table's name. */
export function problemsOf({ problems, message }: DynamoxError, label: string): readonly Problem[] {
  if (problems === undefined || problems.length === 0) return [{ path: label, message }]
  return problems.map(problem => ({ ...problem, path: at(label, problem.path.split(' › ').slice(1).join(' › ')) }))
}

function sidecarOf(root: unknown, { findReader }: CollectOptions): unknown {
  const value = property(root, 'dynamox') ?? property(property(root, 'default'), 'dynamox')
  return value === undefined || attempt(() => findReader(value)) ? undefined : value
}

/** A module's exports, for people: `default (function handler)`, `limit (number)`. */
function describeExports(root: unknown): readonly string[] {
  if (typeof root !== 'object' || root === null) return root === undefined ? [] : [`the file (${kindOf(root)})`]
  if (Array.isArray(root)) return [`the file (${kindOf(root)})`]
  const names = exportNames(root).filter(key => key !== 'module.exports')
  const [only] = names
  if (names.length === 1 && only === 'default') {
    const value = property(root, only)
    if (kindOf(value).startsWith('object')) return describeExports(value)
  }
  return names
    .filter(key => key !== 'default' || !repeatsOthers(root))
    .map(key => `${key} (${attempt(() => kindOf(Reflect.get(root, key))) ?? 'an object that throws'})`)
}

// For `exports.a = ...` Node lists the names, and all of them again as `default`.
function repeatsOthers(root: object): boolean {
  const others = (attempt(() => Object.keys(root)) ?? []).filter(key => key !== 'default' && key !== 'module.exports')
  const keys = attempt(() => Object.keys(Reflect.get(root, 'default'))) ?? []
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

/** Describes an object by its first few keys. */
function objectOf(keys: readonly string[]): string {
  if (keys.length === 0) return 'empty object'
  return `object with ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}`
}
