import type { Capacity, Change, TableKey } from '../settings/change.ts'
import type { GlobalIndex, KeyAttribute, LocalIndex, Projection } from '../table/definition.ts'

/** A change in one line, with the values from and to: `ttl: off -> expiresAt`. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'modify-key':
      return `key: ${keyText(change.from)} -> ${keyText(change.to)}`
    case 'modify-setting':
      return `${change.field}: ${valueText(change.from)} -> ${valueText(change.to)}`
    case 'modify-capacity':
      return `${change.index === undefined ? '' : `index ${change.index} `}capacity: ${capacityText(change.from)} -> ${capacityText(change.to)}`
    case 'modify-index-setting':
      return `index ${change.index} ${change.field}: ${valueText(change.from)} -> ${valueText(change.to)}`
    case 'add-index':
      return change.beside === undefined
        ? `global index ${change.index.name}: missing (${indexText(change.index)})`
        : `global index ${change.index.name}: to be beside ${change.beside} (${indexText(change.index)})`
    case 'drop-index':
      return `global index ${change.index.name}: not in the definition (${indexText(change.index)})`
    case 'replace-index':
      return `global index ${change.to.name}: ${indexText(change.from)} -> ${indexText(change.to)}`
    case 'add-local-index':
      return `local index ${change.index.name}: missing (${indexText(change.index)})`
    case 'drop-local-index':
      return `local index ${change.index.name}: not in the definition (${indexText(change.index)})`
    case 'replace-local-index':
      return `local index ${change.to.name}: ${indexText(change.from)} -> ${indexText(change.to)}`
    case 'modify-tags':
      return `tags: ${tagsText(change)}`
    default:
      return change satisfies never
  }
}

/** `pk S, sk N`. */
export function keyText({ partitionKey, sortKey }: TableKey): string {
  return [...partitionKey, ...sortKey].map(({ name, type }: KeyAttribute) => `${name} ${type}`).join(', ')
}

/** `email S, projection KEYS_ONLY`. */
export function indexText(index: GlobalIndex | LocalIndex): string {
  return `${keyText(index)}, projection ${projectionText(index.projection)}`
}

function projectionText(projection: Projection): string {
  return typeof projection === 'string' ? projection : `[${[...projection].sort().join(', ')}]`
}

function capacityText({ readCapacity, writeCapacity }: Capacity): string {
  if (readCapacity === undefined && writeCapacity === undefined) return 'none'
  return `${readCapacity ?? '?'} read, ${writeCapacity ?? '?'} write`
}

function tagsText({ set, drop, from }: Extract<Change, { kind: 'modify-tags' }>): string {
  const changed = Object.entries(set).map(([key, value]) =>
    from[key] === undefined ? `+${key}=${value}` : `${key}=${from[key]} -> ${value}`,
  )
  return [...changed, ...drop.map(key => `-${key}`)].join(', ')
}

export function valueText(value: unknown): string {
  if (value === undefined || value === false) return 'off'
  if (value === true) return 'on'
  if (typeof value === 'object' && value !== null && 'arn' in value) return String(value.arn)
  return String(value)
}
