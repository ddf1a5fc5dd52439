import type { Problem } from '../../errors.ts'
import { messageOf } from '../../errors.ts'
import { jsonLines } from './json-lines.ts'

/** Items of one file that belong to one table; `table` is absent where the file does not say. */
export interface SeedGroup {
  readonly table: string | undefined
  readonly items: readonly { readonly value: unknown; readonly line: number }[]
}

export interface SeedFile {
  readonly groups: readonly SeedGroup[]
  readonly problems: readonly Problem[]
}

/**
 * The items in the text of a seed file: JSON, JSON Lines (`.jsonl`, `.ndjson`) or YAML, by its ending. A list, or
 * lines, are items of one table; a map has lists of items by table. `file` is how messages name it.
 */
export async function readSeed(text: string, file: string): Promise<SeedFile> {
  const plain = text.replace(/^\uFEFF/, '')
  if (/\.(jsonl|ndjson)$/i.test(file)) return readLines(plain, file)
  return /\.ya?ml$/i.test(file) ? readYaml(plain, file) : readJson(plain, file)
}

function readLines(text: string, file: string): SeedFile {
  const items: { value: unknown; line: number }[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((row, at) => {
    if (row.trim() === '') return
    try {
      items.push({ value: JSON.parse(row), line: at + 1 })
    } catch (error) {
      problems.push(problemAt(file, at + 1, `is no JSON: ${messageOf(error)}`))
    }
  })
  return { groups: [{ table: undefined, items }], problems }
}

function readJson(text: string, file: string): SeedFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { groups: [], problems: [problemAt(file, lineOfError(text, error), `is no JSON: ${messageOf(error)}`)] }
  }
  const lines = jsonLines(text)
  return toGroups(value, file, (key, index) => lines.get(key)?.[index] ?? 1)
}

async function readYaml(text: string, file: string): Promise<SeedFile> {
  const { LineCounter, parseDocument, isMap, isScalar, isSeq } = await import('yaml')
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    merge: true,
    intAsBigInt: true,
    customTags: ['binary', 'set'],
  })
  if (document.errors.length > 0) {
    const problems = document.errors.map(error =>
      problemAt(file, counter.linePos(error.pos[0]).line, error.message.trimEnd()),
    )
    return { groups: [], problems }
  }
  const lines = new Map<string | undefined, number[]>()
  const note = (key: string | undefined, node: unknown) => {
    if (!isSeq(node)) return
    const starts = node.items.map(item => {
      const range = typeof item === 'object' && item !== null && 'range' in item ? item.range : undefined
      return Array.isArray(range) ? counter.linePos(Number(range[0])).line : 1
    })
    lines.set(key, starts)
  }
  const root = document.contents
  note(undefined, root)
  if (isMap(root)) for (const { key, value } of root.items) note(isScalar(key) ? String(key.value) : undefined, value)
  return toGroups(document.toJS(), file, (key, index) => lines.get(key)?.[index] ?? 1)
}

function toGroups(
  value: unknown,
  file: string,
  lineOf: (table: string | undefined, index: number) => number,
): SeedFile {
  const group = (table: string | undefined, items: readonly unknown[]): SeedGroup => ({
    table,
    items: items.map((item, index) => ({ value: item, line: lineOf(table, index) })),
  })
  if (Array.isArray(value)) return { groups: [group(undefined, value)], problems: [] }
  if (value === null || value === undefined) return { groups: [], problems: [] }
  if (typeof value !== 'object') {
    return { groups: [], problems: [problemAt(file, 1, 'holds neither a list of items nor a map from table to items')] }
  }
  const entries = Object.entries(value)
  return {
    groups: entries.flatMap(([table, items]) => (Array.isArray(items) ? [group(table, items)] : [])),
    problems: entries
      .filter(([, items]) => !Array.isArray(items))
      .map(([table]) =>
        problemAt(file, 1, `${table} must be a list of items: the file is read as a map from table to items`),
      ),
  }
}

const problemAt = (file: string, line: number, message: string): Problem => ({ path: `${file}:${line}`, message })

/** V8 says where by position, or quotes what it met. */
function lineOfError(text: string, error: unknown): number {
  const message = messageOf(error)
  const [, line] = /\(line (\d+) /.exec(message) ?? []
  if (line !== undefined) return Number(line)
  const [, position] = /position (\d+)/.exec(message) ?? []
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length
}
