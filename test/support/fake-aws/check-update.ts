import type { GlobalSecondaryIndexUpdate, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Refusal } from '../../../src/apply/ports.ts'
import type { IndexSettings } from '../../../src/table/definition.ts'
import { bothUnits, emptyMember } from './check-create.ts'
import { keyArn } from './read-sdk.ts'
import { type FakeTable, illegal } from './state.ts'

/** `no-op`: refused because nothing would change. */
export type Verdict = Refusal | 'no-op' | undefined

/** The parts of an UpdateTable call, as far as AWS lets them be combined. */
type Part = 'billing' | 'capacity' | 'caps' | 'stream' | 'encryption' | 'class' | 'protection' | 'warm' | IndexPart
type IndexPart = 'index-update' | 'index-warm' | 'index-create' | 'index-delete'

/** All that is accepted beyond one part alone; 33 of 35 pairs were refused. */
const accepted: readonly (readonly Part[])[] = [
  ['billing', 'capacity'],
  ['billing', 'capacity', 'index-update'],
  ['capacity', 'index-update'],
  ['billing', 'caps'],
  ['billing', 'stream'],
  ['index-create', 'index-update'],
  ['billing', 'index-create'],
]

/** The rules of UpdateTable that hold whatever state the table is in. AWS checks these first. */
export function checkUpdate(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  const updates = input.GlobalSecondaryIndexUpdates
  const empty = emptyMember(input)
  if (empty !== undefined) return illegal(`empty structure: ${empty}`)
  const parts = partsOf(input)
  if (parts.length === 0) return illegal('At least one of ProvisionedThroughput, BillingMode, ... is required')
  return (
    checkEntries(updates ?? []) ??
    checkCombination(parts, input) ??
    checkBilling(table, input) ??
    checkThroughput(table, input, table.settings, 'table') ??
    checkStream(table, input) ??
    checkEncryption(table, input)
  )
}

function partsOf(input: UpdateTableCommandInput): Part[] {
  const own: readonly (readonly [unknown, Part])[] = [
    [input.BillingMode, 'billing'],
    [input.ProvisionedThroughput, 'capacity'],
    [input.OnDemandThroughput, 'caps'],
    [input.StreamSpecification, 'stream'],
    [input.SSESpecification, 'encryption'],
    [input.TableClass, 'class'],
    [input.DeletionProtectionEnabled, 'protection'],
    [input.WarmThroughput, 'warm'],
  ]
  const ofIndexes = (input.GlobalSecondaryIndexUpdates ?? []).map((update): Part => {
    if (update.Create !== undefined) return 'index-create'
    if (update.Delete !== undefined) return 'index-delete'
    return update.Update?.WarmThroughput === undefined ? 'index-update' : 'index-warm'
  })
  return [...own.filter(([value]) => value !== undefined).map(([, part]) => part), ...ofIndexes]
}

function checkEntries(updates: readonly GlobalSecondaryIndexUpdate[]): Verdict {
  const names = updates.map(update => {
    const actions = [update.Create, update.Update, update.Delete].filter(action => action !== undefined)
    return actions.length === 1 ? actions[0]?.IndexName : undefined
  })
  if (names.includes(undefined))
    return illegal('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object')
  if (new Set(names).size !== names.length)
    return illegal('Only one global secondary index update per index is allowed simultaneously')
  return undefined
}

function checkCombination(parts: readonly Part[], input: UpdateTableCommandInput): Verdict {
  const online = parts.filter(part => part === 'index-create' || part === 'index-delete' || part === 'index-warm')
  if (online.length > 1) return illegal('Only 1 online index can be created or deleted simultaneously per table')
  const kinds = [...new Set(parts)]
  if (kinds.length === 1) return undefined
  const same = accepted.some(set => set.length === kinds.length && kinds.every(kind => set.includes(kind)))
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST'
  const fits = kinds.includes('caps') || kinds.includes('stream') ? toOnDemand : true
  return same && fits ? undefined : illegal(`${kinds.join(' and ')} cannot be in one request`)
}

function checkBilling(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  const mode = input.BillingMode ?? table.settings.billingMode
  const updates = input.GlobalSecondaryIndexUpdates ?? []
  if (input.BillingMode !== undefined && input.BillingMode === table.settings.billingMode) return 'no-op'
  if (input.ProvisionedThroughput !== undefined && !bothUnits(input.ProvisionedThroughput))
    return illegal('both units at least 1')
  if (mode === 'PAY_PER_REQUEST') {
    const capacities = [
      input.ProvisionedThroughput,
      ...updates.map(({ Create, Update }) => (Create ?? Update)?.ProvisionedThroughput),
    ]
    if (capacities.some(capacity => capacity !== undefined))
      return illegal('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified')
    return undefined
  }
  const caps = [
    input.OnDemandThroughput,
    ...updates.map(({ Create, Update }) => (Create ?? Update)?.OnDemandThroughput),
  ]
  if (caps.some(cap => cap !== undefined))
    return illegal('MaxReadRequestUnits for OnDemandThroughput cannot be specified')
  const bare = updates.find(({ Create }) => Create !== undefined && !bothUnits(Create.ProvisionedThroughput))
  if (bare !== undefined)
    return illegal(
      `Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${bare.Create?.IndexName}`,
    )
  if (input.BillingMode === 'PROVISIONED') {
    const named = updates
      .filter(({ Update }) => bothUnits(Update?.ProvisionedThroughput))
      .map(({ Update }) => Update?.IndexName)
    const missing = [...table.indexes.keys()].filter(name => !named.includes(name))
    if (input.ProvisionedThroughput === undefined)
      return illegal('ProvisionedThroughput must be specified when BillingMode is PROVISIONED')
    if (missing.length > 0) return illegal(`ProvisionedThroughput must be specified for index: ${missing.join(',')}`)
  }
  return undefined
}

