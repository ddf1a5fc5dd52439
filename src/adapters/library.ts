import { DynamoxError } from '../errors.ts'
import type { Source } from '../table/input.ts'

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
  /** What a file has to export. */
  readonly exports: string
  /** The supported versions, oldest first: `['0.9', '1', '2']`. */
  readonly versions: readonly string[]
}

/** The hint for a model that dynamox cannot read. */
export const describeBeside =
  'describe the table beside it with defineTable, or export a CreateTable input, and give that export to --export'

/** The error for a value of a library that is built differently from the supported versions. */
export function notUnderstood(library: Library, context: Pick<Source, 'file' | 'export'>): DynamoxError {
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
