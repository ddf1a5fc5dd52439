import { DynamoxError } from '../errors.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { TableGroup } from './group-tables.ts'

/** The tables that `names` ask for, by resolved name or by the name before prefix and suffix; all when there are none. */
export function pickTables(
  groups: readonly TableGroup[],
  names: readonly string[],
): { readonly picked: readonly TableGroup[]; readonly unknown: readonly string[] } {
  if (names.length === 0) return { picked: groups, unknown: [] }
  const isNamed = (group: TableGroup, name: string): boolean => group.name === name || group.baseName === name
  return {
    picked: groups.filter(group => names.some(name => isNamed(group, name))),
    unknown: names.filter(name => !groups.some(group => isNamed(group, name))),
  }
}

/** The error for names that no definition has. */
export function unknownTables(unknown: readonly string[], groups: readonly TableGroup[]): DynamoxError {
  const known = groups.map(group => group.baseName)
  const [name = ''] = unknown
  const message =
    unknown.length === 1
      ? `there is no table "${name}"${suggestion(name, [...known, ...groups.map(group => group.name)])}`
      : `there are no tables ${unknown.map(each => `"${each}"`).join(', ')}`
  const shown = known.slice(0, 12).join(', ')
  return new DynamoxError('usage', message, {
    hint:
      known.length === 0
        ? 'no table is defined; give its keys with --partition-key, or a model file with --model'
        : `defined: ${shown}${known.length > 12 ? ` and ${known.length - 12} more` : ''}`,
  })
}
