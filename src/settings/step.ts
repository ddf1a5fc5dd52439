import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { BillingMode, IndexSettings, TableDefinition } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'
import { grouped } from '../table/untyped.ts'
import type { Input } from './aws-operations.ts'
import { type Change, changedIndex, type IndexChange, indexText } from './change.ts'

/** The operations that change a table. */
export type Api =
  | 'CreateTable'
  | 'UpdateTable'
  | 'DeleteTable'
  | 'UpdateTimeToLive'
  | 'UpdateContinuousBackups'
  | 'TagResource'
  | 'UntagResource'
  | 'PutResourcePolicy'
  | 'DeleteResourcePolicy'
  | `${'Enable' | 'Disable' | 'Update'}KinesisStreamingDestination`
  | 'UpdateContributorInsights'

/**
 * One call to DynamoDB, exactly as it will be sent: the operation's name and its input. `region` is given when the call
 * goes to another region than the table's own, where a replica is.
 */
export type TableRequest = {
  readonly [A in Api]: { readonly api: A; readonly input: Input<A>; readonly region?: string }
}[Api]

/**
 * The condition that must hold after a step before the next may start. Plain data, so that a plan can be saved as JSON.
 */
export type Until =
  /** The table and every index ACTIVE, and encryption, warm throughput and replicas settled. */
  | { readonly kind: 'ready' }
  /** DescribeTable answers not found. */
  | { readonly kind: 'gone' }
  /** The index is no longer listed. */
  | { readonly kind: 'index-gone'; readonly index: string }
  /** A follow-up setting has left its transient state, and reads back as requested. */
  | { readonly kind: 'setting'; readonly field: FollowUpField }
  /** The call has been answered. */
  | { readonly kind: 'answered' }

/** One call of a plan, with its reason and effect. */
export interface Step {
  /** `+` creates, `-` drops, `~` changes. */
  readonly sign: '+' | '-' | '~'
  /** For people: `create table users (pk S, sk S)`. */
  readonly summary: string
  /** The call, exactly as it will be sent. */
  readonly request: TableRequest
  /** The condition that must hold before the next step is sent. */
  readonly until: Until
  /** The changes that it carries out; empty for the step that creates or deletes the whole table. */
  readonly changes: readonly Change[]
  /** Whether it destroys something and so needs consent. */
  readonly destroys: boolean
  /** How long AWS usually takes, for people: `2-6 s`, `8-17 min`. */
  readonly expected?: string | undefined
  /** The AWS quotas that it uses, for people: `one of 2 table class changes in 30 days`. */
  readonly uses?: readonly string[] | undefined
}

/** A kind of work at AWS and its duration. */
export interface Work {
  readonly name: string
  /** For people. */
  readonly expected: string
  /** The shortest observed duration in milliseconds; there is no polling before that. */
  readonly leastMs: number
  /** Whether a request starts it. */
  isOf(request: TableRequest): boolean
}

/** Work that is done in a moment. */
export const quick: Work = { name: 'quick', expected: '1-2 s', leastMs: 0, isOf: () => true }

/** The facts that a setting needs to turn changes into steps. */
export interface Context {
  readonly table: string
  readonly desired: TableDefinition
  /** The live table; absent when it is about to be created. */
  readonly live: TableDefinition | undefined
  /** How the table is billed after the billing step. */
  readonly billing: BillingMode
  /** Whether the target can set the capacity of an index of a live table. */
  readonly setsIndexCapacity: boolean
  /** Tags and policies are set by ARN. */
  readonly arn: string | undefined
}

interface Details {
  /** Default: ready again for UpdateTable, answered for other requests. */
  readonly until?: Until
  readonly destroys?: boolean
  readonly uses?: readonly string[]
  /** `quick` when left out. */
  readonly work?: Work
  /** The duration for people, when the text should say more than the work's duration. */
  readonly expected?: string
}

export function step(
  sign: Step['sign'],
  summary: string,
  request: TableRequest,
  changes: readonly Change[],
  details: Details = {},
): Step {
  const { until = request.api === 'UpdateTable' ? { kind: 'ready' } : { kind: 'answered' }, uses = [] } = details
  return {
    sign,
    summary,
    request,
    until,
    changes,
    destroys: details.destroys ?? false,
    expected: details.expected ?? (details.work ?? quick).expected,
    ...(uses.length === 0 ? {} : { uses }),
  }
}

/** An UpdateTable request. */
export function updateTable(table: string, members: Omit<UpdateTableCommandInput, 'TableName'>): TableRequest {
  return { api: 'UpdateTable', input: { TableName: table, ...members } }
}

/** The entries of a list of updates in a request. */
export function updatesIn<L extends 'GlobalSecondaryIndexUpdates' | 'VectorIndexUpdates' | 'ReplicaUpdates'>(
  { api, input }: TableRequest,
  list: L,
): NonNullable<UpdateTableCommandInput[L]> | readonly never[] {
  return api === 'UpdateTable' ? (input[list] ?? []) : []
}

