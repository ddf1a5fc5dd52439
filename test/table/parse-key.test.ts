import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyInput } from '../../src/table/input.ts'
import { formatKey, parseKeys, summariseKeys } from '../../src/table/parse-key.ts'

const parseKey = (input: KeyInput) => parseKeys(input)[0]

describe('parseKey', () => {
  test.each<[KeyInput, string, string]>([
    ['pk', 'pk', 'S'],
    ['pk:S', 'pk', 'S'],
    ['pk:N', 'pk', 'N'],
    ['pk:B', 'pk', 'B'],
    ['a:b:N', 'a:b', 'N'],
    ['a:be', 'a:be', 'S'],
    ['user:profile', 'user:profile', 'S'],
    ['user:ORDER', 'user:ORDER', 'S'],
    ['user:id', 'user:id', 'S'],
    ['a:1', 'a:1', 'S'],
    ['pk::S', 'pk:', 'S'],
    ['pk:X:S', 'pk:X', 'S'],
    ['pk:BOOL:N', 'pk:BOOL', 'N'],
    [{ name: 'pk:X', type: 'S' }, 'pk:X', 'S'],
    ['S', 'S', 'S'],
    [':N', '', 'N'],
    ['line\nbreak:N', 'line\nbreak', 'N'],
    [{ name: 'pk:N', type: 'B' }, 'pk:N', 'B'],
  ])('%j is %s, %s', (input, name, type) => {
    expect(parseKey(input)).toEqual({ name, type })
  })

  test('what formatKey writes is read back', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('S', 'N', 'B'), (name, type) => {
        expect(parseKey(formatKey({ name, type }))).toEqual({ name, type })
      }),
    )
  })
})

describe('a type that no key can have', () => {
  const types = 'key attributes are S (string), N (number) or B (binary)'
  const asName = (text: string) => `attribute of that name is written "${text}:S"`
  test.each([
    ...[
      'X',
      'BOOL',
      'bool',
      'SS',
      'ns',
      'Bs',
      'L',
      'l',
      'M',
      'NULL',
      'null',
      'boolean',
      'List',
      'MAP',
      'set',
      'JSON',
    ].map(word => [`pk:${word}`, `${word} is not a key type; ${types}; an ${asName(`pk:${word}`)}`]),
    ...['s', 'string', 'String', 'STRING'].map(word => [
      `pk:${word}`,
      `${word} is not a key type; did you mean "pk:S"? An ${asName(`pk:${word}`)}`,
    ]),
    ['pk:number', `number is not a key type; did you mean "pk:N"? An ${asName('pk:number')}`],
    ...['int', 'Integer', 'num', 'float', 'decimal', 'BigInt'].map(word => [
      `pk:${word}`,
      `${word} is not a key type; did you mean "pk:N"? An ${asName(`pk:${word}`)}`,
    ]),
    ['pk:bytes', `bytes is not a key type; did you mean "pk:B"? An ${asName('pk:bytes')}`],
    ['pk: N', `N is not a key type; did you mean "pk:N"? An ${asName('pk: N')}`],
    ['a:b', `b is not a key type; did you mean "a:B"? An ${asName('a:b')}`],
  ])('%s: %s', (text, says) => {
    expect(() => parseKey(text)).toThrow(
      expect.objectContaining({ code: 'definition', message: `key: "${text}": ${says}` }),
    )
  })
})

test.each(['pk=N', 'pk N', 'user:id=S'])('a type after another sign than a colon: %s', text => {
  const [name, type] = text.split(/[= ]/)
  const message = `key: a key with its type is written "${name}:${type}", not "${text}"; an attribute of that name is written "${text}:S"`
  expect(() => parseKey(text)).toThrow(expect.objectContaining({ code: 'definition', message }))
  expect(parseKey(`${text}:S`)).toEqual({ name: text, type: 'S' })
})

test.each(['a,b', 'a=b', 'first name', 'a = N2'])('a name with other signs: %s', text => {
  expect(parseKey(text)).toEqual({ name: text, type: 'S' })
})

describe('parseKeys', () => {
  test('takes one key or a list', () => {
    expect(parseKeys('pk')).toEqual([{ name: 'pk', type: 'S' }])
    expect(parseKeys(['tenant', 'at:N'])).toEqual([
      { name: 'tenant', type: 'S' },
      { name: 'at', type: 'N' },
    ])
    expect(parseKeys([])).toEqual([])
  })

  test.each([
    ['{"pk:S": null}', 'key: YAML reads {pk:S} as a map without a value; write pk:S without the braces'],
    ['{"pk": "S"}', "key: a map from name to type is not a key; write 'pk:S' or { name: pk, type: S }"],
    ['{"hash": "pk"}', 'key: a key has only "name" and "type", not "hash"'],
    ['{"name": "pk", "typ": "S"}', 'key: a key has only "name" and "type", not "typ"'],
    ['{"name": 7}', 'key: the "name" of a key must be an attribute name, not 7'],
    [
      '{"name": "age", "type": "BOOL"}',
      'key: key "age" has the type "BOOL"; a key must be S (string), N (number) or B (binary)',
    ],
    ['"id:"', 'key: "id:" has no type after the colon; write id, or id:N'],
    ['7', "key: 7 is not a key; write 'pk' or 'pk:N' (type S, N or B)"],
    ['["pk", true]', "key: true is not a key; write 'pk' or 'pk:N' (type S, N or B)"],
  ])('%s: %s', (json, message) => {
    expect(() => parseKeys(JSON.parse(json))).toThrow(expect.objectContaining({ code: 'definition', message }))
  })
})

test.each([
  [['pk'], [], 'pk S'],
  [['pk'], ['sk:N'], 'pk S, sk N'],
  [['tenant', 'status'], ['at:N', 'id:B'], 'tenant S + status S, at N + id B'],
])('summariseKeys: %j %j: %s', (partition, sort, text) => {
  expect(summariseKeys({ partitionKey: parseKeys(partition), sortKey: parseKeys(sort) })).toBe(text)
})
