import type { Place } from '../../../errors.ts'
import type { Assumption } from '../../../table/definition.ts'
import type { TemplateInputs } from '../../../table/input.ts'
import { definedOnly, type UntypedRecord } from '../../../table/untyped.ts'
import type { ReadTemplate, TemplateTable } from '../format.ts'
import { nameTable } from '../name-table.ts'
import { blocks, isList, isMap, isUnknown, listed, needsOf, type Value, type ValueMap } from './value.ts'

/** The evaluated arguments of an `aws_dynamodb_table`. */
export interface EvaluatedTable {
  /** Its address: `module.orders.aws_dynamodb_table.this["eu"]`. */
  readonly address: string
  /** The placeholder for its name: the modules, the label and the key. */
  readonly label: string
  readonly values: ValueMap
  readonly place?: Place | undefined
  readonly placeOf?: TemplateTable['placeOf']
  /** Why it has no name, where that does not follow from the name's needs. */
  readonly why?: string | undefined
}

/** A table's definition, or the reason why it cannot be read. */
export function readTable(
  { address, label, values, place, placeOf, why }: EvaluatedTable,
  inputs: TemplateInputs,
  file: string,
): ReadTemplate {
  const converted = toCreateTable(values)
  if (typeof converted === 'string') return { skipped: [{ id: address, reason: converted, place }] }
  const { name: given = null } = values
  const named = nameTable({
    id: label,
    aliases: [address],
    name: typeof given === 'string' && given !== '' ? given : undefined,
    why: why ?? whyNameless(given),
    stack: inputs.stackName,
    inputs,
    file,
  })
  const table: TemplateTable = {
    id: address,
    shape: 'create-table',
    input: { TableName: named.name, ...converted.input },
    layer: converted.layer,
    place,
    placeOf,
    assumed: converted.assumed,
    warnings: [...named.warnings, ...converted.warnings.map(text => `${named.name}: ${text}`)],
  }
  return { tables: [table] }
}

/** `its name needs var.stage; give it with --var stage=...`. */
function whyNameless(name: Value): string {
  const needs = [...new Set(needsOf(name))]
  if (needs.length === 0) return 'it has no name'
  const variables = needs.flatMap(need => /^var\.([\w-]+)$/.exec(need)?.[1] ?? [])
  const give = variables.map(variable => `--var ${variable}=...`).join(' ')
  return `its name needs ${needs.join(' and ')}${variables.length === needs.length ? `; give it with ${give}` : ''}`
}

/** A CreateTable input with CloudFormation's additions. */
interface Converted {
  readonly input: UntypedRecord
  /** Fields of dynamox that CreateTable does not have: the regions of a global table. */
  readonly layer: UntypedRecord
  readonly assumed: readonly Assumption[]
  /** Settings that are left out because their values are not known, with what they need. */
  readonly warnings: readonly string[]
}

