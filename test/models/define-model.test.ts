import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { findAdapter } from '../../src/adapters/all-adapters.ts'
import { isDynamoxError } from '../../src/errors.ts'
import {
  binary,
  binarySet,
  boolean,
  list,
  map,
  number,
  numberSet,
  set,
  string,
  stringSet,
  vector,
} from '../../src/models/attributes.ts'
import { defineModel, type KeyName, type ModelInput, type NumberName } from '../../src/models/define-model.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import { tableBrand } from '../../src/table/input.ts'

const attributes = {
  pk: string(),
  sk: string(),
  email: string({ name: 'email_address' }),
  status: string(),
  age: number(),
  digest: binary(),
  active: boolean(),
  lines: list(),
  address: map(),
  labels: stringSet(),
  scores: numberSet(),
  blobs: binarySet(),
}

describe('a model', () => {
  const User = defineModel({
    table: 'users',
    partitionKey: 'pk',
    sortKey: 'sk',
    attributes,
    globalIndexes: {
      'email-index': { partitionKey: 'email' },
      'by-status': { partitionKey: ['status', 'digest'], sortKey: 'age', projection: ['email', 'of-another-model'] },
    },
    localIndexes: { 'by-age': { sortKey: 'age', projection: 'KEYS_ONLY' } },
    ttl: 'age',
    tags: { team: 'shop' },
  })

  test('is a table whose keys have the types of its attributes', () => {
    expect(User.table).toBe('users')
    expect(User.attributes).toBe(attributes)
    expect(User[tableBrand]).toEqual({
      input: {
        table: 'users',
        partitionKey: { name: 'pk', type: 'S' },
        sortKey: { name: 'sk', type: 'S' },
        globalIndexes: {
          'email-index': { partitionKey: { name: 'email_address', type: 'S' } },
          'by-status': {
            partitionKey: [
              { name: 'status', type: 'S' },
              { name: 'digest', type: 'B' },
            ],
            sortKey: { name: 'age', type: 'N' },
            projection: ['email_address', 'of-another-model'],
          },
        },
        localIndexes: { 'by-age': { sortKey: { name: 'age', type: 'N' }, projection: 'KEYS_ONLY' } },
        ttl: 'age',
        tags: { team: 'shop' },
      },
    })
  })

  test('is recognised by its brand and is valid', async () => {
    const adapter = findAdapter(User) as Adapter
    const [table] = await adapter.toDefinitions(User, { file: 'user.ts', export: 'User' })
    expect(adapter.name).toBe('dynamox')
    expect(toDefinition(table?.input, { path: 'users' })).toMatchObject({ problems: [], definition: { ttl: 'age' } })
  })

  test('the types know which attributes can be keys', () => {
    type A = typeof attributes
    expectTypeOf<KeyName<A>>().toEqualTypeOf<'pk' | 'sk' | 'email' | 'status' | 'age' | 'digest'>()
    expectTypeOf<NumberName<A>>().toEqualTypeOf<'age'>()
    expectTypeOf(User.attributes).toEqualTypeOf<A>()
    expectTypeOf(set(string())).toEqualTypeOf(stringSet())
    expectTypeOf(set(number())).toEqualTypeOf(numberSet())
    expectTypeOf<ModelInput<A>['table']>().toEqualTypeOf<string>()
  })
})

