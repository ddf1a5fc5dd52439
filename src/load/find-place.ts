import { basename, resolve } from 'node:path'
import { DynamoxError, type Place, type Problem } from '../errors.ts'
import { isUnder, pathIn, placeAt, placeText } from '../table/problems.ts'
import { asRecord, isHolder } from '../table/untyped.ts'
import { isDataFile, readText } from './parse-data.ts'
import type { Offsets } from './parse-template.ts'
import { shownPath } from './shown-path.ts'
import type { SourceNode } from './worker/code-root.ts'

interface Files {
  readonly cwd: string
  /** The config and the files that it extends (absolute), which paths such as `tables[0] users` belong to. */
  readonly configs: readonly string[]
  /** The other files (absolute) that paths may start with. */
  readonly others: readonly string[]
}

/**
 * The error with the positions of its problems in the user's files. A problem's path starts with its file, except for
 * those of the config: `src/models/user.ts User › ttl`, `tables[0] users › ttl`.
 */
export async function withPlaces(error: DynamoxError, { cwd, configs, others }: Files): Promise<DynamoxError> {
  const { code, message, hint, problems = [], table, cause } = error
  const roots = new Map<string, Promise<Root | undefined>>()
  const rootOf = (file: string) => {
    const root = roots.get(file) ?? readRoot(file, shownPath(file, cwd), configs.includes(file))
    roots.set(file, root)
    return root
  }
  const find = async ({ path, place: known = error.place }: Problem): Promise<Place | undefined> => {
    const files = [...others, ...configs]
    const named = files.find(each => isUnder(path, shownPath(each, cwd)))
    // A template's problems have their exact place already.
    if (known !== undefined && !files.some(each => shownPath(each, cwd) === known.file)) return known
    const holder = named ?? files.find(each => shownPath(each, cwd) === known?.file)
    const within = holder === undefined ? path : pathIn(path, { file: shownPath(holder, cwd) })
    if (within === '' && known !== undefined) return known
    const [start = '', ...rest] = within.split(' › ')
    // A file that the config extends may hold the value; other paths, such as a table's name, are in none of them.
    const holders = holder === undefined || configs.includes(holder) ? configs : [holder]
    for (const file of holders) {
      const root = await rootOf(file)
      if (root === undefined) continue
      const head = descend(root.node, start)
      const found = head === root.node && known !== undefined ? onLine(root, known.line) : head
      const isFound = found !== undefined && (found !== root.node || (named === file && holders.length === 1))
      if (isFound) return placeAt(root.shown, root.text, descend(found, rest.join(' › ')).start)
    }
    return known
  }
  const placed: Problem[] = []
  for (const problem of problems) {
    const place = await find(problem)
    placed.push(place === undefined ? problem : { ...problem, place })
  }
  const [only] = placed
  const place = placed.length === 1 ? only?.place : error.place
  if (only === undefined) return error
  const details = { hint, problems: placed, place, table, cause }
  return new DynamoxError(code, place === undefined ? message : withPlace(message, only, place), details)
}

/** Replaces the file at the start of a message with the place in it. */
function withPlace(message: string, { path, message: text }: Problem, place: Place): string {
  if (!message.endsWith(text)) return message
  const within = pathIn(path, place)
  return `${placeText(place)}: ${within === '' ? '' : `${within}: `}${text}`
}

/** The export that a line belongs to: the last that starts on it or before it. */
function onLine({ node, text }: Root, line: number): SourceNode | undefined {
  const lineOf = ({ start }: SourceNode) => text.slice(0, start).split('\n').length
  return node
    .members()
    .map(([, member]) => member)
    .filter(member => lineOf(member) <= line)
    .sort((a, b) => a.start - b.start)
    .at(-1)
}

interface Root {
  readonly shown: string
  readonly text: string
  readonly node: SourceNode
}

async function readRoot(file: string, shown: string, isConfig: boolean): Promise<Root | undefined> {
  try {
    const text = readText(file, { code: 'model', file: shown })
    const isData = isDataFile(file) || basename(file) === '.dynamoxrc'
    const node = isData
      ? await documentRoot(text, shown)
      : (await import('./worker/code-root.ts')).codeRoot(text, resolve(file))
    const holder = basename(file) === 'package.json' ? 'dynamox' : 'default'
    const [, own] = (isConfig ? node?.members().find(([name]) => name === holder) : undefined) ?? []
    return node === undefined ? undefined : { shown, text, node: own ?? node }
  } catch {
    // A place is an extra: without one the error itself is still reported.
    return undefined
  }
}

/** The innermost value that a path leads to; names may contain dots, and words that lead nowhere are left out. */
function descend(node: SourceNode, path: string): SourceNode {
  const found = node
    .members()
    .map(([name, member]) => ({ member, length: lengthOf(name, path) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length)
    .at(0)
  return found === undefined ? node : descend(found.member, path.slice(found.length).replace(/^\./, ''))
}

/** The length of the name at the start of a path, where it may be quoted; 0 when the path starts with another. */
function lengthOf(name: string, path: string): number {
  const written = [name, `[${JSON.stringify(name)}]`].find(each => path.startsWith(each)) ?? ''
  return written !== '' && /^([.[ ]|$)/.test(path.slice(written.length)) ? written.length : 0
}

/** JSON is read as YAML. */
async function documentRoot(text: string, shown: string): Promise<SourceNode> {
  const { readDocuments } = await import('./parse-template.ts')
  const offsets = new WeakMap<object, Offsets>()
  const { values } = await readDocuments(text, shown, offsets)
  const nodeOf = (value: unknown, otherwise: number): SourceNode => {
    const { own = otherwise, members } = (isHolder(value) && offsets.get(value)) || {}
    const part = (name: string, entry: unknown, key: string | number): [string, SourceNode] => {
      const start = members?.get(key)
      return [name, { ...nodeOf(entry, start ?? own), start: start ?? own }]
    }
    return {
      start: own,
      members: () =>
        Array.isArray(value)
          ? value.map((entry, index) => part(`[${index}]`, entry, index))
          : Object.entries(asRecord(value)).map(([key, entry]) => part(key, entry, key)),
    }
  }
  return nodeOf(values.length === 1 ? values[0] : values, 0)
}
