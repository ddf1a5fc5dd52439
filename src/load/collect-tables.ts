import { describeBeside } from '../adapters/library.ts'
import { DynamoxError, isDynamoxError, messageOf, type Problem } from '../errors.ts'
import type { SourcedTable } from '../table/input.ts'
import { at } from '../table/path.ts'

/** Understands one way of writing a definition; see the adapters. */
interface TableReader {
  readonly name: string
  toDefinitions(
    value: unknown,
    context: { file: string; export?: string },
  ): readonly SourcedTable[] | Promise<readonly SourcedTable[]>
  members?(value: unknown): readonly (readonly [name: string, member: unknown])[]
  replaces?(value: unknown): readonly unknown[]
}

interface CollectOptions {
  /** The file as messages and sources name it. */
  readonly file: string
  /** Only this export. */
  readonly export?: string | undefined
  readonly findReader: (value: unknown) => TableReader | undefined
  /** Why a value that looks like a table of some library gives none. */
  readonly explain?: ((value: unknown) => string | undefined) | undefined
  /** Tables that other files have shown already; those found here are added. */
  readonly taken?: Set<unknown> | undefined
  /** What all files of a run export, see `surveyExports`. */
  readonly survey?: Survey | undefined
}

interface Collected {
  readonly tables: readonly SourcedTable[]
  /** What is wrong with tables that contradict themselves. */
  readonly problems: readonly Problem[]
  /** The `dynamox` export, when it is not a table itself. */
  readonly sidecar?: unknown
  /** How many more tables it exports that are another file's. */
  readonly repeated: number
  /** The readers of values that are no table but belong to one, such as entities. */
  readonly belonging: readonly string[]
  /** Values that look like a table of some library and give none. */
  readonly unread: readonly UnreadValue[]
  /** What the file exports, for people. */
  readonly exports: readonly string[]
}

export interface UnreadValue {
  /** The adapter that knows the value, when one does. */
  readonly adapter?: string
  /** For people: `User is an entity without a table`. */
  readonly why: string
}

/** What several files export together, known before the first table is read. */
interface Survey {
  /** Values that another one says more about. */
  readonly replaced: ReadonlySet<unknown>
  /** Values with a name of their own, which is better than the name of what leads to them. */
  readonly exported: ReadonlySet<unknown>
}

type SurveyOptions = Pick<CollectOptions, 'export' | 'findReader'>

// A model file is small; what is deeper or wider than this is data that merely hangs on an export.
const maxDepth = 5
const maxValues = 20_000

/**
 * Every table in what a file exports: the value itself, its entries, `default` and its entries, lists and plain objects,
 * what a value leads to (a service's entities), breadth first, so that a table found twice goes by its shortest name.
 * Getters and proxies that throw are passed over.
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

/** Asks about each value once: the survey and the collecting look at the same ones. */
export function rememberReaders(findReader: CollectOptions['findReader']): CollectOptions['findReader'] {
  const known = new Map<unknown, TableReader | undefined>()
  return value => {
    if (!known.has(value)) known.set(value, findReader(value))
    return known.get(value)
  }
}

/** Looks through what files export without reading any table. */
export function surveyExports(roots: readonly unknown[], options: SurveyOptions): Survey {
  const found = roots.flatMap(root => [...visits(root, options, undefined)])
  return {
    replaced: new Set(found.flatMap(({ value, reader }) => attempt(() => reader?.replaces?.(value)) ?? [])),
    exported: new Set(found.filter(({ isMember }) => !isMember).map(({ value }) => value)),
  }
}

/** Every value once, with the reader that understands it. */
function* visits(root: unknown, options: SurveyOptions, sidecar: unknown): Generator<Visit & { reader?: TableReader }> {
  const seen = new Set<unknown>(sidecar === undefined ? [] : [sidecar])
  // What `module.exports = { User }` holds goes by `User`.
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
    if (reader === undefined) queue.push(...children(value, name, depth + 1))
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
 * The keys of an object; `default` and Node's `module.exports` last, for they repeat what has a name of its own. Those
 * of a module in the order that ES modules list them, which what a compiler makes of one need not have.
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
    const message = messageOf(cause)
    throw new DynamoxError('model', `${label} cannot be read as a table: ${message}`, { hint: describeBeside, cause })
  }
}

type ReadValue = Pick<Collected, 'tables' | 'problems'>

const nothing: ReadValue = { tables: [], problems: [] }

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

/** What a module exports, for people: `default (function handler)`, `limit (number)`. */
function describeExports(root: unknown): readonly string[] {
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
