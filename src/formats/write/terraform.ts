import { attributeDefinitions, projectionInput } from '../../settings/aws-parts.ts'
import { billingOf } from '../../settings/billing.ts'
import type { GlobalIndex, LocalIndex, TableDefinition } from '../../table/definition.ts'
import type { UntypedRecord } from '../../table/untyped.ts'
import { Code } from './code.ts'
import { type Block, block, hclText, hclValue } from './hcl.ts'
import { extraNotes, headline, identifiers, type WriteOptions, type WrittenTemplate } from './written.ts'

/** Resources of Terraform's AWS provider (OpenTofu's is the same), for an existing configuration. */
export function writeTerraform(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const labels = identifiers(tables, 'snake', (label, table) =>
    table.globalIndexes.map((_, at) => indexLabel(label, at)),
  )
  const parts = tables.flatMap(table => resourcesOf(table, labels.get(table) ?? table.name, options.import === true))
  return { files: [{ path: 'dynamodb.tf', text: hclText(parts, [headline]) }], notes: [] }
}

function resourcesOf(table: TableDefinition, label: string, imports: boolean): Block[] {
  const address = `aws_dynamodb_table.${label}`
  const imported = (to: string, id: string) => (imports ? [block(['import'], { to: new Code(to), id })] : [])
  const key = keyData(table.kmsKeyId, label)
  return [
    ...imported(address, table.name),
    ...(key?.source === undefined ? [] : [key.source]),
    tableBlock(table, label, key?.arn),
    ...policyOf(table, label, address),
    ...kinesisOf(table, label, address, imported),
    ...insightsOf(table, label, address),
  ]
}

/** The ARN of a KMS key; an alias or an id is looked up. */
function keyData(
  key: string | undefined,
  label: string,
): { readonly source?: Block; readonly arn: unknown } | undefined {
  if (key === undefined) return undefined
  if (key.startsWith('arn:') && !key.includes(':alias/')) return { arn: key }
  return {
    source: block(['data', 'aws_kms_key', label], { key_id: key }),
    arn: new Code(`data.aws_kms_key.${label}.arn`),
  }
}

function notesOf(table: TableDefinition): readonly string[] {
  const { globalIndexes, vectorIndexes = {} } = table
  const several = globalIndexes.some(({ partitionKey, sortKey }) => partitionKey.length > 1 || sortKey.length > 1)
  const vectors = Object.keys(vectorIndexes)
  return [
    ...extraNotes(table),
    ...replicaNotes(table),
    ...(several ? ['key_schema needs a recent version 6 of the AWS provider'] : []),
    ...(vectors.length === 0
      ? []
      : [`not written, since the AWS provider has no vector indexes: ${vectors.join(', ')}`]),
  ]
}

function tableBlock(table: TableDefinition, label: string, kmsKeyArn: unknown): Block {
  const { name, partitionKey, sortKey, ttl, pointInTimeRecovery: recovery, encryption, stream } = table
  // Replicas need a stream.
  const view = stream ?? ((table.replicas ?? []).length > 0 ? 'NEW_AND_OLD_IMAGES' : undefined)
  const attributes = {
    name,
    billing_mode: billingOf(table),
    ...capacityOf(table),
    hash_key: partitionKey[0]?.name,
    range_key: sortKey[0]?.name,
    table_class: table.tableClass,
    stream_enabled: view === undefined ? undefined : view !== false,
    stream_view_type: view || undefined,
    deletion_protection_enabled: table.deletionProtection,
    tags: table.tags,
  }
  const blocks = [
    ...attributeDefinitions([table, ...table.localIndexes, ...table.globalIndexes]).map(each =>
      block(['attribute'], { name: each.AttributeName, type: each.AttributeType }),
    ),
    ...table.globalIndexes.map(globalIndex),
    ...table.localIndexes.map(localIndex),
    ...throughputOf(table),
    ttl === undefined ? undefined : block(['ttl'], { attribute_name: ttl || undefined, enabled: ttl !== false }),
    recovery === undefined
      ? undefined
      : block(['point_in_time_recovery'], {
          enabled: recovery !== false,
          recovery_period_in_days: typeof recovery === 'number' ? recovery : undefined,
        }),
    ...replicaBlocks(table),
    // Without this block the key is AWS's own; with it, the key is one of KMS.
    encryption === undefined || encryption === 'AWS_OWNED'
      ? undefined
      : block(['server_side_encryption'], { enabled: true, kms_key_arn: kmsKeyArn }),
  ]
  return block(['resource', 'aws_dynamodb_table', label], attributes, blocks, notesOf(table))
}

