import { describe, expect, test } from 'vitest'
import { parseData } from '../../src/load/parse-data.ts'
import { failure } from './support/fails.ts'

const parse = (file: string, text: string) => parseData(text, `/project/${file}`, { code: 'config', file })

describe('what can be read', () => {
  test.each<[string, string, unknown]>([
    ['a.json', '{"a": [1, true, null, "x"]}', { a: [1, true, null, 'x'] }],
    ['a.json', '\uFEFF{"a": 1}', { a: 1 }],
    ['.dynamoxrc', '{"a": 1}', { a: 1 }],
    ['.dynamoxrc', '{a: 1, b: [x, y]}', { a: 1, b: ['x', 'y'] }],
    ['.dynamoxrc', 'a: pk:S\nb: [pk:S, sk:N]', { a: 'pk:S', b: ['pk:S', 'sk:N'] }],
    ['.dynamoxrc', '# nothing\n', null],
    ['a.yaml', 'base: &base { p: 1 }\nother:\n  <<: *base\n  q: 2', { base: { p: 1 }, other: { p: 1, q: 2 } }],
    ['a.yml', '{"//": 1, "a:b": null}', { '//': 1, 'a:b': null }],
    ['a.yaml', 'a:b:\nurl: http://localhost:8000', { 'a:b': null, url: 'http://localhost:8000' }],
  ])('%s %j', async (file, text, value) => {
    expect(await parse(file, text)).toEqual(value)
  })
})

describe('what cannot, with its line and column', () => {
  test.each<[string, string, string]>([
    ['a.json', '', 'a.json:1:1: expected a value, the file ends'],
    ['a.json', '{"a": 1,}', 'a.json:1:9: expected a key in double quotes, found "}"'],
    ['a.json', '{\n  "a": 1\n  "b": 2\n}', 'a.json:3:3: expected "," or "}", found "\\""'],
    ['a.json', '[1, 2', 'a.json:1:6: expected "," or "]", the file ends'],
    ['a.json', "{'a': 1}", 'a.json:1:2: expected a key in double quotes, found "\'"'],
    ['a.json', '{"a" 1}', 'a.json:1:6: expected ":", found "1"'],
    ['a.json', '{"a": tru}', 'a.json:1:7: expected a value, found "t"'],
    ['a.json', '{} {}', 'a.json:1:4: expected the end of the file, found "{"'],
    ['a.json', '{\n  // why\n  "a": 1\n}', 'a.json:2:3: JSON has no comments'],
    ['.dynamoxrc', '{\n  "a": 1, /* why */\n}', '.dynamoxrc:2:11: JSON has no comments'],
    ['a.yaml', '// why\na: 1', 'a.yaml:1:1: comments start with # in YAML, not with //'],
    ['a.yaml', '{ // why\n  a: 1 }', 'a.yaml:1:3: comments start with # in YAML, not with //'],
    ['a.yaml', 'a: 1\n b: 2', 'a.yaml:2:2: this line is indented too deep'],
    ['a.yaml', '- a: b\n   c: d', 'a.yaml:2:4: this line is indented too deep'],
    [
      'a.yaml',
      '- a: b\n c: d',
      'a.yaml:2:1: this line is indented neither like the "-" of the list nor like what follows it',
    ],
    ['a.yaml', 'a:\n  - x\n  y: 1', 'a.yaml:3:1: this line is not indented like the ones that it belongs to'],
    ['a.yaml', 'a:\n\t- x', 'a.yaml:2:1: this line is indented with a tab; YAML takes spaces'],
    ['a.yaml', 'a: b: c', 'a.yaml:1:4: a value with ": " in it has to stand in quotes'],
    ['a.yaml', 'a: 1\nb 2', 'a.yaml:2:1: there is no ":" between key and value'],
    ['a.yaml', 'a: 1\nb:2', 'a.yaml:2:1: "b:" needs a space after it'],
    ['a.yaml', '- table x\n  a: 1', 'a.yaml:1:3: there is no ":" between key and value'],
    ['a.yaml', 'a: 1\na: 2', 'a.yaml:2:1: the key a is there twice'],
    ['a.yaml', 'a: "x', 'a.yaml:1:6: a " is opened and never closed'],
    [
      'a.yaml',
      'a: [x\nb: 1',
      'a.yaml:2:1: a ] is missing before this line, or stands at its beginning without being indented',
    ],
    ['a.yaml', '{a: 1', 'a.yaml:1:6: a } is missing'],
    ['a.yaml', '{"a": 1 "b": 2}', 'a.yaml:1:7: a "," is missing here, or a brace or bracket is not closed'],
    ['a.yaml', 'a: [1]]', 'a.yaml:1:7: "]" is not expected here'],
    ['a.yaml', 'a: @x/y', 'a.yaml:1:4: a value that begins with @ has to stand in quotes'],
    ['a.yaml', 'a: 1\n---\nb: 2', 'a.yaml:2:1: a second document (---) begins here; one file holds one'],
    ['a.yaml', 'a: "\\q"', 'a.yaml:1:5: invalid escape sequence \\q'],
    ['a.yaml', 'models: *.ts', 'a.yaml:1:9: *.ts is read as an alias, and there is no &.ts'],
    [
      '.dynamoxrc',
      'tables:\n  - {table: x, partitionKey: {pk:S}}',
      '.dynamoxrc:2:31: YAML reads {pk:S} as a key named "pk:S" without a value',
    ],
  ])('%s %j', async (file, text, message) => {
    expect(await failure(parse(file, text))).toMatchObject({ code: 'config', message })
  })

  test('the ways out are named', async () => {
    expect((await failure(parse('a.json', '// x\n{}'))).hint).toBe(
      'remove the comment, or write the file as YAML (comments start with #) or as dynamox.config.ts',
    )
    expect((await failure(parse('a.yaml', 'key: {pk:S}'))).hint).toBe(
      'write pk:S without braces for a key attribute, or {pk: S} with a space for a mapping',
    )
  })
})
