import { describe, expect, test } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { findAdapter } from '../../src/adapters/all-adapters.ts'
import { tableBrand } from '../../src/table/input.ts'

const raw = {
  TableName: 'users',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
}
const circle: Record<string, unknown> = { table: 'users' }
circle.self = circle
const refusing = new Proxy(
  {},
  {
    get() {
      throw new Error('not in a shell')
    },
    has() {
      throw new Error('not in a shell')
    },
    getPrototypeOf() {
      throw new Error('not in a shell')
    },
  },
)
const anything: object = new Proxy(() => anything, { get: () => anything, has: () => true })
const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()

/** A module the way jiti hands it out: it answers for its default export as well. */
const moduleOf = (value: object) =>
  new Proxy<Record<PropertyKey, unknown>>(
    { default: value },
    { get: (target, key) => target[key] ?? Reflect.get(value, key) },
  )

class Command {
  readonly input = raw
}

class SomebodysTable {
  readonly table = 'users'
  readonly partitionKey = 'pk'
}

describe('findAdapter', () => {
  test.each<[string, unknown, string | undefined]>([
    ['a marked object', { [tableBrand]: { input: { table: 'users', partitionKey: 'pk' } } }, 'dynamox'],
    ['a marked function', Object.assign(() => {}, { [tableBrand]: { input: { table: 'users' } } }), 'dynamox'],
    ['a module with a marked default', moduleOf({ [tableBrand]: { input: { table: 'users' } } }), undefined],
    ['a module with a raw default', moduleOf(raw), undefined],
    ['a module with a plain default', moduleOf({ table: 'users', partitionKey: 'pk' }), undefined],
    ['a mark without an input', { [tableBrand]: true }, undefined],
    ['a CreateTable input', raw, 'create-table'],
    ['one without a name', { ...raw, TableName: undefined }, 'create-table'],
    ['one without definitions', { TableName: 'users', KeySchema: raw.KeySchema }, 'create-table'],
    ['a command', new Command(), 'create-table'],
    ['an answer', { Table: { ...raw, TableStatus: 'ACTIVE' } }, 'create-table'],
    ['an index of one', { IndexName: 'by-a', AttributeDefinitions: [], KeySchema: raw.KeySchema }, undefined],
    ['an update', { ...raw, KeySchema: undefined, GlobalSecondaryIndexUpdates: [] }, undefined],
    ['a key schema alone', { KeySchema: raw.KeySchema }, undefined],
    ['a query', { TableName: 'users', Key: { pk: { S: 'x' } } }, undefined],
    ['a table in our words', { table: 'users', partitionKey: 'pk' }, 'table-input'],
    ['one with slips', { table: 'users', partition_key: 'pk' }, 'table-input'],
    ['one whose key is misspelt', { table: 'users', partionKey: 'pk' }, 'table-input'],
    ['one in the words of others', { table: 'users', hashKey: 'pk' }, 'table-input'],
    ['one with secondary indexes', { table: 'users', global_secondary_indexes: {} }, 'table-input'],
    ['one whose table is misspelt', { tabel: 'users', partitionKey: 'pk' }, 'table-input'],
    ['one with a tableName', { tableName: 'users', partitionKey: 'pk' }, 'table-input'],
    ['a list on a page', { table: 'users', sortBy: 'name', primaryKey: 'id' }, undefined],
    ['an index with a name', { name: 'by-email', partitionKey: 'email' }, undefined],
    ['one without a prototype', Object.assign(Object.create(null), { table: 'users', sortKey: 'sk' }), 'table-input'],
    ['a client configuration', { table: 'users', client: {} }, undefined],
    ['keys alone', { partitionKey: 'pk', sortKey: 'sk' }, undefined],
    ['an instance of something', new SomebodysTable(), undefined],
    ['a circle', circle, undefined],
    ['a proxy that throws', refusing, undefined],
    ['a proxy that answers to everything', anything, undefined],
    ['a revoked proxy', revoked, undefined],
    ['a function', () => raw, undefined],
    ['a list', [raw], undefined],
    ['a text', 'users', undefined],
    ['null', null, undefined],
    ['nothing', undefined, undefined],
  ])('%s', (_, value, name) => {
    expect(findAdapter(value)?.name).toBe(name)
  })
})

describe('plain data', () => {
  const read = (value: unknown) =>
    (findAdapter(value) as Adapter).toDefinitions(value, { file: 'tables.js', export: 'users' })

  test('a table is copied', () => {
    const value = { table: 'users', partitionKey: ['pk'], ttl: undefined }
    const tables = read(value)
    expect(tables).toEqual([
      {
        input: { table: 'users', partitionKey: ['pk'] },
        source: { file: 'tables.js', export: 'users', adapter: 'table-input' },
        assumed: [],
      },
    ])
    expect(structuredClone(tables)).toEqual(tables)
  })

  test('values that cannot be copied are named', () => {
    const value: Record<string, unknown> = {
      table: 'users',
      partitionKey: 'pk',
      tags: { team: () => 'shop', env: Symbol('x') },
    }
    value.extra = { again: value }
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'definition',
        problems: [
          { path: 'users › tags.team', message: 'a function cannot be part of a definition; write plain values' },
          { path: 'users › tags.env', message: 'a symbol cannot be part of a definition; write plain values' },
          { path: 'users › extra.again', message: 'the definition contains itself; write plain values' },
        ],
      }),
    )
  })
})
