import type {
  GlobalSecondaryIndexUpdate,
  ProvisionedThroughput,
  UpdateTableCommandInput,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb'
import type { IndexSettings } from '../../table/definition.ts'
import { memberOf } from '../../table/untyped.ts'
import { type AwsError, invalid, limit, notSupported, validation } from './answer.ts'
import { keyArn } from './describe.ts'
import {
  emptyWarm,
  firstError,
  judgeCaps,
  judgeClass,
  judgeDefinitions,
  judgeEncryption,
  judgeProjection,
  outOfBounds,
  unsupportedMember,
} from './judge-create.ts'
import { indexOf, type TableState } from './state.ts'

/** The parts of an UpdateTable call. */
type Part =
  | 'billing'
  | 'capacity'
  | 'caps'
  | 'stream'
  | 'encryption'
  | 'class'
  | 'protection'
  | 'warm'
  | 'replicas'
  | IndexPart
type IndexPart = 'index-update' | 'index-warm' | 'index-create' | 'index-delete' | 'vector-index'

/** In messages of the engine's own. */
const partNames: Readonly<Record<Part, string>> = {
  billing: 'BillingMode',
  capacity: 'ProvisionedThroughput',
  caps: 'OnDemandThroughput',
  stream: 'StreamSpecification',
  encryption: 'SSESpecification',
  class: 'TableClass',
  protection: 'DeletionProtectionEnabled',
  warm: 'WarmThroughput',
  replicas: 'ReplicaUpdates',
  'index-update': 'an index update',
  'index-warm': 'an update of the warm throughput of an index',
  'index-create': 'an index creation',
  'index-delete': 'an index deletion',
  'vector-index': 'a change of vector indexes',
}

/** The combinations that AWS accepts; 33 of 35 pairs were refused. */
const accepted: readonly (readonly Part[])[] = [
  ['billing', 'capacity'],
  ['billing', 'capacity', 'index-update'],
  ['capacity', 'index-update'],
  ['billing', 'caps'],
  ['billing', 'stream'],
  ['index-create', 'index-update'],
  ['billing', 'index-create'],
]

/** The rules for the request alone: what may be in one call, and values that are never valid. */
export function judgeRequest(input: UpdateTableCommandInput): AwsError | undefined {
  const updates = input.GlobalSecondaryIndexUpdates ?? []
  const unsupported =
    unsupportedMember(input) ??
    (input.ReplicaUpdates?.some(({ Disassociate }) => Disassociate !== undefined) === true
      ? notSupported('ReplicaUpdates.Disassociate')
      : undefined)
  if (unsupported !== undefined) return unsupported
  const parts = partsOf(input)
  const hasEmptyCaps = isEmpty(input.OnDemandThroughput)
  if (parts.length === 0) return hasEmptyCaps ? internalFailure : nothingToChange(input)
  return (
    firstError(['GlobalSecondaryIndexUpdates', 'VectorIndexUpdates'] as const, list =>
      input[list]?.length === 0 ? invalid(`List of ${list} is empty`) : undefined,
    ) ??
    firstError(updateLists, list => judgeActions(list, input)) ??
    judgeNames(updates) ??
    judgeCombination(parts, input) ??
    (input.BillingMode === 'PROVISIONED' && input.ProvisionedThroughput === undefined
      ? invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED')
      : undefined) ??
    outOfBounds(input.ProvisionedThroughput) ??
    judgeDefinitions(input.AttributeDefinitions ?? []) ??
    firstError(updates, ({ Create: create }) => create && judgeProjection(create.Projection)) ??
    firstError(updates, ({ Update: update }) => emptyIndexUpdate(update)) ??
    judgeCaps(input.OnDemandThroughput, 'table', -1) ??
    firstError(updates, ({ Create: create, Update: update }) => {
      const index = create ?? update
      return judgeCaps(index?.OnDemandThroughput, `index : ${index?.IndexName}`, -1)
    }) ??
    judgeStream(input) ??
    judgeEncryption(input.SSESpecification) ??
    judgeClass(input.TableClass)
  )
}

/** The rules that need to know the table, whatever state it is in. `no-op`: accepted, and nothing changes. */
export function judgeAgainst(table: TableState, input: UpdateTableCommandInput): AwsError | 'no-op' | undefined {
  return (
    judgeBilling(table, input) ??
    judgeThroughput(table, input) ??
    judgeLiveStream(table, input) ??
    judgeLiveEncryption(table, input) ??
    (partsOf(input).length === 1 && input.BillingMode === table.settings.billingMode ? 'no-op' : undefined)
  )
}

/** AWS's answer to a call whose only member is empty. */
const internalFailure: AwsError = { type: 'InternalFailure', message: '', status: 500 }

/** Members that the call has are left out of the list. */
function nothingToChange(input: UpdateTableCommandInput): AwsError {
  const members =
    'ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput'
  const missing = members.split(', ').filter(member => !Object.hasOwn(input, member))
  return validation(`At least one of ${missing.join(', ')} or TableClass is required`)
}

const isEmpty = (given: object | undefined) => given !== undefined && Object.keys(given).length === 0

/** The changes that the call asks for. */
export function partsOf(input: UpdateTableCommandInput): Part[] {
  const own: readonly (readonly [unknown, Part])[] = [
    [input.BillingMode, 'billing'],
    [input.ProvisionedThroughput, 'capacity'],
    // AWS drops these when they are empty.
    [isEmpty(input.OnDemandThroughput) ? undefined : input.OnDemandThroughput, 'caps'],
    [input.StreamSpecification, 'stream'],
    [input.SSESpecification, 'encryption'],
    [input.TableClass, 'class'],
    [input.DeletionProtectionEnabled, 'protection'],
    [isEmpty(input.WarmThroughput) ? undefined : input.WarmThroughput, 'warm'],
    [input.ReplicaUpdates ?? input.GlobalTableWitnessUpdates ?? input.MultiRegionConsistency, 'replicas'],
  ]
  const ofIndexes = (input.GlobalSecondaryIndexUpdates ?? []).map((update): Part => {
    if (update.Create !== undefined) return 'index-create'
    if (update.Delete !== undefined) return 'index-delete'
    return update.Update?.WarmThroughput === undefined ? 'index-update' : 'index-warm'
  })
  const ofVectors = (input.VectorIndexUpdates ?? []).map((): Part => 'vector-index')
  return [...own.filter(([value]) => value !== undefined).map(([, part]) => part), ...ofIndexes, ...ofVectors]
}

/** The lists of updates, whose entries have one action each. AWS's words are known for global indexes only. */
const updateLists = [
  [
    'GlobalSecondaryIndexUpdates',
    'GlobalSecondaryIndexUpdate',
    'global secondary index',
    ['Update', 'Create', 'Delete'],
  ],
  ['VectorIndexUpdates', 'VectorIndexUpdate', 'vector index', ['Create', 'Delete']],
  ['ReplicaUpdates', 'ReplicationGroupUpdate', 'replica', ['Create', 'Update', 'Delete', 'Disassociate']],
  ['GlobalTableWitnessUpdates', 'GlobalTableWitnessGroupUpdate', 'witness', ['Create', 'Delete']],
] as const

function judgeActions([list, entry, what, actions]: (typeof updateLists)[number], input: UpdateTableCommandInput) {
  return firstError<object>(input[list], update => {
    const given = actions.filter(action => memberOf(update, action) !== undefined)
    if (given.length === 0)
      return invalid(`One of ${actions.map(action => `${entry}.${action}`).join(', ')} must not be null`)
    return given.length > 1 ? invalid(`Only one ${what} action is allowed per ${entry} object`) : undefined
  })
}

function judgeNames(updates: readonly GlobalSecondaryIndexUpdate[]): AwsError | undefined {
  const names = updates.map(({ Create, Update, Delete }) => (Create ?? Update ?? Delete)?.IndexName)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return undefined
  return invalid(`Only one global secondary index update per index is allowed simultaneously. Index: ${twice}`)
}

const onlyOperation: readonly (readonly [Part, string])[] = [
  ['encryption', 'Server-Side Encryption modification'],
  ['class', 'TableClass modification'],
  ['protection', 'DeletionProtection modification'],
  ['replicas', 'Replica modification'],
  ['warm', 'WarmThroughput'],
]

function judgeCombination(parts: readonly Part[], input: UpdateTableCommandInput): AwsError | undefined {
  const kinds = [...new Set(parts)]
  const has = (...some: readonly Part[]) => some.some(part => kinds.includes(part))
  if (kinds.length > 1) {
    const exclusive = onlyOperation.find(([part]) => has(part))
    if (exclusive !== undefined) return invalid(`${exclusive[1]} must be the only operation in the request`)
    const changesIndexes = has('index-create', 'index-delete')
    if (has('capacity') && input.BillingMode === undefined) {
      if (has('stream')) return invalid('You cannot modify stream status while updating table IOPS')
      if (changesIndexes) return invalid('You cannot create or delete index while updating table IOPS')
    }
    if (has('stream') && changesIndexes)
      return invalid('You cannot create or delete index while changing stream status')
    if (has('index-warm') && has('index-create'))
      return invalid('Create global secondary index cannot be specified when updating WarmThroughput')
  }
  const online = parts.filter(
    part => part === 'index-create' || part === 'index-delete' || part === 'index-warm' || part === 'vector-index',
  )
  if (online.length > 1) return { ...oneOnline, isStatic: true }
  if (kinds.length === 1) return undefined
  const isAccepted = accepted.some(set => set.length === kinds.length && kinds.every(kind => set.includes(kind)))
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST'
  if (has('caps') && !(isAccepted && toOnDemand))
    return invalid('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request')
  const fits = has('stream') ? toOnDemand : true
  return isAccepted && fits
    ? undefined
    : notSupported(`${kinds.map(kind => partNames[kind]).join(' and ')} in one UpdateTable`)
}

export const oneOnline = limit('Only 1 online index can be created or deleted simultaneously per table')

function emptyIndexUpdate(update: GlobalSecondaryIndexUpdate['Update']): AwsError | undefined {
  if (update === undefined) return undefined
  const { IndexName: name, WarmThroughput: warm, OnDemandThroughput: caps, ProvisionedThroughput: units } = update
  const refusal = emptyWarm(warm, `index: ${name}`)
  if (refusal !== undefined) return refusal
  if (units !== undefined || warm !== undefined || (caps !== undefined && !isEmpty(caps))) return outOfBounds(units)
  return invalid(`Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${name}`)
}

function judgeStream({ StreamSpecification: stream }: UpdateTableCommandInput): AwsError | undefined {
  const { StreamEnabled: enabled, StreamViewType: view } = stream ?? {}
  if (enabled === true && view === undefined)
    return invalid('If stream is being enabled then UpdateViewType is required')
  if (enabled === false && view !== undefined)
    return invalid('If stream is being disabled, then UpdateViewType must not be specified')
  return undefined
}

function judgeBilling(table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const mode = input.BillingMode ?? table.settings.billingMode
  const updates = input.GlobalSecondaryIndexUpdates ?? []
  return mode === 'PAY_PER_REQUEST'
    ? judgeOnDemand(input, updates)
    : (judgeProvisioned(input, updates) ??
        (table.settings.billingMode === 'PAY_PER_REQUEST' ? missingCapacities(table, updates) : undefined))
}

const noCapacity = 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified'

function judgeOnDemand(input: UpdateTableCommandInput, updates: readonly GlobalSecondaryIndexUpdate[]) {
  const mode = 'when BillingMode is PAY_PER_REQUEST'
  if (input.ProvisionedThroughput !== undefined) return invalid(`${noCapacity} ${mode}`)
  return firstError(updates, ({ Create: create, Update: update }) => {
    if (create?.ProvisionedThroughput !== undefined)
      return invalid(`${noCapacity} for index: ${create.IndexName} ${mode}`)
    if (update?.ProvisionedThroughput === undefined) return undefined
    const only = 'when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput'
    return invalid(`The only Updates for index: ${update.IndexName} ${only}`)
  })
}

function judgeProvisioned(input: UpdateTableCommandInput, updates: readonly GlobalSecondaryIndexUpdate[]) {
  const ofIndexes = updates.map(({ Create, Update }) => (Create ?? Update)?.OnDemandThroughput)
  const caps = [input.OnDemandThroughput, ...ofIndexes].find(each => each !== undefined)
  if (caps !== undefined) {
    const member = caps.MaxReadRequestUnits === undefined ? 'MaxWriteRequestUnits' : 'MaxReadRequestUnits'
    return invalid(`${member} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`)
  }
  const bare = updates.find(({ Create: create }) => create !== undefined && create.ProvisionedThroughput === undefined)
  if (bare === undefined) return undefined
  const message = 'Both ReadCapacityUnits and WriteCapacityUnits must be specified for index'
  return invalid(`${message}: ${bare.Create?.IndexName}`)
}

/** A switch to PROVISIONED needs a capacity for every index. */
function missingCapacities(table: TableState, updates: readonly GlobalSecondaryIndexUpdate[]) {
  const named = updates.filter(({ Update }) => Update?.ProvisionedThroughput !== undefined)
  const names = named.map(({ Update }) => Update?.IndexName)
  const missing = table.indexes.map(({ definition }) => definition.name).filter(name => !names.includes(name))
  return missing.length === 0
    ? undefined
    : invalid(`ProvisionedThroughput must be specified for index: ${missing.join(',')}`)
}

/** Capacities that stay as they are, and warm throughput that would drop. */
function judgeThroughput(table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  const isSwitch = input.BillingMode !== undefined && input.BillingMode !== table.settings.billingMode
  const owners = [
    { wanted: input, live: table.settings, title: 'table' },
    ...(input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update: update }) => {
      const index = indexOf(table, update?.IndexName)
      return update === undefined || index === undefined
        ? []
        : [{ wanted: update, live: index.definition, title: `index ${update.IndexName}` }]
    }),
  ]
  return firstError(
    owners,
    ({ wanted, live, title }) =>
      // A call that repeats the table's capacity may change that of an index.
      lowerWarm(wanted.WarmThroughput, live, title) ??
      (isSwitch || (owners.length > 1 && owners.some(owner => changes(owner.wanted.ProvisionedThroughput, owner.live)))
        ? undefined
        : sameCapacity(wanted.ProvisionedThroughput, live, title)),
  )
}