function replicaBlocks({ replicas = [], consistency, witness }: TableDefinition): Block[] {
  return [
    ...replicas.map(({ region, kmsKeyId, pointInTimeRecovery: recovery, deletionProtection }) =>
      block(['replica'], {
        region_name: region,
        kms_key_arn: kmsKeyId,
        point_in_time_recovery: recovery === undefined ? undefined : recovery !== false,
        deletion_protection_enabled: deletionProtection,
        consistency_mode: consistency,
      }),
    ),
    ...(typeof witness === 'string' ? [block(['global_table_witness'], { region_name: witness })] : []),
  ]
}

/** The settings of replicas that their blocks have no place for. */
function replicaNotes({ replicas = [] }: TableDefinition): readonly string[] {
  const written = ['region', 'kmsKeyId', 'pointInTimeRecovery', 'deletionProtection']
  return replicas.flatMap(replica => {
    const others = Object.keys(replica).filter(field => !written.includes(field))
    if (typeof replica.pointInTimeRecovery === 'number') others.push('the days of pointInTimeRecovery')
    return others.length === 0
      ? []
      : [`not written, since a replica block has no place for it: ${others.join(', ')} in ${replica.region}`]
  })
}

function globalIndex(index: GlobalIndex): Block {
  const { name, partitionKey, sortKey } = index
  const isSimple = partitionKey.length === 1 && sortKey.length < 2
  const schema = [
    ...partitionKey.map(key => block(['key_schema'], { attribute_name: key.name, key_type: 'HASH' })),
    ...sortKey.map(key => block(['key_schema'], { attribute_name: key.name, key_type: 'RANGE' })),
  ]
  return block(
    ['global_secondary_index'],
    {
      name,
      ...(isSimple ? { hash_key: partitionKey[0]?.name, range_key: sortKey[0]?.name } : {}),
      ...projectionOf(index),
      ...capacityOf(index),
    },
    [...(isSimple ? [] : schema), ...throughputOf(index)],
  )
}

const localIndex = (index: LocalIndex) =>
  block(['local_secondary_index'], {
    name: index.name,
    range_key: index.sortKey[0]?.name,
    ...projectionOf(index),
  })

function projectionOf({ projection }: LocalIndex): UntypedRecord {
  const { ProjectionType, NonKeyAttributes } = projectionInput(projection)
  return { projection_type: ProjectionType, non_key_attributes: NonKeyAttributes }
}

const capacityOf = ({ readCapacity, writeCapacity }: GlobalIndex | TableDefinition) => ({
  read_capacity: readCapacity,
  write_capacity: writeCapacity,
})

function throughputOf(owner: GlobalIndex | TableDefinition): readonly (Block | undefined)[] {
  const { maxReadUnits, maxWriteUnits, warmReadUnits, warmWriteUnits } = owner
  return [
    maxReadUnits || maxWriteUnits
      ? block(['on_demand_throughput'], {
          max_read_request_units: maxReadUnits || undefined,
          max_write_request_units: maxWriteUnits || undefined,
        })
      : undefined,
    warmReadUnits === undefined && warmWriteUnits === undefined
      ? undefined
      : block(['warm_throughput'], { read_units_per_second: warmReadUnits, write_units_per_second: warmWriteUnits }),
  ]
}

function policyOf({ resourcePolicy: policy }: TableDefinition, label: string, address: string): Block[] {
  if (typeof policy !== 'string') return []
  return [
    block(['resource', 'aws_dynamodb_resource_policy', label], {
      resource_arn: new Code(`${address}.arn`),
      policy: new Code(`jsonencode(${hclValue(JSON.parse(policy))})`),
    }),
  ]
}

function kinesisOf(
  { kinesis, name }: TableDefinition,
  label: string,
  address: string,
  imported: (to: string, id: string) => Block[],
): Block[] {
  if (kinesis === undefined || kinesis === false) return []
  const type = 'aws_dynamodb_kinesis_streaming_destination'
  return [
    ...imported(`${type}.${label}`, `${name},${kinesis.arn}`),
    block(['resource', type, label], {
      table_name: new Code(`${address}.name`),
      stream_arn: kinesis.arn,
      approximate_creation_date_time_precision: kinesis.precision,
    }),
  ]
}

const indexLabel = (label: string, index: number) => `${label}_index_${index + 1}`

/** One resource for the table and one for each index that has insights. */
function insightsOf(table: TableDefinition, label: string, address: string): Block[] {
  return [table, ...table.globalIndexes].flatMap((owner, at) => {
    const { contributorInsights: insights } = owner
    if (insights === undefined || insights === false) return []
    return [
      block(['resource', 'aws_dynamodb_contributor_insights', at === 0 ? label : indexLabel(label, at - 1)], {
        table_name: new Code(`${address}.name`),
        index_name: at === 0 ? undefined : owner.name,
        mode: typeof insights === 'string' ? insights : undefined,
      }),
    ]
  })
}
