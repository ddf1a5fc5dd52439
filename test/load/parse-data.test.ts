import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseData, readText } from '../../src/load/parse-data.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const parse = (file: string, text: string) => parseData(text, `/project/${file}`, { code: 'config', file })

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
].join('\n')

describe('data that can be read', () => {
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

describe('text in any encoding that editors and shells write', () => {
  test.each<[string, Buffer]>([
    ['UTF-8', Buffer.from('{"a":"é"}')],
    ['UTF-8 with a mark', Buffer.from('\uFEFF{"a":"é"}')],
    ['UTF-16, little endian', Buffer.from('\uFEFF{"a":"é"}', 'utf16le')],
    ['UTF-16, big endian', Buffer.from('\uFEFF{"a":"é"}', 'utf16le').swap16()],
  ])('%s', async (_, bytes) => {
    const path = join(folder({}), 'a.json')
    writeFileSync(path, bytes)
    const place = { code: 'config', file: 'a.json' } as const
    expect(await parseData(readText(path, place), path, place)).toEqual({ a: 'é' })
  })
})

describe('data that cannot be read is an error with line and column', () => {
  test.each<[string, string, string]>([
    ['a.json', '', 'a.json:1:1: expected a value, found the end of the file'],
    ['a.json', '{"a": 1,}', 'a.json:1:9: expected a key in double quotes, found "}"'],
    ['a.json', '{\n  "a": 1\n  "b": 2\n}', 'a.json:3:3: expected ",", found "b"'],
    ['a.yaml', 'a: [1, 2\n\n', 'a.yaml:1:9: a ] is missing'],
    ['a.json', '[1, 2', 'a.json:1:6: expected "," or "]", found the end of the file'],
    ['a.json', "{'a': 1}", "a.json:1:2: expected a key in double quotes, found 'a'"],
    ['a.json', '{"a" 1}', 'a.json:1:6: expected ":", found "1"'],
    ['a.json', '{"a": tru}', 'a.json:1:7: expected a value, found tru'],
    ['a.json', '{} {}', 'a.json:1:4: expected the end of the file, found "{"'],
    ['a.json', '{\n  // why\n  "a": 1\n}', 'a.json:2:3: JSON has no comments'],
    ['.dynamoxrc', '{\n  "a": 1, /* why */\n}', '.dynamoxrc:2:11: JSON has no comments'],
    ['a.yaml', '// why\na: 1', 'a.yaml:1:1: comments start with # in YAML, not with //'],
    ['a.yaml', '{ // why\n  a: 1 }', 'a.yaml:1:3: comments start with # in YAML, not with //'],
    ['a.yaml', 'a: 1\n b: 2', 'a.yaml:2:2: this line is indented too far'],
    ['a.yaml', '- a: b\n   c: d', 'a.yaml:2:4: this line is indented too far'],
    [
      'a.yaml',
      '- a: b\n c: d',
      'a.yaml:2:1: the indentation of this line matches neither the "-" of the list nor its items',
    ],
    ['a.yaml', 'a:\n  - x\n  y: 1', 'a.yaml:3:1: the indentation of this line does not match its block'],
    ['a.yaml', 'a:\n\t- x', 'a.yaml:2:1: this line is indented with a tab; YAML allows only spaces'],
    ['a.yaml', 'a: b: c', 'a.yaml:1:4: a value that contains ": " must be quoted'],
    ['a.yaml', 'a: 1\nb 2', 'a.yaml:2:1: expected ":" between key and value'],
    ['a.yaml', 'a: 1\nb:2', 'a.yaml:2:1: "b:" needs a space after it'],
    ['a.yaml', '- table x\n  a: 1', 'a.yaml:1:3: expected ":" between key and value'],
    ['a.yaml', 'a: 1\na: 2', 'a.yaml:2:1: duplicate key a'],
    ['a.yaml', 'a: "x', 'a.yaml:1:6: a " is opened but never closed'],
    [
      'a.yaml',
      'a: [x\nb: 1',
      'a.yaml:2:1: a ] is missing before this line, or stands at its start without indentation',
    ],
    ['a.yaml', '{a: 1', 'a.yaml:1:6: a } is missing'],
    ['a.yaml', '{"a": 1 "b": 2}', 'a.yaml:1:7: expected "," here, or a closing brace or bracket'],
    ['a.yaml', 'a: [1]]', 'a.yaml:1:7: unexpected "]"'],
    ['a.yaml', `{ a: \${STAGE} }`, `a.yaml:1:7: a value with \${NAME} must be quoted inside { } and [ ]`],
    ['a.yaml', 'a: @x/y', 'a.yaml:1:4: a value that starts with @ must be quoted'],
    ['a.yaml', 'a: 1\n---\nb: 2', 'a.yaml:2:1: a second document (---) starts here; a file may hold only one'],
    ['a.yaml', 'a: "\\q"', 'a.yaml:1:5: invalid escape sequence \\q'],
    ['a.yaml', 'models: *.ts', 'a.yaml:1:9: *.ts is read as an alias, but &.ts does not exist'],
    ['a.yaml', 'a: 1\nb: !ENV X', 'a.yaml:2:4: the tag !ENV cannot be resolved here'],
    ['a.yaml', '- !Ref Table', 'a.yaml:1:3: the tag !Ref cannot be resolved here'],
    ['a.yaml', 'a: [!ImportValue x]', 'a.yaml:1:5: the tag !ImportValue cannot be resolved here'],
    ['a.yaml', 'a: !Sub\n  b: c', 'a.yaml:1:4: the tag !Sub cannot be resolved here'],
    ['a.yaml', bomb, 'a.yaml:1:1: its aliases (*name) expand without end'],
    ['a.yaml', 'a: &a [*a]', 'a.yaml:1:1: its aliases (*name) expand without end'],
    [
      '.dynamoxrc',
      'tables:\n  - {table: x, partitionKey: {pk:S}}',
      '.dynamoxrc:2:31: YAML reads {pk:S} as a key named "pk:S" without a value',
    ],
  ])('%s %j', async (file, text, message) => {
    expect(await failure(parse(file, text))).toMatchObject({ code: 'config', message })
  })

  test.each<[string, string]>([
    ['a.yaml', 'a.yaml:1:1001: this file is nested too deeply'],
    ['a.json', 'a.json:1:1001: this file is nested too deeply'],
  ])('%s that is nested without end', async (file, message) => {
    expect(await failure(parse(file, '['.repeat(50_000)))).toMatchObject({ code: 'config', message })
  })

  test('comments are allowed in models', async () => {
    const place = { code: 'model', file: 'a.json' } as const
    const text = '// x\n{ "a": [1, /* y */ 2], }'
    expect(await parseData(text, '/project/a.json', place)).toEqual({ a: [1, 2] })
    expect(await parseData(text, '/project/a.jsonc', place)).toEqual({ a: [1, 2] })
    const { message } = await failure(parseData('// x\n{ "a" 1 }', '/project/a.json', place))
    expect(message).toBe('a.json:1:1: JSON has no comments')
  })

  test('the message says how to correct it', async () => {
    expect((await failure(parse('a.json', '// x\n{}'))).hint).toBe(
      'remove the comment, or write the file as YAML, where comments start with #, or as dynamox.config.ts',
    )
    expect((await failure(parse('a.yaml', 'key: {pk:S}'))).hint).toBe(
      'write pk:S without braces for a key attribute, or {pk: S} with a space for a mapping',
    )
  })
})
