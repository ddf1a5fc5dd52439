import { Code, escapeUnit, indented } from './code.ts'

/** A block of HCL: `resource "aws_dynamodb_table" "users" { ... }`. */
export interface Block {
  /** The type and the labels. */
  readonly header: readonly string[]
  /** Attributes, of which those that are `undefined` are left out, and blocks. */
  readonly body: readonly (Attribute | Block)[]
  readonly comments: readonly string[]
}

type Attribute = readonly [name: string, value: unknown]

export function block(header: readonly string[], body: Block['body'], comments: readonly string[] = []): Block {
  return { header, body, comments }
}

/** A file of HCL, laid out as `terraform fmt` does. */
export function hclText(blocks: readonly Block[], head: readonly string[]): string {
  return `${[...head.map(comment), ...blocks.map(each => `\n${blockText(each)}`)].join('\n')}\n`
}

const comment = (line: string) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`

function blockText({ header: [type, ...labels], body, comments }: Block): string {
  const attributes = body.filter(isAttribute).filter(([, value]) => value !== undefined)
  const blocks = body.filter((part): part is Block => !isAttribute(part)).map(blockText)
  // Blocks come first, then long values such as tags.
  const isLong = ([, value]: Attribute) => hclValue(value).includes('\n')
  const [short, long] = [attributes.filter(each => !isLong(each)), attributes.filter(isLong)]
  const parts = [
    ...(short.length === 0 ? [] : [aligned(short)]),
    ...blocks,
    ...long.map(attribute => aligned([attribute])),
  ]
  const start = [type, ...labels.map(label => quoted(label))].join(' ')
  return [...comments.map(comment), `${start} {`, indented(parts.join('\n\n')), '}'].join('\n')
}

const isAttribute = (part: Attribute | Block): part is Attribute => Array.isArray(part)

/** `name  = value`, with the equals signs below each other. A value of several lines stands apart, as in `terraform fmt`. */
function aligned(members: readonly Attribute[]): string {
  const lines: string[] = []
  let run: (readonly [name: string, text: string])[] = []
  const flush = () => {
    const width = Math.max(0, ...run.map(([name]) => name.length))
    lines.push(...run.map(([name, text]) => `${name.padEnd(width)} = ${text}`))
    run = []
  }
  for (const [name, value] of members) {
    const text = hclValue(value)
    if (!text.includes('\n')) run.push([name, text])
    else {
      flush()
      lines.push(`${name} = ${text}`)
    }
  }
  flush()
  return lines.join('\n')
}

/** A plain value as an expression. */
export function hclValue(value: unknown): string {
  if (value instanceof Code) return value.text
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) {
    const items = value.map(hclValue)
    return items.some(item => item.includes('\n')) || items.join(', ').length > 80
      ? `[\n${items.map(item => `${indented(item)},`).join('\n')}\n]`
      : `[${items.join(', ')}]`
  }
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  return `{\n${indented(aligned(entries.map(([name, member]) => [keyText(name), member])))}\n}`
}

/** `null`, `true` and `for` mean something else as keys. */
function keyText(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) && !['null', 'true', 'false', 'for'].includes(name) ? name : quoted(name)
}

/** A text in which nothing is a template: `${` and `%{` are doubled. HCL has no `\b` and no `\f`. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll(/\\(.)/g, (found, letter) => (letter === 'b' ? '\\u0008' : letter === 'f' ? '\\u000c' : found))
    .replaceAll(/[$%]\{/g, found => found.charAt(0) + found)
    .replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escapeUnit)
}
