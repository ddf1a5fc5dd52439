import { billingOf } from '../../settings/billing.ts'
import type { GlobalIndex, LocalIndex, TableDefinition } from '../../table/definition.ts'
import type { WriteOptions, WrittenTemplate } from '../format.ts'
import { Code } from './code.ts'
import { type Block, block, hclText, hclValue } from './hcl.ts'
import { extraNotes, headline, identifiers } from './written.ts'

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
  const imported = (to: string, id: string) =>
    imports
      ? [
          block(
            ['import'],
            [
              ['to', new Code(to)],
              ['id', id],
            ],
          ),
        ]
      : []
  const key = keyData(table.kmsKeyId, label)
  return [
    ...imported(address, table.name),
    ...(key?.source === undefined ? [] : [key.source]),
    block(['resource', 'aws_dynamodb_table', label], tableBody(table, key?.arn), notesOf(table)),
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
    source: block(['data', 'aws_kms_key', label], [['key_id', key]]),
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

function tableBody(table: TableDefinition, kmsKeyArn: unknown): Block['body'] {
  const { ttl, pointInTimeRecovery: recovery, encryption, stream } = table
  const billing = billingOf(table)
  // Replicas need a stream.
  const view = stream ?? ((table.replicas ?? []).length > 0 ? 'NEW_AND_OLD_IMAGES' : undefined)
  const keys = [table, ...table.localIndexes, ...table.globalIndexes].flatMap(({ partitionKey, sortKey }) => [
    ...partitionKey,
    ...sortKey,
  ])
  const attributes = new Map(keys.map(({ name, type }) => [name, type]))
  return [
    ['name', table.name],
    ['billing_mode', billing],
    ...capacityOf(table),
    ['hash_key', table.partitionKey[0]?.name],
    ['range_key', table.sortKey[0]?.name],
    ['table_class', table.tableClass],
    ['stream_enabled', view === undefined ? undefined : view !== false],
    ['stream_view_type', view === false ? undefined : view],
    ['deletion_protection_enabled', table.deletionProtection],
    ...[...attributes].map(([name, type]) =>
      block(
        ['attribute'],
        [
          ['name', name],
          ['type', type],
        ],
      ),
    ),
    ...table.globalIndexes.map(index => globalIndex(index)),
    ...table.localIndexes.map(index => block(['local_secondary_index'], localIndex(index))),
    ...throughputOf(table),
    ...(ttl === undefined
      ? []
      : [
          block(
            ['ttl'],
            [
              ['attribute_name', ttl === false ? undefined : ttl],
              ['enabled', ttl !== false],
            ],
          ),
        ]),
    ...(recovery === undefined
      ? []
      : [
          block(
            ['point_in_time_recovery'],
            [
              ['enabled', recovery !== false],
              ['recovery_period_in_days', typeof recovery === 'number' ? recovery : undefined],
            ],
          ),
        ]),
    ...replicaBlocks(table),
    // Without this block the key is AWS's own; with it, the key is one of KMS.
    ...(encryption === undefined || encryption === 'AWS_OWNED'
      ? []
      : [
          block(
            ['server_side_encryption'],
            [
              ['enabled', true],
              ['kms_key_arn', kmsKeyArn],
            ],
          ),
        ]),
    ['tags', table.tags],
  ]
}

function replicaBlocks({ replicas = [], consistency, witness }: TableDefinition): Block[] {
  return [
    ...replicas.map(({ region, kmsKeyId, pointInTimeRecovery: recovery, deletionProtection }) =>
      block(
        ['replica'],
        [
          ['region_name', region],
          ['kms_key_arn', kmsKeyId],
          ['point_in_time_recovery', recovery === undefined ? undefined : recovery !== false],
          ['deletion_protection_enabled', deletionProtection],
          ['consistency_mode', consistency],
        ],
      ),
    ),
    ...(typeof witness === 'string' ? [block(['global_table_witness'], [['region_name', witness]])] : []),
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
  const isSimple = index.partitionKey.length === 1 && index.sortKey.length < 2
  const schema = [
    ...index.partitionKey.map(({ name }) => [name, 'HASH'] as const),
    ...index.sortKey.map(({ name }) => [name, 'RANGE'] as const),
  ].map(([name, type]) =>
    block(
      ['key_schema'],
      [
        ['attribute_name', name],
        ['key_type', type],
      ],
    ),
  )
  return block(
    ['global_secondary_index'],
    [
      ['name', index.name],
      ...(isSimple ? hashAndRange(index) : []),
      ...projectionOf(index),
      ...capacityOf(index),
      ...(isSimple ? [] : schema),
      ...throughputOf(index),
    ],
  )
}

const hashAndRange = ({ partitionKey, sortKey }: LocalIndex): Block['body'] => [
  ['hash_key', partitionKey[0]?.name],
  ['range_key', sortKey[0]?.name],
]

const localIndex = (index: LocalIndex): Block['body'] => [
  ['name', index.name],
  ['range_key', index.sortKey[0]?.name],
  ...projectionOf(index),
]

function projectionOf({ projection }: LocalIndex): Block['body'] {
  if (typeof projection === 'string') return [['projection_type', projection]]
  return projection.length === 0
    ? [['projection_type', 'KEYS_ONLY']]
    : [
        ['projection_type', 'INCLUDE'],
        ['non_key_attributes', projection],
      ]
}

const capacityOf = ({ readCapacity, writeCapacity }: GlobalIndex | TableDefinition): Block['body'] => [
  ['read_capacity', readCapacity],
  ['write_capacity', writeCapacity],
]

function throughputOf({
  maxReadUnits,
  maxWriteUnits,
  warmReadUnits,
  warmWriteUnits,
}: GlobalIndex | TableDefinition): Block[] {
  const capped = typeof maxReadUnits === 'number' || typeof maxWriteUnits === 'number'
  return [
    ...(capped
      ? [
          block(
            ['on_demand_throughput'],
            [
              ['max_read_request_units', maxReadUnits || undefined],
              ['max_write_request_units', maxWriteUnits || undefined],
            ],
          ),
        ]
      : []),
    ...(warmReadUnits === undefined && warmWriteUnits === undefined
      ? []
      : [
          block(
            ['warm_throughput'],
            [
              ['read_units_per_second', warmReadUnits],
              ['write_units_per_second', warmWriteUnits],
            ],
          ),
        ]),
  ]
}

function policyOf({ resourcePolicy: policy }: TableDefinition, label: string, address: string): Block[] {
  if (typeof policy !== 'string') return []
  const body: Block['body'] = [
    ['resource_arn', new Code(`${address}.arn`)],
    ['policy', new Code(`jsonencode(${hclValue(JSON.parse(policy))})`)],
  ]
  return [block(['resource', 'aws_dynamodb_resource_policy', label], body)]
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
    block(
      ['resource', type, label],
      [
        ['table_name', new Code(`${address}.name`)],
        ['stream_arn', kinesis.arn],
        ['approximate_creation_date_time_precision', kinesis.precision],
      ],
    ),
  ]
}

const indexLabel = (label: string, index: number) => `${label}_index_${index + 1}`

/** One resource for the table and one for each index that has insights. */
function insightsOf(table: TableDefinition, label: string, address: string): Block[] {
  return [table, ...table.globalIndexes].flatMap((owner, at) => {
    const { contributorInsights: insights } = owner
    if (insights === undefined || insights === false) return []
    return [
      block(
        ['resource', 'aws_dynamodb_contributor_insights', at === 0 ? label : indexLabel(label, at - 1)],
        [
          ['table_name', new Code(`${address}.name`)],
          ['index_name', at === 0 ? undefined : owner.name],
          ['mode', typeof insights === 'string' ? insights : undefined],
        ],
      ),
    ]
  })
}