const changes = (wanted: ProvisionedThroughput | undefined, live: IndexSettings) =>
  wanted !== undefined &&
  (wanted.ReadCapacityUnits !== live.readCapacity || wanted.WriteCapacityUnits !== live.writeCapacity)

function sameCapacity(wanted: ProvisionedThroughput | undefined, live: IndexSettings, title: string) {
  if (wanted === undefined || changes(wanted, live)) return undefined
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = wanted
  return validation(
    `The provisioned throughput for the ${title} will not change. The requested value equals the current value. ` +
      `Current ReadCapacityUnits provisioned for the ${title}: ${live.readCapacity}. Requested ReadCapacityUnits: ${read}. ` +
      `Current WriteCapacityUnits provisioned for the ${title}: ${live.writeCapacity}. Requested WriteCapacityUnits: ${write}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  )
}

function lowerWarm(wanted: WarmThroughput | undefined, live: IndexSettings, title: string): AwsError | undefined {
  const lower = (units: number | undefined, current: number | undefined) =>
    units !== undefined && units < (current ?? 0)
  const isRead = lower(wanted?.ReadUnitsPerSecond, live.warmReadUnits)
  if (!isRead && !lower(wanted?.WriteUnitsPerSecond, live.warmWriteUnits)) return undefined
  const member = isRead ? 'ReadUnitsPerSecond' : 'WriteUnitsPerSecond'
  const what = 'current WarmThroughput, decreasing WarmThroughput is not supported'
  return invalid(`Requested ${member} for WarmThroughput for ${title} is lower than ${what}`)
}

function judgeLiveStream(table: TableState, { StreamSpecification: stream }: UpdateTableCommandInput) {
  if (stream === undefined) return undefined
  const isOn = typeof table.settings.stream === 'string'
  if (stream.StreamEnabled === true && isOn)
    return validation(`Table already has an enabled stream: TableName: ${table.name}`)
  return stream.StreamEnabled !== true && !isOn
    ? validation(`Table has no stream to disable: TableName: ${table.name}`)
    : undefined
}

/** AWS compares key ARNs only: any other way to name the key in use starts a new encryption. */
function judgeLiveEncryption(table: TableState, { SSESpecification: wanted }: UpdateTableCommandInput) {
  if (wanted === undefined) return undefined
  const { encryption = 'AWS_OWNED', kmsKeyId } = table.settings
  if (wanted.Enabled !== true)
    return encryption === 'AWS_OWNED' ? invalid('Table is already encrypted by default') : undefined
  if (encryption === 'AWS_OWNED' || keyArn(kmsKeyId, table.arn) !== wanted.KMSMasterKeyId) return undefined
  const message = 'Table is already encrypted with given KMSMasterKeyId'
  return invalid(`${message}. Use KMSMasterKeyId parameter if you want to change Master Key`)
}
