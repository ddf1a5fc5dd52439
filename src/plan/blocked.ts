import type { Problem } from '../errors.ts'
import type { Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { GlobalIndex, KeyAttribute, TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import { describeChange } from './describe-change.ts'
import { featureOf } from './diff.ts'
import { remainingIndexes } from './diff-indexes.ts'
import { billingAfter } from './diff-throughput.ts'

export interface Sorted {
  readonly possible: readonly Change[]
  readonly blocked: readonly Problem[]
}

/** Parts the changes that can be made in place from those that cannot, each of these with the way out. */
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
    const problem = reasonAgainst(change, desired, live.definition, types) ?? refusedByTarget(change, capabilities)
    if (problem === undefined) possible.push(change)
    else blocked.push({ path: at(desired.name, problem.field), message: problem.message })
  }
  return { possible, blocked }
}

interface Reason {
  readonly field: string
  readonly message: string
}

function refusedByTarget(change: Change, capabilities: Capabilities | undefined): Reason | undefined {
  const feature = featureOf(change)
  if (feature === undefined || capabilities?.refuses.includes(feature) !== true) return undefined
  return {
    field: 'globalIndexes',
    message: `${describeChange(change)}: ${capabilities.label} cannot change the indexes of a live table; delete the table and create it again`,
  }
}

type Types = ReadonlyMap<string, { readonly type: KeyAttribute['type']; readonly user: string }>

function reasonAgainst(
  change: Change,
  desired: TableDefinition,
  live: TableDefinition,
  types: Types,
): Reason | undefined {
  switch (change.kind) {
    case 'modify-key':
      return {
        field: 'partitionKey',
        message: `${describeChange(change)}: the key of a table cannot be changed; create a table under another name and move the items there`,
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
        message: `${describeChange(change)}: local indexes are made with their table and cannot be changed later; ${wayOut}`,
      }
    }
    case 'modify-capacity':
      return billingAfter(desired, live) === 'PROVISIONED' ? undefined : notProvisioned(change.index)
    case 'modify-setting':
    case 'modify-index-setting':
      return reasonAgainstSetting(change, billingAfter(desired, live))
    case 'add-index':
      return typeConflict(change.index, types) ?? throughputConflict(change.index, desired, live)
    case 'replace-index':
      return typeConflict(change.to, types) ?? throughputConflict(change.to, desired, live)
    case 'drop-index':
    case 'modify-tags':
      return undefined
    default:
      return change satisfies never
  }
}

/** A new index cannot have a throughput that goes with the other billing mode than the live table's. */
function throughputConflict(index: GlobalIndex, desired: TableDefinition, live: TableDefinition): Reason | undefined {
  const given = (field: keyof GlobalIndex) => isGiven(desired, `globalIndexes.${index.name}.${field}`)
  if (billingAfter(desired, live) === 'PAY_PER_REQUEST') {
    const capacity = capacities.find(field => index[field] !== undefined && given(field))
    return capacity === undefined || isGiven(desired, 'billingMode') ? undefined : notProvisioned(index.name)
  }
  const cap = caps.find(field => typeof index[field] === 'number' && given(field))
  return cap === undefined ? undefined : notOnDemand(`globalIndexes.${index.name}.${cap}`)
}

const capacities = ['readCapacity', 'writeCapacity'] as const
const caps = ['maxReadUnits', 'maxWriteUnits'] as const

function notProvisioned(index: string | undefined): Reason {
  return {
    field: `${index === undefined ? '' : `globalIndexes.${index}.`}readCapacity`,
    message: 'the live table is on-demand, which takes no capacity; write billingMode: PROVISIONED to switch it',
  }
}

function notOnDemand(field: string): Reason {
  return {
    field,
    message:
      'the live table is provisioned, which takes no on-demand caps; write billingMode: PAY_PER_REQUEST to switch it',
  }
}

function reasonAgainstSetting(
  change: Extract<Change, { kind: 'modify-setting' | 'modify-index-setting' }>,
  billing: string,
): Reason | undefined {
  const field = change.kind === 'modify-setting' ? change.field : `globalIndexes.${change.index}.${change.field}`
  if (change.field === 'warmReadUnits' || change.field === 'warmWriteUnits') {
    if (typeof change.from !== 'number' || typeof change.to !== 'number' || change.to >= change.from) return undefined
    return {
      field,
      message: `warm throughput can only be raised, and stands at ${change.from}; write ${change.from}, or leave it out`,
    }
  }
  if ((change.field === 'maxReadUnits' || change.field === 'maxWriteUnits') && billing === 'PROVISIONED') {
    return notOnDemand(field)
  }
  return undefined
}

/** The types of all key attributes that stay in use: AWS does not let a new index use one of them with another type. */
function remainingTypes(changes: readonly Change[], live: LiveTable): Types {
  const { definition } = live
  const owners: readonly (readonly [string, readonly KeyAttribute[]])[] = [
    ['the table', [...definition.partitionKey, ...definition.sortKey]],
    ...[...definition.localIndexes, ...remainingIndexes(changes, live)].map(
      index => [`index ${index.name}`, [...index.partitionKey, ...index.sortKey]] as const,
    ),
  ]
  return new Map(
    owners.flatMap(([user, attributes]) => attributes.map(({ name, type }) => [name, { type, user }] as const)),
  )
}

function typeConflict(index: GlobalIndex, types: Types): Reason | undefined {
  for (const { name, type } of [...index.partitionKey, ...index.sortKey]) {
    const known = types.get(name)
    if (known !== undefined && known.type !== type) {
      return {
        field: `globalIndexes.${index.name}`,
        message: `${name} is of type ${known.type} in ${known.user}, so no new index can use it as ${type}; use another attribute${
          known.user === 'the table' ? '' : `, or drop ${known.user} first`
        }`,
      }
    }
  }
  return undefined
}
