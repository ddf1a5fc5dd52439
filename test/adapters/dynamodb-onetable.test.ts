import { Table } from 'dynamodb-onetable'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../fixtures/dynamodb-onetable/schema.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { folder } from '../load/support/folder.ts'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { load, loadShown, n, s, shown } from './support/fixtures.ts'

const billing =
  'billing is assumed to be on-demand (PAY_PER_REQUEST): OneTable does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]'
const localIndexWarning = (path: string) =>
  `${path} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "ls1" cannot be added, changed or removed later [W-local-index]`
const definition = {
  partitionKey: [s('pk')],
  sortKey: [s('sk')],
  globalIndexes: [
    { name: 'gs1', partitionKey: [s('gs1pk')], sortKey: [s('gs1sk')], projection: ['title'] },
    { name: 'gs2', partitionKey: [s('status')], sortKey: [n('airedAt')], projection: 'KEYS_ONLY' },
    { name: 'gs3', partitionKey: [s('bucket')], sortKey: [n('mark')], projection: 'ALL' },
  ],
  localIndexes: [{ name: 'ls1', partitionKey: [s('pk')], sortKey: [n('minutes')], projection: 'KEYS_ONLY' }],
  billingMode: 'PAY_PER_REQUEST',
  ttl: 'ttl',
  guesses: ['billingMode'],
}

describe('definitions of tables, models and schemas', () => {
  test('a table has a name, so the missing name of its schema does not matter', async () => {
    const label = 'dynamodb-onetable/broadcast.ts table.Show'
    expect(await loadShown('dynamodb-onetable/{broadcast,schema}.ts')).toEqual([
      {
        name: 'onetable-broadcast',
        ...definition,
        sources: [
          'dynamodb-onetable: dynamodb-onetable/broadcast.ts table.Show',
          'dynamodb-onetable: dynamodb-onetable/broadcast.ts table.Episode',
        ],
        warnings: [billing, localIndexWarning(label)],
      },
    ])
  })

  test('a model leads to its table', async () => {
    const { tables } = await load(['dynamodb-onetable/broadcast.ts'], { export: 'Episode' })
    expect(tables.map(({ definition: { name } }) => name)).toEqual(['onetable-broadcast'])
  })

  test('a schema on its own only lacks a name', async () => {
    const { tables } = await load(['dynamodb-onetable/schema.ts'], { table: 'broadcast' })
    const label = 'dynamodb-onetable/schema.ts schema.Show'
    expect(tables.map(shown)).toEqual([
      {
        name: 'broadcast',
        ...definition,
        sources: [
          'dynamodb-onetable: dynamodb-onetable/schema.ts schema.Show',
          'dynamodb-onetable: dynamodb-onetable/schema.ts schema.Episode',
        ],
        warnings: [billing, localIndexWarning(label)],
      },
    ])
  })

  test('a schema without its format; the config names it once for all its models', async () => {
    const cwd = folder({
      'plain.cjs': `
        const models = { User: { pk: { type: String } }, Post: { pk: { type: String } } }
        module.exports.schema = { version: '0.0.1', indexes: { primary: { hash: 'pk' } }, models }`,
      '.dynamoxrc': 'models: plain.cjs\nnames: { "plain.cjs#schema": blog }',
    })
    const { tables } = await loadDefinitions({ cwd })
    expect(tables.map(({ definition, sources }) => [definition.name, sources.length])).toEqual([['blog', 2]])
  })

  test('single table: dates stored as text, and a model that is made outside the schema', async () => {
    const file = 'dynamodb-onetable/choir.ts'
    expect(await loadShown(file)).toEqual([
      {
        name: 'onetable-choir',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          { name: 'gs1', partitionKey: [s('gs1pk')], sortKey: [s('gs1sk')], projection: 'ALL' },
          { name: 'gs2', partitionKey: [s('voice')], sortKey: [s('joined')], projection: 'KEYS_ONLY' },
        ],
        localIndexes: [{ name: 'ls1', partitionKey: [s('pk')], sortKey: [s('id')], projection: 'ALL' }],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['Concert', 'table.Choir', 'table.Singer'].map(name => `dynamodb-onetable: ${file} ${name}`),
        warnings: [billing, localIndexWarning(`${file} Concert`)],
      },
    ])
  })

  test('two models that disagree on a type are a conflict, where OneTable takes the first', async () => {
    await expect(load(['dynamodb-onetable/conflict/table.ts'])).rejects.toMatchObject({
      message:
        'dynamodb-onetable/conflict/table.ts:4:14: table.Play: onetable-conflict is defined twice, and the type of attribute gs1sk differs: string in table.Song (dynamodb-onetable/conflict/table.ts), number in table.Play (dynamodb-onetable/conflict/table.ts)',
    })
  })
})

