import type { UntypedRecord } from '../../table/untyped.ts'
import { Code, escapeUnit, indented } from './code.ts'

/** A block of HCL: `resource "aws_dynamodb_table" "users" { ... }`. */
export interface Block {
  /** The type and the labels. */
  readonly header: readonly string[]
  /** Those that are `undefined` are left out. */
  readonly attributes: UntypedRecord
  readonly blocks: readonly Block[]
  readonly comments: readonly string[]
}

/** Blocks within it that are `undefined` are left out. */
export function block(
  header: readonly string[],
  attributes: UntypedRecord,
  blocks: readonly (Block | undefined)[] = [],
  comments: readonly string[] = [],
): Block {
  return { header, attributes, blocks: blocks.filter(each => each !== undefined), comments }
}

/** A file of HCL, laid out as `terraform fmt` does. */
export function hclText(blocks: readonly Block[], head: readonly string[]): string {
  return `${[...head.map(comment), ...blocks.map(each => `\n${blockText(each)}`)].join('\n')}\n`
}

const comment = (line: string) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`

function blockText({ header: [type, ...labels], attributes, blocks, comments }: Block): string {
  const members = Object.entries(attributes).filter(([, value]) => value !== undefined)
  // Blocks come before long values such as tags.
  const isLong = ([, value]: Attribute) => hclValue(value).includes('\n')
  const [short, long] = [members.filter(each => !isLong(each)), members.filter(isLong)]
  const parts = [
    ...(short.length === 0 ? [] : [aligned(short)]),
    ...blocks.map(blockText),
    ...long.map(attribute => aligned([attribute])),
  ]
  const start = [type, ...labels.map(quoted)].join(' ')
  return [...comments.map(comment), `${start} {`, indented(parts.join('\n\n')), '}'].join('\n')
}

type Attribute = readonly [name: string, value: unknown]

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
  const entries = Object.entries(value).map(([name, member]): Attribute => [keyText(name), member])
  return entries.length === 0 ? '{}' : `{\n${indented(aligned(entries))}\n}`
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
