/** A text with variables in it: `${self:service}-${opt:stage, 'dev'}`. */
export type Template = readonly (string | Variable)[]

/** A variable: the first of its alternatives that has a value. */
export interface Variable {
  readonly alternatives: readonly Alternative[]
  /** As it is written, for messages. */
  readonly text: string
}

export type Alternative =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly template: Template }
  | {
      readonly kind: 'source'
      /** `self`, `opt`, `file`, ... */
      readonly source: string
      /** The part in parentheses: the path of a file. */
      readonly argument: Template | undefined
      /** The part after the colon. */
      readonly address: Template | undefined
      readonly text: string
    }

// `${AWS::Region}` and `${Table.Arn}` belong to CloudFormation.
const start = /^\s*(?:[a-zA-Z]\w*(?:\([^)]*\)?[^:]*)?:(?!:)|file\(|strToBool\()/
const maxDepth = 50

/** Finds the variables of the Serverless Framework in a text; what belongs to CloudFormation stays text. */
export function parseVariables(text: string, depth = 0): Template {
  const parts: (string | Variable)[] = []
  let plain = 0
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at)) {
    const slashes = start.test(text.slice(at + 2)) ? (/\\*$/.exec(text.slice(plain, at))?.[0].length ?? 0) : 0
    if (slashes > 0) {
      // A backslash makes the variable text, and another backslash makes the first one text.
      parts.push(text.slice(plain, at - slashes) + '\\'.repeat(Math.floor(slashes / 2)))
      plain = at
    }
    if (slashes % 2 === 1) {
      at += 2
      continue
    }
    const end = depth > maxDepth ? -1 : closing(text, at + 2)
    const inner = end < 0 ? '' : text.slice(at + 2, end)
    if (end < 0 || !start.test(inner)) {
      at += 2
      continue
    }
    if (at > plain) parts.push(text.slice(plain, at))
    const given = split(inner).map(part => part.trim())
    const alternatives = given.filter(part => part !== '').map(part => parseAlternative(part, depth + 1))
    parts.push({ alternatives, text: text.slice(at, end + 1) })
    at = end + 1
    plain = at
  }
  return plain < text.length ? [...parts, text.slice(plain)] : parts
}

/** The text that `parseVariables` reads as this text, without variables. */
export function escapeVariables(text: string): string {
  return text.replaceAll(/(\\*)\$\{/g, (found, slashes: string, at: number) =>
    start.test(text.slice(at + found.length)) ? `${slashes}${slashes}\\\${` : found,
  )
}

function parseAlternative(text: string, depth: number): Alternative {
  const [, quote, quoted = ''] = /^(["'])(.*)\1$/s.exec(text) ?? []
  if (quote !== undefined) return { kind: 'literal', value: quoted }
  if (Object.hasOwn(words, text)) return { kind: 'literal', value: words[text as keyof typeof words] }
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: 'literal', value: Number(text) }
  if (text.startsWith('${')) return { kind: 'template', template: parseVariables(text, depth) }
  const [, source = '', rest = ''] = /^(\w*)(.*)$/s.exec(text) ?? []
  const close = rest.startsWith('(') ? closing(rest, 1, ')') : -1
  const after = rest.slice(close + 1)
  return {
    kind: 'source',
    source,
    argument: close < 0 ? undefined : parseVariables(rest.slice(1, close), depth),
    address: after.startsWith(':') ? parseVariables(after.slice(1).trim(), depth) : undefined,
    text,
  }
}

const words = { true: true, false: false, null: null }

/** The position of the closing bracket, beyond variables and quoted texts; -1 when it is missing. */
function closing(text: string, from: number, end = '}'): number {
  let depth = 0
  for (const [at, character] of outsideQuotes(text, from)) {
    if (character === end && depth === 0) return at
    if (text.startsWith('${', at)) depth += 1
    else if (character === '}') depth -= 1
  }
  return -1
}

/** Splits alternatives at commas outside of quotes, brackets and variables. */
function split(text: string): readonly string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (const [at, character] of outsideQuotes(text, 0)) {
    if (character === '{' || character === '(') depth += 1
    else if (character === '}' || character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** The characters outside of quoted texts, with their positions. A quote within a word is an apostrophe. */
function* outsideQuotes(text: string, from: number): Generator<readonly [at: number, character: string]> {
  let quote = ''
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quote !== '') quote = character === quote ? '' : quote
    else if (/["']/.test(character) && /[,\s(:]|^$/.test(text[at - 1] ?? '')) quote = character
    else yield [at, character]
  }
}
