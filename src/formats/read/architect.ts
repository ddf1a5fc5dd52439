/// <reference path="./architect-parser.d.ts" />
import { DynamoxError, messageOf, type Place, type Problem } from '../../errors.ts'
import { placeOnLine } from '../../table/problems.ts'
import { refuseLarger } from '../../table/text.ts'
import { asRecord, definedOnly, isRecord, type UntypedRecord } from '../../table/untyped.ts'
import { type Format, indexNameProblems, type TemplateTable } from './format.ts'
import { nameTable } from './name-table.ts'

// A hundred times what a project has.
const largest = 500_000

/** Projects of Architect: `app.arc`. */
export const architect: Format = {
  name: 'architect',
  title: 'project of Architect',
  matches: file => !file.isFolder && /\.arc$/i.test(file.name),
  async read(file, context) {
    const text = file.text()
    refuseLarger(text, largest, file.shown)
    const app = await parse(text, file.shown)
    const placeOf = placesIn(text, file.shown)
    const entries = entriesOf(app.tables)
    const parts = partsOf(app)
    const tables = entries.map(([id, fields]): TemplateTable => {
      const named = nameTable({
        id,
        why: 'Architect chooses the name when it deploys',
        stack: context.inputs.stackName ?? appName(app),
        inputs: context.inputs,
        file: file.shown,
      })
      return {
        id,
        shape: 'dynamox',
        input: { table: named.name, ...tableOf(id, fields, parts) },
        problems: [...keyProblems(fields), ...indexNameProblems((parts.indexes.get(id) ?? []).map(([name]) => name))],
        place: placeOf(id),
        warnings: named.warnings,
      }
    })
    const known = new Set(entries.map(([id]) => id))
    const stray = [...parts.indexes.keys()].filter(id => !known.has(id))
    return {
      tables,
      warnings: stray.map(id => `${file.shown}: @tables-indexes names ${id}, which @tables does not define`),
    }
  },
}

/** A pragma's entries, such as the tables of `@tables`: maps, vectors or words by the parser. */
type Entry = readonly [name: string, fields: UntypedRecord]

async function parse(text: string, shown: string): Promise<UntypedRecord> {
  const { default: parseArc } = await import('@architect/parser')
  const app: Record<string, unknown> = {}
  for (const { source, before } of chunksOf(text)) {
    try {
      const part: unknown = parseArc(source)
      for (const [pragma, entries] of Object.entries(asRecord(part))) app[pragma] = [app[pragma] ?? [], entries].flat()
    } catch (cause) {
      const { line, column } = asRecord(cause)
      const at = typeof line === 'number' ? `:${line + before}:${typeof column === 'number' ? column : 1}` : ''
      throw new DynamoxError('model', `${shown}${at}: ${messageOf(cause).replace(/ \(line: .*\)$/, '')}`, { cause })
    }
  }
  return app
}

interface Chunk {
  readonly source: string
  /** How many lines of the file come before it. */
  readonly before: number
}

