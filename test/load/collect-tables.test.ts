import { describe, expect, test } from 'vitest'
import { DynamoxError } from '../../src/errors.ts'
import { collectTables } from '../../src/load/collect-tables.ts'
import { isRecord } from '../../src/table/untyped.ts'

// A reader that takes every object with a `table`, so that only the walk is looked at.
const reader = {
  name: 'test',
  toDefinitions(value: unknown, { file, export: name }: { file: string; export?: string }) {
    const table = isRecord(value) ? String(value.table) : 'class'
    if (table === 'bad')
      throw new DynamoxError('definition', 'wrong', { problems: [{ path: 'bad › ttl', message: 'no' }] })
    if (table === 'worse') throw new TypeError('broken reader')
    return [
      {
        input: { table },
        source: { file, ...(name === undefined ? {} : { export: name }), adapter: 'test' },
        assumed: [],
      },
    ]
  },
}
const findReader = (value: unknown) => (Object.hasOwn(value as object, 'table') ? reader : undefined)
const collect = (root: unknown, only?: string) => collectTables(root, { file: 'm.ts', export: only, findReader })
const names = async (root: unknown, only?: string) =>
  (await collect(root, only)).tables.map(({ input, source }) => `${source.export ?? '(file)'}=${input.table}`)

const a = { table: 'a' }
const b = { table: 'b' }
class Model {}
Object.assign(Model, { table: 'c' })

describe('where tables are found', () => {
  test.each<[string, unknown, string[]]>([
    ['the file itself', a, ['(file)=a']],
    ['named exports', { A: a, B: b }, ['A=a', 'B=b']],
    ['default', { default: a }, ['default=a']],
    ['the named export wins over default', { default: a, A: a }, ['A=a']],
    ['entries of default', { x: 1, default: { A: a, B: b } }, ['default.A=a', 'default.B=b']],
    ['module.exports = { A, B }', { default: { A: a, B: b } }, ['A=a', 'B=b']],
    ['the same, as newer Node shows it', { default: { A: a }, 'module.exports': { A: a } }, ['A=a']],
    ['lists', [a, [b]], ['[0]=a', '[1][0]=b']],
    ['lists in exports', { all: [a, b] }, ['all[0]=a', 'all[1]=b']],
    ['nested objects', { models: { user: { table: a } } }, ['models.user=[object Object]']],
    ['nested plain objects', { models: { deep: { A: a } } }, ['models.deep.A=a']],
    ['the shortest name', { all: { A: a }, list: [a], A: a }, ['A=a']],
    ['classes', { Model }, ['Model=class']],
    ['objects without a prototype', Object.assign(Object.create(null), { A: a }), ['A=a']],
    ['not in instances', { repository: new Map([['a', a]]), date: new Date() }, []],
    ['not too deep', { 1: { 2: { 3: { 4: { 5: { A: a } } } } } }, []],
    ['nothing', {}, []],
    ['no object', 5, []],
    ['null', null, []],
  ])('%s', async (_, root, found) => {
    expect(await names(root)).toEqual(found)
  })

  test('reads only the requested export', async () => {
    expect(await names({ A: a, B: b }, 'B')).toEqual(['B=b'])
    expect(await names({ default: { A: a, B: b } }, 'B')).toEqual(['B=b'])
    expect(await names({ A: a, default: b }, 'default')).toEqual(['default=b'])
    expect(await names({ A: a }, 'B')).toEqual([])
  })

  test('cyclic and endless values end the search', async () => {
    const cycle: Record<string, unknown> = { A: a }
    cycle.again = { cycle, list: [cycle] }
    const bottomless = (): object => ({
      get next() {
        return bottomless()
      },
    })
    expect(await names({ cycle, bottomless: bottomless() })).toEqual(['cycle.A=a'])
  })

  test('values that throw are skipped', async () => {
    const no = () => {
      throw new Error('no')
    }
    const proxy = new Proxy({}, { get: no, has: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no })
    const trap = Object.defineProperty({ A: a }, 'secret', { get: no, enumerable: true })
    expect(await names({ proxy, trap, B: b })).toEqual(['B=b', 'trap.A=a'])
    expect((await collect({ proxy, f: no })).exports).toEqual(['proxy (an object that throws)', 'f (function no)'])
  })
})

describe('beside tables', () => {
  test('the export named dynamox is a layer, unless it is a table', async () => {
    expect(await collect({ A: a, dynamox: { ttl: 'at' } })).toMatchObject({
      sidecar: { ttl: 'at' },
      tables: [{ input: { table: 'a' } }],
    })
    expect(await collect({ default: { A: a, dynamox: { ttl: 'at' } } })).toMatchObject({ sidecar: { ttl: 'at' } })
    const both = await collect({ dynamox: a })
    expect(both).not.toHaveProperty('sidecar')
    expect(both.tables).toHaveLength(1)
  })

  test('tables that another file has given are counted, not repeated', async () => {
    const taken = new Set<unknown>([a])
    const found = await collectTables({ A: a, B: b }, { file: 'index.ts', findReader, taken })
    expect(found).toMatchObject({ repeated: 1, tables: [{ input: { table: 'b' } }] })
    expect(taken).toEqual(new Set([a, b]))
  })

  test('problems are listed under file and export', async () => {
    expect((await collect({ Bad: { table: 'bad' }, A: a })).problems).toEqual([
      { path: 'm.ts Bad › ttl', message: 'no' },
    ])
  })

  test('a reader that throws is reported', async () => {
    await expect(collect({ W: { table: 'worse' } })).rejects.toMatchObject({
      code: 'model',
      message: 'm.ts W cannot be read as a table: broken reader',
    })
  })

  test.each<[unknown, string[]]>([
    [
      { limit: 5, none: null, list: [], two: [1, 2], f: () => 1, Model, map: new Map(), o: {} },
      [
        'limit (number)',
        'none (null)',
        'list (empty list)',
        'two (list of 2)',
        'f (function f)',
        'Model (class Model)',
        'map (instance of Map)',
        'o (empty object)',
      ],
    ],
    [{ default: { x: 1 } }, ['x (number)']],
    [[1, 2], ['the file (list of 2)']],
    ['text', ['the file (string)']],
    [{}, []],
    [undefined, []],
  ])('what is exported: %j', async (root, exports) => {
    expect((await collect(root)).exports).toEqual(exports)
  })
})
