/** A piece of code among the values of a literal, written as it is. A class, so that no plain data can pass for code. */
export class Code {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** The texts of a list, map or call: on one line when short, else one line each. */
export function wrapped(open: string, parts: readonly string[], close: string, width = 100): string {
  const pad = /^\{/.test(open) && parts.length > 0 ? ' ' : ''
  const line = `${open}${pad}${parts.join(', ')}${pad}${close}`
  if (parts.length === 0 || (line.length <= width && !line.includes('\n'))) return line
  return `${open}\n${parts.map(part => `${indented(part)},`).join('\n')}\n${close}`
}

/** Moves every line to the right; text within template literals does not occur. */
export function indented(text: string, by = '  '): string {
  return text
    .split('\n')
    .map(line => (line === '' ? line : by + line))
    .join('\n')
}

/** A plain value as TypeScript. Members that are `undefined` are left out. */
export function typescriptLiteral(value: unknown, width?: number): string {
  if (typeof value === 'string') return typescriptString(value)
  if (value instanceof Code) return value.text
  if (Array.isArray(value))
    return wrapped(
      '[',
      value.map(each => typescriptLiteral(each, width)),
      ']',
      width,
    )
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return wrapped(
    '{',
    members.map(([name, member]) => `${memberName(name)}: ${typescriptLiteral(member, width)}`),
    '}',
    width,
  )
}

/** `__proto__: x` would set the prototype, and `['__proto__']` does not. */
function memberName(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : typescriptString(name)
}

/** Text in single quotes; everything that is not printable ASCII or a letter is escaped by JSON's rules. */
export function typescriptString(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escapeUnit)}'`
}

/** `\u0085`. */
export const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
