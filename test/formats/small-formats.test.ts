// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import { plain, read } from './support/read.ts'

describe('CreateTable inputs', () => {
  const input = (name: string, attribute: string) =>
    `{ "TableName": "${name}", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
  "AttributeDefinitions": [{ "AttributeName": "${attribute}", "AttributeType": "S" }] }`

  test('a bad one of several is skipped with its place; alone it is an error', async () => {
    const several = `[${input('good', 'id')},\n${input('lost', 'other')},\n${input('no', 'id')}]`
    const { tables, warnings, error } = await read({ 'tables.json': several }, 'tables.json')
    expect(error).toBeUndefined()
    expect(tables).toEqual({ good: plain('id:S') })
    expect(warnings).toEqual([
      expect.stringMatching(/^tables\.json:3:72 \[1\] is skipped: KeySchema\[0\]: "id" is not in AttributeDefinitions/),
      expect.stringMatching(/^tables\.json:5:\d+ \[2\] no is skipped: table: table name "no" has 2 characters/),
    ])
    const alone = await read({ 'table.json': input('lost', 'other') }, 'table.json')
    expect(alone.error).toContain('"id" is not in AttributeDefinitions')
    const strict = await read({ 'tables.json': several }, 'tables.json', () => ({ strict: true }))
    expect(strict.error).toContain('"id" is not in AttributeDefinitions')
  })
})

describe('Architect', () => {
  const called = (id: string) =>
    `${id} is called shop-${id} here: Architect chooses the name when it deploys; give its name with --name ${id}=<table>`

  test('every kind of table and index', async () => {
    const text = `@app
shop

@tables # comment
accounts
  id *String
  created **Number
  _ttl TTL
  stream true
  PointInTimeRecovery true
  encrypt true
plain
  id *
files
  hash *Binary

@tables-indexes
accounts
  email *String
  created **Number
accounts
  type *string
  name by-type
  projection keys
plain
  mail *String
  projection first last

@tables-streams
plain
`
    const { tables, warnings, error } = await read({ 'app.arc': text }, 'app.arc')
    expect(error).toBeUndefined()
    expect(warnings).toEqual(['accounts', 'plain', 'files'].map(called))
    const index = { sortKey: '', projection: 'ALL' }
    expect(tables).toEqual({
      'shop-accounts': plain('id:S', {
        sortKey: 'created:N',
        ttl: '_ttl',
        stream: 'NEW_AND_OLD_IMAGES',
        pointInTimeRecovery: true,
        encryption: 'AWS_MANAGED',
        globalIndexes: {
          'email-created-index': { ...index, partitionKey: 'email:S', sortKey: 'created:N' },
          'by-type': { ...index, partitionKey: 'type:S', projection: 'KEYS_ONLY' },
        },
      }),
      'shop-plain': plain('id:S', {
        stream: 'NEW_AND_OLD_IMAGES',
        globalIndexes: { 'mail-index': { ...index, partitionKey: 'mail:S', projection: ['first', 'last'] } },
      }),
      'shop-files': plain('hash:B'),
    })
  })

  test('a file of thousands of tables is parsed in parts, as the whole would be', { timeout: 30_000 }, async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `table${at}`)
    const table = (name: string) => `${name} # of ${name}\n  id *String\n  at **Number # number\n\n# end\n`
    const text = `@app\nshop\n@tables\n${names.map(table).join('')}@tables-indexes\n${names.map(name => `${name}\n  mail *String\n`).join('')}`
    const { tables, error } = await read({ 'app.arc': text }, 'app.arc')
    expect(error).toBeUndefined()
    expect(Object.keys(tables)).toHaveLength(1_000)
    const globalIndexes = { 'mail-index': { partitionKey: 'mail:S', sortKey: '', projection: 'ALL' } }
    expect(tables['shop-table999']).toEqual(plain('id:S', { sortKey: 'at:N', globalIndexes }))
    expect((await read({ 'app.arc': `${text}broken\n  a: [\n  *\n"` }, 'app.arc')).error).toMatch(/^app\.arc:\d{4}:/)
  })

  test('two indexes with one name exclude only their table', async () => {
    const text =
      '@app\nshop\n@tables\nposts\n  id *String\nnotes\n  id *String\n@tables-indexes\nposts\n  at *Number\nposts\n  at *String\n'
    const { tables, warnings } = await read({ 'app.arc': text }, 'app.arc')
    expect(Object.keys(tables)).toEqual(['shop-notes'])
    expect(warnings[0]).toBe('app.arc:4:1 posts is skipped: two indexes are called at-index')
  })

  test('two partition keys', async () => {
    const { error } = await read({ 'app.arc': '@app\nshop\n@tables\nposts\n  id *String\n  at *Number\n' }, 'app.arc')
    expect(error).toContain('app.arc:4:1: posts › partitionKey: is given twice: id and at')
  })

  test('@indexes, an index of no table, and a given name', async () => {
    const text = '@app\nshop\n@tables\nposts\n  id *String\n@indexes\nposts\n  type *String\nghosts\n  x *String\n'
    const { tables, warnings } = await read({ 'app.arc': text }, 'app.arc', () => ({
      inputs: { names: { posts: 'posts' } },
    }))
    expect(Object.keys(tables)).toEqual(['posts'])
    expect(tables.posts?.globalIndexes).toEqual({
      'type-index': { partitionKey: 'type:S', sortKey: '', projection: 'ALL' },
    })
    expect(warnings).toEqual(['app.arc: @tables-indexes names ghosts, which @tables does not define'])
  })

  test.each([
    ['@app\nshop\n@tables\nposts\n  id *Date\n', /app\.arc:4:1 posts › partitionKey/],
    ['@app\nshop\n@tables\nposts\n  title String\n', /app\.arc:4:1 posts.* partitionKey/s],
    ['hello', /^app\.arc: .*at least one pragma/],
    ['@app\nshop\n  @@\n', /^app\.arc:3:\d+: /],
    ['@app\nshop\n', /^app\.arc is a project of Architect without DynamoDB tables$/],
  ])('%j is refused', async (text, message) => {
    expect((await read({ 'app.arc': text }, 'app.arc')).error).toMatch(message)
  })
})

