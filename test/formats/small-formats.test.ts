// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import { plain, read } from './support/read.ts'

describe('Architect', () => {
  const called = (id: string) =>
    `${id} is called shop-${id} here: Architect makes its name when it deploys; give one with --name ${id}=<table>`

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

  test('a table that AWS would refuse', async () => {
    const text = `module.exports = { tables: [{ TableName: 'users', KeySchema: [], AttributeDefinitions: [] }] }`
    const { error } = await read({ 'jest-dynamodb-config.js': text }, 'jest-dynamodb-config.js')
    expect(error).toContain('jest-dynamodb-config.js users › KeySchema')
  })
})

describe('SST', { timeout: 30_000 }, () => {
  test('components and the resource of Pulumi, in the config and in modules that it imports', async () => {
    const files = {
      'infra/tables.ts': `export const notes = new sst.aws.Dynamo('Notes', {
        fields: { userId: 'string', noteId: 'number', at: 'number' },
        primaryIndex: { hashKey: 'userId', rangeKey: 'noteId' },
        globalIndexes: { byAt: { hashKey: 'at', projection: 'keys-only' } },
        localIndexes: { local: { rangeKey: 'at' } },
        stream: 'new-and-old-images', ttl: 'expires', deletionProtection: true,
      })
      new sst.aws.Function('F', { link: [notes], environment: { TABLE: notes.name } })`,
      'sst.config.ts': `export default $config({
        app(input) { return { name: 'shop', home: 'aws', removal: input?.stage === 'prod' ? 'retain' : 'remove' } },
        async run() {
          const { notes } = await import('./infra/tables')
          const bucket = new sst.aws.Bucket('B')
          new sst.aws.Dynamo('Named', { fields: { id: 'binary' }, primaryIndex: { hashKey: 'id' }, transform: { table: { name: 'named' } } })
          new sst.aws.Dynamo('ByFunction', { fields: { id: 'string' }, primaryIndex: { hashKey: 'id' },
            transform: { table: args => { args.name = $interpolate\`by-\${$app.name}-\${$app.stage}\` } } })
          new aws.dynamodb.Table('Raw', { name: 'raw', hashKey: 'id', billingMode: 'PAY_PER_REQUEST',
            attributes: [{ name: 'id', type: 'S' }], ttl: { attributeName: 'x', enabled: true } })
          return { table: notes.name, bucket: bucket.arn }
        },
      })`,
    }
    const { tables, warnings, error } = await read(files, 'sst.config.ts')
    expect(error).toBeUndefined()
    const on = { pointInTimeRecovery: true }
    expect(tables).toEqual({
      'shop-dev-Notes': plain('userId:S', {
        ...on,
        sortKey: 'noteId:N',
        stream: 'NEW_AND_OLD_IMAGES',
        ttl: 'expires',
        deletionProtection: true,
        globalIndexes: { byAt: { partitionKey: 'at:N', sortKey: '', projection: 'KEYS_ONLY' } },
        localIndexes: { local: { partitionKey: 'userId:S', sortKey: 'at:N', projection: 'ALL' } },
      }),
      named: plain('id:B', on),
      'by-shop-dev': plain('id:S', on),
      raw: plain('id:S', { ttl: 'x' }),
    })
    expect(warnings[0]).toBe(
      'Notes is called shop-dev-Notes here: SST makes its name when it deploys; give one with --name Notes=<table>',
    )
  })

  test('a config that fails, and one without tables', async () => {
    const failing = 'export default $config({ app() { return {} }, run() { throw new Error("no table today") } })'
    expect((await read({ 'sst.config.ts': failing }, 'sst.config.ts')).error).toContain('no table today')
    const empty = 'export default $config({ app() { return { name: "x" } }, async run() {} })'
    expect((await read({ 'sst.config.ts': empty }, 'sst.config.ts')).error).toBe(
      'sst.config.ts is a config of SST without DynamoDB tables',
    )
  })
})
