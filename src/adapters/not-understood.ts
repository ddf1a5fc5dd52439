import { DynamoxError } from '../errors.ts'
import type { AdapterContext } from './adapter.ts'
import type { Library } from './draft.ts'

/** What to do about a model that dynamox cannot read. */
export const describeBeside =
  'describe the table beside it with defineTable, or export a CreateTable input, and give that export to --export'

/** A value that is plainly of a library, yet holds something else than its known versions do. */
export function notUnderstood(library: Library, context: AdapterContext): DynamoxError {
  const what = context.export === undefined ? context.file : `${context.file}: ${context.export}`
  return new DynamoxError('model', `${what} ${looksUnknown(library)}`, { hint: describeBeside })
}

const unknownVersion = 'but not of a version that dynamox understands'

/** The same for `explain`: what follows the value's name. */
export function looksUnknown({ title, versions }: Library): string {
  return `looks like a table of ${title}, ${unknownVersion} (${versions})`
}

/** Whether that is what an explanation says. */
export function saysUnknown(why: string): boolean {
  return why.includes(unknownVersion)
}