// Each of these must neither compile (the type check fails when an expectation is not met) nor run.
describe('invalid keys', () => {
  const base = { table: 'users', attributes } as const
  const refused = (define: () => unknown, ...lines: string[]) => {
    const problems = lines.map(line => {
      const [path, ...message] = line.split(': ')
      return { path, message: message.join(': ') }
    })
    expect(define).toThrow(expect.objectContaining({ code: 'definition', problems }))
  }
  const keyTypes = 'a key must be S (string), N (number) or B (binary)'

  test('an attribute that is not declared', () => {
    refused(
      () =>
        defineModel({
          ...base,
          // @ts-expect-error: not declared
          partitionKey: 'pkk',
          // @ts-expect-error: not declared
          sortKey: 'created',
          globalIndexes: {
            // @ts-expect-error: not declared
            'by-mail': { partitionKey: 'mail' },
            // @ts-expect-error: not declared
            'by-list': { partitionKey: ['pk', 'nope'] },
            // @ts-expect-error: not declared
            'by-x': { partitionKey: 'pk', sortKey: 'x' },
          },
          // @ts-expect-error: not declared
          localIndexes: { 'by-y': { sortKey: 'stauts' } },
          // @ts-expect-error: not declared
          ttl: 'expires',
        }),
      'users › partitionKey: "pkk" is not declared in attributes; did you mean "pk"?',
      'users › sortKey: "created" is not declared in attributes; add created: string()',
      'users › globalIndexes.by-mail.partitionKey: "mail" is not declared in attributes; did you mean "email"?',
      'users › globalIndexes.by-list.partitionKey: "nope" is not declared in attributes; add nope: string()',
      'users › globalIndexes.by-x.sortKey: "x" is not declared in attributes; add x: string()',
      'users › localIndexes.by-y.sortKey: "stauts" is not declared in attributes; did you mean "status"?',
      'users › ttl: "expires" is not declared in attributes; add expires: number()',
    )
  })

  test('other problems are reported with them', () => {
    const input = {
      ...base,
      partitionKey: 'pkk',
      tableClass: 'FAST',
      readCapacity: -1,
      globalIndexes: { x: {} },
      ttll: 1,
    }
    const paths = () => {
      try {
        defineModel(input as unknown as ModelInput<typeof attributes>)
      } catch (error) {
        return isDynamoxError(error) ? error.problems?.map(({ path }) => path) : []
      }
      return []
    }
    expect(paths()).toEqual(['users › partitionKey', 'users › ttll', 'users › tableClass', 'users › globalIndexes.x'])
  })

  test.each([
    ['active', 'BOOL'],
    ['lines', 'L'],
    ['address', 'M'],
    ['labels', 'SS'],
    ['scores', 'NS'],
    ['blobs', 'BS'],
  ] as const)('%s, of type %s', (name, type) => {
    refused(
      // @ts-expect-error: no key type
      () => defineModel({ ...base, partitionKey: name }),
      `users › partitionKey: "${name}" has the type ${type}; ${keyTypes}`,
    )
    refused(
      // @ts-expect-error: no key type
      () => defineModel({ ...base, partitionKey: 'pk', globalIndexes: { 'by-a': { partitionKey: ['pk', name] } } }),
      `users › globalIndexes.by-a.partitionKey: "${name}" has the type ${type}; ${keyTypes}`,
    )
  })

  test('the short forms of defineTable are refused', () => {
    refused(
      () =>
        defineModel({
          ...base,
          // @ts-expect-error: the type comes from the attribute
          partitionKey: 'pk:S',
          // @ts-expect-error: names only
          sortKey: { name: 'sk', type: 'S' },
        }),
      "users › partitionKey: write 'pk' alone: its type is declared in attributes",
      'users › sortKey: must be the name of an attribute, not an object',
    )
  })

  test('five attributes', () => {
    const model = defineModel({
      ...base,
      partitionKey: 'pk',
      // @ts-expect-error: up to four
      globalIndexes: { 'by-a': { partitionKey: ['pk', 'sk', 'email', 'status', 'age'] } },
    })
    expect(toDefinition(model[tableBrand].input, { path: '' }).problems).toMatchObject([{ rule: 'G4' }])
  })

  test('a missing key, which the check of the table reports', () => {
    // @ts-expect-error: a table needs a partition key
    const model = defineModel(base)
    expect(toDefinition(model[tableBrand].input, { path: '' }).problems).toMatchObject([{ rule: 'K1' }])
  })
})

describe('attributes in JavaScript', () => {
  const refused = (input: unknown, message: RegExp) =>
    expect(() => defineModel(input as ModelInput<typeof attributes>)).toThrow(message)

  test.each<[string, unknown, RegExp]>([
    [
      'nothing',
      undefined,
      /^defineModel: must be an object, not undefined; write \{ table, attributes, partitionKey, \.\.\. \}$/,
    ],
    ['none', { table: 'users' }, /^users › attributes: are missing; write \{ pk: string\(\), \.\.\. \}$/],
    [
      'a type in words',
      { table: 'users', attributes: { pk: 'string' } },
      /^users › attributes\.pk: must be an attribute, not "string"; write string\(\)/,
    ],
    [
      'a constructor that is not called',
      { table: 'users', attributes: { pk: string } },
      /^users › attributes\.pk: must be an attribute, not a function; call it: string\(\)/,
    ],
    [
      'a key of a wrong type: the key itself is not reported as well',
      { table: 'users', partitionKey: 'pk', ttl: 'at', attributes: { pk: 'string', at: number() } },
      /^users › attributes\.pk: [^;]+; write string\(\), number\(\), \.\.\.$/,
    ],
    [
      'an unknown type',
      { table: 'users', attributes: { pk: { type: 'X' } } },
      /^users › attributes\.pk: must be an attribute, not an object/,
    ],
    [
      'one stored name for two',
      { table: 'users', partitionKey: 'a', attributes: { a: string(), b: string({ name: 'a' }) } },
      /^users › attributes\.b: is stored as "a", as is "a"; use two names$/,
    ],
  ])('%s', (_, input, message) => refused(input, message))
})

