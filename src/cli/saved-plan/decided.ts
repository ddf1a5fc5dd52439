import type { Flags } from '../options/options.ts'

/** The flags that decide what a plan is: `update --plan` takes none of them, it was decided when the plan was made. */
export const decided: readonly (keyof Flags)[] = [
  ...(['model', 'prefix', 'suffix', 'require', 'export', 'table', 'allowNetwork'] as const),
  ...(['dropIndexes', 'pruneTags', 'safeReplace'] as const),
]

/** What is left to say beside `--plan`. */
export function withoutDecided(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([flag]) => !decided.some(each => each === flag)))
}