type ThroughputInput = Pick<UpdateTableCommandInput, 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'>

function checkThroughput(
  table: FakeTable,
  input: UpdateTableCommandInput,
  live: IndexSettings,
  whose: string,
): Verdict {
  const switches = input.BillingMode !== undefined
  const own = checkOwner(input, live, whose, switches)
  if (own !== undefined) return own
  for (const { Update } of input.GlobalSecondaryIndexUpdates ?? []) {
    const index = table.indexes.get(Update?.IndexName ?? '')
    if (Update === undefined || index === undefined) continue
    if (Object.keys(Update).length === 1) return illegal(`nothing to update for index ${Update.IndexName}`)
    const empty = emptyMember(Update)
    if (empty !== undefined) return illegal(`empty structure: ${empty}`)
    const verdict = checkOwner(Update, index.definition, `index ${Update.IndexName}`, switches)
    if (verdict !== undefined) return verdict
  }
  return undefined
}

function checkOwner(input: ThroughputInput, live: IndexSettings, whose: string, switches: boolean): Verdict {
  const { ProvisionedThroughput: capacity, OnDemandThroughput: caps, WarmThroughput: warm } = input
  for (const units of [caps?.MaxReadRequestUnits, caps?.MaxWriteRequestUnits]) {
    if (units !== undefined && units < 1 && units !== -1)
      return illegal(`Requested MaxReadRequestUnits for OnDemandThroughput for ${whose} is outside of valid range`)
  }
  const lower = (wanted: number | undefined, current: number | undefined) =>
    wanted !== undefined && wanted < (current ?? 0)
  if (lower(warm?.ReadUnitsPerSecond, live.warmReadUnits) || lower(warm?.WriteUnitsPerSecond, live.warmWriteUnits)) {
    return illegal(`Requested units for WarmThroughput for ${whose} is lower than current WarmThroughput`)
  }
  const unchanged =
    capacity !== undefined &&
    capacity.ReadCapacityUnits === live.readCapacity &&
    capacity.WriteCapacityUnits === live.writeCapacity
  return unchanged && !switches ? 'no-op' : undefined
}

function checkStream(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  const stream = input.StreamSpecification
  if (stream === undefined) return undefined
  const isOn = typeof table.settings.stream === 'string'
  if (stream.StreamEnabled === true && stream.StreamViewType === undefined)
    return illegal('If stream is being enabled then UpdateViewType is required')
  if (stream.StreamEnabled !== true && stream.StreamViewType !== undefined)
    return illegal('If stream is being disabled, then UpdateViewType must not be specified')
  if (stream.StreamEnabled === true && isOn)
    return illegal(`Table already has an enabled stream: TableName: ${table.name}`)
  return stream.StreamEnabled !== true && !isOn ? 'no-op' : undefined
}

function checkEncryption(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  const wanted = input.SSESpecification
  if (wanted === undefined) return undefined
  if (wanted.Enabled !== true && (wanted.SSEType !== undefined || wanted.KMSMasterKeyId !== undefined)) {
    return illegal('SSEType can not be specified if Enabled is false')
  }
  if (wanted.KMSMasterKeyId !== undefined && wanted.SSEType !== 'KMS')
    return illegal('SSEType KMS is required if KMSMasterKeyId is specified')
  const isOwned = table.settings.encryption === 'AWS_OWNED'
  if (wanted.Enabled !== true) return isOwned ? 'no-op' : undefined
  return !isOwned && table.settings.kmsKeyId === keyArn(wanted.KMSMasterKeyId) ? 'no-op' : undefined
}

/** The rules that need the state of the table's indexes, checked after the table was found to be free. */
export function checkIndexes(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  for (const { Create, Update, Delete } of input.GlobalSecondaryIndexUpdates ?? []) {
    const name = (Create ?? Update ?? Delete)?.IndexName ?? ''
    const index = table.indexes.get(name)
    if (Create === undefined && index === undefined) {
      return { kind: 'not-found', message: `Requested resource not found: Index ${name} for table ${table.name}` }
    }
    if (Delete !== undefined && index?.status === 'CREATING' && index.backfilling === false) {
      return {
        kind: 'in-use',
        message: 'Index creation is in resource allocation phase. Retry deletion during backfilling phase',
      }
    }
    if (Create !== undefined) {
      if (index !== undefined) return illegal('Attempting to create an index which already exists')
      if (table.indexes.size >= 20) {
        return {
          kind: 'limit',
          retryable: false,
          message: 'Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20',
        }
      }
      const conflict = checkAttributes(table, input)
      if (conflict !== undefined) return conflict
    }
  }
  return undefined
}

function checkAttributes(table: FakeTable, input: UpdateTableCommandInput): Verdict {
  const create = input.GlobalSecondaryIndexUpdates?.find(update => update.Create !== undefined)?.Create
  const defined = new Map(
    (input.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  )
  const owners = [
    table.settings,
    ...table.settings.localIndexes,
    ...[...table.indexes.values()].map(index => index.definition),
  ]
  const known = new Map(
    owners.flatMap(owner => [...owner.partitionKey, ...owner.sortKey].map(({ name, type }) => [name, type] as const)),
  )
  for (const { AttributeName: name = '' } of create?.KeySchema ?? []) {
    const type = defined.get(name)
    if (type === undefined) return illegal(`AttributeDefinitions is not specified for index: ${create?.IndexName}`)
    if (known.has(name) && known.get(name) !== type) return illegal('Attributes cannot be redefined')
  }
  return undefined
}
