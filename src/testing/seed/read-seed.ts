import type { Document } from 'yaml'
import type { Place, Problem } from '../../errors.ts'
import { explain, jsonProblem } from '../../load/parse-data.ts'
import { placeAt, placeOnLine, placeText } from '../../table/problems.ts'

/** Items of one file for one table; `table` is absent when the file does not name it. */
export interface SeedGroup {
  readonly table: string | undefined
  readonly items: readonly unknown[]
  /** Where an item begins. */
  placeOf(index: number): Place
}

export interface SeedFile {
  readonly groups: readonly SeedGroup[]
  readonly problems: readonly Problem[]
}

/**
 * The items in the text of a seed file: JSON, JSON Lines (`.jsonl`, `.ndjson`) or YAML, by its ending. A list, or JSON
 * lines, contains items of one table; a map contains lists of items by table. `file` is its name in messages.
 */
export async function readSeed(text: string, file: string): Promise<SeedFile> {
  const plain = text.replace(/^\uFEFF/, '')
  if (/\.(jsonl|ndjson)$/i.test(file)) return readLines(plain, file)
  return /\.ya?ml$/i.test(file) ? readYaml(plain, file) : readJson(plain, file)
}

async function readLines(text: string, file: string): Promise<SeedFile> {
  const items: unknown[] = []
  const lines: number[] = []
  const problems: Problem[] = []
  let start = 0
  for (const [at, row] of text.split('\n').entries()) {
    try {
      if (row.trim() !== '') {
        items.push(JSON.parse(row))
        lines.push(at + 1)
      }
    } catch {
      const { offset, message } = await jsonProblem(row.trimEnd(), file)
      problems.push(problemAt(placeAt(file, text, start + offset), message.replace('of the file', 'of the line')))
    }
    start += row.length + 1
  }
  return {
    groups: [{ table: undefined, items, placeOf: index => placeOnLine(file, text, lines[index] ?? 1) }],
    problems,
  }
}

async function readJson(text: string, file: string): Promise<SeedFile> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const { offset, message } = await jsonProblem(text, file)
    const at = Math.min(offset, text.trimEnd().length)
    return { groups: [], problems: [problemAt(placeAt(file, text, at), message)] }
  }
  const parse = await yamlParser()
  // JSON is also YAML. Parse it again only when there is a problem to report.
  let document: Document | undefined
  return toGroups(value, keys => {
    document ??= parse(text)
    return placeAt(file, text, offsetOf(document, keys))
  })
}

async function readYaml(text: string, file: string): Promise<SeedFile> {
  const document = (await yamlParser())(text)
  const error = explain(document.errors, text)
  if (error === undefined) return toGroups(document.toJS(), keys => placeAt(file, text, offsetOf(document, keys)))
  const at = Math.min(error.offset, text.trimEnd().length)
  return { groups: [], problems: [problemAt(placeAt(file, text, at), error.message)] }
}

async function yamlParser() {
  const { parseDocument } = await import('yaml')
  return (text: string): Document =>
    parseDocument(text, { prettyErrors: false, merge: true, intAsBigInt: true, customTags: ['binary', 'set'] })
}

/** The offset of an item or a table's list; of the file's start when it is not in the text. */
function offsetOf(document: Document, keys: readonly (string | number)[]): number {
  const node: unknown = document.getIn(keys, true)
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) ? Number(range[0]) : 0
}

function toGroups(value: unknown, placeOf: (keys: readonly (string | number)[]) => Place): SeedFile {
  const group = (table: string | undefined, items: readonly unknown[]): SeedGroup => ({
    table,
    items,
    placeOf: index => placeOf(table === undefined ? [index] : [table, index]),
  })
  if (Array.isArray(value)) return { groups: [group(undefined, value)], problems: [] }
  if (value === null || value === undefined) return { groups: [], problems: [] }
  if (typeof value !== 'object') {
    return { groups: [], problems: [problemAt(placeOf([]), 'must be a list of items, or a map from table to items')] }
  }
  const entries = Object.entries(value)
  return {
    groups: entries.flatMap(([table, items]) => (Array.isArray(items) ? [group(table, items)] : [])),
    problems: entries
      .filter(([, items]) => !Array.isArray(items))
      .map(([table]) =>
        problemAt(placeOf([table]), `${table} must be a list of items: the file is read as a map from table to items`),
      ),
  }
}

const problemAt = (place: Place, message: string): Problem => ({ path: placeText(place), message, place })
