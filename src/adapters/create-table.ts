import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { globalTable } from '../settings/global-table.ts'
import { regionOf } from '../settings/replica-settings.ts'
import type { Assumption } from '../table/definition.ts'
import { definitionError } from '../table/problems.ts'
import { isRecord, memberOf, ownMember, pick, recordsOf, type UntypedRecord } from '../table/untyped.ts'
import { type Adapter, type AdapterContext, labelOf, plainData, sourceOf } from './adapter.ts'
import { createTableShape, readCreateTable } from './read-create-table.ts'

/**
 * AWS's own vocabulary: the input of CreateTable, a `CreateTableCommand` that holds one,
 * and the answer of DescribeTable (`{ Table: ... }`), whose live fields are left out.
 */
export const createTable: Adapter = {
  name: 'create-table',
  matches: value => unwrap(value) !== undefined,
  toDefinitions(value, context) {
    const raw = plainData(unwrap(value), labelOf(undefined, context)) as UntypedRecord
    const label = labelOf(raw.TableName, context)
    const described = isDescription(raw)
    const { input: read, problems } = readCreateTable(described ? fromDescription(raw) : raw, label)
    if (problems.length > 0) throw definitionError(label, problems)
    const input = described ? { ...read, ...regionsOf(raw) } : read
    const name = nameFromMap(input.table, context)
    return [
      {
        input: name === undefined ? input : { ...input, table: name.table },
        source: sourceOf('create-table', context),
        assumed: [...(name === undefined ? [] : [name.assumption]), ...(described ? assumedOf(raw) : [])],
      },
    ]
  },
}

/** The raw input within a value: the value itself, or the one that a command or an answer holds. */
function unwrap(value: unknown): UntypedRecord | undefined {
  if (!isRecord(value)) return undefined
  if (isRaw(value)) return value
  return ['input', 'Table', 'TableDescription']
    .map(member => ownMember(value, member))
    .filter(isRecord)
    .find(isRaw)
}

// An index has a KeySchema as well. An UpdateTable input has definitions but no keys. Check own members only: loaders
// wrap a module so that it forwards to its default export, which would hide the others.
function isRaw(value: UntypedRecord): boolean {
  if ('IndexName' in value || 'GlobalSecondaryIndexUpdates' in value) return false
  const definitions = Array.isArray(ownMember(value, 'AttributeDefinitions'))
  const keys = Array.isArray(ownMember(value, 'KeySchema'))
  return (definitions && keys) || ((definitions || keys) && ownMember(value, 'TableName') !== undefined)
}

function isDescription(raw: UntypedRecord): boolean {
  return 'TableStatus' in raw || 'TableArn' in raw || 'ItemCount' in raw
}

/**
 * The CreateTable input for a table like the one described, without statuses, sizes and ARNs. Warm throughput is left out
 * because AWS reports it for every table. Members that only an input can have were added by the user, and are kept.
 */
function fromDescription(table: UntypedRecord): UntypedRecord {
  // AWS omits the summary until a table has been on-demand for the first time.
  const billingMode = memberOf(table.BillingModeSummary, 'BillingMode') ?? 'PROVISIONED'
  const units = (holder: UntypedRecord) =>
    billingMode === 'PROVISIONED' && isRecord(holder.ProvisionedThroughput)
      ? { ProvisionedThroughput: pick(holder.ProvisionedThroughput, ['ReadCapacityUnits', 'WriteCapacityUnits']) }
      : {}
  return {
    BillingMode: billingMode,
    ...pick(table, inputOnly),
    ...pick(table, [
      'TableName',
      'AttributeDefinitions',
      'KeySchema',
      'OnDemandThroughput',
      'DeletionProtectionEnabled',
    ]),
    ...units(table),
    ...eachOf(table, 'GlobalSecondaryIndexes', index => ({
      ...pick(index, [...indexMembers, 'OnDemandThroughput']),
      ...units(index),
    })),
    ...eachOf(table, 'LocalSecondaryIndexes', index => pick(index, indexMembers)),
    ...eachOf(table, 'VectorIndexes', index =>
      pick(index, ['IndexName', 'VectorAttribute', 'SearchSchema', 'Projection', 'Dimensions', 'DistanceFunction']),
    ),
    ...(memberOf(table.StreamSpecification, 'StreamEnabled') === true ? pick(table, ['StreamSpecification']) : {}),
    ...encryptionOf(table.SSEDescription),
    ...(isRecord(table.TableClassSummary) ? pick(table.TableClassSummary, ['TableClass']) : {}),
  }
}

