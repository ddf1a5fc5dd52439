import type { Problem } from '../errors.ts'
import { settingFields } from '../settings/catalogue.ts'
import type { Field } from '../settings/setting.ts'
import type { Capabilities } from '../table/capabilities.ts'
import { type GlobalIndex, isGiven, type TableDefinition } from '../table/definition.ts'
import { at } from '../table/problems.ts'

export interface Fitted {
  /** The definition without what the target cannot keep. */
  readonly definition: TableDefinition
  /** One line for each user-written value that is left out. */
  readonly notices: readonly string[]
  /** Values that the target refuses; the table must not be created without them. */
  readonly refused: readonly Problem[]
}

/**
 * Reduces a definition to what the target keeps. A setting at DynamoDB's default is dropped silently, because an engine
 * that does not know the setting behaves the same way. An index with multi-attribute keys is left out where these are
 * not supported, so that the rest of the table can be used.
 */
export function fitToTarget(definition: TableDefinition, capabilities: Capabilities | undefined): Fitted {
  if (capabilities === undefined) return { definition, notices: [], refused: [] }
  const notices: string[] = []
  const refused: Problem[] = []
  const { label } = capabilities
  const [ignores, refuses] = [new Set<string>(capabilities.ignores), new Set<string>(capabilities.refuses)]

  const keep = <T extends object>(owner: T, parent: string): T => {
    const kept = Object.entries(owner).filter(([name, value]) => {
      const field = fields.get(name)
      const features = [name, ...(parent === '' ? [] : [field?.indexFeature ?? name])]
      if (!features.some(feature => ignores.has(feature) || refuses.has(feature))) return true
      const path = `${parent}${name}`
      const matters = !isStandard(value, field) && isGiven(definition, path)
      if (features.some(feature => refuses.has(feature))) {
        if (matters) refused.push(refusal(definition, path, label))
        return matters
      }
      if (matters) notices.push(`${path}: not kept by ${label}, left out`)
      return false
    })
    return Object.fromEntries(kept) as T
  }

  const lacksMultiAttributeKeys = refuses.has('multiAttributeKeys') || ignores.has('multiAttributeKeys')
  const possible = definition.globalIndexes.filter(index => {
    if (!lacksMultiAttributeKeys || !hasMultiAttributeKey(index)) return true
    notices.push(`globalIndexes.${index.name}: ${label} does not support keys of several attributes, left out`)
    return false
  })
  const globalIndexes = possible.map(index => keep(index, `globalIndexes.${index.name}.`))
  return { definition: { ...keep(definition, ''), globalIndexes }, notices, refused }
}

const fields: ReadonlyMap<string, Field> = new Map(Object.entries(settingFields))

/** Whether a value is DynamoDB's default. */
function isStandard(value: unknown, field: Field | undefined): boolean {
  if (value === undefined || value === false || value === field?.standard) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

const hasMultiAttributeKey = ({ partitionKey, sortKey }: GlobalIndex) => partitionKey.length > 1 || sortKey.length > 1

function refusal(definition: TableDefinition, path: string, label: string): Problem {
  return {
    path: at(definition.name, path),
    message: `${label} refuses it; leave it out, or use another target for this table`,
  }
}