/** Returns why the table cannot be read when its keys or indexes are not known. */
function toCreateTable(table: ValueMap): Converted | string {
  const keys = ['hash_key', 'range_key', 'key_schema', 'attribute', ...indexBlocks]
  const missing = keys.flatMap(key => essential(table[key]).map(need => `${key} needs ${need}`))
  if (missing.length > 0) return [...new Set(missing)].join('; ')
  const lost: string[] = []
  const assumed: Assumption[] = []
  const known = (holder: ValueMap, key: string, where = key): Value | undefined => {
    const value = Object.hasOwn(holder, key) ? flag(holder[key] ?? null, key) : undefined
    const needs = needsOf(value ?? null)
    if (needs.length === 0) return value === null || value === '' || isEmpty(value) ? undefined : value
    lost.push(`${where} is left out: it needs ${[...new Set(needs)].join(' and ')}`)
    return undefined
  }

  // The provider's default; AWS's is the same.
  const billing = isUnknown(table.billing_mode ?? null) ? undefined : (known(table, 'billing_mode') ?? 'PROVISIONED')
  if (billing === undefined) known(table, 'billing_mode')
  const isProvisioned = billing === 'PROVISIONED'
  const capacity = (holder: ValueMap, path: string): UntypedRecord => {
    if (!isProvisioned) return {}
    const units = (key: string, field: string): unknown => {
      const value = holder[key] ?? null
      if (!isUnknown(value)) return value ?? undefined
      const message = `assumed to be 5: ${key} needs ${needsOf(value).join(' and ')}`
      assumed.push({ path: `${path}${field}`, message, guess: true })
      return 5
    }
    const read = units('read_capacity', 'readCapacity')
    const write = units('write_capacity', 'writeCapacity')
    return read === undefined && write === undefined
      ? {}
      : { ProvisionedThroughput: definedOnly({ ReadCapacityUnits: read, WriteCapacityUnits: write }) }
  }
  const members = (holder: ValueMap, names: Readonly<Record<string, string>>, where = ''): UntypedRecord =>
    definedOnly(
      Object.fromEntries(Object.entries(names).map(([name, key]) => [name, known(holder, key, `${where}${key}`)])),
    )
  const throughput = (holder: ValueMap, where: string): UntypedRecord => {
    const [demand] = blocks(holder.on_demand_throughput)
    const [warm] = blocks(holder.warm_throughput)
    return definedOnly({
      OnDemandThroughput: demand && members(demand, caps, where),
      WarmThroughput: warm && members(warm, warmth, where),
    })
  }
  const index = (block: ValueMap): UntypedRecord =>
    definedOnly({
      IndexName: known(block, 'name'),
      KeySchema: keySchema(block),
      Projection: members(block, { ProjectionType: 'projection_type', NonKeyAttributes: 'non_key_attributes' }),
    })

  const global = blocks(table.global_secondary_index)
  const local = blocks(table.local_secondary_index)
  const hashKey = keySchema(table).slice(0, 1)
  const input = definedOnly({
    BillingMode: billing,
    AttributeDefinitions: blocks(table.attribute).map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema(table),
    GlobalSecondaryIndexes: nonEmpty(
      global.map(block => {
        const path = `globalIndexes.${String(block.name)}.`
        const observed = definedOnly({ ContributorInsightsSpecification: insights(table, block.name) })
        return { ...index(block), ...capacity(block, path), ...throughput(block, path), ...observed }
      }),
    ),
    // A local index has the table's partition key.
    LocalSecondaryIndexes: nonEmpty(
      local.map(block => ({ ...index(block), KeySchema: [...hashKey, ...keySchema({ ...block, hash_key: null })] })),
    ),
    ...capacity(table, ''),
    ...throughput(table, ''),
    ...stream(table, known),
    ...encryption(table, lost, assumed),
    TimeToLiveSpecification: timeToLive(blocks(table.ttl)[0], known),
    PointInTimeRecoverySpecification: recovery(blocks(table.point_in_time_recovery)[0], known),
    ...members(table, { TableClass: 'table_class', DeletionProtectionEnabled: 'deletion_protection_enabled' }),
    Tags: tags(table.tags, lost),
    ResourcePolicy: policy(known(table, 'resource_policy')),
    KinesisStreamSpecification: kinesis(blocks(table.kinesis)[0], known),
    ContributorInsightsSpecification: insights(table, undefined),
  })
  const layer = globalTable(table, known, members, lost)
  // The provider asks for auto scaling of such a table, which then owns the capacity.
  if (layer.replicas !== undefined && isProvisioned)
    assumed.push({ path: 'writeCapacity', message: 'auto scaling changes it', guess: false })
  return { input, layer, assumed, warnings: lost }
}

/** The blocks of the table that describe indexes. */
const indexBlocks = ['global_secondary_index', 'local_secondary_index']