/**
 * The replicas in other regions, which CreateTable cannot carry, and their consistency. Those being deleted are left
 * out.
 */
function regionsOf(table: UntypedRecord): UntypedRecord {
  const own = regionOf(table.TableArn)
  const units = ['ProvisionedThroughputOverride', 'OnDemandThroughputOverride']
  const kept = recordsOf(table.Replicas).filter(
    ({ RegionName, ReplicaStatus }) => RegionName !== own && ReplicaStatus !== 'DELETING',
  )
  const found: TableDescription = {
    ...eachOf({ Replicas: kept }, 'Replicas', replica => ({
      ...pick(replica, ['RegionName', 'KMSMasterKeyId', 'ReplicaTableClassSummary', ...units]),
      ...eachOf(replica, 'GlobalSecondaryIndexes', index => pick(index, ['IndexName', ...units])),
    })),
    ...pick(table, ['MultiRegionConsistency']),
    ...eachOf(table, 'GlobalTableWitnesses', witness => pick(witness, ['RegionName'])),
  }
  return { ...globalTable.read?.(found) }
}

const indexMembers = ['IndexName', 'KeySchema', 'Projection']

const described = [
  ...['TableName', 'AttributeDefinitions', 'KeySchema'],
  ...['ProvisionedThroughput', 'OnDemandThroughput', 'WarmThroughput'],
  ...['GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'VectorIndexes', 'StreamSpecification'],
  'DeletionProtectionEnabled',
]
const inputOnly = Object.keys(createTableShape.members).filter(member => !described.includes(member))

// AWS reports DISABLED for a while after a table went back to the key that AWS owns.
function encryptionOf(description: unknown): UntypedRecord {
  if (!isRecord(description)) return {}
  if (isOff(description)) return { SSESpecification: { Enabled: false } }
  const key = description.KMSMasterKeyArn
  return { SSESpecification: { Enabled: true, SSEType: 'KMS', ...(key === undefined ? {} : { KMSMasterKeyId: key }) } }
}

const isOff = ({ Status }: UntypedRecord) => Status === 'DISABLED' || Status === 'DISABLING'

function eachOf(table: UntypedRecord, field: string, convert: (entry: UntypedRecord) => UntypedRecord): UntypedRecord {
  const entries = recordsOf(table[field])
  return entries.length === 0 ? {} : { [field]: entries.map(convert) }
}

function assumedOf({ SSEDescription: encryption }: UntypedRecord): readonly Assumption[] {
  if (!isRecord(encryption) || encryption.KMSMasterKeyArn === undefined || isOff(encryption)) return []
  const message = 'encryption is assumed to be CUSTOMER_MANAGED: the answer does not say who owns the key'
  return [{ path: 'encryption', message, guess: true }]
}

// In a data file that maps names to inputs, the top-level key is the table's name. In code the key is a variable name,
// and deeper in a file, or in a CloudFormation resource, it is a keyword.
function nameFromMap(table: unknown, { file, export: key }: AdapterContext) {
  if (table !== undefined || key === undefined || !/\.(json|jsonc|ya?ml)$/i.test(file)) return undefined
  if (!/^[a-zA-Z0-9_-]+$/.test(key) || formatWords.includes(key.toLowerCase())) return undefined
  const message = `the TableName is missing; taken from the key of the map, "${key}"`
  return { table: key, assumption: { path: 'table', message, guess: true } }
}

const formatWords = ['properties', 'resources', 'table', 'tabledescription', 'input', 'default', 'schema', 'params']
