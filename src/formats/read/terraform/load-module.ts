import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DynamoxError, messageOf, type Place } from '../../../errors.ts'
import { placeAt, placeOnLine } from '../../../table/problems.ts'
import { lowerFirst, refuseLarger } from '../../../table/text.ts'
import { asRecord, isRecord, type UntypedRecord } from '../../../table/untyped.ts'
import type { ReadContext, TemplateFile } from '../format.ts'
import { listed } from './value.ts'

/** A block of a module, such as a resource, with its place. */
export interface Block {
  /** The block's labels: `["aws_dynamodb_table", "users"]`. */
  readonly labels: readonly string[]
  readonly body: UntypedRecord
  readonly place: Place
  /** Where the argument stands that a member of a CreateTable input came from. */
  readonly placeOf?: ((path: string) => Place) | undefined
}

/** The blocks of a folder's files, not yet evaluated. */
export interface Module {
  readonly folder: string
  readonly blocks: readonly Block[]
  /** The blocks by their labels, which a space separates. */
  readonly named: ReadonlyMap<string, Block>
  readonly providers: readonly Block[]
  readonly locals: UntypedRecord
  /** Files beside the named one that cannot be read, for people. */
  readonly warnings: readonly string[]
}

/**
 * Reads a module: all files of a folder, as Terraform does. Of a single file, the files beside it are read as well,
 * because they hold its variables and locals, but a broken one is only a warning.
 * @throws DynamoxError `model`
 */
export async function loadModule(file: TemplateFile, context: ReadContext): Promise<Module> {
  const folder = file.isFolder ? file.path : dirname(file.path)
  const beside = file.isFolder ? file : context.open(folder)
  const files = (beside?.entries() ?? []).filter(isTerraformFile).map(name => join(folder, name))
  const loaded = await Promise.all(
    files.map(async (path): Promise<Pick<Module, 'blocks' | 'locals'> & { readonly warning?: string }> => {
      const opened = path === file.path ? file : context.open(path)
      if (opened === undefined) return { blocks: [], locals: {} }
      try {
        return blocksOf(await readFile(opened, context), opened)
      } catch (error) {
        if (file.isFolder || path === file.path) throw error
        return { blocks: [], locals: {}, warning: messageOf(error) }
      }
    }),
  )
  const blocks = loaded.flatMap(each => each.blocks)
  return {
    folder,
    blocks,
    // Of blocks with the same labels, which Terraform refuses, the first is taken.
    named: new Map(blocks.toReversed().map(block => [block.labels.join(' '), block])),
    providers: blocks.filter(({ labels }) => labels[0] === 'provider' && labels[1] === 'aws'),
    locals: Object.assign({}, ...loaded.map(({ locals }) => locals)),
    warnings: loaded.flatMap(({ warning }) => warning ?? []),
  }
}

export function isTerraformFile(name: string): boolean {
  return /\.tf(\.json)?$/.test(name) && !name.startsWith('.')
}

// The parser takes a second for each MB.
const largest = 3_000_000

/** A file of HCL, or of Terraform's JSON form, as that form. */
export async function readFile(file: TemplateFile, { root }: ReadContext): Promise<UntypedRecord> {
  if (!file.name.endsWith('.json')) {
    refuseLarger(file.text(), largest, file.shown)
    return parseHcl(file.text(), file.shown, root)
  }
  const { data } = await file.document()
  if (isRecord(data)) return data
  throw new DynamoxError('model', `${file.shown}: expected an object of Terraform's JSON form`)
}

function blocksOf(root: UntypedRecord, file: TemplateFile): Pick<Module, 'blocks' | 'locals'> {
  const placeOf = placesIn(file.text(), file.shown)
  const lines = file.text().split(/\r?\n/)
  const blocks = Object.entries(labelled).flatMap(([type, depth]) =>
    unfold(root[type], depth).map(({ labels, body }) => {
      const place = placeOf([type, ...labels])
      const within = file.name.endsWith('.json') ? undefined : placeInBlock(lines, place)
      return { labels: [type, ...labels], body, place, placeOf: within }
    }),
  )
  return {
    blocks: blocks.toSorted((a, b) => a.place.line - b.place.line),
    locals: Object.assign({}, ...listed(root.locals).filter(isRecord)),
  }
}

/** The kinds of blocks that are read, and how many labels each has. */
const labelled = { variable: 1, output: 1, module: 1, provider: 1, resource: 2, data: 2 }

function unfold(
  value: unknown,
  depth: number,
): readonly { readonly labels: readonly string[]; readonly body: UntypedRecord }[] {
  return listed(value)
    .filter(isRecord)
    .flatMap(entry =>
      depth === 0
        ? [{ labels: [], body: entry }]
        : Object.entries(entry).flatMap(([label, inner]) =>
            unfold(inner, depth - 1).map(({ labels, body }) => ({ labels: [label, ...labels], body })),
          ),
    )
}