describe('NoSQL Workbench', () => {
  const model = (more: object = {}) =>
    JSON.stringify({
      ModelName: 'Shop',
      ModelMetadata: { Version: '3.0' },
      DataModel: [
        {
          TableName: 'orders',
          KeyAttributes: {
            PartitionKey: { AttributeName: 'pk', AttributeType: 'S' },
            SortKey: { AttributeName: 'sk', AttributeType: 'N' },
          },
          NonKeyAttributes: [{ AttributeName: 'total', AttributeType: 'N' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by-status',
              KeyAttributes: { PartitionKey: { AttributeName: 'status', AttributeType: 'S' } },
              Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['total'] },
            },
          ],
          TableData: [{ pk: { S: 'a' }, sk: { N: '1' }, total: { N: '5' } }],
          ...more,
        },
      ],
    })

  test('keys, indexes and sample items; a model without a billing mode leaves it open', async () => {
    const { tables, items, warnings } = await read({ 'shop.json': model() }, 'shop.json')
    expect(tables).toEqual({
      orders: plain('pk:S', {
        sortKey: 'sk:N',
        globalIndexes: { 'by-status': { partitionKey: 'status:S', sortKey: '', projection: ['total'] } },
      }),
    })
    expect(items).toEqual({ orders: [{ pk: { S: 'a' }, sk: { N: '1' }, total: { N: '5' } }] })
    expect(warnings).toEqual([])
  })

  test('provisioned capacity', async () => {
    const units = { ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 }, AutoScalingRead: {} }
    const more = { BillingMode: 'PROVISIONED', ProvisionedCapacitySettings: units }
    const { tables } = await read({ 'shop.json': model(more) }, 'shop.json')
    expect(tables.orders).toMatchObject({ billingMode: 'PROVISIONED', readCapacity: 3, writeCapacity: 4 })
  })

  test('two indexes with the same name exclude only their table', async () => {
    const index = {
      IndexName: 'by-status',
      KeyAttributes: { PartitionKey: { AttributeName: 'a', AttributeType: 'S' } },
    }
    const both = JSON.parse(model({ TableName: 'twice', LocalSecondaryIndexes: [index] }))
    both.DataModel.push(...JSON.parse(model()).DataModel)
    const { tables, warnings } = await read({ 'shop.json': JSON.stringify(both) }, 'shop.json')
    expect(Object.keys(tables)).toEqual(['orders'])
    expect(warnings[0]).toMatch(/^shop\.json:1:\d+ twice is skipped: two indexes are called by-status$/)
    const { IndexName: _, ...unnamed } = index
    const alone = await read({ 'shop.json': model({ LocalSecondaryIndexes: [unnamed] }) }, 'shop.json')
    expect(alone.error).toMatch(/^shop\.json:1:\d+: orders: an index has no name/)
  })

  test.each([
    [model({ KeyAttributes: {} }), /shop\.json:1:\d+ orders.*partitionKey/s],
    ['{ "DataModel": [] }', /^shop\.json is a NoSQL Workbench model without DynamoDB tables$/],
  ])('a model that is refused', async (text, message) => {
    expect((await read({ 'shop.json': text }, 'shop.json')).error).toMatch(message)
  })
})

describe('configs of jest', { timeout: 30_000 }, () => {
  const input = `{ TableName: 'users', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST', data: [{ id: 'a' }] }`
  test.each([
    ['jest-dynamodb-config.js', `module.exports = { tables: [${input}], port: 8000 }`],
    ['jest-dynamodb-config.ts', `export default async () => ({ tables: [${input}] })`],
    ['jest-dynalite-config.js', `module.exports = { tables: async () => [${input}], basePort: 8000 }`],
    ['jest-dynalite-config.json', `{"tables": [${input.replace(/(\w+): /g, '"$1": ').replaceAll("'", '"')}]}`],
  ])('%s', async (name, text) => {
    const found = await read({ [name]: text }, name)
    expect(found).toEqual({ tables: { users: plain('id:S') }, items: { users: [{ id: 'a' }] }, warnings: [] })
  })

  test('a name that the environment lacks is a placeholder, and a broken table loses no other', async () => {
    const text = `module.exports = { tables: [${input}, ${input.replace("'users'", 'process.env.NO_SUCH_TABLE')},
      ${input.replace("'users'", "'wrong name'")}] }`
    const { tables, warnings } = await read({ 'jest-dynamodb-config.js': text }, 'jest-dynamodb-config.js')
    expect(Object.keys(tables)).toEqual(['users', 'jest-dynamodb-config-tables-1'])
    expect(warnings).toEqual([
      'tables[1] is called jest-dynamodb-config-tables-1 here: its TableName has no value; give its name with --name tables[1]=<table>',
      expect.stringContaining(
        'jest-dynamodb-config.js:4:21 wrong name is skipped: table: table name "wrong name" contains " "',
      ),
    ])
  })

  test('a table that AWS would refuse', async () => {
    const text = `module.exports = { tables: [{ TableName: 'users', KeySchema: [], AttributeDefinitions: [] }] }`
    const { error } = await read({ 'jest-dynamodb-config.js': text }, 'jest-dynamodb-config.js')
    expect(error).toContain('jest-dynamodb-config.js:1:43 users › KeySchema')
  })
})
