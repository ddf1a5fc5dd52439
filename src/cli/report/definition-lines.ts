import type { ResolvedTable } from '../../load/load-options.ts'
import { indexSettingFields, settingFields } from '../../settings/catalogue.ts'
import type { Field } from '../../settings/setting.ts'
import {
  type Assumption,
  type GlobalIndex,
  ignoredMessage,
  type KeyAttribute,
  type Projection,
  type TableDefinition,
} from '../../table/definition.ts'
import type { Source } from '../../table/input.ts'
import type { LiveIndex, LiveTable } from '../../table/live.ts'
import { formatNumber } from '../../table/text.ts'
import { memberOf } from '../../table/untyped.ts'
import { align, formatBytes } from './format.ts'
import type { Style } from './lines.ts'

/** A definition for people: keys, settings, indexes as a table, the origin of each, and the assumptions. */
export function definitionLines(table: ResolvedTable, style: Style): string[] {
  const { definition, baseName, sources, origins } = table
  const { name, globalIndexes, localIndexes } = definition
  const assumed = new Set(
    definition.assumed.filter(({ message }) => message !== ignoredMessage).map(({ path }) => path),
  )
  const note = (path: string) => (assumed.has(path) ? ' (default)' : origin(origins[path]))
  const guesses = definition.assumed.filter(({ guess }) => guess)
  return [
    style.bold(name) + (baseName === name ? '' : style.dim(`  (${baseName})`)),
    ...indent(
      align([
        ...keyRows(definition, note),
        ...settingRows(definition, note),
        ...extraRow(definition, note),
        ['from', sourcesText(sources)],
      ]),
    ),
    ...section('global indexes', indexTable('globalIndexes', globalIndexes, note)),
    ...section('local indexes', indexTable('localIndexes', localIndexes, note)),
    ...section('vector indexes', vectorTable(definition, note)),
    ...section('replicas', replicaTable(definition)),
    ...section('assumed', guessLines(guesses)),
  ]
}

/** A live table in the same form, with its statuses, size and age. */
export function liveLines(live: LiveTable, style: Style): string[] {
  const { definition, status, indexes } = live
  const unmarked = () => ''
  return [
    style.bold(definition.name),
    ...indent(
      align([
        ['status', status],
        ...keyRows(definition, unmarked),
        ...settingRows(definition, unmarked),
        ...stateRows(live),
      ]),
    ),
    ...section(
      'global indexes',
      indexTable('globalIndexes', definition.globalIndexes.map(withoutOff), unmarked, indexes),
    ),
    ...section('local indexes', indexTable('localIndexes', definition.localIndexes, unmarked)),
    ...section('vector indexes', vectorTable(definition, unmarked, indexes)),
    ...section('replicas', replicaTable(definition, live.replicaStatuses)),
  ]
}

// Caps that are off would be a long list of what an index does not have.
function withoutOff(index: GlobalIndex): IndexLike {
  const values = Object.entries(index).map(([field, value]) => [field, value === false ? undefined : value])
  return { ...index, ...Object.fromEntries(values) }
}

/** The state of a live table beside its definition. */
export function stateRows(live: LiveTable): (readonly [label: string, value: string])[] {
  const { itemCount, sizeBytes = 0, createdAt, arn, id, encryptionStatus, warmStatus } = live
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['encryption status', encryptionStatus],
    ['warm throughput status', warmStatus],
    ['changing', live.settling.length === 0 ? undefined : live.settling.join(', ')],
    ['items', itemCount === undefined ? undefined : `about ${formatNumber(itemCount)}, ${formatBytes(sizeBytes)}`],
    ['created', createdAt?.toISOString()],
    ['ARN', arn],
    ['id', id],
  ]
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]))
}

function keyRows({ partitionKey, sortKey }: TableDefinition, note: Note): string[][] {
  const sort = sortKey.length === 0 ? [] : [['sort key', keyText(sortKey) + note('sortKey')]]
  return [['partition key', keyText(partitionKey) + note('partitionKey')], ...sort]
}

/** The note after a value: that it is a default, or its origin if that is not the table's own source. */
type Note = (path: string) => string

function origin(label: string | undefined): string {
  return label === undefined ? '' : ` (${label})`
}

