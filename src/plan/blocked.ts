import type { Problem } from '../errors.ts'
import { settings } from '../settings/catalogue.ts'
import { type Change, describeChange, keyText } from '../settings/change.ts'
import type { Reason } from '../settings/setting.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { GlobalIndex, KeyAttribute, TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { typeNames } from '../table/parse-key.ts'
import { at } from '../table/path.ts'
import { featureOf } from './diff.ts'
import { remainingIndexes, sameKey } from './diff-indexes.ts'

export interface Sorted {
  readonly possible: readonly Change[]
  readonly blocked: readonly Problem[]
}

/** Separates the changes that can be made in place from those that cannot; each blocked change gets a hint. */
export function sortOutBlocked(
  changes: readonly Change[],
  desired: TableDefinition,
  live: LiveTable,
  capabilities?: Capabilities,
): Sorted {
  const possible: Change[] = []
  const blocked: Problem[] = []
  const types = remainingTypes(changes, live)
  for (const change of changes) {
    const reason =
      reasonAgainst(change, types) ??
      settings
        .map(setting => setting.reasonAgainst?.(change, desired, live.definition))
        .find(one => one !== undefined) ??
      refusedByTarget(change, capabilities)
    if (reason === undefined) possible.push(change)
    else blocked.push({ path: at(desired.name, reason.field), message: reason.message })
  }
  return { possible, blocked }
}

function refusedByTarget(change: Change, capabilities: Capabilities | undefined): Reason | undefined {
  const feature = featureOf(change)
  if (feature === undefined || capabilities?.refuses.includes(feature) !== true) return undefined
  return {
    field: 'globalIndexes',
    message: `${describeChange(change)}: ${capabilities.label} cannot change the indexes of a live table; delete the table and create it again`,
  }
}

function reasonAgainst(change: Change, types: Types): Reason | undefined {
  switch (change.kind) {
    case 'modify-key':
      return {
        field: sameKey(change.from.partitionKey, change.to.partitionKey) ? 'sortKey' : 'partitionKey',
        message: `${keyChange(change)}; create a table under another name and move the items there`,
      }
    case 'add-local-index':
    case 'replace-local-index':
    case 'drop-local-index': {
      const { name } = change.kind === 'replace-local-index' ? change.to : change.index
      const wayOut =
        change.kind === 'drop-local-index'
          ? 'leave it, or create a table under another name and move the items there'
          : 'make it a global index, or create a table under another name and move the items there'
      return {
        field: `localIndexes.${name}`,
        message: `${describeChange(change)}: local indexes cannot be changed after their table is created; ${wayOut}`,
      }
    }
    case 'add-index':
      return typeConflict(change.index, types)
    case 'replace-index':
      return typeConflict(change.to, types)
    default:
      return undefined
  }
}

/** `the partition key cannot be changed (id N -> id S)`. */
function keyChange({ from, to }: Extract<Change, { kind: 'modify-key' }>): string {
  const [isPartition, isSort] = [!sameKey(from.partitionKey, to.partitionKey), !sameKey(from.sortKey, to.sortKey)]
  const part = (key: readonly KeyAttribute[]) =>
    key.length === 0 ? 'none' : keyText({ partitionKey: key, sortKey: [] })
  if (isPartition && isSort) return `the key cannot be changed (${keyText(from)} -> ${keyText(to)})`
  return isPartition
    ? `the partition key cannot be changed (${part(from.partitionKey)} -> ${part(to.partitionKey)})`
    : `the sort key cannot be changed (${part(from.sortKey)} -> ${part(to.sortKey)})`
}

type Types = ReadonlyMap<string, { readonly type: KeyAttribute['type']; readonly user: string }>

/** The types of all key attributes that stay in use: AWS does not let a new index use one of them with another type. */
function remainingTypes(changes: readonly Change[], live: LiveTable): Types {
  const { definition } = live
  const users: readonly (readonly [string, readonly KeyAttribute[]])[] = [
    ['the table', [...definition.partitionKey, ...definition.sortKey]],
    ...[...definition.localIndexes, ...remainingIndexes(changes, live)].map(
      index => [`index ${index.name}`, [...index.partitionKey, ...index.sortKey]] as const,
    ),
  ]
  return new Map(
    users.flatMap(([user, attributes]) => attributes.map(({ name, type }) => [name, { type, user }] as const)),
  )
}

function typeConflict(index: GlobalIndex, types: Types): Reason | undefined {
  for (const { name, type } of [...index.partitionKey, ...index.sortKey]) {
    const known = types.get(name)
    if (known === undefined || known.type === type) continue
    const drop = known.user === 'the table' ? '' : `, or drop ${known.user} first`
    return {
      field: `globalIndexes.${index.name}`,
      message: `attribute ${name} is a ${typeNames[known.type]} in ${known.user} and cannot be a ${typeNames[type]} here; use another attribute${drop}`,
    }
  }
  return undefined
}
