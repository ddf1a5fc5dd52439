import { settingFields } from '../settings/catalogue.ts'
import type { Field } from '../settings/setting.ts'
import type { Capabilities } from '../table/capabilities.ts'
import { type GlobalIndex, isGiven, type TableDefinition } from '../table/definition.ts'

export interface Fitted {
  /** The definition without what the target cannot keep. */
  readonly definition: TableDefinition
  /** One line for each user-written value that is left out. */
  readonly notices: readonly string[]
}

/**
 * Reduces a definition to what the target keeps. A setting at DynamoDB's default is dropped silently, because an engine
 * that does not know the setting behaves the same way. An index with multi-attribute keys is left out where these are
 * not supported, so that the rest of the table can be used.
 */
export function fitToTarget(definition: TableDefinition, capabilities: Capabilities | undefined): Fitted {
  if (capabilities === undefined) return { definition, notices: [] }
  const notices: string[] = []
  const { label, refuses } = capabilities
  const ignores = new Set<string | undefined>(capabilities.ignores)

  const keep = <T extends object>(owner: T, parent: string): T => {
    const isKept = ([name, value]: [string, unknown]) => {
      const field = fields.get(name)
      if (!ignores.has(name) && (parent === '' || !ignores.has(field?.indexFeature))) return true
      const path = `${parent}${name}`
      if (!isStandard(value, field) && isGiven(definition, path))
        notices.push(`${path}: not kept by ${label}, left out`)
      return false
    }
    return Object.fromEntries(Object.entries(owner).filter(isKept)) as T
  }

  const lacksMultiAttributeKeys = refuses.includes('multiAttributeKeys') || ignores.has('multiAttributeKeys')
  const possible = definition.globalIndexes.filter(index => {
    if (!lacksMultiAttributeKeys || !hasMultiAttributeKey(index)) return true
    notices.push(`globalIndexes.${index.name}: ${label} does not support keys of several attributes, left out`)
    return false
  })
  if (ignores.size === 0) return { definition: { ...definition, globalIndexes: possible }, notices }
  const globalIndexes = possible.map(index => keep(index, `globalIndexes.${index.name}.`))
  return { definition: { ...keep(definition, ''), globalIndexes }, notices }
}

const fields: ReadonlyMap<string, Field> = new Map(Object.entries(settingFields))

/** Whether a value is DynamoDB's default. */
function isStandard(value: unknown, field: Field | undefined): boolean {
  if (value === undefined || value === false || value === field?.standard) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

const hasMultiAttributeKey = ({ partitionKey, sortKey }: GlobalIndex) => partitionKey.length > 1 || sortKey.length > 1
