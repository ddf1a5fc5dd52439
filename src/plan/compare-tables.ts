import { capacities } from '../settings/billing.ts'
import { followUps } from '../settings/catalogue.ts'
import { type Change, describeChange, indexSettingChange, isOff, settingChange } from '../settings/change.ts'
import { indexOverrides } from '../settings/replica-settings.ts'
import { warmUnits } from '../settings/warm-throughput.ts'
import type { Capabilities } from '../table/capabilities.ts'
import {
  type Assumption,
  type IndexSettings,
  ignoredMessage,
  type Replica,
  type TableDefinition,
} from '../table/definition.ts'
import { type LiveTable, settledTable } from '../table/live.ts'
import { memberOf } from '../table/untyped.ts'
import { withDefaults } from './aws-defaults.ts'
import { sortOutBlocked } from './blocked.ts'
import { diffTable } from './diff-table.ts'
import { fitToTarget } from './fit-to-target.ts'
import { stepsFor } from './steps.ts'

/** A table to compare: a definition, or a live table at a target. */
export interface Side {
  readonly definition: TableDefinition
  readonly live?: LiveTable | undefined
  readonly capabilities?: Capabilities | undefined
}

export interface Comparison {
  readonly changes: readonly Change[]
  /** The changes in the words of a plan that turns the first table into the second: `+ turn on TTL on expiresAt`. */
  readonly lines: readonly string[]
}

/**
 * The differences between two tables. Settings that one side leaves out are compared as AWS would fill them in. Guesses
 * of an adapter, what the config ignores, settings that a target does not keep, and those that could not be read are
 * not compared.
 */
export function compareTables(from: Side, to: Side): Comparison {
  const sides = [from, to]
  const isLive = sides.some(({ live }) => live !== undefined)
  // AWS derives warm throughput from the billing, and raises it by itself.
  const derived = warmUnits.filter(field => isLive || !sides.some(({ definition }) => names(definition, field)))
  const except = [...sides.flatMap(({ capabilities }) => capabilities?.ignores ?? []), ...derived]
  const [one, other] = [comparable(from, sides, except), comparable(to, sides, except)]
  const [before, after] = [withReplicasLike(one, other), withReplicasLike(other, one)]
  const current: LiveTable = { ...(from.live ?? settledTable(before, followUps)), definition: before }
  const desired = { ...after, name: before.name, assumed: sides.flatMap(side => notCompared(side, after)) }
  const found = diffTable(desired, current, { dropIndexes: true, pruneTags: true, exact: !isLive }).changes
  const changes = found.map(change => asWritten(change, to.definition))
  const { possible } = sortOutBlocked(changes, desired, current)
  // Nothing is sent; tags and policies only need some ARN.
  const steps = stepsFor(possible, desired, current, { setsIndexCapacity: true, arn: desired.name })
  return {
    changes,
    lines: [
      ...steps.map(({ sign, summary }) => `${sign} ${summary}`),
      ...changes.filter(change => !possible.includes(change)).map(change => `~ ${describeChange(change)}`),
    ],
  }
}

/**
 * Shows a setting that is turned on as the user wrote it, as a plan does: `true` instead of the 35 days that it stands
 * for.
 */
function asWritten(change: Change, { globalIndexes, ...own }: TableDefinition): Change {
  if (change.kind === 'modify-setting' && isOff(change.from)) {
    return settingChange(change.field, change.from, memberOf(own, change.field) ?? change.to)
  }
  if (change.kind !== 'modify-index-setting' || !isOff(change.from)) return change
  const index = globalIndexes.find(({ name }) => name === change.index)
  return indexSettingChange(change.index, change.field, change.from, memberOf(index, change.field) ?? change.to)
}

function comparable({ definition, live }: Side, sides: readonly Side[], except: readonly string[]): TableDefinition {
  const fitted = sides.reduce((left, { capabilities }) => fitToTarget(left, capabilities).definition, definition)
  return live === undefined ? withDefaults(fitted, except) : fitted
}

/** Settings that a replica takes from its table are compared where the other side names them for the replica. */
function withReplicasLike(definition: TableDefinition, { replicas: others = [] }: TableDefinition): TableDefinition {
  const { replicas, globalIndexes } = definition
  if (replicas === undefined) return definition
  const fill = (own: object, other: object | undefined, owner: unknown, fields: readonly string[]) => {
    const missing = fields.filter(field => memberOf(other, field) !== undefined && memberOf(own, field) === undefined)
    const ofTable = (field: string) => memberOf(owner, field) ?? (field === 'tableClass' ? 'STANDARD' : false)
    return { ...own, ...Object.fromEntries(missing.map(field => [field, ofTable(field)])) }
  }
  const filled = replicas.map((replica): Replica => {
    const other = others.find(({ region }) => region === replica.region)
    const named = globalIndexes.filter(({ name }) => other?.globalIndexes?.[name] !== undefined)
    const indexes = named.map(index => [
      index.name,
      fill(replica.globalIndexes?.[index.name] ?? {}, other?.globalIndexes?.[index.name], index, indexOverrides),
    ])
    return {
      ...replica,
      ...fill(replica, other, definition, ['tableClass', 'readCapacity', 'maxReadUnits']),
      ...(indexes.length === 0 ? {} : { globalIndexes: { ...replica.globalIndexes, ...Object.fromEntries(indexes) } }),
    }
  })
  return { ...definition, replicas: filled }
}

const names = (definition: TableDefinition, field: keyof IndexSettings) =>
  [definition, ...definition.globalIndexes].some(owner => owner[field] !== undefined)

/**
 * The assumptions that are not compared: an adapter's guesses and what the config ignores. Without a known billing
 * mode, capacities are not compared either.
 */
function notCompared({ definition }: Side, { globalIndexes }: TableDefinition): readonly Assumption[] {
  const own = definition.assumed.filter(({ guess, message }) => guess || message === ignoredMessage)
  // If the kind of encryption is not known, its key is not known either.
  const keys = own.filter(({ path }) => path === 'encryption').map(each => ({ ...each, path: 'kmsKeyId' }))
  const billing = own.find(({ path }) => path === 'billingMode')
  if (billing === undefined) return [...own, ...keys]
  const parents = ['', ...globalIndexes.map(({ name }) => `globalIndexes.${name}.`)]
  return [
    ...own,
    ...keys,
    ...parents.flatMap(parent => capacities.map(field => ({ ...billing, path: `${parent}${field}` }))),
  ]
}
