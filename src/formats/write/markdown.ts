import { settingFields } from '../../settings/catalogue.ts'
import type { Field } from '../../settings/setting.ts'
import type {
  GlobalIndex,
  KeyAttribute,
  LocalIndex,
  Projection,
  TableDefinition,
  VectorIndex,
} from '../../table/definition.ts'
import { memberOf } from '../../table/untyped.ts'
import { extraNotes, valueText, type WrittenTemplate } from './written.ts'

/** Tables for readers: one section for each, with its keys, indexes and settings. */
export function writeMarkdown(tables: readonly TableDefinition[]): WrittenTemplate {
  const text = ['# DynamoDB tables', ...tables.map(table => markdownSection(table, '##'))].join('\n\n')
  return { files: [{ path: 'tables.md', text: `${text}\n` }], notes: [] }
}

export interface SectionExtras {
  /** Rows below the settings. */
  readonly facts?: readonly (readonly [label: string, value: string])[]
  /** The text behind the value at this path: ` (default)`. */
  readonly note?: ((path: string) => string) | undefined
}

/** A heading and the tables of one definition. */
export function markdownSection(
  definition: TableDefinition,
  heading: string,
  { facts = [], note: noteOf = () => '' }: SectionExtras = {},
): string {
  const note = (path: string) => inline(noteOf(path))
  const within = (list: string, name: string) => (field: string) => note(`${list}.${name}.${field}`)
  const indexes = [
    ...definition.globalIndexes.map(index => indexRow(index, 'global', within('globalIndexes', index.name))),
    ...definition.localIndexes.map(index => indexRow(index, 'local', within('localIndexes', index.name))),
    ...Object.entries(definition.vectorIndexes ?? {}).map(vectorRow),
  ]
  const settings = [...settingRows(definition, note), ...facts.map(([label, value]) => [label, code(value)])]
  return [
    `${heading} ${inline(definition.name)}`,
    grid(
      ['Key', 'Attribute', 'Type'],
      [
        ...definition.partitionKey.map(key => ['partition key', code(key.name), key.type]),
        ...definition.sortKey.map(key => ['sort key', code(key.name), key.type]),
      ],
    ),
    ...(indexes.length === 0
      ? []
      : [grid(['Index', 'Kind', 'Partition key', 'Sort key', 'Projection', 'Settings'], indexes)]),
    ...(settings.length === 0 ? [] : [grid(['Setting', 'Value'], settings)]),
    ...extraNotes(definition).map(inline),
  ].join('\n\n')
}

function indexRow(index: GlobalIndex | LocalIndex, kind: string, note: Note): string[] {
  const settings = settingRows(index, note).map(([label, value]) => `${label} ${value}`)
  return [
    code(index.name),
    kind,
    keyText(index.partitionKey),
    keyText(index.sortKey),
    projectionText(index.projection),
    settings.join(', '),
  ]
}

function vectorRow([name, index]: readonly [string, VectorIndex]): string[] {
  const { attribute, dimensions, distance, partitionKey, filters, projection = 'ALL' } = index
  const filtered = filters.length === 0 ? '' : `, filters ${keyText(filters)}`
  return [
    code(name),
    'vector',
    keyText(partitionKey),
    '',
    projectionText(projection),
    `${code(attribute)}, ${dimensions} dimensions, ${distance}${filtered}`,
  ]
}

type Note = NonNullable<SectionExtras['note']>

function settingRows(owner: TableDefinition | GlobalIndex | LocalIndex, note: Note): string[][] {
  return Object.entries<Field>(settingFields).flatMap(([name, field]) => {
    const value = memberOf(owner, name)
    // Vector indexes are in the list of indexes.
    if (value === undefined || name === 'vectorIndexes') return []
    if (typeof value === 'boolean') return [[field.label, (value ? 'on' : 'off') + note(name)]]
    const shown = valueText(field, value)
    return shown === '' ? [] : [[field.label, code(shown) + note(name)]]
  })
}

const keyText = (key: readonly KeyAttribute[]) => key.map(({ name, type }) => `${code(name)} ${type}`).join(', ')

const projectionText = (projection: Projection) =>
  typeof projection === 'string' ? projection : `INCLUDE ${projection.map(code).join(', ')}`

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // A column without values is left out.
  const used = head.flatMap((_, column) => (rows.some(row => row[column] !== '') ? [column] : []))
  const line = (cells: readonly string[]) => `| ${used.map(column => cells[column] ?? '').join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Code keeps every sign as it is, except a pipe within a table; backticks need a longer fence. */
export function code(text: string): string {
  const safe = text.replaceAll(/\p{Cc}/gu, ' ').replaceAll('|', '\\|')
  const ticks = Math.max(0, ...(safe.match(/`+/g) ?? []).map(run => run.length))
  if (ticks === 0) return `\`${safe}\``
  const fence = '`'.repeat(ticks + 1)
  return `${fence} ${safe} ${fence}`
}

const inline = (text: string) => text.replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&')
