import type { Problem } from '../errors.ts'
import type { Assumption, GlobalIndex, IndexSettings, LocalIndex, TableDefinition } from '../table/definition.ts'
import { at } from '../table/problems.ts'
import { definedOnly } from '../table/untyped.ts'
import { capacities, defaultCapacity } from './billing.ts'
import { type ReadIndex, type ReadTable, readInput } from './read-input.ts'
import { layerWarnings, validateDefinition } from './validate.ts'

export interface DefinitionContext {
  /** The prefix of every problem's path: `tables[0] users`. */
  readonly path: string
  /** The resolved table name (prefix and suffix included); the input's `table` when left out. */
  readonly name?: string | undefined
  /** The table's own region, where it is known; no replica can be there. */
  readonly region?: string | undefined
  /** The assumptions of the source's adapter. */
  readonly assumed?: readonly Assumption[] | undefined
}

export interface DefinitionResult {
  /** Absent when there is any problem. */
  readonly definition: TableDefinition | undefined
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

/**
 * Converts an input to a definition: parses short forms, fills in defaults and checks every rule.
 * @param input a `TableInput`, or an untyped value from JavaScript, YAML or JSON, which is checked field by field.
 */
export function toDefinition(input: unknown, context: DefinitionContext): DefinitionResult {
  const { table, problems: misread, misnamed } = readInput(input, context.path)
  const unbilled = misread.some(problem => problem.path === at(context.path, 'billingMode'))
  const { table: charged, warnings: ignored } = unbilled ? { table, warnings: [] } : ignoreCapacity(table, context.path)
  const filled = fillDefaults(charged, context.name ?? table.table ?? '', context.assumed)
  // Capacities cannot be checked against a billing mode that is not valid itself.
  const definition = unbilled ? { ...filled, billingMode: undefined } : filled
  const { problems: broken, warnings } = validateDefinition(definition, context.path, context.region)
  // Drop the rules' complaints about fields that could not be read or have a wrong name: the rules see them as missing.
  const unknown = [...misread.map(problem => problem.path), ...misnamed]
  const problems = [...misread, ...broken.filter(problem => !unknown.some(path => isWithin(problem.path, path)))]
  return {
    definition: problems.length === 0 ? definition : undefined,
    problems,
    warnings: misread.length > 0 ? ignored : [...ignored, ...warnings],
  }
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent} › `)
}

/**
 * Drops a provisioned capacity without a billing mode, with a warning: the default is on-demand, and AWS would refuse
 * the combination.
 */
function ignoreCapacity(table: ReadTable, path: string): { readonly table: ReadTable; readonly warnings: Problem[] } {
  if (table.settings.billingMode !== undefined) return { table, warnings: [] }
  const warnings: Problem[] = []
  const without = <T extends IndexSettings>(settings: T, parent: string): T => {
    const given = capacities.filter(field => settings[field] !== undefined)
    if (given.length === 0) return settings
    warnings.push({
      path: at(path, `${parent}${given[0]}`),
      message: `${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} ignored: billing is on-demand unless billingMode is PROVISIONED`,
      rule: layerWarnings.ignoredCapacity,
    })
    return { ...settings, readCapacity: undefined, writeCapacity: undefined }
  }
  const charged = {
    ...table,
    settings: without(table.settings, ''),
    globalIndexes: table.globalIndexes.map((index): ReadIndex => {
      return { ...index, settings: without(index.settings, `globalIndexes.${index.name}.`) }
    }),
  }
  return { table: charged, warnings }
}

/** The definition of a parsed table. Missing values get their defaults, and each default is listed in `assumed`. */
export function fillDefaults(table: ReadTable, name: string, assumed: readonly Assumption[] = []): TableDefinition {
  const defaults: Assumption[] = []
  const byDefault = (path: string, message: string) => defaults.push({ path, message, guess: false })
  const withCapacity = <T extends IndexSettings>(settings: T, parent: string): T => {
    for (const field of capacities) {
      if (settings[field] === undefined) byDefault(`${parent}${field}`, `${field} is ${defaultCapacity} by default`)
    }
    return { readCapacity: defaultCapacity, writeCapacity: defaultCapacity, ...(definedOnly(settings) as T) }
  }
  const indexOf = (index: ReadIndex, partitionKey: LocalIndex['partitionKey'], parent: string): LocalIndex => {
    if (index.projection === undefined) {
      byDefault(`${parent}projection`, 'the index holds all attributes (projection ALL) by default')
    }
    return { name: index.name, partitionKey, sortKey: index.sortKey, projection: index.projection ?? 'ALL' }
  }
  const { billingMode = 'PAY_PER_REQUEST' } = table.settings
  if (table.settings.billingMode === undefined)
    byDefault('billingMode', 'billing is on-demand (PAY_PER_REQUEST) by default')
  const isProvisioned = billingMode === 'PROVISIONED'
  const settings = { billingMode, ...definedOnly(table.settings) }
  const ofTable = isProvisioned ? withCapacity(settings, '') : settings
  return {
    name,
    partitionKey: table.partitionKey,
    sortKey: table.sortKey,
    globalIndexes: table.globalIndexes.map((index): GlobalIndex => {
      const parent = `globalIndexes.${index.name}.`
      return {
        ...indexOf(index, index.partitionKey, parent),
        ...(isProvisioned ? withCapacity(index.settings, parent) : definedOnly(index.settings)),
      }
    }),
    localIndexes: table.localIndexes.map(index => indexOf(index, table.partitionKey, `localIndexes.${index.name}.`)),
    ...ofTable,
    ...(table.extra === undefined ? {} : { extra: table.extra }),
    assumed: [...assumed, ...defaults],
  }
}
