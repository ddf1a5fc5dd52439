import type { Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import type { DiffOptions } from './diff.ts'

/** Tags to set and, when asked for, to remove. `from` holds the live values of the keys that it is about. */
export function diffTags(desired: TableDefinition, live: LiveTable, options: DiffOptions): Change[] {
  if (desired.tags === undefined || !live.read.includes('tags') || !isGiven(desired, 'tags')) return []
  const current = live.definition.tags ?? {}
  const set = Object.fromEntries(Object.entries(desired.tags).filter(([key, value]) => current[key] !== value))
  const drop = options.pruneTags === true ? unnamedTags(desired, live) : []
  if (Object.keys(set).length === 0 && drop.length === 0) return []
  const touched = Object.entries(current).filter(([key]) => key in set || drop.includes(key))
  return [{ kind: 'modify-tags', set, drop, from: Object.fromEntries(touched) }]
}

/** Live tags that the definition does not name; AWS's own (`aws:`) cannot be removed and do not count. */
export function unnamedTags(desired: TableDefinition, live: LiveTable): string[] {
  const named = desired.tags ?? {}
  return Object.keys(live.definition.tags ?? {}).filter(key => !(key in named) && !/^aws:/i.test(key))
}
