import { dirname, join } from 'node:path'
import { DynamoxError, messageOf, type Place } from '../../errors.ts'
import { placeAt } from '../../table/problems.ts'
import { refuseLarger } from '../../table/text.ts'
import { isRecord, type UntypedRecord } from '../../table/untyped.ts'
import type { ReadContext, TemplateFile } from '../format.ts'
import { parseHcl } from './parse-hcl.ts'
import { placeInBlock } from './place-in-block.ts'

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

/** A value that may be one or several: the JSON form has a list of blocks where HCL has a block. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
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
    locals: Object.assign({}, ...listOf(root.locals).filter(isRecord)),
  }
}

/** The kinds of blocks that are read, and how many labels each has. */
const labelled = { variable: 1, output: 1, module: 1, provider: 1, resource: 2, data: 2 }

function unfold(
  value: unknown,
  depth: number,
): readonly { readonly labels: readonly string[]; readonly body: UntypedRecord }[] {
  return listOf(value)
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
