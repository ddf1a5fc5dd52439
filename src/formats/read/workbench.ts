import { asRecord, definedOnly, isRecord, recordsOf, type UntypedRecord } from '../../table/untyped.ts'
import {
  type Format,
  indexNameProblems,
  type ReadContext,
  type TemplateDocument,
  type TemplateFile,
  type TemplateTable,
} from './format.ts'
import { nameTable } from './name-table.ts'

/** Models of NoSQL Workbench. Their sample items are seed data. */
export const workbench: Format = {
  name: 'nosql-workbench',
  title: 'NoSQL Workbench model',
  async matches(file) {
    if (file.isFolder || !/\.json$/i.test(file.name) || !/"DataModel"\s*:/.test(file.text())) return false
    return modelsOf((await file.document()).data) !== undefined
  },
  async read(file, context) {
    const document = await file.document()
    const tables = (modelsOf(document.data) ?? []).map(model => readModel(model, document, file, context))
    return { tables }
  },
}

function modelsOf(data: unknown): readonly UntypedRecord[] | undefined {
  const models = isRecord(data) ? data.DataModel : undefined
  return Array.isArray(models) ? models.filter(isRecord) : undefined
}

function readModel(
  model: UntypedRecord,
  { placeOf }: TemplateDocument,
  { shown }: TemplateFile,
  { inputs }: ReadContext,
): TemplateTable {
  const {
    TableName: own,
    KeyAttributes,
    GlobalSecondaryIndexes: global,
    LocalSecondaryIndexes: local,
    TableData,
  } = model
  const name = typeof own === 'string' ? own : undefined
  const id = name ?? 'table'
  const named = nameTable({ id, name, why: 'the model has no TableName', inputs, file: shown })
  return {
    id,
    shape: 'dynamox',
    input: definedOnly({
      table: named.name,
      ...keys(KeyAttributes),
      globalIndexes: indexes(global, index => index),
      localIndexes: indexes(local, ({ sortKey, projection }) => ({ sortKey, projection })),
      ...capacity(model),
    }),
    problems: indexNameProblems([global, local].flatMap(recordsOf).map(({ IndexName }) => IndexName)),
    place: placeOf(model),
    items: Array.isArray(TableData) ? TableData : [],
    warnings: named.warnings,
  }
}

function keys(given: unknown): UntypedRecord {
  const { PartitionKey, SortKey } = asRecord(given)
  return definedOnly({ partitionKey: key(PartitionKey), sortKey: key(SortKey) })
}

function key(given: unknown): UntypedRecord | undefined {
  return isRecord(given) ? { name: given.AttributeName, type: given.AttributeType } : undefined
}

function indexes(given: unknown, shape: (index: UntypedRecord) => UntypedRecord): UntypedRecord | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined
  const entries = recordsOf(given).map(index => {
    const full = { ...keys(index.KeyAttributes), projection: projection(index.Projection), ...capacity(index) }
    return [String(index.IndexName), definedOnly(shape(full))]
  })
  return Object.fromEntries(entries)
}

function projection(given: unknown): unknown {
  const { ProjectionType: type, NonKeyAttributes: attributes } = asRecord(given)
  return type === 'INCLUDE' ? attributes : type
}

/** A model without a billing mode leaves it open. */
function capacity({ BillingMode, ProvisionedCapacitySettings: settings }: UntypedRecord): UntypedRecord {
  const units = asRecord(asRecord(settings).ProvisionedThroughput)
  if (BillingMode === 'PAY_PER_REQUEST') return { billingMode: BillingMode }
  return definedOnly({
    billingMode: BillingMode,
    readCapacity: units.ReadCapacityUnits,
    writeCapacity: units.WriteCapacityUnits,
  })
}
