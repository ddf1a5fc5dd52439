import type { Problem } from '../errors.ts'
import { at } from '../table/path.ts'
import type { ReadIndex, ReadTable } from './read-input.ts'
import { layerWarnings } from './rules.ts'

const fields = ['readCapacity', 'writeCapacity'] as const

/**
 * Provisioned capacity where nobody said how the table is billed: the default is on-demand, which takes none
 * (AWS would refuse the pair), so it is left out and a warning says so.
 */
export function ignoreCapacity(
  table: ReadTable,
  path: string,
): { readonly table: ReadTable; readonly warnings: Problem[] } {
  if (table.settings.billingMode !== undefined) return { table, warnings: [] }
  const warnings: Problem[] = []
  return {
    table: {
      ...table,
      settings: withoutCapacity(table.settings, '', path, warnings),
      globalIndexes: table.globalIndexes.map((index): ReadIndex => {
        const settings = withoutCapacity(index.settings, `globalIndexes.${index.name}.`, path, warnings)
        return { ...index, settings }
      }),
    },
    warnings,
  }
}

function withoutCapacity<T extends ReadIndex['settings']>(
  settings: T,
  parent: string,
  path: string,
  warnings: Problem[],
): T {
  const given = fields.filter(field => settings[field] !== undefined)
  if (given.length === 0) return settings
  warnings.push({
    path: at(path, `${parent}${given[0]}`),
    message: `${given.join(' and ')} given but ignored: billing is on-demand unless billingMode is PROVISIONED`,
    rule: layerWarnings.ignoredCapacity,
  })
  return { ...settings, readCapacity: undefined, writeCapacity: undefined }
}
