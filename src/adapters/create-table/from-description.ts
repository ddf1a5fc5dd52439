import { isRecord, type UntypedRecord } from '../../table/untyped.ts'

const kept = ['TableName', 'AttributeDefinitions', 'KeySchema', 'OnDemandThroughput', 'DeletionProtectionEnabled']
const keptOfIndex = ['IndexName', 'KeySchema', 'Projection', 'OnDemandThroughput']
const keptOfVectorIndex = [
  'IndexName',
  'VectorAttribute',
  'SearchSchema',
  'Projection',
  'Dimensions',
  'DistanceFunction',
]

/**
 * The CreateTable input that makes a table like the one described. Statuses, sizes, ARNs and the like are left out, and
 * so is warm throughput: AWS reports one for every table, asked for or not.
 */
export function fromDescription(table: UntypedRecord): UntypedRecord {
  // AWS leaves the summary out until a table was on-demand for the first time.
  const billingMode = member(table.BillingModeSummary, 'BillingMode') ?? 'PROVISIONED'
  const provisioned = billingMode === 'PROVISIONED'
  const units = (holder: UntypedRecord) =>
    provisioned && isRecord(holder.ProvisionedThroughput)
      ? { ProvisionedThroughput: pick(holder.ProvisionedThroughput, ['ReadCapacityUnits', 'WriteCapacityUnits']) }
      : {}
  return {
    ...pick(table, kept),
    BillingMode: billingMode,
    ...units(table),
    ...list(table, 'GlobalSecondaryIndexes', index => ({ ...pick(index, keptOfIndex), ...units(index) })),
    ...list(table, 'LocalSecondaryIndexes', index => pick(index, ['IndexName', 'KeySchema', 'Projection'])),
    ...list(table, 'VectorIndexes', index => pick(index, keptOfVectorIndex)),
    ...(member(table.StreamSpecification, 'StreamEnabled') === true ? pick(table, ['StreamSpecification']) : {}),
    ...encryption(table.SSEDescription),
    ...(isRecord(table.TableClassSummary) ? pick(table.TableClassSummary, ['TableClass']) : {}),
  }
}

function encryption(description: unknown): UntypedRecord {
  const key = member(description, 'KMSMasterKeyArn')
  if (!isRecord(description)) return {}
  return { SSESpecification: { Enabled: true, SSEType: 'KMS', ...(key === undefined ? {} : { KMSMasterKeyId: key }) } }
}

function list(table: UntypedRecord, field: string, convert: (entry: UntypedRecord) => UntypedRecord): UntypedRecord {
  const value = table[field]
  return Array.isArray(value) && value.length > 0 ? { [field]: value.filter(isRecord).map(convert) } : {}
}

function pick(record: UntypedRecord, fields: readonly string[]): UntypedRecord {
  return Object.fromEntries(fields.filter(field => record[field] !== undefined).map(field => [field, record[field]]))
}

function member(value: unknown, field: string): unknown {
  return isRecord(value) ? value[field] : undefined
}