function settingRows(definition: TableDefinition, note: Note): string[][] {
  return Object.entries<Field>(settingFields).flatMap(([field, { label, text }]) => {
    const value = memberOf(definition, field)
    return value === undefined || inSections.includes(field) ? [] : [[label, (text ?? valueText)(value) + note(field)]]
  })
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type IndexLike = Pick<GlobalIndex, 'name' | 'partitionKey' | 'sortKey' | 'projection'> & Partial<GlobalIndex>

function extraRow({ extra = {} }: TableDefinition, note: Note): string[][] {
  const members = Object.keys(extra)
  return members.length === 0 ? [] : [['extra', members.join(', ') + note('extra')]]
}

function indexTable(
  list: string,
  indexes: readonly IndexLike[],
  note: Note,
  statuses: LiveTable['indexes'] = {},
): string[] {
  if (indexes.length === 0) return []
  const isLive = Object.keys(statuses).length > 0
  const columns = ['NAME', ...(isLive ? ['STATUS'] : []), 'PARTITION KEY', 'SORT KEY', 'PROJECTION', 'OPTIONS']
  const rows = indexes.map(index => [
    index.name,
    ...(isLive ? [indexStatus(statuses[index.name])] : []),
    keyText(index.partitionKey),
    keyText(index.sortKey) || '-',
    projectionText(index.projection) + projectionNote(note(`${list}.${index.name}.projection`)),
    indexOptions(index, field => note(`${list}.${index.name}.${field}`)),
  ])
  const hasOptions = rows.some(row => row.at(-1) !== '')
  return align(hasOptions ? [columns, ...rows] : [columns, ...rows].map(row => row.slice(0, -1)))
}

function indexStatus(index: LiveIndex | undefined): string {
  const { status = 'ACTIVE', backfilling } = index ?? {}
  return backfilling === true ? `${status} (backfilling)` : status
}

/** Settings that are shown as tables of their own. */
const inSections = ['vectorIndexes', 'replicas']

/** Each replica, its status in a live table, and what it has for itself. */
function replicaTable({ replicas = [] }: TableDefinition, statuses?: LiveTable['replicaStatuses']): string[] {
  const rows = replicas.map(({ region, globalIndexes, ...own }) => [
    region,
    ...(statuses === undefined ? [] : [statuses[region] ?? 'ACTIVE']),
    [
      ...settingTexts(own),
      ...Object.entries(globalIndexes ?? {}).map(([name, index]) => `index ${name}: ${settingTexts(index).join(', ')}`),
    ].join(', ') || '-',
  ])
  const columns = ['REGION', ...(statuses === undefined ? [] : ['STATUS']), 'OF ITS OWN']
  return rows.length === 0 ? [] : align([columns, ...rows])
}

function settingTexts(settings: object): string[] {
  return Object.entries(settings).flatMap(([field, value]) => {
    const { label, text } = settingFields[field as keyof typeof settingFields] as Field
    return value === undefined ? [] : [`${label} ${(text ?? valueText)(value)}`]
  })
}

function vectorTable({ vectorIndexes = {} }: TableDefinition, note: Note, statuses?: LiveTable['indexes']): string[] {
  const keys = ['NAME', 'ATTRIBUTE', 'DIMENSIONS', 'DISTANCE', 'PARTITION KEY', 'FILTERS', 'PROJECTION']
  const columns = [...keys, ...(statuses === undefined ? [] : ['STATUS'])]
  const rows = Object.entries(vectorIndexes).map(([name, index]) => [
    name + note(`vectorIndexes.${name}`),
    index.attribute,
    String(index.dimensions),
    index.distance,
    keyText(index.partitionKey) || '-',
    keyText(index.filters) || '-',
    projectionText(index.projection ?? 'ALL'),
    ...(statuses === undefined ? [] : [statuses[name]?.status ?? 'ACTIVE']),
  ])
  return rows.length === 0 ? [] : align([columns, ...rows])
}

function indexOptions(index: IndexLike, note: Note): string {
  const { readCapacity, writeCapacity } = index
  const [read, write] = [note('readCapacity'), note('writeCapacity')]
  return [
    // Print the note once if it is the same for both.
    ...(readCapacity === undefined ? [] : [`${readCapacity} read${read === write ? '' : read}`]),
    ...(writeCapacity === undefined ? [] : [`${writeCapacity} write${write}`]),
    ...Object.entries(indexSettingFields).flatMap(([field, { label }]) => {
      const value = memberOf(index, field)
      if (value === undefined || field === 'readCapacity' || field === 'writeCapacity') return []
      return [`${label} ${valueText(value)}${note(field)}`]
    }),
  ].join(', ')
}

/** No "(default)" after ALL. */
function projectionNote(note: string): string {
  return note === ' (default)' ? '' : note
}

function projectionText(projection: Projection): string {
  return typeof projection === 'string' ? projection : `INCLUDE ${projection.join(', ')}`
}

function keyText(key: readonly KeyAttribute[]): string {
  return key.map(({ name, type }) => `${name} ${type}`).join(', ')
}

/** `src/models.ts › User, Order (electrodb), src/cart.ts › Cart`: exports are grouped by file. */
export function sourcesText(sources: readonly Source[]): string {
  const places = [...new Set(sources.map(({ file, adapter }) => `${adapter} ${file}`))]
  return places
    .map(place => {
      const here = sources.filter(({ file, adapter }) => `${adapter} ${file}` === place)
      const [{ file, adapter } = { file: place, adapter: '' }] = here
      const names = here.flatMap(({ export: name }) => name ?? [])
      const text = names.length === 0 ? file : `${file} › ${names.join(', ')}`
      return ['dynamox', 'config', 'flags'].includes(adapter) ? text : `${text} (${adapter})`
    })
    .join(', ')
}

/** Values with the same reason share one line. */
function guessLines(guesses: readonly Assumption[]): string[] {
  const reasons = new Map<string, string[]>()
  for (const { path, message } of guesses) reasons.set(message, [...(reasons.get(message) ?? []), path])
  return [...reasons].map(([message, paths]) => `${paths.join(', ')}: ${message}`)
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...indent(indent(lines))]
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
