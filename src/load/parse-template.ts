import { extname } from 'node:path'
import type { Node as JsonNode, ParseError } from 'jsonc-parser'
import type { Document, Node, Pair } from 'yaml'
import type { DynamoxError, Place } from '../errors.ts'
import type { TemplateDocument } from '../formats/read/format.ts'
import { refuseLarger } from '../table/text.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import {
  endless,
  explain,
  explainJson,
  filledDocuments,
  missingAnchor,
  parsed,
  refuseDeep,
  secondDocument,
  syntaxError,
} from './parse-data.ts'

/** The position of an object or list, and of its members. */
export interface Offsets {
  readonly own: number
  readonly members: ReadonlyMap<string | number, number>
}

/**
 * Parses a template as JSON (with comments) or YAML. A CloudFormation tag becomes its long form, `!Sub x` the object
 * `{ 'Fn::Sub': x }`, and any other tag stays visible, as `{ '!Foo': x }`.
 * @throws DynamoxError `model`, with line and column
 */
export async function parseTemplate(text: string, path: string, shown: string): Promise<TemplateDocument> {
  const offsets = new WeakMap<object, Offsets>()
  const isJson = /^\.(json|jsonc|template)$/i.test(extname(path)) ? /^\s*[[{/]/.test(text) : /^\s*\{/.test(text)
  refuseHuge(text, isJson, shown)
  refuseDeep(text, { code: 'model', file: shown })
  const data = await (isJson ? readJson : readYaml)(text, shown, offsets)
  const lines = lineStarts(text)
  const placeIn = (offset: number): Place => {
    const line = lineOf(offset, lines)
    const start = lines[line] ?? 0
    const source = text.slice(start, lines[line + 1]).trimEnd()
    return { file: shown, line: line + 1, column: offset - start + 1, source }
  }
  return {
    data,
    placeOf(holder, member) {
      const known = typeof holder === 'object' && holder !== null ? offsets.get(holder) : undefined
      if (known === undefined) return undefined
      const offset = member === undefined ? known.own : known.members.get(member)
      return offset === undefined ? undefined : placeIn(offset)
    },
  }
}

// CloudFormation allows 1 MB. Plans of Terraform are larger, and are JSON, which is parsed faster.
const largest = { json: 32_000_000, yaml: 2_000_000 }

/** Refuses what would take minutes to parse. @throws DynamoxError `model` */
export function refuseHuge(text: string, isJson: boolean, shown: string): void {
  refuseLarger(text, isJson ? largest.json : largest.yaml, shown)
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The index of an offset's line. */
function lineOf(offset: number, starts: readonly number[]): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

async function readJson(text: string, shown: string, offsets: WeakMap<object, Offsets>): Promise<unknown> {
  // Positions are an extra that takes ten times as long.
  if (text.length > largest.yaml) {
    try {
      return JSON.parse(text)
    } catch {}
  }
  const { parseTree } = await import('jsonc-parser')
  const place = { code: 'model', file: shown } as const
  const errors: ParseError[] = []
  const root = parsed(() => parseTree(text, errors, { allowTrailingComma: true }), place, text)
  if (errors.length > 0 || root === undefined) {
    const { offset, message } = await explainJson(text, errors)
    throw templated(text, offset, shown) ?? syntaxError(place, text, offset, message)
  }
  const convert = (node: JsonNode): unknown => {
    if (node.type === 'array') {
      const children = node.children ?? []
      const list = children.map(convert)
      offsets.set(list, { own: node.offset, members: new Map(children.map((each, index) => [index, each.offset])) })
      return list
    }
    if (node.type !== 'object') return node.value
    const members = new Map<string, number>()
    const entries = (node.children ?? []).map(({ children: [key, value] = [] }): [string, unknown] => {
      const name = String(key?.value)
      members.set(name, key?.offset ?? node.offset)
      return [name, value === undefined ? undefined : convert(value)]
    })
    const record = Object.fromEntries(entries)
    offsets.set(record, { own: node.offset, members })
    return record
  }
  return parsed(() => convert(root), place, text)
}

async function readYaml(text: string, shown: string, offsets: WeakMap<object, Offsets>): Promise<unknown> {
  const { values, second } = await readDocuments(text, shown, offsets)
  const [first = null, ...others] = values
  if (others.length === 0) return first
  const place = { code: 'model', file: shown } as const
  const merged = parsed(() => together(values, offsets), place, text)
  if (merged !== undefined) return merged
  throw syntaxError(place, text, second, secondDocument)
}

/** The values of all documents of a text in YAML, whose positions are added to `offsets`. */
export async function readDocuments(
  text: string,
  shown: string,
  offsets: WeakMap<object, Offsets>,
): Promise<{ readonly values: readonly unknown[]; readonly second: number }> {
  const yaml = await import('yaml')
  const place = { code: 'model', file: shown } as const
  const documents = parsed(() => filledDocuments(yaml, text, { uniqueKeys: false }), place, text)
  const error = explain(
    documents.flatMap(({ errors }) => errors),
    text,
  )
  if (error !== undefined)
    throw templated(text, error.offset, shown) ?? syntaxError(place, text, error.offset, error.message)
  const converter = new Converter(yaml, text, offsets, shown)
  const values = parsed(() => documents.map(document => converter.root(document)), place, text)
  return { values, second: documents[1]?.range[0] ?? 0 }
}

/** Several templates in one file as one; `undefined` when they are not templates, or have an entry of the same name. */
function together(parts: readonly unknown[], offsets: WeakMap<object, Offsets>): UntypedRecord | undefined {
  const template: Record<string, unknown> = {}
  for (const part of parts) {
    if (!isRecord(part) || !isRecord(part.Resources)) return undefined
    for (const [section, entries] of Object.entries(part)) {
      const known = template[section]
      if (!isRecord(entries) || !isRecord(known)) template[section] = entries
      else if (Object.keys(entries).some(key => Object.hasOwn(known, key))) return undefined
      else {
        const all = { ...known, ...entries }
        const members = [known, entries].flatMap(each => [...(offsets.get(each)?.members ?? [])])
        offsets.set(all, { own: offsets.get(known)?.own ?? 0, members: new Map(members) })
        template[section] = all
      }
    }
  }
  return template
}

/** Text of a template engine (Go, Helm, Jinja) in front of the syntax: the file must be rendered first. */
function templated(text: string, offset: number, shown: string): DynamoxError | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? ''
  return isTemplated(line) ? notRendered(text, offset, shown) : undefined
}

const isTemplated = (text: string): boolean => /\{\{(?!resolve:)|\{%/.test(text)

function notRendered(text: string, offset: number, file: string): DynamoxError {
  const message = 'this is the source of another template engine ({{ }} or {% %}), not YAML or JSON'
  return syntaxError({ code: 'model', file }, text, offset, message, { hint: 'render it first, and give the result' })
}

/** Turns YAML nodes into plain data. An alias shares the object that its anchor has. */
class Converter {
  private readonly yaml: typeof import('yaml')
  private readonly text: string
  private readonly offsets: WeakMap<object, Offsets>
  private readonly place: { readonly code: 'model'; readonly file: string }
  private readonly anchors = new Map<string, { readonly node: Node; value?: unknown; done: boolean; size: number }>()
  /** How many values the data has when all aliases are written out. */
  private size = 0

  constructor(yaml: typeof import('yaml'), text: string, offsets: WeakMap<object, Offsets>, shown: string) {
    this.yaml = yaml
    this.text = text
    this.offsets = offsets
    this.place = { code: 'model', file: shown }
  }

  root({ contents }: Document): unknown {
    this.anchors.clear()
    return this.convert(contents)
  }

  private convert(node: unknown): unknown {
    if (!this.yaml.isNode(node)) return null
    if (this.yaml.isAlias(node)) return this.alias(node.source, node.range?.[0] ?? 0)
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined
    const before = this.size
    const entry = { node, value: undefined as unknown, done: false, size: 0 }
    if (anchor !== undefined) this.anchors.set(anchor, entry)
    this.grow(1, node)
    const value = this.tagged(node, this.plain(node))
    Object.assign(entry, { value, done: true, size: this.size - before })
    return value
  }

  private alias(source: string, offset: number): unknown {
    const entry = this.anchors.get(source)
    if (entry === undefined) throw missingAnchor(source, offset, this.text, this.place)
    if (!entry.done) throw syntaxError(this.place, this.text, offset, endless)
    this.grow(entry.size, entry.node, offset)
    return entry.value
  }

  private grow(by: number, node: Node, offset: number = node.range?.[0] ?? 0): void {
    this.size += by
    if (this.size > maxValues) throw syntaxError(this.place, this.text, offset, endless)
  }

  private plain(node: Node): unknown {
    const { yaml } = this
    const own = node.range?.[0] ?? 0
    if (yaml.isSeq(node)) {
      const list = node.items.map(item => this.convert(item))
      const members = node.items.map((item, index): [number, number] => [index, startOf(item) ?? own])
      this.offsets.set(list, { own, members: new Map(members) })
      return list
    }
    if (yaml.isMap(node)) return this.map(node.items, own)
    if (!yaml.isScalar(node)) return null
    const { value, source } = node
    // `0123` and `1.0` keep their spelling: CloudFormation takes them as text as well.
    return typeof value === 'number' && source !== undefined && String(value) !== source ? source : value
  }

  private map(items: readonly Pair[], own: number): unknown {
    const { yaml } = this
    const members = new Map<string, number>()
    const entries: [string, unknown][] = []
    const merged: unknown[] = []
    for (const { key, value } of items) {
      const offset = startOf(key) ?? own
      if (!yaml.isScalar(key) && !yaml.isAlias(key)) throw notRendered(this.text, offset, this.place.file)
      const name = String(yaml.isScalar(key) ? (key.source ?? key.value) : this.convert(key))
      if (isTemplated(name)) throw notRendered(this.text, offset, this.place.file)
      // The parser's own check takes the square of the number of keys.
      if (members.has(name)) throw syntaxError(this.place, this.text, offset, `duplicate key ${name}`)
      const converted = this.convert(value)
      if (name === '<<' && yaml.isScalar(key) && key.type === 'PLAIN') merged.push(...[converted].flat())
      else {
        members.set(name, offset)
        entries.push([name, converted])
      }
    }
    const record = Object.fromEntries([...merged.filter(isRecord).reverse().flatMap(Object.entries), ...entries])
    this.offsets.set(record, { own, members })
    return record
  }

  private tagged(node: Node, value: unknown): unknown {
    const tag = 'tag' in node && typeof node.tag === 'string' ? node.tag : undefined
    if (tag === undefined || !tag.startsWith('!')) return value
    const name = longForms.get(tag) ?? tag
    // `!GetAtt Table.Arn` is a list in the long form.
    const [resource = '', ...attribute] = tag === '!GetAtt' && typeof value === 'string' ? value.split('.') : []
    const record = { [name]: attribute.length > 0 ? [resource, attribute.join('.')] : value }
    // The range of a node starts after its tag.
    const own = Math.max(0, this.text.lastIndexOf(tag, node.range?.[0] ?? 0))
    this.offsets.set(record, { own, members: new Map([[name, own]]) })
    return record
  }
}

const maxValues = 1_000_000

const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range[0] : undefined

/** CloudFormation's short tags and what each stands for. */
const longForms: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach'],
    ...['GetAZs', 'GetAtt', 'GetStackOutput', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select'],
    ...['Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
  ].map(name => [`!${name}`, `Fn::${name}`] as const),
])
