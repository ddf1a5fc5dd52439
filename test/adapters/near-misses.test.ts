import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { modelPackages } from '../../src/adapters/all-adapters.ts'
import { folder } from '../load/support/folder.ts'
import { load } from './support/fixtures.ts'

const beside =
  'describe the table beside it with defineTable, or export a CreateTable input, and give that export to --export'

// What the libraries might look like one day: the same outside, something else within.
const strangers = {
  Dynamoose: {
    versions: '1 to 4',
    code: `
      class Order { static get() {} static query() {} static scan() {} static batchPut() {} static Model = { inner: {} } }
      export { Order }`,
  },
  ElectroDB: { versions: '1 to 3', code: `export const Order = { _instanceType: 'entity', blueprint: {} }` },
  OneTable: {
    versions: '1 and 2',
    code: `export const Order = { format: 'onetable:3.0.0', tables: [] }`,
  },
  'DynamoDB-Toolbox': { versions: '0.9 to 2', code: `export const Order = { type: 'table', build() {}, keys: {} }` },
  TypeDORM: { versions: '1', code: `export const Order = { usesCompositeKey() {}, layout: {} }` },
}

describe('a model of a future version', () => {
  test.each(Object.entries(strangers))('%s', async (library, { versions, code }) => {
    const cwd = folder({ 'order.mjs': code })
    await expect(load(['order.mjs'], { cwd })).rejects.toMatchObject({
      code: 'model',
      message: `order.mjs exports no table: Order looks like a table of ${library}, but not of a supported version (${versions})`,
      hint: beside,
    })
  })

  test('beside a readable table it is a warning', async () => {
    const cwd = folder({
      'order.mjs': `
        export const Order = { _instanceType: 'entity', blueprint: {} }
        export const table = { table: 'orders', partitionKey: 'id' }`,
    })
    const { tables, warnings } = await load(['order.mjs'], { cwd })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['orders'])
    expect(warnings).toEqual([
      'order.mjs: Order looks like a table of ElectroDB, but not of a supported version (1 to 3)',
    ])
  })

  test('a model that throws when it is read is named, with a hint', async () => {
    const code = `
      export const Order = { getName() { throw new Error('moved') }, build() {}, tableName: 'x', partitionKey: { name: 'id' } }`
    await expect(load(['order.mjs'], { cwd: folder({ 'order.mjs': code }) })).rejects.toMatchObject({
      code: 'model',
      message: 'order.mjs Order cannot be read as a table: moved',
    })
  })
})

