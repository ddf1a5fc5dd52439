import { definedOnly, isRecord, type UntypedRecord } from '../table/untyped.ts'
import type { Format, TemplateDocument, TemplateTable } from './format.ts'
import { nameTable } from './name-table.ts'
import { sameIndexTwice } from './same-index.ts'

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
    const models = (modelsOf(document.data) ?? []).map(model => ({ model, reason: sameIndexTwice(indexNames(model)) }))
    const skipped = models.flatMap(({ model, reason }) =>
      reason === undefined ? [] : [{ id: idOf(model), reason, place: document.placeOf(model) }],
    )
    const sound = models.flatMap(({ model, reason }) => (reason === undefined ? [model] : []))
    const tables = sound.map(model => {
      const table = readModel(model, document)
      const named = nameTable({
        id: table.id,
        name: typeof model.TableName === 'string' ? model.TableName : undefined,
        why: 'the model has no TableName',
        inputs: context.inputs,
        file: file.shown,
      })
      return { ...table, input: { table: named.name, ...table.input }, warnings: named.warnings }
    })
    return { tables, skipped, warnings: [] }
  },
}

const idOf = ({ TableName: name }: UntypedRecord): string => (typeof name === 'string' ? name : 'table')

function indexNames({
  GlobalSecondaryIndexes: global,
  LocalSecondaryIndexes: local,
}: UntypedRecord): readonly string[] {
  return [global, local]
    .flatMap(list => (Array.isArray(list) ? list.filter(isRecord) : []))
    .map(each => String(each.IndexName))
}

function modelsOf(data: unknown): readonly UntypedRecord[] | undefined {
  const models = isRecord(data) ? data.DataModel : undefined
  return Array.isArray(models) ? models.filter(isRecord) : undefined
}

function readModel(model: UntypedRecord, { placeOf }: TemplateDocument): TemplateTable {
  const { KeyAttributes, GlobalSecondaryIndexes, LocalSecondaryIndexes, TableData } = model
  const local = indexes(LocalSecondaryIndexes, ({ sortKey, projection }) => ({ sortKey, projection }))
  return {
    id: idOf(model),
    shape: 'dynamox',
    input: definedOnly({
      ...keys(KeyAttributes),
      globalIndexes: indexes(GlobalSecondaryIndexes, index => index),
      localIndexes: local,
      ...capacity(model),
    }),
    place: placeOf(model),
    items: Array.isArray(TableData) ? TableData : [],
  }
}

function keys(given: unknown): UntypedRecord {
  const { PartitionKey, SortKey } = isRecord(given) ? given : {}
  return definedOnly({ partitionKey: key(PartitionKey), sortKey: key(SortKey) })
}

function key(given: unknown): UntypedRecord | undefined {
  return isRecord(given) ? { name: given.AttributeName, type: given.AttributeType } : undefined
}

function indexes(given: unknown, shape: (index: UntypedRecord) => UntypedRecord): UntypedRecord | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined
  return Object.fromEntries(
    given
      .filter(isRecord)
      .map(index => [
        String(index.IndexName),
        definedOnly(
          shape({ ...keys(index.KeyAttributes), projection: projection(index.Projection), ...capacity(index) }),
        ),
      ]),
  )
}

function projection(given: unknown): unknown {
  const { ProjectionType: type, NonKeyAttributes: attributes } = isRecord(given) ? given : {}
  return type === 'INCLUDE' ? attributes : type
}

/** A model without a billing mode leaves it open. */
function capacity({ BillingMode, ProvisionedCapacitySettings: settings }: UntypedRecord): UntypedRecord {
  const units = isRecord(settings) && isRecord(settings.ProvisionedThroughput) ? settings.ProvisionedThroughput : {}
  if (BillingMode === 'PAY_PER_REQUEST') return { billingMode: BillingMode }
  return definedOnly({
    billingMode: BillingMode,
    readCapacity: units.ReadCapacityUnits,
    writeCapacity: units.WriteCapacityUnits,
  })
}