/** The operation of a request, with the members of an UpdateTable, and the region if it is not the table's own. */
export function describeRequest(request: TableRequest): string {
  const where = request.region === undefined ? '' : ` in ${request.region}`
  if (request.api !== 'UpdateTable') return `${request.api}${where}`
  const members = Object.keys(request.input).filter(name => name !== 'TableName' && name !== 'AttributeDefinitions')
  return `UpdateTable ${members.join('+')}${where}`
}

/** The step that adds an index of either kind. */
export function addIndexStep(
  change: Extract<IndexChange, { readonly kind: `${'add' | 'replace'}-${string}` }>,
  request: TableRequest,
  work: Work,
): Step {
  const { what, name } = changedIndex(change)
  const beside = 'beside' in change && change.beside !== undefined ? ` beside ${change.beside}` : ''
  const text = indexText('to' in change ? change.to : change.index)
  return step('+', `add ${what} ${name}${beside} (${text})`, request, [change], { work })
}

/** The step that drops an index of either kind, for good or to recreate it. */
export function dropIndexStep(
  change: IndexChange,
  request: TableRequest,
  { drop, build }: { readonly drop: Work; readonly build: Work },
): Step {
  const { what, name, users } = changedIndex(change)
  const details = { until: { kind: 'index-gone', index: name } as const, destroys: true, work: drop }
  if (change.kind.startsWith('drop')) return step('-', `drop ${what} ${name}`, request, [change], details)
  const expected = `${drop.expected}; ${users} on it fail until it is rebuilt, which takes ${build.expected}`
  return step('-', `drop ${what} ${name}, to recreate it`, request, [change], { ...details, expected })
}

type SettingField = Extract<Change, { kind: 'modify-setting' }>['field']

/** The change of one setting among `changes`. */
export function changeOf<F extends SettingField>(
  changes: readonly Change[],
  field: F,
): Extract<Change, { kind: 'modify-setting'; field: F }> | undefined {
  return changes.find(
    (change): change is Extract<Change, { kind: 'modify-setting'; field: F }> =>
      change.kind === 'modify-setting' && change.field === field,
  )
}

export type OwnChange = Extract<Change, { kind: 'modify-setting' | 'modify-index-setting' }>

/** The changes of these fields, of the table and of its indexes. */
export function changesOf(changes: readonly Change[], fields: readonly string[]): readonly OwnChange[] {
  return changes.filter(
    (change): change is OwnChange =>
      (change.kind === 'modify-setting' || change.kind === 'modify-index-setting') && fields.includes(change.field),
  )
}

/** The changes of the table (without `index`) and of each index. */
export function byIndex(changes: readonly OwnChange[]) {
  const indexOf = (change: OwnChange) => (change.kind === 'modify-setting' ? undefined : change.index)
  return grouped(changes, change => indexOf(change) ?? '').map(own => ({ index: indexOf(own[0]), own }))
}

/** The values that changes lead to, by field. */
export function wantedBy(changes: readonly OwnChange[]): IndexSettings {
  return Object.fromEntries(changes.map(({ field, to }) => [field, to]))
}

/** The path of the changed field within the definition. */
export function pathOf(change: OwnChange): string {
  return change.kind === 'modify-setting' ? change.field : `globalIndexes.${change.index}.${change.field}`
}

/** The settings of the table or of one of its global indexes; none if the index does not exist. */
export function ownerOf(definition: TableDefinition, index: string | undefined): IndexSettings {
  return index === undefined ? definition : (definition.globalIndexes.find(({ name }) => name === index) ?? {})
}

/** The structures of read and write units, which a table and each of its global indexes have. */
type Structures = Pick<UpdateTableCommandInput, 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'>

interface OwnedUnits<S extends keyof Structures> {
  /** Absent for the table itself. */
  readonly index?: string | undefined
  readonly units: NonNullable<Structures[S]>
}

/** The units that a request sets. */
export function unitsIn<S extends keyof Structures>(request: TableRequest, structure: S): readonly OwnedUnits<S>[] {
  if (request.api !== 'UpdateTable') return []
  const owned = (holder: Structures, index?: string): readonly OwnedUnits<S>[] => {
    const units = holder[structure]
    return units === undefined ? [] : [{ index, units }]
  }
  const updates = updatesIn(request, 'GlobalSecondaryIndexUpdates')
  return [...owned(request.input), ...updates.flatMap(({ Update: update = {} }) => owned(update, update.IndexName))]
}

/** The members of an UpdateTable request that set these units: the reverse of `unitsIn`. */
export function unitMembers<S extends keyof Structures>(structure: S, all: readonly OwnedUnits<S>[]) {
  const own = all.find(({ index }) => index === undefined)
  const updates = all
    .filter(({ index }) => index !== undefined)
    .map(({ index, units }) => ({ Update: { IndexName: index, [structure]: units } }))
  return {
    ...(own === undefined ? {} : { [structure]: own.units }),
    ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
  }
}
