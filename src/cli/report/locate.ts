import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { attempt, type Place } from '../../errors.ts'
import type { Source } from '../../table/input.ts'
import type { Io } from '../io.ts'

/** A line of a file as GitHub's annotations name it: relative to the root of the checkout. */
export interface Location {
  readonly file: string
  /** From 1; absent when only the file is known. */
  readonly line?: number | undefined
  readonly column?: number | undefined
}

type Where = Pick<Io, 'cwd' | 'env'>

/** The line that defines a table; `undefined` for a table that flags define. */
export function locateSource(source: Source, where: Where, table: string): Location | undefined {
  const { file, export: name, adapter, line, column } = source
  if (adapter === 'flags') return undefined
  if (line !== undefined) return { file: fromRoot(file, where), line, column }
  const text = read(resolve(where.cwd, file))
  return text === undefined ? undefined : { file: fromRoot(file, where), line: lineOf(text, name, table) }
}

/** A known position in a file. */
export function locatePlace({ file, line, column }: Place, where: Where): Location {
  return { file: fromRoot(file, where), line, column }
}

/** The place that starts a path or message: `src/models/user.ts:12:3 User › sortKey`, `.dynamoxrc tables[0]`. */
export function locateText(text: string, where: Where): Location | undefined {
  const [first = ''] = text.split(/(?:\s|: )/)
  const [, file = '', line, column] = /^(.+?)(?::(\d+))?(?::(\d+))?:?$/.exec(first) ?? []
  const content = /[./]/.test(file) ? read(resolve(where.cwd, file)) : undefined
  if (content === undefined) return undefined
  const rest = text.slice(first.length).trim()
  const [name = '', table = name] = rest.split(/[\s:]+/)
  return {
    file: fromRoot(file, where),
    line: line === undefined ? lineOf(content, name, table) : Number(line),
    column: column === undefined ? undefined : Number(column),
  }
}

const read = (path: string) => attempt(() => readFileSync(path, 'utf8'))

/** Relative to the checkout when it holds the file, else as given. */
function fromRoot(file: string, { cwd, env }: Where): string {
  const path = relative(env.GITHUB_WORKSPACE || cwd, resolve(cwd, file)).replaceAll('\\', '/')
  return path.startsWith('..') ? file : path
}

/** The line of an export in code, or of a table's name in a data file; the first line when neither is found. */
function lineOf(text: string, name: string | undefined, table: string): number {
  const [first = '', last = first] = (name ?? '').split(/[.[]/).filter(part => part !== '')
  const patterns = [
    ...(/^\w+$/.test(first) && first !== 'default'
      ? [
          new RegExp(`^\\s*export\\s+(?:declare\\s+|abstract\\s+)*(?:const|let|var|class|function)\\s+${first}\\b`),
          new RegExp(`\\bexports\\.${first}\\s*=`),
          new RegExp(`^\\s*(?:const|let|var|class|function)\\s+${first}\\b`),
        ]
      : []),
    ...(/^\w+$/.test(last) && last !== first ? [new RegExp(`^\\s*["']?${last}["']?\\s*:`)] : []),
    new RegExp(`(?:table|TableName)["']?\\s*:\\s*["']?${escaped(table)}["']?\\s*(?:[,}#]|$)`),
    ...(first === 'default' ? [/^\s*export\s+default\b/, /^\s*module\.exports\s*=/] : []),
  ]
  const lines = text.split('\n')
  for (const pattern of patterns) {
    const found = lines.findIndex(line => pattern.test(line))
    if (found >= 0) return found + 1
  }
  return 1
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
