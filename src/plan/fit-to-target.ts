import type { Problem } from '../errors.ts'
import { isGiven } from '../table/assumed.ts'
import type { Capabilities, Feature } from '../table/capabilities.ts'
import type { GlobalIndex, TableDefinition, TableSettings } from '../table/definition.ts'
import { at } from '../table/path.ts'

export interface Fitted {
  /** The definition without what the target cannot keep. */
  readonly definition: TableDefinition
  /** What was left out, one line for each setting that somebody wrote down. */
  readonly notices: readonly string[]
  /** What the target refuses, and the table cannot be made without. */
  readonly refused: readonly Problem[]
}

/**
 * Cuts a definition down to what the target keeps. A setting that stands at DynamoDB's default is dropped without
 * a word: an engine that does not know it has it all the same. An index that needs a key of several attributes is left
 * out where there are none, so that the rest of the table can be worked with.
 */
export function fitToTarget(definition: TableDefinition, capabilities: Capabilities | undefined): Fitted {
  if (capabilities === undefined) return { definition, notices: [], refused: [] }
  const notices: string[] = []
  const refused: Problem[] = []
  const { ignores, refuses, label } = capabilities
  const lacking: ReadonlySet<string> = new Set([...ignores, ...refuses])

  const keep = <T extends object>(owner: T, parent: string, extra: Partial<Record<string, Feature>> = {}): T => {
    const kept = Object.entries(owner).filter(([field, value]) => {
      const features = [field, extra[field] ?? field]
      if (!features.some(feature => lacking.has(feature))) return true
      const matters = !isDefault(field, value) && isGiven(definition, `${parent}${field}`)
      if (features.some(feature => includes(refuses, feature))) {
        if (matters) refused.push(refusal(definition, `${parent}${field}`, label))
        return matters
      }
      if (matters) notices.push(`${parent}${field}: not kept by ${label}, left out`)
      return false
    })
    return Object.fromEntries(kept) as T
  }

  const lacksMultiAttributeKeys = includes(refuses, 'multiAttributeKeys') || includes(ignores, 'multiAttributeKeys')
  const possible = definition.globalIndexes.filter(index => {
    if (!lacksMultiAttributeKeys || !hasMultiAttributeKey(index)) return true
    notices.push(`globalIndexes.${index.name}: a key of several attributes is not known to ${label}, left out`)
    return false
  })
  const globalIndexes = possible.map(
    (index): GlobalIndex =>
      keep(index, `globalIndexes.${index.name}.`, {
        maxReadUnits: 'indexOnDemandCaps',
        maxWriteUnits: 'indexOnDemandCaps',
      }),
  )
  return { definition: { ...keep(definition, ''), globalIndexes }, notices, refused }
}

const standard: TableSettings & Readonly<Record<string, unknown>> = {
  tableClass: 'STANDARD',
  encryption: 'AWS_OWNED',
  billingMode: 'PAY_PER_REQUEST',
}

/** Whether a setting says no more than what DynamoDB does by itself. */
function isDefault(field: string, value: unknown): boolean {
  if (value === undefined || value === false) return true
  if (field === 'tags') return Object.keys(value ?? {}).length === 0
  return standard[field] === value
}

const hasMultiAttributeKey = ({ partitionKey, sortKey }: GlobalIndex) => partitionKey.length > 1 || sortKey.length > 1

const includes = (features: readonly string[], feature: string) => features.includes(feature)

function refusal(definition: TableDefinition, path: string, label: string): Problem {
  return {
    path: at(definition.name, path),
    message: `${label} does not take it: leave it out, or use another target for this table`,
  }
}
