import { definedOnly, isRecord, type UntypedRecord } from '../table/untyped.ts'
import type { Format, ReadContext, ReadTemplate, TemplateTable } from './format.ts'
import { nameTable } from './name-table.ts'

/** Tables of SST 3: `sst.config.ts` runs with stand-ins for SST's components, which note what is made. */
export const sst: Format = {
  name: 'sst',
  title: 'config of SST',
  matches: file => !file.isFolder && /(^|[-_.])sst\.config\.[cm]?[jt]s$/i.test(file.name),
  async read(file, context) {
    const { stage } = context.inputs
    const recorded = await context.run(file.path, { stage, record: 'sst' })
    const { app, made } = isRecord(recorded) ? recorded : {}
    const prefix = [isRecord(app) ? app.name : undefined, stage ?? 'dev']
      .filter(part => typeof part === 'string')
      .join('-')
    const entries = Array.isArray(made) ? made.filter(isRecord) : []
    const parts = await Promise.all(entries.map(entry => tableOf(entry, prefix, file.shown, context)))
    return {
      tables: parts.flatMap(({ tables }) => tables),
      skipped: parts.flatMap(({ skipped }) => skipped),
      warnings: [],
    }
  },
}

async function tableOf(
  { type, name: given, args }: UntypedRecord,
  prefix: string,
  file: string,
  context: ReadContext,
): Promise<ReadTemplate> {
  const id = String(given)
  const own = isRecord(args) ? args : {}
  if (type === 'aws.dynamodb.Table') return pulumiTable(id, own, file, context)
  const transform = isRecord(own.transform) && isRecord(own.transform.table) ? own.transform.table : {}
  const named = nameTable({
    id,
    name: typeof transform.name === 'string' ? transform.name : undefined,
    why: 'SST makes its name when it deploys',
    stack: context.inputs.stackName ?? prefix,
    inputs: context.inputs,
    file,
  })
  const table: TemplateTable = {
    id,
    shape: 'dynamox',
    input: { table: named.name, ...dynamo(own) },
    warnings: named.warnings,
  }
  return { tables: [table], skipped: [], warnings: [] }
}

/** `new sst.aws.Dynamo(name, args)`. SST makes tables on demand, with point-in-time recovery. */
function dynamo({ fields, primaryIndex, globalIndexes, localIndexes, ttl, stream, deletionProtection }: UntypedRecord) {
  const types = isRecord(fields) ? fields : {}
  const keys = (index: unknown) => {
    const { hashKey, rangeKey, projection } = isRecord(index) ? index : {}
    return definedOnly({
      partitionKey: key(hashKey, types),
      sortKey: key(rangeKey, types),
      projection: projectionOf(projection),
    })
  }
  const each = (indexes: unknown) =>
    isRecord(indexes)
      ? Object.fromEntries(Object.entries(indexes).map(([name, index]) => [name, keys(index)]))
      : undefined
  return definedOnly({
    ...keys(primaryIndex),
    billingMode: 'PAY_PER_REQUEST',
    pointInTimeRecovery: true,
    globalIndexes: each(globalIndexes),
    localIndexes: each(localIndexes),
    ttl,
    stream: typeof stream === 'string' ? stream.toUpperCase().replaceAll('-', '_') : undefined,
    deletionProtection,
  })
}

function key(given: unknown, types: UntypedRecord): unknown {
  if (given === undefined) return undefined
  const keys = (Array.isArray(given) ? given : [given]).map(String).map(name => ({ name, type: typeOf(types[name]) }))
  return keys.length === 1 ? keys[0] : keys
}

function typeOf(given: unknown): unknown {
  return typeof given === 'string' ? ({ string: 'S', number: 'N', binary: 'B' }[given] ?? given) : 'S'
}

function projectionOf(given: unknown): unknown {
  return typeof given === 'string' ? given.toUpperCase().replaceAll('-', '_') : given
}

/** `new aws.dynamodb.Table(name, args)` of Pulumi: the arguments of Terraform's resource, in camel case. */
async function pulumiTable(
  id: string,
  args: UntypedRecord,
  file: string,
  { inputs }: ReadContext,
): Promise<ReadTemplate> {
  const { convertTable } = await import('./terraform/collect-tables.ts')
  const { fromPlain, isMap } = await import('./terraform/value.ts')
  const values = fromPlain(snakeCase(args))
  return convertTable({ address: id, label: id, values: isMap(values) ? values : {} }, inputs, file)
}

const singular: Readonly<Record<string, string>> = {
  attributes: 'attribute',
  global_secondary_indexes: 'global_secondary_index',
  local_secondary_indexes: 'local_secondary_index',
  key_schemas: 'key_schema',
  replicas: 'replica',
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const snake = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
      return [singular[snake] ?? snake, name === 'tags' ? inner : snakeCase(inner)]
    }),
  )
}