describe('a ttl attribute that is not a number', () => {
  test('is a warning', async () => {
    // @ts-expect-error: only a number expires
    const model = defineModel({ table: 'users', partitionKey: 'pk', attributes, ttl: 'email' })
    const adapter = findAdapter(model) as Adapter
    const [table] = await adapter.toDefinitions(model, { file: 'user.js' })
    expect(table).toMatchObject({
      input: { ttl: 'email_address' },
      warnings: [
        { path: 'ttl', message: '"email" is S; only a number (epoch seconds) makes items expire', rule: 'W-ttl-type' },
      ],
    })
  })
})

describe('vector indexes', () => {
  const base = {
    table: 'docs',
    partitionKey: 'pk',
    attributes: {
      pk: string(),
      tenant: string(),
      year: number({ name: 'y' }),
      title: string(),
      embedding: vector(1024, { name: 'e' }),
      thumbnail: vector(64),
      labels: stringSet(),
    },
  } as const

  test('a vector index takes name, type and length from the attributes', () => {
    const model = defineModel({
      ...base,
      vectorIndexes: {
        'by-embedding': {
          attribute: 'embedding',
          dimensions: 1024,
          distance: 'COSINE',
          partitionKey: 'tenant',
          filters: ['year'],
          projection: ['title', 'year'],
        },
        'by-thumbnail': { attribute: 'thumbnail', distance: 'EUCLIDEAN' },
      },
    })
    expect(toDefinition(model[tableBrand].input, { path: '' })).toMatchObject({
      problems: [],
      definition: {
        vectorIndexes: {
          'by-embedding': {
            attribute: 'e',
            dimensions: 1024,
            partitionKey: [{ name: 'tenant', type: 'S' }],
            filters: [{ name: 'y', type: 'N' }],
            projection: ['title', 'y'],
          },
          'by-thumbnail': { attribute: 'thumbnail', dimensions: 64 },
        },
      },
    })
  })

  test('a wrong length, an attribute that is not a vector, and a filter of a wrong type are problems', () => {
    const define = () =>
      defineModel({
        ...base,
        vectorIndexes: {
          // @ts-expect-error: declared as vector(1024)
          'by-length': { attribute: 'embedding', dimensions: 512, distance: 'COSINE' },
          // @ts-expect-error: the length of another attribute
          'by-other': { attribute: 'thumbnail', dimensions: 1024, distance: 'COSINE' },
          // @ts-expect-error: not a vector
          'by-title': { attribute: 'title', distance: 'COSINE' },
          // @ts-expect-error: not declared
          'by-nothing': { attribute: 'embeddings', distance: 'COSINE' },
          // @ts-expect-error: a set cannot be a filter
          'by-labels': { attribute: 'thumbnail', distance: 'COSINE', filters: ['labels'] },
        },
      })
    expect(define).toThrow(
      expect.objectContaining({
        problems: [
          {
            path: 'docs › vectorIndexes.by-length.dimensions',
            message: 'is 512, but "embedding" is declared as vector(1024)',
          },
          {
            path: 'docs › vectorIndexes.by-other.dimensions',
            message: 'is 1024, but "thumbnail" is declared as vector(64)',
          },
          {
            path: 'docs › vectorIndexes.by-title.attribute',
            message: '"title" has the type S; declare it as vector(...)',
          },
          {
            path: 'docs › vectorIndexes.by-nothing.attribute',
            message: '"embeddings" is not declared in attributes; did you mean "embedding"?',
          },
          {
            path: 'docs › vectorIndexes.by-labels.filters',
            message: '"labels" has the type SS; a key must be S (string), N (number) or B (binary)',
          },
        ],
      }),
    )
  })

  test('a vector is not a key, and its length is a whole number', () => {
    // @ts-expect-error: a vector cannot be a key
    expect(() => defineModel({ ...base, partitionKey: 'embedding' })).toThrow('"embedding" has the type VECTOR')
    const attributes = { pk: string(), v: vector(Number.NaN) }
    expect(() => defineModel({ table: 'docs', partitionKey: 'pk', attributes })).toThrow('attributes.v')
  })
})
