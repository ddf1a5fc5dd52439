import { DynamoxError } from '../errors.ts'
import type { Source } from '../table/input.ts'

/** A model library as its users know it. */
export interface Library {
  /** As people write it: `ElectroDB`. */
  readonly title: string
  /** Its packages, by the name that model files import; the first one stands for the library. */
  readonly packages: Readonly<Record<string, ModelPackage>>
}

/** A package that model files are written with. */
export interface ModelPackage {
  /** Where it is not the library's: a successor, say. */
  readonly title?: string
  /** What a file has to export. */
  readonly exports: string
  /** How the versions that are understood begin, oldest first: `['0.9', '1', '2']`. */
  readonly versions: readonly string[]
}

/** What to do about a model that dynamox cannot read. */
export const describeBeside =
  'describe the table beside it with defineTable, or export a CreateTable input, and give that export to --export'

/** The error for a value that belongs to a library, yet holds something else than in the known versions. */
export function notUnderstood(library: Library, context: Pick<Source, 'file' | 'export'>): DynamoxError {
  const what = context.export === undefined ? context.file : `${context.file}: ${context.export}`
  return new DynamoxError('model', `${what} ${looksUnknown(library)}`, { hint: describeBeside })
}

const unknownVersion = 'but not of a version that dynamox understands'

/** The same for `explain`: the sentence after the value's name. */
export function looksUnknown({ title, packages }: Library): string {
  const versions = Object.values(packages).slice(0, 1).map(versionsText)
  return `looks like a table of ${title}, ${unknownVersion} (${versions.join()})`
}

/** Whether an explanation says that. */
export function saysUnknown(why: string): boolean {
  return why.includes(unknownVersion)
}

/** The versions that are understood, for people: `1 and 2`, `0.9 to 2`. */
export function versionsText({ versions }: Pick<ModelPackage, 'versions'>): string {
  const [oldest = '', ...more] = versions
  const newest = more.at(-1)
  return newest === undefined ? oldest : `${oldest} ${more.length === 1 ? 'and' : 'to'} ${newest}`
}

/** Whether a version begins like one of those that are understood. */
export function isUnderstood({ versions }: Pick<ModelPackage, 'versions'>, version: string): boolean {
  return versions.some(known => version === known || version.startsWith(`${known}.`))
}