const caps = { MaxReadRequestUnits: 'max_read_request_units', MaxWriteRequestUnits: 'max_write_request_units' }
const warmth = { ReadUnitsPerSecond: 'read_units_per_second', WriteUnitsPerSecond: 'write_units_per_second' }

type Known = (holder: ValueMap, key: string, where?: string) => Value | undefined
type Members = (holder: ValueMap, names: Readonly<Record<string, string>>, where?: string) => UntypedRecord

/** The needs of the keys, names and projections within a value; the capacities of an index may be unknown. */
function essential(value: Value | undefined): readonly string[] {
  if (value === undefined) return []
  if (isList(value)) return value.flatMap(essential)
  if (!isMap(value)) return needsOf(value)
  const vital = ['name', 'type', 'hash_key', 'range_key', 'key_schema', 'projection_type', 'attribute_name', 'key_type']
  return vital.flatMap(key => (Object.hasOwn(value, key) ? essential(value[key]) : []))
}

/** `hash_key` and `range_key`, or `key_schema` blocks. The argument `hash_keys` of a module may be a list. */
function keySchema(holder: ValueMap): readonly UntypedRecord[] {
  const schema = blocks(holder.key_schema)
  if (schema.length > 0)
    return schema.map(({ attribute_name, key_type }) => ({ AttributeName: attribute_name, KeyType: key_type }))
  return [
    ...names(holder.hash_key).map(name => ({ AttributeName: name, KeyType: 'HASH' })),
    ...names(holder.range_key).map(name => ({ AttributeName: name, KeyType: 'RANGE' })),
  ]
}

const names = (value: Value | undefined) => listed(value).filter(name => name !== '')

function stream(table: ValueMap, known: Known): UntypedRecord {
  const enabled = known(table, 'stream_enabled')
  if (enabled === undefined) return {}
  const view = known(table, 'stream_view_type')
  return {
    StreamSpecification: definedOnly({ StreamEnabled: enabled, StreamViewType: enabled === true ? view : undefined }),
  }
}

function timeToLive(ttl: ValueMap | undefined, known: Known): UntypedRecord | undefined {
  if (ttl === undefined) return undefined
  const attribute = known(ttl, 'attribute_name', 'ttl')
  const isKnown = needsOf(ttl).length === 0
  // A state lists an empty block for a table without TTL.
  const enabled = known(ttl, 'enabled') ?? false
  if (!isKnown || (attribute === undefined && enabled !== true)) return undefined
  return definedOnly({ Enabled: enabled, AttributeName: attribute })
}

function recovery(block: ValueMap | undefined, known: Known): UntypedRecord | undefined {
  const enabled = block && known(block, 'enabled', 'point_in_time_recovery')
  if (block === undefined || enabled === undefined) return undefined
  const days = enabled === true ? known(block, 'recovery_period_in_days') : undefined
  return definedOnly({ PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days === 0 ? undefined : days })
}

function encryption(table: ValueMap, lost: string[], assumed: Assumption[]): UntypedRecord {
  const [block] = blocks(table.server_side_encryption)
  if (block === undefined) return {}
  const { kms_key_arn: key = null } = block
  const enabled = flag(block.enabled ?? null, 'enabled')
  if (isUnknown(enabled)) {
    lost.push(`server_side_encryption is left out: it needs ${needsOf(enabled).join(' and ')}`)
    return {}
  }
  if (enabled !== true) return { SSESpecification: { Enabled: false } }
  if (!isUnknown(key))
    return { SSESpecification: { Enabled: true, SSEType: 'KMS', ...(key ? { KMSMasterKeyId: key } : {}) } }
  const message = `assumed to be AWS_MANAGED: kms_key_arn needs ${needsOf(key).join(' and ')}`
  assumed.push({ path: 'encryption', message, guess: true })
  return { SSESpecification: { Enabled: true } }
}

/** Terraform takes `"true"` and `"1"` for true, and before version 0.12 the number as well. */
function flag(value: Value, key: string): Value {
  if (!/(^|_)enabled$|^point_in_time_recovery$/.test(key)) return value
  if (value === 'true' || value === '1' || value === 1) return true
  return value === 'false' || value === '0' || value === 0 ? false : value
}

