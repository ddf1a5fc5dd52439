/** An expression of Terraform's language, parsed. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'get'; readonly from: Expression; readonly key: Expression }
  | { readonly kind: 'splat'; readonly from: Expression; readonly each: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly if: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | ForExpression

/** `[for k, v in xs : v if c]`, or with `key` the form in braces. */
export interface ForExpression {
  readonly kind: 'for'
  readonly names: readonly string[]
  readonly in: Expression
  readonly key?: Expression | undefined
  readonly value: Expression
  readonly if?: Expression | undefined
  /** `...` after the value: values of equal keys become a list. */
  readonly grouped: boolean
}

/** The name of the element within a splat (`xs[*].name`); no name in the language can be written like it. */
export const splatItem = '[*]'

/** A text that is not a valid expression. */
export class ExpressionError extends Error {}

/**
 * Parses a string of the JSON form of Terraform, which may contain `${...}` and `%{...}`. A string that is a single
 * `${...}` is that expression.
 * @throws ExpressionError
 */
export function parseTemplate(text: string): Expression {
  const parser = new Parser(text)
  const template = parser.template('')
  parser.end()
  return template
}

/** Parses a bare expression, such as the value of `--var`. @throws ExpressionError */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text)
  const expression = parser.expression()
  parser.end()
  return expression
}

const precedence: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const maxDepth = 250
const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const space = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y

class Parser {
  private readonly text: string
  private position = 0
  private depth = 0

  constructor(text: string) {
    this.text = text
  }

  end(): void {
    this.skip()
    if (this.position < this.text.length) this.fail('the end of the expression')
  }

  expression(): Expression {
    return this.deeper(() => {
      const condition = this.binary(0)
      if (!this.take('?')) return condition
      const yes = this.expression()
      this.need(':')
      return { kind: 'choice', if: condition, yes, no: this.expression() }
    })
  }

  private deeper<T>(work: () => T): T {
    if (this.depth >= maxDepth) throw new ExpressionError('the expression is nested too deeply')
    this.depth += 1
    const result = work()
    this.depth -= 1
    return result
  }

