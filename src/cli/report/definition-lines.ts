import type { ResolvedTable } from '../../load/load-options.ts'
import type { GlobalIndex, KeyAttribute, Projection, TableDefinition, TableSettings } from '../../table/definition.ts'
import type { Source } from '../../table/input.ts'
import { align } from './format.ts'
import type { Style } from './style.ts'

/** A definition for people: keys, settings, indexes as a table, where each came from, and what was assumed. */
export function definitionLines({ definition, baseName, sources }: ResolvedTable, style: Style): string[] {
  const { name, globalIndexes, localIndexes } = definition
  const assumed = new Set(definition.assumed.map(({ path }) => path))
  const guesses = definition.assumed.filter(({ guess }) => guess)
  return [
    style.bold(name) + (baseName === name ? '' : style.dim(`  (${baseName})`)),
    ...indent(
      align([
        ...keyRows(definition),
        ...settingRows(definition, assumed),
        ['from', sources.map(sourceText).join(', ')],
      ]),
    ),
    ...section('global indexes', indexTable(globalIndexes, assumed)),
    ...section('local indexes', indexTable(localIndexes, assumed)),
    ...section(
      'assumed',
      guesses.map(({ path, message }) => `${path}: ${message}`),
    ),
  ]
}

function keyRows({ partitionKey, sortKey }: TableDefinition): string[][] {
  return [['partition key', keyText(partitionKey)], ...(sortKey.length === 0 ? [] : [['sort key', keyText(sortKey)]])]
}

const labels: Readonly<Record<keyof TableSettings, string>> = {
  billingMode: 'billing mode',
  readCapacity: 'read capacity',
  writeCapacity: 'write capacity',
  maxReadUnits: 'max read units',
  maxWriteUnits: 'max write units',
  warmReadUnits: 'warm read units',
  warmWriteUnits: 'warm write units',
  tableClass: 'table class',
  encryption: 'encryption',
  kmsKeyId: 'KMS key',
  stream: 'stream',
  ttl: 'TTL attribute',
  pointInTimeRecovery: 'point-in-time recovery',
  deletionProtection: 'deletion protection',
  tags: 'tags',
  resourcePolicy: 'resource policy',
  contributorInsights: 'contributor insights',
  kinesis: 'Kinesis stream',
}

function settingRows(definition: TableDefinition, assumed: ReadonlySet<string>): string[][] {
  return (Object.keys(labels) as (keyof TableSettings)[])
    .filter(field => definition[field] !== undefined)
    .map(field => [labels[field], settingText(field, definition) + (assumed.has(field) ? ' (default)' : '')])
}

function settingText(field: keyof TableSettings, definition: TableDefinition): string {
  const value = definition[field]
  if (value === true) return 'on'
  if (value === false) return 'off'
  if (field === 'pointInTimeRecovery') return `on, ${String(value)} days`
  if (field === 'tags') {
    return Object.entries(definition.tags ?? {})
      .map(([key, text]) => `${key}=${text}`)
      .join(', ')
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type IndexLike = Pick<GlobalIndex, 'name' | 'partitionKey' | 'sortKey' | 'projection'> & Partial<GlobalIndex>

function indexTable(indexes: readonly IndexLike[], assumed: ReadonlySet<string>): string[] {
  if (indexes.length === 0) return []
  const columns = ['NAME', 'PARTITION KEY', 'SORT KEY', 'PROJECTION', 'OPTIONS']
  const rows = indexes.map(index => [
    index.name,
    keyText(index.partitionKey),
    keyText(index.sortKey) || '-',
    projectionText(index.projection),
    indexOptions(index, assumed),
  ])
  return align(rows.some(row => row[4] !== '') ? [columns, ...rows] : [columns, ...rows].map(row => row.slice(0, 4)))
}

function indexOptions(index: IndexLike, assumed: ReadonlySet<string>): string {
  const { readCapacity, writeCapacity } = index
  const isDefault = assumed.has(`globalIndexes.${index.name}.readCapacity`)
  const capacity = `${readCapacity ?? '?'} read, ${writeCapacity ?? '?'} write${isDefault ? ' (default)' : ''}`
  const fields = ['maxReadUnits', 'maxWriteUnits', 'warmReadUnits', 'warmWriteUnits', 'contributorInsights'] as const
  return [
    ...(readCapacity === undefined && writeCapacity === undefined ? [] : [capacity]),
    ...fields.filter(field => index[field] !== undefined).map(field => `${labels[field]} ${onOff(index[field])}`),
  ].join(', ')
}

function onOff(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

function projectionText(projection: Projection): string {
  return typeof projection === 'string' ? projection : `INCLUDE ${projection.join(', ')}`
}

function keyText(key: readonly KeyAttribute[]): string {
  return key.map(({ name, type }) => `${name} ${type}`).join(', ')
}

function sourceText({ file, export: name, adapter }: Source): string {
  const place = name === undefined ? file : `${file} › ${name}`
  return ['dynamox', 'config', 'flags'].includes(adapter) ? place : `${place} (${adapter})`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...indent(indent(lines))]
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
