import type {
  Assumption,
  GlobalIndex,
  LocalIndex,
  TableDefinition,
  TableSettings,
  Throughput,
} from '../table/definition.ts'
import type { ReadIndex, ReadTable } from './read-input.ts'

/** What a PROVISIONED table or index gets when nobody names a capacity. */
const defaultCapacity = 5

/** The definition of a table that was read: what was left out gets its default, and each default is listed in `assumed`. */
export function fillDefaults(table: ReadTable, name: string, assumed: readonly Assumption[] = []): TableDefinition {
  const defaults: Assumption[] = []
  const settings = fillSettings(table.settings, defaults)
  const provisioned = settings.billingMode === 'PROVISIONED'
  return {
    name,
    partitionKey: table.partitionKey,
    sortKey: table.sortKey,
    globalIndexes: table.globalIndexes.map((index): GlobalIndex => {
      const parent = `globalIndexes.${index.name}.`
      return {
        ...fillIndex(index, index.partitionKey, parent, defaults),
        ...(provisioned ? fillCapacity(index.settings, parent, defaults) : definedOnly(index.settings)),
      }
    }),
    localIndexes: table.localIndexes.map(index =>
      fillIndex(index, table.partitionKey, `localIndexes.${index.name}.`, defaults),
    ),
    ...settings,
    ...(table.extra === undefined ? {} : { extra: table.extra }),
    assumed: [...assumed, ...defaults],
  }
}

function fillSettings(settings: TableSettings, defaults: Assumption[]): TableSettings {
  if (settings.billingMode === undefined) {
    defaults.push(byDefault('billingMode', 'billing is on-demand (PAY_PER_REQUEST) by default'))
    return { billingMode: 'PAY_PER_REQUEST', ...definedOnly(settings) }
  }
  return settings.billingMode === 'PROVISIONED' ? fillCapacity(settings, '', defaults) : definedOnly(settings)
}

function fillCapacity<T extends Throughput>(settings: T, parent: string, defaults: Assumption[]): T {
  const filled = { readCapacity: defaultCapacity, writeCapacity: defaultCapacity, ...definedOnly(settings) }
  for (const field of ['readCapacity', 'writeCapacity'] as const) {
    if (settings[field] !== undefined) continue
    defaults.push(byDefault(`${parent}${field}`, `${field} is ${defaultCapacity} by default`))
  }
  return filled
}

function fillIndex(
  index: ReadIndex,
  partitionKey: LocalIndex['partitionKey'],
  parent: string,
  defaults: Assumption[],
): LocalIndex {
  if (index.projection === undefined) {
    defaults.push(byDefault(`${parent}projection`, 'the index holds all attributes (projection ALL) by default'))
  }
  return { name: index.name, partitionKey, sortKey: index.sortKey, projection: index.projection ?? 'ALL' }
}

function byDefault(path: string, message: string): Assumption {
  return { path, message, guess: false }
}

// Absent and `undefined` mean the same; a definition holds only what is there, so that it survives JSON unchanged.
function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T
}