  private binary(level: number): Expression {
    const operators = precedence[level]
    if (operators === undefined) return this.unary()
    let left = this.binary(level + 1)
    for (;;) {
      const operator = operators.find(each => this.take(each))
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) }
    }
  }

  private unary(): Expression {
    const operator = ['!', '-'].find(each => this.take(each))
    if (operator === undefined) return this.postfix(this.primary())
    return { kind: 'unary', operator, of: this.deeper(() => this.unary()) }
  }

  private postfix(start: Expression): Expression {
    let from = start
    // An index stands on the line of its value: a bracket on the next line starts something else.
    for (;;) {
      if (this.takeSplat()) from = { kind: 'splat', from, each: this.postfix({ kind: 'name', name: splatItem }) }
      else if (this.match(/[ \t]*(?=\[)/y) !== undefined) from = { kind: 'get', from, key: this.index() }
      else if (this.sees('.') && !this.sees('...')) from = { kind: 'get', from, key: this.attribute() }
      else return from
    }
  }

  private takeSplat(): boolean {
    return this.match(/\s*\.\*|[ \t]*\[\s*\*\s*\]/y) !== undefined
  }

  /** `.name`, or `.0` as older versions wrote an index. */
  private attribute(): Expression {
    this.need('.')
    const word = this.match(/\d+/y) ?? this.word()
    if (word === undefined) return this.fail('a name')
    return { kind: 'literal', value: word }
  }

  private index(): Expression {
    this.need('[')
    const key = this.expression()
    this.need(']')
    return key
  }

  private primary(): Expression {
    this.skip()
    const digits = this.match(number)
    if (digits !== undefined) return { kind: 'literal', value: Number(digits) }
    if (this.take('(')) return this.closed(this.expression(), ')')
    if (this.take('"')) return this.closed(this.template('"'), '"')
    if (this.sees('<<')) return this.heredoc()
    if (this.take('['))
      return this.seesFor() ? this.for(']') : { kind: 'list', items: this.items(']', () => this.expression()) }
    if (this.take('{')) return this.seesFor() ? this.for('}') : this.object()
    const word = this.word()
    if (word === undefined) return this.fail('an expression')
    if (this.match(/[ \t]*(?=\(|::)/y) !== undefined) return this.call(word)
    return Object.hasOwn(constants, word)
      ? { kind: 'literal', value: constants[word as keyof typeof constants] }
      : { kind: 'name', name: word }
  }

  private closed(expression: Expression, end: string): Expression {
    this.need(end)
    return expression
  }

  private call(first: string): Expression {
    const rest = this.match(/(?:::[\w-]+)+/y) ?? ''
    this.need('(')
    let spread = false
    const args = this.items(')', () => {
      const arg = this.expression()
      spread = this.take('...')
      return arg
    })
    return { kind: 'call', name: first + rest, args, spread }
  }

  /** Parts between commas, up to `end`. */
  private items(end: string, read: () => Expression): Expression[] {
    const items: Expression[] = []
    while (!this.take(end)) {
      items.push(read())
      if (!this.take(',') && !this.sees(end)) this.fail(`"${end}"`)
    }
    return items
  }

  private object(): Expression {
    const entries: (readonly [Expression, Expression])[] = []
    while (!this.take('}')) {
      const key = this.expression()
      if (!this.take(':')) this.need('=')
      // A bare word is the key itself.
      entries.push([key.kind === 'name' ? { kind: 'literal', value: key.name } : key, this.expression()])
      this.take(',')
    }
    return { kind: 'object', entries }
  }

  private seesFor(): boolean {
    this.skip()
    return /for\s/y.test(this.text.slice(this.position, this.position + 4))
  }

  private for(end: ']' | '}'): Expression {
    this.word()
    const names = this.loopNames()
    const collection = this.expression()
    this.need(':')
    const first = this.expression()
    const key = end === '}' ? first : undefined
    if (key !== undefined) this.need('=>')
    const value = key === undefined ? first : this.expression()
    const grouped = this.take('...')
    const condition = this.match(/\s*if\b/y) === undefined ? undefined : this.expression()
    this.need(end)
    return { kind: 'for', names, in: collection, key, value, if: condition, grouped }
  }

  private heredoc(): Expression {
    const [whole, flush, , body = ''] =
      /^<<(-?)(\w+)\r?\n([\s\S]*?)^[ \t]*\2$/m.exec(this.text.slice(this.position)) ?? []
    if (whole === undefined) return this.fail('a heredoc')
    this.position += whole.length
    const lines = body.split('\n')
    const indent = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.search(/\S/)))
    return parseTemplate(flush === '-' ? lines.map(line => line.slice(Math.min(indent, line.length))).join('\n') : body)
  }

  /** The parts up to the end of the text, or to the closing quote, before which escapes are read. */
  template(quote: '"' | ''): Expression {
    const parts = this.parts(quote)
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    if (parts.every(part => part.kind === 'literal' && typeof part.value === 'string'))
      return { kind: 'literal', value: parts.map(part => (part.kind === 'literal' ? part.value : '')).join('') }
    return { kind: 'template', parts }
  }

  /** Stops before the words of a directive that `template` does not read itself: `else`, `endif`, `endfor`. */
  private parts(quote: '"' | ''): Expression[] {
    const parts: Expression[] = []
    let plain = ''
    const flush = (): void => {
      if (plain !== '') parts.push({ kind: 'literal', value: plain })
      plain = ''
    }
    while (this.position < this.text.length) {
      const rest = this.text.slice(this.position, this.position + 3)
      if (quote !== '' && rest.startsWith(quote)) break
      if (rest === '$${' || rest === '%%{') {
        plain += rest.slice(1)
        this.position += 3
      } else if (rest.startsWith('${')) {
        this.position += 2
        const trimsBefore = this.take('~')
        if (trimsBefore) plain = plain.trimEnd()
        flush()
        parts.push(this.expression())
        if (this.take('~')) this.match(/\s*\}\s*/y)
        else this.need('}')
      } else if (rest.startsWith('%{')) {
        if (/%\{~?\s*(?:else|endif|endfor)\b/y.test(this.text.slice(this.position))) break
        flush()
        parts.push(this.deeper(() => this.directive(quote)))
      } else {
        plain += quote !== '' && rest.startsWith('\\') ? this.escape() : this.character()
      }
    }
    flush()
    return parts
  }

  /** `%{ if c }...%{ else }...%{ endif }` or `%{ for x in xs }...%{ endfor }`. */
  private directive(quote: '"' | ''): Expression {
    const [word, ...names] = this.opening()
    const subject = this.expression()
    this.closing()
    const body = (): Expression => ({ kind: 'template', parts: this.parts(quote) })
    const yes = body()
    if (word === 'for') {
      this.keyword('endfor')
      const each: ForExpression = { kind: 'for', names, in: subject, value: yes, grouped: false }
      return { kind: 'call', name: 'join', args: [{ kind: 'literal', value: '' }, each], spread: false }
    }
    const hasElse = /%\{~?\s*else\b/y.test(this.text.slice(this.position))
    if (hasElse) this.keyword('else')
    const no = hasElse ? body() : ({ kind: 'literal', value: '' } as const)
    this.keyword('endif')
    return { kind: 'choice', if: subject, yes, no }
  }

  private opening(): readonly string[] {
    if (this.match(/%\{~?\s*if\b/y) !== undefined) return ['if']
    if (this.match(/%\{~?\s*for\b/y) === undefined) return this.fail('if or for')
    return ['for', ...this.loopNames()]
  }

  /** `k, v in` */
  private loopNames(): readonly string[] {
    const names = [this.name()]
    if (this.take(',')) names.push(this.name())
    if (this.word() !== 'in') this.fail('"in"')
    return names
  }

  private keyword(word: string): void {
    if (this.match(new RegExp(`%\\{~?\\s*${word}`, 'y')) === undefined) this.fail(`%{ ${word} }`)
    this.closing()
  }

  private closing(): void {
    if (this.match(/\s*(?:~\}\s*|\})/y) === undefined) this.fail('"}"')
  }

  private escape(): string {
    const [whole, code, wide, letter = ''] =
      /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/s.exec(this.text.slice(this.position, this.position + 10)) ?? []
    if (whole === undefined) return this.fail('an escape')
    this.position += whole.length
    const hex = code ?? wide
    if (hex !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff))
    return { n: '\n', r: '\r', t: '\t' }[letter] ?? letter
  }

  private character(): string {
    const character = this.text[this.position] ?? ''
    this.position += 1
    return character
  }

  private name(): string {
    return this.word() ?? this.fail('a name')
  }

  private word(): string | undefined {
    this.skip()
    return this.match(identifier)
  }

  private need(token: string): void {
    if (!this.take(token)) this.fail(token === '"' ? 'a closing quote' : `"${token}"`)
  }

  private take(token: string): boolean {
    if (!this.sees(token)) return false
    this.position += token.length
    return true
  }

  private sees(token: string): boolean {
    this.skip()
    if (!this.text.startsWith(token, this.position)) return false
    const next = this.text[this.position + token.length]
    // `a = b` is an entry of an object and `=>` an arrow, not a comparison; `!` of `!=` is not a negation.
    if (token === '=' || token === '!') return next !== '=' && !(token === '=' && next === '>')
    return true
  }

  private skip(): void {
    this.match(space)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) return undefined
    this.position += found.length
    return found
  }

  private fail(expected: string): never {
    const rest = this.text.slice(this.position, this.position + 20)
    throw new ExpressionError(`expected ${expected}, found ${rest === '' ? 'the end' : JSON.stringify(rest)}`)
  }
}

const constants = { true: true, false: false, null: null }