describe('a file without tables: the error lists its exports, and the hint guesses', () => {
  const list = 'the README lists the libraries that are understood ("Models of other libraries")'
  const anything = `export what defineTable or defineModel returns, a CreateTable input, or a library's model; ${list}`

  test.each([
    ['export const limit = 5', 'exports no table, only limit (number)', anything],
    ['export {}', 'exports nothing', anything],
    ['export default {}', 'exports no table, only default (empty object)', anything],
    [
      'export default function createUsers() {}',
      'exports no table, only default (function createUsers)',
      `functions are not called: export what createUsers returns; ${list}`,
    ],
    [
      'export class User {}',
      'exports no table, only User (class User)',
      `the class User has no decorators of a supported library; ${list}`,
    ],
    [
      `export const user = Promise.resolve({ table: 'users', partitionKey: 'id' })`,
      'exports no table, only user (instance of Promise)',
      'user is a promise: export its result, with a top-level await',
    ],
    [
      `export const User = { tableName: 'users', hashKey: 'id', range_key: 'at', read: 1 }`,
      'exports no table, only User (object with tableName, hashKey, range_key, ...)',
      `write User as { table: '...', partitionKey: '...', sortKey: '...' }`,
    ],
    [
      `export const User = { name: 'users', partitionKey: 'id' }`,
      'exports no table: User is a table without a name; add table: <name>',
      undefined,
    ],
  ])('%s', async (code, message, hint) => {
    const cwd = folder({ 'user.mjs': code })
    const error: unknown = await load(['user.mjs'], { cwd }).catch(thrown => thrown)
    expect(error).toMatchObject({ code: 'model', message: `user.mjs ${message}`, hint })
  })

  const installed = (name: string, version: string, code: string) => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version, exports: './index.mjs' }),
    [`node_modules/${name}/index.mjs`]: code,
  })

  test('the hint names the library that the file imports', async () => {
    const cwd = folder({
      'user.mjs': `import { Entity } from 'dynamode'\nexport class User extends Entity {}`,
      ...installed('dynamode', '1.9.0', 'export class Entity {}'),
    })
    await expect(load(['user.mjs'], { cwd })).rejects.toMatchObject({
      message: 'user.mjs exports no table, only User (class User)',
      hint: 'it is written with Dynamode: export a TableManager',
    })
  })

  test('the hint names a version that is newer than the supported ones', async () => {
    const cwd = folder({
      'user.mjs': `import { entity } from 'electrodb'\nexport const User = entity()`,
      'order.mjs': `import { entity } from 'electrodb'\nexport const Order = Object.assign(entity(), { _instanceType: 'entity' })`,
      ...installed('electrodb', '4.0.1', 'export const entity = () => new (class Thing {})()'),
    })
    await expect(load(['user.mjs'], { cwd })).rejects.toMatchObject({
      message: 'user.mjs exports no table, only User (instance of Thing)',
      hint: `electrodb 4.0.1 is installed, and dynamox understands 1 to 3: ${beside}`,
    })
    await expect(load(['order.mjs'], { cwd })).rejects.toMatchObject({
      message:
        'order.mjs exports no table: Order looks like a table of ElectroDB, but not of a supported version (1 to 3)',
      hint: `electrodb 4.0.1 is installed; ${beside}`,
    })
  })

  test('the hint names a library that dynamox does not read', async () => {
    const cwd = folder({
      'user.mjs': `import { Table } from 'dyna-record'\nexport class User {}`,
      ...installed('dyna-record', '1.0.0', 'export const Table = 1'),
    })
    await expect(load(['user.mjs'], { cwd })).rejects.toMatchObject({
      hint: `models of dyna-record cannot be read: ${beside}`,
    })
  })

  test('of the export that was asked for', async () => {
    const cwd = folder({
      'user.mjs': `export class User {}\nexport const Order = { table: 'orders', partitionKey: 'id' }`,
    })
    await expect(load(['user.mjs'], { cwd, export: 'User' })).rejects.toMatchObject({
      message: 'User (class User) of user.mjs is not a table',
      hint: `the class User has no decorators of a supported library; ${list}`,
    })
  })
})

test('docs/models.md lists every library, with the versions that are understood', () => {
  const rows = [...readFileSync('docs/models.md', 'utf8').matchAll(/^\| ([^|]+) \| ([\d., ]+) \|/gm)]
  const listed = rows.map(([, title = '', versions = '']) => ({ title, versions: versions.split(', ').reverse() }))
  const missing = [...modelPackages].filter(
    ([name, { title, versions }]) =>
      !listed.some(
        row =>
          (row.title.includes(title) ||
            row.title.includes(name) ||
            (title === 'the data mapper' && /fork/.test(row.title))) &&
          versions.every(version => row.versions.includes(version)),
      ),
  )
  expect(missing.filter(([name]) => name !== 'nestjs-dynamoose')).toEqual([])
})

test('README.md names every library', () => {
  const readme = readFileSync('README.md', 'utf8').replace(/\s+/g, ' ')
  const isNamed = (text: string) =>
    readme.includes(text) || (text === 'the data mapper' && readme.includes('data mapper'))
  expect([...modelPackages].filter(([name, { title }]) => !isNamed(title) && !isNamed(name))).toEqual([])
})