function tags(given: Value | undefined, lost: string[]): readonly UntypedRecord[] | undefined {
  if (given === undefined || given === null) return undefined
  // Before version 0.12, tags could be a block.
  const value = isList(given) && given.every(isMap) ? Object.assign({}, ...given) : given
  if (!isMap(value)) {
    if (isUnknown(value)) lost.push(`tags are left out: they need ${needsOf(value).join(' and ')}`)
    return undefined
  }
  const unknown = Object.entries(value).filter(([, text]) => needsOf(text).length > 0)
  if (unknown.length > 0) {
    const needs = [...new Set(unknown.flatMap(([, text]) => needsOf(text)))].join(' and ')
    lost.push(`the tags ${unknown.map(([key]) => key).join(', ')} are left out: they need ${needs}`)
  }
  const rest = Object.entries(value).filter(([, text]) => needsOf(text).length === 0 && text !== null)
  return nonEmpty(rest.map(([Key, text]) => ({ Key, Value: String(text) })))
}

function kinesis(stream: ValueMap | undefined, known: Known): UntypedRecord | undefined {
  const arn = stream && known(stream, 'stream_arn', 'the Kinesis stream')
  if (stream === undefined || arn === undefined) return undefined
  const precision = known(stream, 'approximate_creation_date_time_precision')
  return definedOnly({ StreamArn: arn, ApproximateCreationDateTimePrecision: precision })
}

/** Contributor Insights of the table, or of one of its indexes. */
function insights(table: ValueMap, index: Value | undefined): UntypedRecord | undefined {
  const found = blocks(table.contributor_insights).find(({ index_name: name }) => (name || undefined) === index)
  return found && definedOnly({ Enabled: true, Mode: isUnknown(found.mode) ? undefined : (found.mode ?? undefined) })
}

const modeOf = (found: UntypedRecord | undefined): unknown => found && (found.Mode ?? true)

/** The other regions of the table, with what each has for itself. */
function globalTable(table: ValueMap, known: Known, members: Members, lost: string[]): UntypedRecord {
  const given = blocks(table.replica)
  const replicas = given.flatMap(replica => {
    const region = known(replica, 'region_name', 'a replica')
    if (region === undefined) return []
    for (const key of ['resource_policy', 'kinesis'])
      if (names(replica[key]).length > 0)
        lost.push(`${String(region)}: ${key} is left out: dynamox has no field for it on a replica`)
    const indexes = blocks(replica.contributor_insights).flatMap(({ index_name: name }) =>
      typeof name === 'string' && name !== '' ? [[name, { contributorInsights: modeOf(insights(replica, name)) }]] : [],
    )
    return [
      definedOnly({
        region,
        ...members(replica, ofReplica, `${String(region)}: `),
        contributorInsights: modeOf(insights(replica, undefined)),
        globalIndexes: indexes.length === 0 ? undefined : Object.fromEntries(indexes),
      }),
    ]
  })
  const [witness] = blocks(table.global_table_witness)
  return definedOnly({
    replicas: nonEmpty(replicas),
    consistency: given.flatMap(replica => known(replica, 'consistency_mode') ?? []).at(0),
    witness: witness && known(witness, 'region_name', 'the witness'),
  })
}

/** The fields of a replica, and the arguments that they come from. */
const ofReplica = {
  kmsKeyId: 'kms_key_arn',
  pointInTimeRecovery: 'point_in_time_recovery',
  deletionProtection: 'deletion_protection_enabled',
  tableClass: 'table_class_override',
}

function policy(value: Value | undefined): UntypedRecord | undefined {
  return value === undefined ? undefined : { PolicyDocument: value }
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const nonEmpty = <T>(value: T): T | undefined => (isEmpty(value) ? undefined : value)
