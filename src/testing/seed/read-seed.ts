import type { LineCounter } from 'yaml'
import { messageOf, type Problem } from '../../errors.ts'

/** Items of one file for one table; `table` is absent when the file does not name it. */
export interface SeedGroup {
  readonly table: string | undefined
  readonly items: readonly unknown[]
  /** The line on which an item begins. */
  lineOf(index: number): number
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

function readLines(text: string, file: string): SeedFile {
  const items: unknown[] = []
  const lines: number[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((row, at) => {
    if (row.trim() === '') return
    try {
      items.push(JSON.parse(row))
      lines.push(at + 1)
    } catch (error) {
      problems.push(problemAt(file, at + 1, `is not valid JSON: ${messageOf(error)}`))
    }
  })
  return { groups: [{ table: undefined, items, lineOf: index => lines[index] ?? 1 }], problems }
}

async function readJson(text: string, file: string): Promise<SeedFile> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const problem = problemAt(file, lineOfError(text, error), `is not valid JSON: ${messageOf(error)}`)
    return { groups: [], problems: [problem] }
  }
  const { parse } = await yamlParser()
  // JSON is also YAML. Find line numbers only when there is a problem to report.
  let lines: ReturnType<typeof linesOf> | undefined
  return toGroups(value, file, (table, index) => {
    lines ??= linesOf(parse(text))
    return lines(table, index)
  })
}

async function readYaml(text: string, file: string): Promise<SeedFile> {
  const { parse } = await yamlParser()
  const parsed = parse(text)
  const { document, counter } = parsed
  if (document.errors.length > 0) {
    const problems = document.errors.map(error =>
      problemAt(file, counter.linePos(error.pos[0]).line, error.message.trimEnd()),
    )
    return { groups: [], problems }
  }
  return toGroups(document.toJS(), file, linesOf(parsed))
}

async function yamlParser() {
  const { LineCounter, parseDocument } = await import('yaml')
  const parse = (text: string) => {
    const counter: LineCounter = new LineCounter()
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      merge: true,
      intAsBigInt: true,
      customTags: ['binary', 'set'],
    })
    return { document, counter }
  }
  return { parse }
}

type Parsed = ReturnType<Awaited<ReturnType<typeof yamlParser>>['parse']>

/** The line of an item in the file's list (without a table), or in the list of a table. */
function linesOf({ document, counter }: Parsed): (table: string | undefined, index: number) => number {
  return (table, index) => {
    const node: unknown = document.getIn(table === undefined ? [index] : [table, index], true)
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
    return Array.isArray(range) ? counter.linePos(Number(range[0])).line : 1
  }
}

function toGroups(
  value: unknown,
  file: string,
  lineOf: (table: string | undefined, index: number) => number,
): SeedFile {
  const group = (table: string | undefined, items: readonly unknown[]): SeedGroup => ({
    table,
    items,
    lineOf: index => lineOf(table, index),
  })
  if (Array.isArray(value)) return { groups: [group(undefined, value)], problems: [] }
  if (value === null || value === undefined) return { groups: [], problems: [] }
  if (typeof value !== 'object') {
    return { groups: [], problems: [problemAt(file, 1, 'must be a list of items, or a map from table to items')] }
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

/** V8 gives a line, a position, or a quote of the text. */
function lineOfError(text: string, error: unknown): number {
  const message = messageOf(error)
  const [, line] = /\(line (\d+) /.exec(message) ?? []
  if (line !== undefined) return Number(line)
  const [, position] = /position (\d+)/.exec(message) ?? []
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length
}
