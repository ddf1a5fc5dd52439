import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate, evaluateRaw, type Scope, settle } from '../../../src/formats/read/terraform/evaluate.ts'
import { parseExpression, parseTemplate } from '../../../src/formats/read/terraform/parse-expression.ts'
import { isUnknown, needsOf, unknown, type Value } from '../../../src/formats/read/terraform/value.ts'

const scope: Scope = {
  names: {},
  resolve: (root, keys) => ({ value: unknown([root, ...keys].join('.')), used: keys.length }),
  call: () => undefined,
}

/** An expression and the value that it must have, built together. */
interface Pair<T extends Value> {
  readonly text: string
  readonly value: T
}

const space = fc.constantFrom('', ' ', '  ', '\n', ' /* x */ ')
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/).filter(each => !/^(true|false|null|for|in|if)$/.test(each))
// A function, because `$$` in a replacement is one dollar sign.
const quoted = (text: string) =>
  JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')

// A bracket on the next line would start something else.
const spaced = (parts: readonly string[]) =>
  fc
    .array(space, { minLength: parts.length, maxLength: parts.length })
    .map(gaps =>
      parts.map((part, at) => part + (/^[([]/.test(parts[at + 1] ?? '') ? gaps[at]?.trim() && ' ' : gaps[at])).join(''),
    )

const combine = <T extends Value>(parts: readonly string[], value: T): fc.Arbitrary<Pair<T>> =>
  spaced(parts).map(text => ({ text, value }))

interface Tiers {
  readonly number: Pair<number>
  readonly text: Pair<string>
  readonly truth: Pair<boolean>
  readonly list: Pair<readonly string[]>
}

const { number, text, truth } = fc.letrec<Tiers>(tie => {
  const depthIdentifier = 'terraform'
  const options = { depthIdentifier, maxDepth: 5 }
  const of = <K extends keyof Tiers>(key: K) => tie(key) as fc.Arbitrary<Tiers[K]>
  const operators: readonly (readonly [string, (a: number, b: number) => number])[] = [
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
    ['*', (a, b) => a * b],
  ]
  const comparisons: readonly (readonly [string, (a: number, b: number) => boolean])[] = [
    ['<', (a, b) => a < b],
    ['<=', (a, b) => a <= b],
    ['>', (a, b) => a > b],
    ['==', (a, b) => a === b],
    ['!=', (a, b) => a !== b],
  ]
  const choice = <T extends Value>(own: fc.Arbitrary<Pair<T>>) =>
    fc
      .tuple(of('truth'), own, own)
      .chain(([when, yes, no]) =>
        combine(['(', when.text, '?', yes.text, ':', no.text, ')'], when.value ? yes.value : no.value),
      )
  return {
    number: fc.oneof(
      options,
      fc.nat(99).map(value => ({ text: String(value), value })),
      fc
        .tuple(of('number'), fc.constantFrom(...operators), of('number'))
        .chain(([a, [sign, apply], b]) => combine(['(', a.text, sign, b.text, ')'], apply(a.value, b.value))),
      of('list').chain(list => combine(['length', '(', list.text, ')'], list.value.length)),
      of('text').chain(each => combine(['length', '(', each.text, ')'], [...each.value].length)),
      of('number').chain(each => combine(['(', '-', each.text, ')'], each.value === 0 ? 0 : -each.value)),
      choice(of('number')),
    ),
    text: fc.oneof(
      options,
      fc.string({ maxLength: 6 }).map(value => ({ text: quoted(value), value })),
      of('text').chain(each => combine(['upper', '(', each.text, ')'], each.value.toUpperCase())),
      fc.tuple(of('number'), word).chain(([each, rest]) =>
        combine([`"${rest}-`, '${', each.text, '}', '"'], '')
          .map(({ text: raw }) => raw)
          .map(() => ({ text: `"${rest}-\${ ${each.text} }"`, value: `${rest}-${each.value}` })),
      ),
      fc
        .tuple(word, of('list'))
        .chain(([by, list]) => combine(['join', '(', quoted(by), ',', list.text, ')'], list.value.join(by))),
      fc.tuple(word, of('text')).chain(([key, each]) => combine(['{', key, '=', each.text, '}', '.', key], each.value)),
      fc
        .tuple(of('text'), of('text'))
        .chain(([a, b]) => combine(['[', a.text, ',', b.text, ']', '[', '1', ']'], b.value)),
      choice(of('text')),
    ),
    truth: fc.oneof(
      options,
      fc.boolean().map(value => ({ text: String(value), value })),
      fc
        .tuple(of('number'), fc.constantFrom(...comparisons), of('number'))
        .chain(([a, [sign, apply], b]) => combine(['(', a.text, sign, b.text, ')'], apply(a.value, b.value))),
      fc
        .tuple(of('truth'), of('truth'))
        .chain(([a, b]) => combine(['(', a.text, '&&', b.text, ')'], a.value && b.value)),
      fc
        .tuple(of('truth'), of('truth'))
        .chain(([a, b]) => combine(['(', a.text, '||', b.text, ')'], a.value || b.value)),
      of('truth').chain(each => combine(['!', each.text], !each.value)),
      fc
        .tuple(of('list'), of('text'))
        .chain(([list, each]) =>
          combine(['contains', '(', list.text, ',', each.text, ')'], list.value.includes(each.value)),
        ),
    ),
    list: fc.oneof(
      options,
      fc.array(of('text'), { maxLength: 3 }).chain(items =>
        combine(
          ['[', items.map(item => item.text).join(', '), ']'],
          items.map(item => item.value),
        ),
      ),
      fc
        .tuple(of('list'), of('list'))
        .chain(([a, b]) => combine(['concat', '(', a.text, ',', b.text, ')'], [...a.value, ...b.value])),
      fc.tuple(word, of('list')).chain(([name, list]) =>
        combine(
          ['[', 'for ', name, ' in ', list.text, ':', `"<\${${name}}>"`, ']'],
          list.value.map(item => `<${item}>`),
        ),
      ),
    ),
  }
})

const result = (source: string): Value => evaluate(parseExpression(source), scope)

test('a random expression has the value that it was built to have, also inside a template', () => {
  fc.assert(
    fc.property(fc.oneof(number, text, truth), ({ text: source, value }) => {
      expect(result(source)).toEqual(value)
      expect(evaluateRaw(`\${${source}}`, scope)).toEqual(value)
      expect(evaluateRaw(`<\${${source}}>`, scope)).toEqual(`<${value}>`)
    }),
    { numRuns: 300 },
  )
})

test('what needs a missing value is unknown and names it, unless another part decides', () => {
  fc.assert(
    fc.property(number, text, ({ text: a, value }, { text: b, value: other }) => {
      expect(needsOf(result(`(${a}) + var.missing`))).toEqual(['var.missing'])
      expect(needsOf(result(`"\${var.missing}-\${${b}}"`))).toEqual(['var.missing'])
      expect(result(`true ? ${b} : var.missing`)).toEqual(other)
      expect(result(`false && var.missing`)).toBe(false)
      expect(result(`[${a}, var.missing][0]`)).toEqual(value)
      expect(result(`{ a = ${a}, b = var.missing }.a`)).toEqual(value)
    }),
    { numRuns: 50 },
  )
})

test('text that is no expression is refused or unknown, and never an error of the program', () => {
  const tokens = fc.constantFrom(
    ...['(', ')', '[', ']', '{', '}', '${', '%{ if', 'for', 'in', 'x', 'var.a', '"', '\\', '?', ':', ',', '...', '[*]'],
    ...[
      '.',
      '1',
      '-',
      '!',
      '&&',
      '=>',
      '=',
      'upper(',
      'merge(',
      'null',
      '\n',
      'éß',
      '<<EOT',
      '%{ endfor }',
      '__proto__',
    ],
  )
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 25 }), parts => {
      const source = parts.join(' ')
      const read = (parse: (from: string) => Value): void => {
        const value = settle(() => parse(source))
        expect(isUnknown(value) || JSON.stringify(value) !== undefined).toBe(true)
      }
      read(result)
      read(from => evaluate(parseTemplate(from), scope))
      read(from => evaluateRaw({ a: [from], [from]: 1 }, scope))
    }),
    { numRuns: 1_000 },
  )
})
