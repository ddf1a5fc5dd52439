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
import { formatBytes, formatNumber } from '../../table/text.ts'
import { grouped, memberOf } from '../../table/untyped.ts'
import { align, type Style } from './lines.ts'

/** A definition for people: keys, settings, indexes as a table, the origin of each, and the assumptions. */
export function definitionLines(resolved: ResolvedTable, style: Style): string[] {
  const { definition, baseName, sources } = resolved
  const { name, assumed } = definition
  const note = notesOf(resolved)
  const below = [...extraRow(definition, note), ['from', sourcesText(sources)]]
  return [
    style.bold(name) + (baseName === name ? '' : style.dim(`  (${baseName})`)),
    ...sections(definition, note, { below }),
    ...section('assumed', guessLines(assumed.filter(({ guess }) => guess))),
  ]
}

/** A live table in the same form, with its statuses, size and age. */
export function liveLines(live: LiveTable, style: Style): string[] {
  const { definition, status } = live
  // Caps that are off would be a long list of what an index does not have.
  const globalIndexes = definition.globalIndexes.map(withoutOff)
  const rows = { above: [['status', status]], below: stateRows(live) }
  return [style.bold(definition.name), ...sections({ ...definition, globalIndexes }, () => '', rows, live)]
}

function withoutOff(index: GlobalIndex): IndexLike {
  const values = Object.entries(index).map(([field, value]) => [field, value === false ? undefined : value])
  return { ...index, ...Object.fromEntries(values) }
}

type Shown = Omit<TableDefinition, 'globalIndexes'> & { readonly globalIndexes: readonly IndexLike[] }

interface MoreRows {
  readonly above?: readonly (readonly string[])[]
  readonly below: readonly (readonly string[])[]
}

/** Keys and settings between other rows, then the indexes and replicas; those of a live table with their statuses. */
function sections(definition: Shown, note: Note, { above = [], below }: MoreRows, live?: LiveTable): string[] {
  const { globalIndexes, localIndexes } = definition
  return [
    ...indent(align([...above, ...keyRows(definition, note), ...settingRows(definition, note), ...below])),
    ...section('global indexes', indexTable('globalIndexes', globalIndexes, note, live?.indexes)),
    ...section('local indexes', indexTable('localIndexes', localIndexes, note)),
    ...section('vector indexes', vectorTable(definition, note, live?.indexes)),
    ...section('replicas', replicaTable(definition, live?.replicaStatuses)),
  ]
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

function keyRows({ partitionKey, sortKey }: Shown, note: Note): string[][] {
  const sort = sortKey.length === 0 ? [] : [['sort key', keyText(sortKey) + note('sortKey')]]
  return [['partition key', keyText(partitionKey) + note('partitionKey')], ...sort]
}

type Note = (path: string) => string

/** The note after a value: that it is a default, or its origin if that is not the table's own source. */
export function notesOf({ definition, origins }: ResolvedTable): Note {
  const assumed = new Set(
    definition.assumed.filter(({ message }) => message !== ignoredMessage).map(({ path }) => path),
  )
  return path => {
    const note = assumed.has(path) ? 'default' : origins[path]
    return note === undefined ? '' : ` (${note})`
  }
}

function settingRows(definition: Shown, note: Note): string[][] {
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

/** A table with a column for each entry; a column without any value is left out. */
function table<Row>(rows: readonly Row[], columns: Readonly<Record<string, (row: Row) => string>>): string[] {
  if (rows.length === 0) return []
  const cells = rows.map(row => Object.values(columns).map(cell => cell(row)))
  const isUsed = (_: string, column: number) => cells.some(row => row[column] !== '')
  return align([Object.keys(columns), ...cells].map(row => row.filter(isUsed)))
}

function indexTable(
  list: string,
  indexes: readonly IndexLike[],
  note: Note,
  statuses?: LiveTable['indexes'],
): string[] {
  return table(indexes, {
    NAME: ({ name }) => name,
    STATUS: ({ name }) => (statuses === undefined ? '' : indexStatus(statuses[name])),
    'PARTITION KEY': ({ partitionKey }) => keyText(partitionKey),
    'SORT KEY': ({ sortKey }) => keyText(sortKey) || '-',
    PROJECTION: ({ name, projection }) =>
      projectionText(projection) + projectionNote(note(`${list}.${name}.projection`)),
    OPTIONS: index => indexOptions(index, field => note(`${list}.${index.name}.${field}`)),
  })
}

function indexStatus(index: LiveIndex | undefined): string {
  const { status = 'ACTIVE', backfilling } = index ?? {}
  return backfilling === true ? `${status} (backfilling)` : status
}

/** Settings that are shown as tables of their own. */
const inSections = ['vectorIndexes', 'replicas']

/** Each replica, its status in a live table, and what it has for itself. */
function replicaTable({ replicas = [] }: Shown, statuses?: LiveTable['replicaStatuses']): string[] {
  return table(replicas, {
    REGION: ({ region }) => region,
    STATUS: ({ region }) => (statuses === undefined ? '' : (statuses[region] ?? 'ACTIVE')),
    'OF ITS OWN': ({ region: _, globalIndexes = {}, ...own }) => {
      const indexes = Object.entries(globalIndexes).map(
        ([name, one]) => `index ${name}: ${settingTexts(one).join(', ')}`,
      )
      return [...settingTexts(own), ...indexes].join(', ') || '-'
    },
  })
}

function settingTexts(settings: object): string[] {
  return Object.entries(settings).flatMap(([field, value]) => {
    const { label, text } = settingFields[field as keyof typeof settingFields] as Field
    return value === undefined ? [] : [`${label} ${(text ?? valueText)(value)}`]
  })
}

function vectorTable({ vectorIndexes = {} }: Shown, note: Note, statuses?: LiveTable['indexes']): string[] {
  return table(Object.entries(vectorIndexes), {
    NAME: ([name]) => name + note(`vectorIndexes.${name}`),
    ATTRIBUTE: ([, { attribute }]) => attribute,
    DIMENSIONS: ([, { dimensions }]) => String(dimensions),
    DISTANCE: ([, { distance }]) => distance,
    'PARTITION KEY': ([, { partitionKey }]) => keyText(partitionKey) || '-',
    FILTERS: ([, { filters }]) => keyText(filters) || '-',
    PROJECTION: ([, { projection = 'ALL' }]) => projectionText(projection),
    STATUS: ([name]) => (statuses === undefined ? '' : (statuses[name]?.status ?? 'ACTIVE')),
  })
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
  return grouped(sources, ({ file, adapter }) => `${adapter} ${file}`)
    .map(here => {
      const [{ file, adapter }] = here
      const names = here.flatMap(({ export: name }) => name ?? [])
      const text = names.length === 0 ? file : `${file} › ${names.join(', ')}`
      return ['dynamox', 'config', 'flags'].includes(adapter) ? text : `${text} (${adapter})`
    })
    .join(', ')
}

/** Values with the same reason share one line. */
function guessLines(guesses: readonly Assumption[]): string[] {
  const groups = grouped(guesses, ({ message }) => message)
  return groups.map(group => `${group.map(({ path }) => path).join(', ')}: ${group[0].message}`)
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...indent(indent(lines))]
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
