import type { Problem } from '../errors.ts'
import { settings } from '../settings/catalogue.ts'
import {
  type Change,
  changedIndex,
  describeChange,
  type IndexChange,
  indexText,
  isIndexChange,
  keyText,
} from '../settings/change.ts'
import type { Reason } from '../settings/setting.ts'
import { remainingVectors, searchKey } from '../settings/vector-indexes.ts'
import type { Capabilities } from '../table/capabilities.ts'
import {
  attributesOf,
  type LocalIndex,
  type TableDefinition,
  type TableKey,
  type VectorIndex,
} from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { typeNames } from '../table/parse-key.ts'
import { at } from '../table/problems.ts'
import { remainingIndexes, sameKey } from './diff-indexes.ts'
import { featureOf } from './diff-table.ts'

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
  const definition = { ...live.definition, vectorIndexes: remainingVectors(changes, live) }
  const staying = { ...live, definition }
  for (const change of changes) {
    const reason =
      reasonAgainst(change, types) ??
      settings.map(setting => setting.reasonAgainst?.(change, desired, staying)).find(one => one !== undefined) ??
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
  if (change.kind === 'modify-key') {
    const field = sameKey(change.from.partitionKey, change.to.partitionKey) ? 'sortKey' : 'partitionKey'
    return { field, message: `${keyChange(change)}; ${recreate}` }
  }
  if (!isIndexChange(change)) return undefined
  const { list, name } = changedIndex(change)
  const field = `${list}.${name}`
  if (list === 'localIndexes') return { field, message: `${localIndexChange(change)}, or ${recreate}` }
  if (change.kind.startsWith('drop')) return undefined
  return typeConflict(field, typesIn('to' in change ? change.to : change.index), types)
}

const recreate = 'create a table under another name and move the items there'

/** Local indexes are made by CreateTable alone. */
function localIndexChange(change: IndexChange): string {
  const existing = 'of an existing table cannot be'
  if ('to' in change)
    return `a local index ${existing} changed (${indexText(change.from)} -> ${indexText(change.to)}); make it a global index`
  return change.kind.startsWith('add')
    ? 'a local index cannot be added to an existing table; make it a global index'
    : `a local index ${existing} dropped; keep it in the definition`
}

/** `the partition key cannot be changed (id N -> id S)`. */
function keyChange({ from, to }: Extract<Change, { kind: 'modify-key' }>): string {
  const [isPartition, isSort] = [!sameKey(from.partitionKey, to.partitionKey), !sameKey(from.sortKey, to.sortKey)]
  if (isPartition && isSort) return `the key cannot be changed (${keyText(from)} -> ${keyText(to)})`
  const [part, field] = isPartition ? (['partition', 'partitionKey'] as const) : (['sort', 'sortKey'] as const)
  const text = (key: TableKey) => keyText({ partitionKey: key[field], sortKey: [] }) || 'none'
  return `the ${part} key cannot be changed (${text(from)} -> ${text(to)})`
}

/** An attribute and what it holds, for people: `a string`, `a vector of 1024`. */
interface Typed {
  readonly name: string
  readonly type: string
}

type Types = ReadonlyMap<string, { readonly type: string; readonly user: string }>

/** The types of all attributes that stay in use: AWS does not let a new index use one of them with another type. */
function remainingTypes(changes: readonly Change[], live: LiveTable): Types {
  const { definition } = live
  const users: readonly (readonly [string, readonly Typed[]])[] = [
    ['the table', keysIn(definition)],
    ...[...definition.localIndexes, ...remainingIndexes(changes, live)].map(
      index => [`index ${index.name}`, typesIn(index)] as const,
    ),
    ...Object.entries(remainingVectors(changes, live)).map(
      ([name, index]) => [`vector index ${name}`, typesIn(index)] as const,
    ),
  ]
  return new Map(
    users.flatMap(([user, attributes]) => attributes.map(({ name, type }) => [name, { type, user }] as const)),
  )
}

function keysIn(key: TableKey): Typed[] {
  return attributesOf(key).map(({ name, type }) => ({ name, type: `a ${typeNames[type]}` }))
}

function typesIn(index: LocalIndex | VectorIndex): Typed[] {
  if (!('attribute' in index)) return keysIn(index)
  return [...keysIn(searchKey(index)), { name: index.attribute, type: `a vector of ${index.dimensions}` }]
}

function typeConflict(field: string, attributes: readonly Typed[], types: Types): Reason | undefined {
  for (const { name, type } of attributes) {
    const known = types.get(name)
    if (known === undefined || known.type === type) continue
    const drop = known.user === 'the table' ? '' : `, or drop ${known.user} first`
    return {
      field,
      message: `attribute ${name} is ${known.type} in ${known.user} and cannot be ${type} here; use another attribute${drop}`,
    }
  }
  return undefined
}
