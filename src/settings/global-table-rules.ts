import { isGiven, type Replica, type TableDefinition } from '../table/definition.ts'
import { isRegionName, meantRegion } from '../table/region.ts'
import { type Finding, type Rule, repeated } from '../table/rules/rule.ts'
import { plural } from '../table/text.ts'
import { isRecord, listed } from '../table/untyped.ts'
import { billing, billingOf } from './billing.ts'
import { type FieldCheck, mapOf, mustBe, structureOf, text } from './checks.ts'
import { contributorInsights } from './contributor-insights.ts'
import { encryption } from './encryption.ts'
import { onDemandCaps } from './on-demand-caps.ts'
import { ownOf, ownSettings } from './replica-settings.ts'
import { tableClass } from './table-class.ts'

const units = { readCapacity: billing.fields.readCapacity.check, maxReadUnits: onDemandCaps.fields.maxReadUnits.check }
const insights = contributorInsights.fields.contributorInsights.check
const own = Object.fromEntries(
  ownSettings.flatMap(({ fields }) => Object.entries(fields).map(([field, { check }]) => [field, check])),
)
const replicaIndex = structureOf(
  'settings of an index such as { readCapacity }',
  { ...units, contributorInsights: insights },
  [],
)
const replica = structureOf(
  'a region, or a replica such as { region: us-east-2 }',
  {
    region: text('a region such as us-east-2'),
    kmsKeyId: encryption.fields.kmsKeyId.check,
    tableClass: tableClass.fields.tableClass.check,
    ...own,
    ...units,
    globalIndexes: mapOf('a map from index name to settings', replicaIndex),
  },
  ['region'],
)

/** Regions, or replicas with settings of their own; an empty list or `false` means none. */
export const replicaList: FieldCheck = {
  wanted: 'a list of regions such as [us-east-2], or false',
  schema: {
    anyOf: [{ const: false }, { type: 'array', items: { anyOf: [{ type: 'string', minLength: 1 }, replica.schema] } }],
  },
  complaints(value, wanted = replicaList.wanted) {
    if (value === false) return []
    if (!Array.isArray(value)) return mustBe(wanted, value)
    return value.flatMap((each, index) => {
      const complaints = typeof each === 'string' && each !== '' ? [] : replica.complaints(each)
      return complaints.map(complaint => ({ ...complaint, at: `[${index}]${complaint.at}` }))
    })
  },
}

export function parseReplicas(value: unknown): readonly Replica[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.map(each => (isRecord(each) ? (each as object as Replica) : { region: String(each) }))
}

