import { DynamoxError, type Problem } from '../errors.ts'
import type { Source, SourcedTable } from '../table/input.ts'
import { at, definitionError, memberPath } from '../table/problems.ts'

/** The file of a value, by its name in messages, and the export within it (`User`, `tables[0]`). */
export interface AdapterContext {
  readonly file: string
  readonly export?: string | undefined
}

/** Reads one form of table definitions, recognised by shape: a model library's, AWS's, or dynamox's own. */
export interface Adapter {
  /** As it appears in `source.adapter`. */
  readonly name: string
  /** The model library behind it, when there is one. */
  readonly library?: Library
  /** Whether the library tries to reach DynamoDB and create tables while its models are loaded. */
  readonly connects?: true
  /**
   * Whether this value is a table, or contains one. Reads members but calls no functions; may throw on hostile values.
   */
  matches(value: unknown): boolean
  /**
   * The tables in a value that matched, as plain data, with all assumptions listed.
   * @throws DynamoxError `definition` with all problems, when the value contradicts itself.
   */
  toDefinitions(value: unknown, context: AdapterContext): readonly SourcedTable[] | Promise<readonly SourcedTable[]>
  /**
   * Values reachable from a matching value, by name: a service's entities, an entity's table. They are read like
   * exports.
   */
  members?(value: unknown): readonly (readonly [name: string, member: unknown])[]
  /** Less complete values for the same table, such as the schema that this value was created from; they are skipped. */
  replaces?(value: unknown): readonly unknown[]
  /** Why a value of this library gives no table. Completes the sentence that starts with the value's name: `is an entity without a table`. */
  explain?(value: unknown): string | undefined
}

/** The source of a table that an adapter read. */
export function sourceOf(adapter: string, context: AdapterContext): Source {
  return { file: context.file, ...(context.export === undefined ? {} : { export: context.export }), adapter }
}

/** The name of a value in messages: its table name, else its export, else its file. */
export function labelOf(name: unknown, context: AdapterContext): string {
  return typeof name === 'string' && name !== '' ? name : (context.export ?? context.file)
}

/** A context for a part of an export: `Orders.Order`, or `Order` where the file itself is the export. */
export function within(context: AdapterContext, part: string): AdapterContext {
  return { ...context, export: context.export === undefined ? part : `${context.export}.${part}` }
}

/**
 * A copy that contains only lists, plain objects and primitive values, and can be sent to another thread.
 * @throws DynamoxError `definition`, naming every function, symbol and circular reference in it.
 */
export function plainData(value: unknown, path: string): unknown {
  const problems: Problem[] = []
  const copy = copyOf(value, '', [], (field, message) => problems.push({ path: at(path, field), message }))
  if (problems.length > 0) throw definitionError(path, problems)
  return copy
}

type Report = (field: string, message: string) => void

function copyOf(value: unknown, field: string, parents: readonly object[], report: Report): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    return report(field, `a ${typeof value} cannot be part of a definition; write plain values`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (parents.includes(value)) return report(field, 'the definition contains itself; write plain values')
  const inside = [...parents, value]
  if (Array.isArray(value)) return value.map((entry, index) => copyOf(entry, `${field}[${index}]`, inside, report))
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(entries.map(([key, entry]) => [key, copyOf(entry, memberPath(field, key), inside, report)]))
}

/** A model library, by the names that its users know. */
export interface Library {
  /** As people write it: `ElectroDB`. */
  readonly title: string
  /** Its packages, by the name that model files import; the first one represents the library. */
  readonly packages: Readonly<Record<string, ModelPackage>>
}

/** A package that model files are written with. */
export interface ModelPackage {
  /** When it differs from the library's, as for a successor. */
  readonly title?: string
  /** The export that a file needs. */
  readonly exports: string
  /** The supported versions, oldest first: `['0.9', '1', '2']`. */
  readonly versions: readonly string[]
}

/** The hint for a model that dynamox cannot read. */
export const describeBeside =
  'describe the table beside it with defineTable, or export a CreateTable input, and give that export to --export'

/** The error for a value of a library that is built differently from the supported versions. */
export function notUnderstood(library: Library, context: AdapterContext): DynamoxError {
  const what = context.export === undefined ? context.file : `${context.file}: ${context.export}`
  return new DynamoxError('model', `${what} ${looksUnknown(library)}`, { hint: describeBeside })
}

const unknownVersion = 'but not of a supported version'

/** Like `notUnderstood`, as an explanation for `Adapter.explain`. */
export function looksUnknown({ title, packages }: Library): string {
  const versions = Object.values(packages).slice(0, 1).map(versionsText)
  return `looks like a table of ${title}, ${unknownVersion} (${versions.join()})`
}

/** Whether an explanation came from `looksUnknown`. */
export function saysUnknown(why: string): boolean {
  return why.includes(unknownVersion)
}

/** The supported versions for people: `1 and 2`, `0.9 to 2`. */
export function versionsText({ versions }: Pick<ModelPackage, 'versions'>): string {
  const [oldest = '', ...more] = versions
  const newest = more.at(-1)
  return newest === undefined ? oldest : `${oldest} ${more.length === 1 ? 'and' : 'to'} ${newest}`
}

/** Whether a version is one of the supported ones. */
export function isUnderstood({ versions }: Pick<ModelPackage, 'versions'>, version: string): boolean {
  return versions.some(known => version === known || version.startsWith(`${known}.`))
}
