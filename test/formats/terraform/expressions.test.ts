// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import {
  evaluate,
  evaluateRaw,
  evaluateText,
  type Scope,
  settle,
} from '../../../src/formats/read/terraform/evaluate.ts'
import {
  ExpressionError,
  parseExpression,
  parseTemplate,
} from '../../../src/formats/read/terraform/parse-expression.ts'
import { isUnknown, needsOf, unknown, type Value } from '../../../src/formats/read/terraform/value.ts'

// `known` is a map of names; every other name is an unknown value that needs itself.
const scope: Scope = {
  names: { known: { a: 'x', list: [{ n: 1 }, { n: 2 }], empty: null, part: { a: 1, b: unknown('var.b') } } },
  resolve: (root, keys) => ({ value: unknown([root, ...keys].join('.')), used: keys.length }),
  call: () => undefined,
}
const result = (text: string): Value => evaluate(parseExpression(text), scope)

// The results are those of Terraform 1.11.
const rows: readonly (readonly [expression: string, result: Value])[] = [
  ['1 + 2 * 3 - 4 / 2', 5],
  ['-5 % 3', -2],
  ['!(true && false) || false', true],
  ['"a" == "a" && 1 != 2', true],
  ['1 < 2 ? "yes" : "no"', 'yes'],
  ['"x-${1 + 1}-${upper("a")}"', 'x-2-A'],
  ['merge(map("a", 1, "b", "x"), { c = list("y") })', { a: 1, b: 'x', c: ['y'] }],
  ['join ("-", ["a", "b"] [1] == "b" ? ["c"] : [])', 'c'],
  ['[{ a = 1 }] [*].a', [1]],
  ['["${false}", "${null}", "${1}", "<${1}>"]', [false, null, 1, '<1>']],
  ['"%{ if true }yes%{ else }no%{ endif }"', 'yes'],
  ['"%{ for x in ["a", "b"] }${x},%{ endfor }"', 'a,b,'],
  ['"$${literal} \\"q\\" \\\\ \\u00e9"', '${literal} "q" \\ é'],
  ['[for k, v in { b = 1, a = 2 } : "${k}=${v}"]', ['a=2', 'b=1']],
  ['{ for s in ["a", "b"] : s => upper(s) if s != "b" }', { a: 'A' }],
  ['{ for s in ["aa", "ab", "b"] : substr(s, 0, 1) => s... }', { a: ['aa', 'ab'], b: ['b'] }],
  ['[{ a = 1 }, { a = 2 }][*].a', [1, 2]],
  ['{ a = [1, 2] }.a[1]', 2],
  ['["a", "b"].1', 'b'],
  ['{ "k-x" = 1, (upper("y")) : 2 }["Y"]', 2],
  ['format("%s-%03d-%q-%v-%5.2f-%%-%-4s|%x", "a", 7, "b", true, 1.5, "z", 255)', 'a-007-"b"-true- 1.50-%-z   |ff'],
  ['format("%[2]s %[1]s", "a", "b")', 'b a'],
  ['formatlist("%s/%s", "x", ["a", "b"])', ['x/a', 'x/b']],
  ['join("-", ["a", "b"], ["c"])', 'a-b-c'],
  ['split(",", "a,b,,c")', ['a', 'b', '', 'c']],
  ['lower("ABC")', 'abc'],
  ['title("hello world-wide web")', 'Hello World-Wide Web'],
  ['replace("a_b_c", "_", "-")', 'a-b-c'],
  ['replace("hello123", "/[0-9]+/", "-$0")', 'hello-123'],
  ['replace("ab", "/(?P<first>a)/", "[$first]")', '[a]b'],
  ['trim("--a-b--", "-")', 'a-b'],
  ['trimprefix("helloworld", "hello")', 'world'],
  ['trimsuffix("helloworld", "world")', 'hello'],
  ['substr("hello", -3, 2)', 'll'],
  ['substr("hello", 1, -1)', 'ello'],
  ['startswith("abc", "ab")', true],
  ['strcontains("abc", "bc")', true],
  ['strrev("abc")', 'cba'],
  ['chomp("a\\n\\n")', 'a'],
  ['regex("[a-z]+", "123abc456")', 'abc'],
  ['regex("(\\\\d+)-(\\\\d+)", "1-2")', ['1', '2']],
  ['regexall("[a-z]+", "ab1cd")', ['ab', 'cd']],
  ['abs(-3)', 3],
  ['max(1, 5, 2)', 5],
  ['parseint("ff", 16)', 255],
  ['sum([1, 2, 3])', 6],
  ['length({ a = 1 })', 1],
  ['length("héllo")', 5],
  ['element(["a", "b"], 5)', 'b'],
  ['index(["a", "b"], "b")', 1],
  ['contains(["a"], "b")', false],
  ['concat(["a"], ["b", "c"])', ['a', 'b', 'c']],
  ['flatten([["a"], [["b"], []]])', ['a', 'b']],
  ['compact(["a", "", null, "b"])', ['a', 'b']],
  ['distinct(["a", "b", "a"])', ['a', 'b']],
  ['reverse(["a", "b"])', ['b', 'a']],
  ['sort(["b", "a"])', ['a', 'b']],
  ['slice(["a", "b", "c"], 1, 3)', ['b', 'c']],
  ['range(3)', [0, 1, 2]],
  ['range(1, 10, 4)', [1, 5, 9]],
  ['chunklist(["a", "b", "c"], 2)', [['a', 'b'], ['c']]],
  ['one([])', null],
  ['coalesce(null, "", "a")', 'a'],
  ['coalescelist([], ["a"])', ['a']],
  ['alltrue([true, "true"])', true],
  ['anytrue([])', false],
  ['matchkeys(["i-1", "i-2"], ["us", "eu"], ["eu"])', ['i-2']],
  ['setunion(["b", "a"], ["c"])', ['a', 'b', 'c']],
  ['setintersection(["a", "b"], ["b"])', ['b']],
  ['setsubtract(["a", "b"], ["a"])', ['b']],
  [
    'setproduct(["a", "b"], ["x"])',
    [
      ['a', 'x'],
      ['b', 'x'],
    ],
  ],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['lookup({ a = "x" }, "a", "y")', 'x'],
  ['lookup({ a = "x" }, "b", "y")', 'y'],
  ['merge({ a = 1, b = 2 }, { b = 3 }, null)', { a: 1, b: 3 }],
  ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
  ['transpose({ a = ["1", "2"], b = ["2"] })', { '1': ['a'], '2': ['a', 'b'] }],
  ['toset(["b", "a", "b"])', ['a', 'b']],
  ['tostring(1.50)', '1.5'],
  ['tonumber("5")', 5],
  ['tobool("true")', true],
  ['jsonencode({ b = [1, "x", null], a = true })', '{"a":true,"b":[1,"x",null]}'],
  ['jsondecode("{\\"a\\": [1, {\\"b\\": null}]}").a[1]', { b: null }],
  ['base64encode("héllo")', 'aMOpbGxv'],
  ['base64decode("aGk=")', 'hi'],
  ['urlencode("a b&c")', 'a+b%26c'],
  ['md5("a")', '0cc175b9c0f1b6a831c399e269772661'],
  ['sha256("a")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ['basename("a/b.txt")', 'b.txt'],
  ['dirname("a/b.txt")', 'a'],
  ['try(jsondecode("x"), "fallback")', 'fallback'],
  ['can(regex("^a$", "b"))', false],
  ['try({ a = 1 }.b, { a = 1 }.a)', 1],
  ['merge([{ a = 1 }, { b = 2 }]...)', { a: 1, b: 2 }],
  ['<<-EOT\n    a ${1 + 1}\n      b\n    EOT', 'a 2\n  b\n'],
  ['1 == "1"', false],
  ['[1, 2] == [1, 2]', true],
  ['null == null', true],
  ['true ? [] : ["a"]', []],
  ['ceil(1.2)', 2],
  ['pow(2, 10)', 1024],
  ['signum(-4)', -1],
]

describe('expressions give what Terraform gives', () => {
  test.each(rows)('%s', (expression, expected) => {
    expect(result(expression)).toEqual(expected)
  })
})

describe('values that are not known', () => {
  test.each([
    ['var.a', ['var.a']],
    ['"x-${var.a}-${local.b.c}"', ['var.a', 'local.b.c']],
    ['upper(var.a)', ['var.a']],
    ['var.a ? 1 : 2', ['var.a']],
    ['var.a == 1', ['var.a']],
    ['[for x in var.a : x]', ['var.a']],
    ['coalesce(var.a, "x")', ['var.a']],
    ['timestamp()', ['timestamp()']],
    ['provider::aws::arn_parse("x")', ['provider::aws::arn_parse()']],
    ['known.part.b', ['var.b']],
    ['known.part["b"]', ['var.b']],
    ['merge(known.part, { a = 2 }).b', ['var.b']],
  ])('%s needs %j', (expression, needs) => {
    expect(needsOf(result(expression))).toEqual(needs)
  })

  test.each([
    ['known.part.a', 1],
    ['merge(known.part, { a = 2 }).a', 2],
    ['lookup(known.part, "a", 3)', 1],
    ['length(known.part)', 2],
    ['var.a ? "same" : "same"', 'same'],
    ['false && var.a', false],
    ['true || var.a', true],
    ['known.list[*].n', [1, 2]],
    ['known.list.*.n', [1, 2]],
    ['known.empty[*]', []],
    ['try(known.missing.deeper, "z")', 'z'],
  ])('%s is known', (expression, expected) => {
    expect(result(expression)).toEqual(expected)
  })
})

describe('expressions that are refused', () => {
  test.each([
    ['1 +', 'expected an expression, found the end'],
    ['[1, 2', 'expected "]", found the end'],
    ['a b', 'expected the end of the expression, found "b"'],
    ['{ a 1 }', 'expected "=", found "1 }"'],
    ['"open', 'expected a closing quote, found the end'],
    ['f(1 2)', 'expected ")", found "2)"'],
    ['['.repeat(5_000), 'the expression is nested too deeply'],
    ['!'.repeat(5_000), 'the expression is nested too deeply'],
    ['%{ if true }'.repeat(5_000), 'expected an expression, found "%{ if true }%{ if tr"'],
  ])('%.30s', (expression, message) => {
    expect(() => parseExpression(expression)).toThrow(new ExpressionError(message))
  })

  test.each([
    ['%{ if true }x', 'expected %{ endif }, found the end'],
    ['a %{ endif }', 'expected the end of the expression, found "%{ endif }"'],
    ['${x', 'expected "}", found the end'],
    ['%{ if true }'.repeat(5_000), 'the expression is nested too deeply'],
  ])('the template %.30s', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(new ExpressionError(message))
  })

  test.each([
    ['known.missing', '{"a":"x","list":[{"n":1},{"n":2}],"empty... has no attribute "missing"'],
    ['regex("(a+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")', 'the pattern "(a+)+b" is not supported'],
    ['range(1e9)', '1000000000 is more than dynamox evaluates (10000)'],
    ['1 / 0', 'a number is divided by zero'],
    ['one([1, 2])', 'one() has more than one element'],
    ['try(known.a.b, known.c)', 'every argument of try() fails'],
    ['{}.constructor', '{} has no attribute "constructor"'],
    ['lookup({}, "__proto__")', '{} has no key "__proto__"'],
  ])('%s', (expression, message) => {
    const value = settle(() => result(expression))
    expect(isUnknown(value) && needsOf(value)).toEqual([`a valid expression (${message})`])
  })
})

test('a value that doubles again and again is refused at once', () => {
  let text: Value = 'xxxxxxxxxx'
  for (let round = 0; round < 60; round += 1) {
    const names = { x: text }
    text = settle(() => evaluateText('${x}${x}', { ...scope, names }))
  }
  expect(needsOf(text)).toEqual(['a valid expression (the value is too large)'])
})

test('in raw JSON, strings and keys are templates, and one failure does not lose the rest', () => {
  const raw = { a: '${known.a}', '${known.a}-k': ['${1 + 1}', true, null, 3], bad: '${known.missing.x}', lit: '$${a}' }
  const value = evaluateRaw(raw, scope)
  expect(value).toMatchObject({ a: 'x', 'x-k': [2, true, null, 3], lit: '${a}' })
  expect(needsOf(value)).toHaveLength(1)
})