export const replicaRules: readonly Rule[] = [
  {
    id: 'M1',
    aws: 'Table write capacity should either be Pay-Per-Request or AutoScaled.',
    *check(definition) {
      const { billingMode, writeCapacity } = definition
      if (replicasOf(definition).length === 0 || billingMode !== 'PROVISIONED') return
      if (writeCapacity === undefined || !isGiven(definition, 'writeCapacity')) return
      const way = 'write billingMode: PAY_PER_REQUEST, or leave writeCapacity to auto scaling'
      yield {
        at: 'writeCapacity',
        message: `replicas need on-demand or auto-scaled writes, not a fixed capacity; ${way}`,
      }
    },
  },
  {
    id: 'M2',
    aws: 'MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.',
    *check(definition) {
      const { consistency, witness } = definition
      const { length } = replicasOf(definition)
      if (consistency !== 'STRONG') {
        if (typeof witness === 'string') yield { at: 'witness', message: 'a witness needs consistency: STRONG' }
        return
      }
      const hasWitness = typeof witness === 'string'
      if (length === (hasWitness ? 1 : 2)) return
      const found = `${plural(length, 'replica')}${hasWitness ? ' and a witness' : ''}`
      yield {
        at: 'consistency',
        message: `STRONG needs three regions: two replicas, or one replica and a witness, not ${found}`,
      }
    },
  },
  {
    id: 'M3',
    aws: 'Table must have DynamoDB Streams enabled with NEW_AND_OLD_IMAGES.',
    *check(definition) {
      const { stream } = definition
      if (replicasOf(definition).length === 0 || stream === undefined || stream === 'NEW_AND_OLD_IMAGES') return
      yield { at: 'stream', message: `replicas need NEW_AND_OLD_IMAGES, not ${stream}; leave it out to turn it on` }
    },
  },
  {
    id: 'M4',
    aws: 'Update table operation with more than one create or delete replica actions for a region not allowed',
    *check(definition, own) {
      const regions = replicasOf(definition).map(({ region }) => region)
      for (const [index, region] of regions.entries()) {
        yield* regionName(region, `replicas[${index}]`)
        if (region === own) yield { at: `replicas[${index}]`, message: ownRegion(own) }
      }
      for (const region of repeated(regions)) yield { at: 'replicas', message: `"${region}" is listed twice` }
      const { witness } = definition
      if (typeof witness !== 'string') return
      yield* regionName(witness, 'witness')
      if (witness === own) yield { at: 'witness', message: ownRegion(own) }
      if (regions.includes(witness)) yield { at: 'witness', message: `"${witness}" is also the region of a replica` }
    },
  },
  {
    id: 'M5',
    aws: 'KMSMasterKeyId must be specified for each replica.',
    *check(definition) {
      const isOwnKey = definition.encryption === 'CUSTOMER_MANAGED'
      for (const [index, { region, kmsKeyId }] of replicasOf(definition).entries()) {
        const at = `replicas[${index}]`
        if (isOwnKey && kmsKeyId === undefined) {
          const message = `the table has a customer-managed key, and a key is of one region; write { region: ${region}, kmsKeyId }`
          yield { at, message }
        }
        if (!isOwnKey && kmsKeyId !== undefined)
          yield {
            at: `${at}.kmsKeyId`,
            message: 'needs encryption: CUSTOMER_MANAGED, and a key of its own, for the table',
          }
      }
    },
  },
  {
    id: 'M6',
    aws: 'Requested settings of the replica are not valid for the table.',
    *check(definition) {
      for (const [index, each] of replicasOf(definition).entries())
        yield* settingsOf(definition, each, `replicas[${index}]`)
    },
  },
]

/** M1. AWS: Cannot add, delete, or update the local region through ReplicaUpdates. */
export function ownRegion(region: string): string {
  return `${region} is the table's own region; name only the other regions`
}

const replicasOf = ({ replicas = [] }: TableDefinition) => replicas

function* regionName(region: string, at: string): Iterable<Finding> {
  if (isRegionName(region)) return
  const meant = meantRegion(region)
  const hint = meant === undefined ? ', such as us-east-2' : `; did you mean "${meant}"?`
  yield { at, message: `"${region}" is not a valid region${hint}` }
}

/** A replica's units must be of the table's own kind, its indexes known, its settings valid. */
function* settingsOf(definition: TableDefinition, each: Replica, at: string): Iterable<Finding> {
  const isProvisioned = billingOf(definition) === 'PROVISIONED'
  const names = definition.globalIndexes.map(({ name }) => name)
  const owners = [
    ['', each] as const,
    ...Object.entries(each.globalIndexes ?? {}).map(([name, index]) => [`.globalIndexes.${name}`, index] as const),
  ]
  for (const [parent, { readCapacity, maxReadUnits }] of owners) {
    if (readCapacity !== undefined && !isProvisioned)
      yield { at: `${at}${parent}.readCapacity`, message: 'needs billingMode PROVISIONED, of the table' }
    if (typeof maxReadUnits === 'number' && isProvisioned)
      yield { at: `${at}${parent}.maxReadUnits`, message: 'cannot be combined with billingMode PROVISIONED' }
  }
  for (const name of Object.keys(each.globalIndexes ?? {})) {
    if (names.includes(name)) continue
    const known = names.length === 0 ? 'the table has none' : `the table has ${listed(names, 'and')}`
    yield { at: `${at}.globalIndexes.${name}`, message: `not a global index of the table; ${known}` }
  }
  const keys = { name: '', partitionKey: [], sortKey: [], globalIndexes: [], localIndexes: [], assumed: [] }
  const table: TableDefinition = { ...keys, ...ownOf(each) }
  for (const rule of ownSettings.flatMap(({ rules = [] }) => rules)) {
    if (rule.level === 'warning') continue
    for (const finding of rule.check(table)) yield { ...finding, at: `${at}.${finding.at}` }
  }
}