/** The places of a file's blocks by their labels; the parser does not report them. In the JSON form, a label is a key. */
function placesIn(text: string, file: string): (labels: readonly string[]) => Place {
  const places = new Map<string, Place>()
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', head = ''] =
      /^([ \t]*)((?:resource|data|module|variable|output|provider)\b[^{]*)\{/.exec(line) ?? []
    const [, key] = /^\s*"([^"]+)"\s*:/.exec(line) ?? []
    const labels = key === undefined ? (head.match(/[^\s"]+/g) ?? []).join(' ') : key
    if (labels !== '' && !places.has(labels))
      places.set(labels, { file, line: index + 1, column: indent.length + 1, source: line.trimEnd() })
  }
  const start = placeAt(file, text, 0)
  return labels => places.get(labels.join(' ')) ?? places.get(labels.at(-1) ?? '') ?? start
}

/** HCL in Terraform's JSON form, by `@cdktn/hcl2json`. @throws DynamoxError `model`, with line and column */
async function parseHcl(text: string, file: string, root: string): Promise<UntypedRecord> {
  const parse = await loadParser(file, root)
  try {
    const value: unknown = await parse(file, text)
    return asRecord(value)
  } catch (cause) {
    throw syntaxError(messageOf(cause), file, text)
  }
}

type Parse = typeof import('@cdktn/hcl2json')['parse']

const name = '@cdktn/hcl2json'

// An optional peer: it is twice as large as dynamox, and only Terraform users need it. With npx, it is the project that
// has it.
async function loadParser(file: string, root: string): Promise<Parse> {
  for (const from of [import.meta.url, join(root, 'package.json')]) {
    try {
      const loaded: unknown = createRequire(from)(name)
      if (isRecord(loaded) && typeof loaded.parse === 'function') return loaded.parse as Parse
    } catch (error) {
      if (!isRecord(error) || error.code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new DynamoxError('model', `${file}: Terraform files are read with ${name}, which is not installed`, {
    hint: `npm install --save-dev ${name}; or give the output of terraform show -json, which needs no parser`,
  })
}

/** `parse config: [main.tf:2,7-3,1: Invalid expression; Expected the start of an expression.]` */
function syntaxError(message: string, file: string, text: string): DynamoxError {
  const [, line, column, what = '', why = ''] =
    /:(\d+),(\d+)(?:-[\d,]+)?: ([^;\]]*)(?:; ([^.\]]*))?/.exec(message) ?? []
  if (line === undefined) {
    const isDeep = /call stack|unreachable|out of bounds/i.test(message)
    return new DynamoxError(
      'model',
      `${file}: ${isDeep ? 'this file is nested too deeply' : `not valid HCL: ${message}`}`,
    )
  }
  const place = placeOnLine(file, text, Number(line), Number(column))
  const hint = why === '' ? undefined : lowerFirst(why)
  return new DynamoxError('model', `${file}:${line}:${column}: ${lowerFirst(what)}`, { hint, place })
}

// The arguments that members of a CreateTable input come from, where they are not the same word in snake case.
const otherWords: Readonly<Record<string, string>> = {
  TableName: 'name',
  IndexName: 'name',
  'KeySchema[0]': 'hash_key',
  'KeySchema[1]': 'range_key',
  AttributeDefinitions: 'attribute',
  AttributeName: 'name',
  AttributeType: 'type',
  GlobalSecondaryIndexes: 'global_secondary_index',
  LocalSecondaryIndexes: 'local_secondary_index',
  Projection: 'projection_type',
  NonKeyAttributes: 'non_key_attributes',
  ProvisionedThroughput: 'read_capacity',
  WriteCapacityUnits: 'write_capacity',
  TimeToLiveSpecification: 'ttl',
  StreamSpecification: 'stream_(?:view_type|enabled)',
  SSESpecification: 'server_side_encryption',
}

/**
 * Where, in the lines of a file, the argument of a block stands that a member of its CreateTable input came from: the parser of HCL does not tell.
 * A member that is not found has the place of the part around it.
 */
export function placeInBlock(lines: readonly string[], block: Place): (path: string) => Place {
  return path => {
    let [from, to] = [block.line, endOf(lines, block.line)]
    let found: Place = block
    for (const part of path.match(/[^.[\]]+(\[\d+\])?/g) ?? []) {
      const [, member = part, at] = /^(\w+)\[(\d+)\]$/.exec(part) ?? []
      const word = otherWords[part] ?? otherWords[member] ?? snakeCase(member)
      const starts = linesOf(lines, from, to, word)
      // An index is a block with a name; other parts of a path name their argument.
      const named = starts.length === 0 ? blockNamed(lines, from, to, part) : (starts[Number(at ?? 0)] ?? starts[0])
      if (named === undefined) break
      found = { ...placeOnLine(block.file, lines[named - 1] ?? '', 1), line: named }
      // The name of an index follows, which tells its block from the others.
      if (!/Indexes$/.test(part) && (lines[named - 1] ?? '').includes('{')) [from, to] = [named, endOf(lines, named)]
    }
    return found
  }
}

const snakeCase = (word: string) => word.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()

/** The lines (from 1) within a block on which an argument or a block of this name starts. */
function linesOf(lines: readonly string[], from: number, to: number, word: string): readonly number[] {
  const start = new RegExp(`^\\s*(?:dynamic\\s+")?${word}\\b`)
  return lines.flatMap((line, index) => (index + 1 > from && index < to && start.test(line) ? [index + 1] : []))
}

/** The line on which the block with `name = "<name>"` starts. */
function blockNamed(lines: readonly string[], from: number, to: number, name: string): number | undefined {
  const at = lines.findIndex(
    (line, index) => index + 1 > from && index < to && /^\s*name\s*=/.test(line) && line.includes(`"${name}"`),
  )
  if (at < 0) return undefined
  for (let line = at; line > from; line -= 1) if (/\{\s*$/.test(lines[line - 1] ?? '')) return line
  return undefined
}

/** The line of the brace that closes the block. Braces within texts come in pairs. */
function endOf(lines: readonly string[], start: number): number {
  let depth = 0
  for (let line = start; line <= lines.length; line += 1) {
    for (const sign of (lines[line - 1] ?? '').replace(/(#|\/\/).*/, ''))
      depth += sign === '{' ? 1 : sign === '}' ? -1 : 0
    if (depth <= 0) return line
  }
  return lines.length
}
