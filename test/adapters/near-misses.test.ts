import { describe, expect, test } from 'vitest'
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

describe('a model of a version to come', () => {
  test.each(Object.entries(strangers))('%s', async (library, { versions, code }) => {
    const cwd = folder({ 'order.mjs': code })
    await expect(load(['order.mjs'], { cwd })).rejects.toMatchObject({
      code: 'model',
      message: `order.mjs exports no table: Order looks like a table of ${library}, but not of a version that dynamox understands (${versions})`,
      hint: beside,
    })
  })

  test('beside a table that is understood it is a warning', async () => {
    const cwd = folder({
      'order.mjs': `
        export const Order = { _instanceType: 'entity', blueprint: {} }
        export const table = { table: 'orders', partitionKey: 'id' }`,
    })
    const { tables, warnings } = await load(['order.mjs'], { cwd })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['orders'])
    expect(warnings).toEqual([
      'order.mjs: Order looks like a table of ElectroDB, but not of a version that dynamox understands (1 to 3)',
    ])
  })

  test('one that breaks where it is read says so and how to help oneself', async () => {
    const code = `
      export const Order = { getName() { throw new Error('moved') }, build() {}, tableName: 'x', partitionKey: { name: 'id' } }`
    await expect(load(['order.mjs'], { cwd: folder({ 'order.mjs': code }) })).rejects.toMatchObject({
      code: 'model',
      message: 'order.mjs Order cannot be read as a table: moved',
    })
  })
})

describe('a file without any table', () => {
  test('says what it exports and what is understood', async () => {
    const cwd = folder({ 'limits.mjs': 'export const limit = 5' })
    await expect(load(['limits.mjs'], { cwd })).rejects.toMatchObject({
      code: 'model',
      message: 'limits.mjs exports no table that dynamox understands, only limit (number)',
      hint: "export what defineModel or defineTable returns, a CreateTable input, or a model of Dynamoose, ElectroDB, DynamoDB-Toolbox, OneTable, TypeDORM, AWS's data mapper, Dynamode, Dyngoose, dynamo-types, Dynamorm, dynamo-easy, ddb-single-table, dynamo-document-builder, dynamodb-entity-store, dynamo-ts, vogels",
    })
  })
})
