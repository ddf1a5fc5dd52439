import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
} from '@aws-sdk/client-dynamodb'
import { readProjection } from '../../settings/aws-parts.ts'
import { settings } from '../../settings/catalogue.ts'
import type { BillingMode, GlobalIndex, IndexSettings, KeyAttribute, TableDefinition } from '../../table/definition.ts'
import { isRecord } from '../../table/untyped.ts'
import type { Mutable, TableState } from './state.ts'

/** The table that a CreateTable input asks for, with AWS's defaults for what it leaves out. */
export function readCreateTable(input: CreateTableCommandInput): {
  readonly settings: TableState['settings']
  readonly indexes: readonly Mutable<GlobalIndex>[]
  readonly vectorIndexes: NonNullable<TableDefinition['vectorIndexes']>
} {
  const types = input.AttributeDefinitions
  const billingMode = input.BillingMode ?? 'PROVISIONED'
  const { vectorIndexes = {}, ...own }: Partial<TableDefinition> = readSettings(input, '')
  return {
    settings: {
      tableClass: 'STANDARD',
      encryption: 'AWS_OWNED',
      stream: false,
      deletionProtection: false,
      tags: {},
      resourcePolicy: false,
      ttl: false,
      pointInTimeRecovery: false,
      contributorInsights: false,
      kinesis: false,
      ...own,
      ...initialWarm(own, billingMode),
      name: input.TableName ?? '',
      ...readKey(input.KeySchema, types),
      localIndexes: (input.LocalSecondaryIndexes ?? []).map(index => ({
        name: index.IndexName ?? '',
        ...readKey(index.KeySchema, types),
        projection: readProjection(index.Projection),
      })),
    },
    indexes: (input.GlobalSecondaryIndexes ?? []).map(index => readGlobalIndex(index, types, billingMode)),
    vectorIndexes,
  }
}

/** A global index of a CreateTable or UpdateTable input. */
export function readGlobalIndex(
  index: GlobalSecondaryIndex,
  types: readonly AttributeDefinition[] | undefined,
  billingMode: BillingMode,
): Mutable<GlobalIndex> {
  const own = readSettings(index, 'index')
  return {
    name: index.IndexName ?? '',
    ...readKey(index.KeySchema, types),
    projection: readProjection(index.Projection),
    ...own,
    ...initialWarm(own, billingMode),
    contributorInsights: false,
  }
}

const inCreateTable = {
  '': settings.filter(({ createMembers }) => createMembers !== undefined),
  index: settings.filter(({ createIndexMembers }) => createIndexMembers !== undefined),
}

/** Each setting that the call can carry reads its own members. */
function readSettings(raw: unknown, parent: '' | 'index'): Partial<TableDefinition> {
  const given: Record<string, unknown> = {}
  if (!isRecord(raw)) return given
  for (const { aws } of inCreateTable[parent]) {
    const read = Object.entries(aws?.read(raw, parent, () => undefined) ?? {})
    for (const [field, value] of read) if (value !== undefined) given[field] = value
  }
  return given
}

/** The initial warm throughput: that of on-demand billing, or the provisioned capacity. */
function initialWarm(own: IndexSettings, billingMode: BillingMode): IndexSettings {
  const onDemand = billingMode === 'PAY_PER_REQUEST'
  return {
    warmReadUnits: own.warmReadUnits ?? (onDemand ? 12_000 : (own.readCapacity ?? 0)),
    warmWriteUnits: own.warmWriteUnits ?? (onDemand ? 4_000 : (own.writeCapacity ?? 0)),
  }
}

function readKey(schema: readonly KeySchemaElement[] | undefined, types: readonly AttributeDefinition[] | undefined) {
  const attributes = (kind: string): KeyAttribute[] =>
    (schema ?? [])
      .filter(({ KeyType }) => KeyType === kind)
      .map(({ AttributeName: name = '' }) => ({
        name,
        type: types?.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? 'S',
      }))
  return { partitionKey: attributes('HASH'), sortKey: attributes('RANGE') }
}