describe('the table through OneTable itself', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await startEngine()
    await engine.create((await load(['dynamodb-onetable/{broadcast,choir}.ts'])).tables)
    await engine.create((await load(['dynamodb-onetable/schema.ts'], { table: 'onetable-plain' })).tables)
  })
  afterAll(() => engine.stop())

  test.each(['the table', 'a table made of the plain schema'])('%s: by key and through each index', async which => {
    const { table: broadcast } = await import('../../fixtures/dynamodb-onetable/broadcast.ts')
    const table =
      which === 'the table' ? broadcast : new Table({ name: 'onetable-plain', schema, partial: true, logger: false })
    table.setClient(engine.client)
    const Show = table.getModel('Show')
    const Episode = table.getModel('Episode')
    // OneTable's types take no buffer for a field of type `buffer`.
    const cover = Buffer.from('cover') as never
    await Show.create({ id: 's1', title: 'One', cover, rating: 9 })
    const airedAt = new Date(1_700_000_000_000)
    const episode = {
      id: 'e1',
      showId: 's1',
      status: 'live',
      airedAt,
      minutes: 45,
      expires: new Date(1_900_000_000_000),
    }
    await Episode.create(episode)
    expect(await Show.get({ id: 's1' })).toMatchObject({ title: 'One', rating: 9 })
    expect(await Show.find({ gs1pk: 'show#', gs1sk: 'show#One' }, { index: 'gs1' })).toMatchObject([{ title: 'One' }])
    const bucket = Buffer.from('cover').toString('base64')
    expect(await table.queryItems({ bucket, mark: 9 }, { index: 'gs3', parse: false })).toHaveLength(1)
    expect(await Episode.get({ id: 'e1', showId: 's1' })).toMatchObject(episode)
    const live = await Episode.find({ status: 'live', airedAt: { '>=': airedAt } }, { index: 'gs2', follow: true })
    expect(live).toMatchObject([{ id: 'e1' }])
    expect(await Episode.find({ pk: 'show#s1', minutes: 45 }, { index: 'ls1', follow: true })).toMatchObject([episode])
  })

  test('models of one table, with dates stored as text', async () => {
    const { table, Choir, Singer, Concert } = await import('../../fixtures/dynamodb-onetable/choir.ts')
    table.setClient(engine.client)
    await Choir.create({ id: 'c1', name: 'Bach' })
    const joined = new Date(1_700_000_000_000)
    const singer = { id: 's1', choirId: 'c1', email: 'a@b.c', voice: 'bass', joined } as const
    await Singer.create(singer)
    await Concert.create({ id: 'k1', choirId: 'c1' } as never)
    expect(await Choir.get({ id: 'c1' })).toMatchObject({ name: 'Bach' })
    expect(await Singer.get({ choirId: 'c1', email: 'a@b.c' })).toMatchObject(singer)
    expect(await Concert.get({ id: 'k1', choirId: 'c1' })).toMatchObject({ id: 'k1' })
    expect(await Singer.get({ email: 'a@b.c' }, { index: 'gs1', follow: true })).toMatchObject(singer)
    const basses = { voice: 'bass', joined: { '>=': joined } } as const
    expect(await Singer.find(basses, { index: 'gs2', follow: true })).toMatchObject([singer])
    expect(await Singer.find({ pk: 'choir:c1', id: 's1' }, { index: 'ls1' })).toMatchObject([singer])
  })

  test("OneTable's own table definition would have refused that date", async () => {
    const { table } = await import('../../fixtures/dynamodb-onetable/broadcast.ts')
    const { AttributeDefinitions = [] } = table.getTableDefinition({}) as {
      AttributeDefinitions?: { AttributeName: string; AttributeType: string }[]
    }
    expect(AttributeDefinitions).toContainEqual({ AttributeName: 'airedAt', AttributeType: 'S' })
  })
})