/** The parser takes the square of a text's length, so that a large file is parsed in parts, each below its pragma. */
function chunksOf(text: string): readonly Chunk[] {
  if (text.length <= largestWhole) return [{ source: text, before: 0 }]
  const chunks: { source: string; before: number }[] = []
  let pragma = ''
  for (const [index, line] of text.split('\n').entries()) {
    const last = chunks.at(-1)
    const isEntry = /^[^\s#]/.test(line)
    if (line.startsWith('@')) pragma = line
    if (last === undefined || line.startsWith('@')) chunks.push({ source: `${line}\n`, before: index })
    else if (isEntry && last.source.length > largestChunk)
      chunks.push({ source: `${pragma}\n${line}\n`, before: index - 1 })
    else last.source += `${line}\n`
  }
  return chunks
}

const largestWhole = 20_000
const largestChunk = 1_000

function entriesOf(pragma: unknown): readonly Entry[] {
  if (!Array.isArray(pragma)) return []
  return pragma.flatMap((entry): Entry[] => {
    if (typeof entry === 'string') return [[entry, {}]]
    return isRecord(entry) ? Object.entries(entry).map(([name, fields]) => [name, asRecord(fields)]) : []
  })
}

function appName({ app }: UntypedRecord): string | undefined {
  return Array.isArray(app) && typeof app[0] === 'string' ? app[0] : undefined
}

/** The indexes and streams that other pragmas give to tables, by the names of the tables. */
interface Parts {
  readonly indexes: ReadonlyMap<string, readonly (readonly [name: string, index: UntypedRecord])[]>
  readonly streams: ReadonlySet<string>
}

function partsOf(app: UntypedRecord): Parts {
  const indexes = new Map<string, (readonly [string, UntypedRecord])[]>()
  // `@indexes` and `@streams` are the older names.
  for (const [table, fields] of [...entriesOf(app['tables-indexes']), ...entriesOf(app.indexes)])
    indexes.set(table, [...(indexes.get(table) ?? []), indexOf(fields)])
  const streams = [...entriesOf(app['tables-streams']), ...entriesOf(app.streams)]
  return { indexes, streams: new Set(streams.map(([name, { table = name }]) => String(table))) }
}

/** Architect creates tables on demand, and turns on the stream of a table that `@tables-streams` names. */
function tableOf(id: string, fields: UntypedRecord, parts: Parts): UntypedRecord {
  const indexes = parts.indexes.get(id)
  const hasStream = parts.streams.has(id)
  const { stream, encrypt } = fields
  const recovery = fields.PointInTimeRecovery ?? fields.PITR ?? fields.pitr
  const [ttl] = Object.entries(fields).find(([, value]) => value === 'TTL' || value === 'ttl') ?? []
  return definedOnly({
    ...keysOf(fields),
    billingMode: 'PAY_PER_REQUEST',
    globalIndexes: indexes && Object.fromEntries(indexes),
    ttl,
    stream: hasStream || stream === true ? 'NEW_AND_OLD_IMAGES' : typeof stream === 'string' ? stream : undefined,
    pointInTimeRecovery: recovery,
    ...encryptionOf(encrypt),
  })
}

interface Keys {
  readonly partitionKey?: { readonly name: string; readonly type: string }
  readonly sortKey?: { readonly name: string; readonly type: string }
}

/** `id *String`, `at **Number`; `*` alone is a string. */
function keyEntries(fields: UntypedRecord) {
  return Object.entries(fields).flatMap(([name, value]) => {
    const [, stars, type = ''] = /^(\*\*?)(\w*)$/.exec(String(value)) ?? []
    return stars === undefined
      ? []
      : [[stars === '*' ? 'partitionKey' : 'sortKey', { name, type: typeOf(type) }] as const]
  })
}

const keysOf = (fields: UntypedRecord): Keys => Object.fromEntries(keyEntries(fields))

function keyProblems(fields: UntypedRecord): readonly Problem[] {
  const seen = new Map<string, string>()
  return keyEntries(fields).flatMap(([key, { name }]) => {
    const first = seen.get(key)
    seen.set(key, name)
    return first === undefined ? [] : [{ path: key, message: `is given twice: ${first} and ${name}` }]
  })
}

function typeOf(type: string): string {
  return type === '' ? 'S' : ({ string: 'S', number: 'N', binary: 'B' }[type.toLowerCase()] ?? type)
}

/** An index without a name is called after its keys, as Architect calls it: `email-created-index`. */
function indexOf(fields: UntypedRecord): readonly [string, UntypedRecord] {
  const { name, projection, ...rest } = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      /^(name|projection)$/i.test(key) && !isKey(value) ? key.toLowerCase() : key,
      value,
    ]),
  )
  const keys = keysOf(isKey(name) ? { ...rest, name } : rest)
  const parts = [keys.partitionKey, keys.sortKey].flatMap(key => key?.name ?? [])
  return [
    typeof name === 'string' && !isKey(name) ? name : `${parts.join('-')}-index`,
    definedOnly({ ...keys, projection: projectionOf(projection) }),
  ]
}

const isKey = (value: unknown): boolean => typeof value === 'string' && value.startsWith('*')

function projectionOf(given: unknown): unknown {
  if (given === undefined) return 'ALL'
  const word = String(given).toLowerCase()
  if (word === 'all') return 'ALL'
  return word === 'keys' ? 'KEYS_ONLY' : Array.isArray(given) ? given : [given]
}

function encryptionOf(encrypt: unknown): UntypedRecord {
  if (encrypt === true) return { encryption: 'AWS_MANAGED' }
  return typeof encrypt === 'string' ? { encryption: 'CUSTOMER_MANAGED', kmsKeyId: encrypt } : {}
}

/** The lines of the names below `@tables`. */
function placesIn(text: string, file: string): (id: string) => Place {
  const lines = text.split('\n')
  const start = lines.findIndex(line => /^@tables\s*(#.*)?$/.test(line.trimEnd()))
  const places = new Map<string, Place>()
  for (const [index, source] of lines.entries()) {
    const id = source.replace(/#.*/, '').trim().replaceAll('"', '')
    if (index > start && !places.has(id)) places.set(id, { file, line: index + 1, column: 1, source: source.trimEnd() })
  }
  return id => places.get(id) ?? placeOnLine(file, text, 1)
}
