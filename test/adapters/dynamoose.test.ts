import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import dynamoose from 'dynamoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folder } from '../load/support/folder.ts'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { b, fixtures, load, loadShown, n, s, shown } from './support/fixtures.ts'

const localIndexWarning = (path: string, index: string) =>
  `${path} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "${index}" cannot be added, changed or removed later [W-local-index]`
const unchosen =
  'billing is assumed to be provisioned with 1 read and 1 write unit, the default of Dynamoose; set billingMode in defaults or overrides of the config [W-assumed-billing]'

describe('definitions of models', () => {
  test('every way to describe a table', async () => {
    expect(await loadShown('dynamoose/order.ts')).toEqual([
      {
        name: 'dynamoose-orders-v1',
        partitionKey: [s('customerId')],
        sortKey: [n('placedAt')],
        globalIndexes: [
          {
            name: 'byStatus',
            partitionKey: [s('status')],
            sortKey: [n('placedAt')],
            projection: 'KEYS_ONLY',
            readCapacity: 10,
            writeCapacity: 5,
          },
          {
            name: 'byEmail',
            partitionKey: [s('email')],
            sortKey: [],
            projection: ['status', 'total'],
            readCapacity: 3,
            writeCapacity: 2,
          },
          {
            name: 'byFingerprint',
            partitionKey: [b('fingerprint')],
            sortKey: [],
            projection: 'ALL',
            readCapacity: 10,
            writeCapacity: 5,
          },
          {
            name: 'shipOnGlobalIndex',
            partitionKey: [n('shipOn')],
            sortKey: [],
            projection: 'ALL',
            readCapacity: 10,
            writeCapacity: 5,
          },
        ],
        localIndexes: [
          { name: 'byTotal', partitionKey: [s('customerId')], sortKey: [n('total')], projection: ['status'] },
        ],
        billingMode: 'PROVISIONED',
        readCapacity: 10,
        writeCapacity: 5,
        tableClass: 'STANDARD_INFREQUENT_ACCESS',
        stream: 'NEW_AND_OLD_IMAGES',
        ttl: 'expiresAt',
        tags: { team: 'shop', stage: 'dev' },
        guesses: [],
        sources: ['dynamoose: dynamoose/order.ts Order'],
        warnings: [localIndexWarning('dynamoose/order.ts Order', 'byTotal')],
      },
    ])
  })

  test('the smallest model: default capacity is an assumption', async () => {
    expect(await loadShown('dynamoose/plant.ts')).toEqual([
      {
        name: 'dynamoose-plants',
        partitionKey: [s('label')],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        billingMode: 'PROVISIONED',
        readCapacity: 1,
        writeCapacity: 1,
        guesses: ['billingMode', 'readCapacity', 'writeCapacity'],
        sources: ['dynamoose: dynamoose/plant.ts Plant'],
        warnings: [unchosen],
      },
    ])
  })

  test('first steps: a CommonJS file that exports one model, whose first attribute is a number', async () => {
    expect(await loadShown('dynamoose/boat.cjs')).toEqual([
      {
        name: 'dynamoose-boats',
        partitionKey: [n('hull')],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        billingMode: 'PROVISIONED',
        readCapacity: 1,
        writeCapacity: 1,
        guesses: ['billingMode', 'readCapacity', 'writeCapacity'],
        sources: ['dynamoose: dynamoose/boat.cjs default'],
        warnings: [unchosen],
      },
    ])
  })

  test('a model of several schemas', async () => {
    const label = 'dynamoose/log.ts default.schemas[0] dynamoose-log'
    expect(await loadShown('dynamoose/log.ts')).toEqual([
      {
        name: 'dynamoose-log',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          {
            name: 'levelGlobalIndex',
            partitionKey: [s('level')],
            sortKey: [],
            projection: 'ALL',
            readCapacity: 1,
            writeCapacity: 1,
          },
        ],
        localIndexes: [{ name: 'byTime', partitionKey: [s('pk')], sortKey: [n('at')], projection: 'ALL' }],
        billingMode: 'PROVISIONED',
        readCapacity: 1,
        writeCapacity: 1,
        guesses: [
          'billingMode',
          'readCapacity',
          'writeCapacity',
          'globalIndexes.levelGlobalIndex.readCapacity',
          'globalIndexes.levelGlobalIndex.writeCapacity',
        ],
        sources: ['dynamoose: dynamoose/log.ts default.schemas[0]', 'dynamoose: dynamoose/log.ts default.schemas[1]'],
        warnings: [unchosen, localIndexWarning(label, 'byTime')],
      },
    ])
  })

  test('schemas of one model that disagree are a conflict, where Dynamoose lets the last one win', async () => {
    const cwd = folder({
      'log.mjs': `
        import dynamoose from '${import.meta.resolve('dynamoose')}'
        const keys = { pk: { type: String, hashKey: true }, sk: { type: String, rangeKey: true } }
        const index = { name: 'byLevel', type: 'global' }
        const text = new dynamoose.Schema({ ...keys, level: { type: String, index } })
        const mark = new dynamoose.Schema({ ...keys, level: { type: Number, index } })
        export const Log = dynamoose.model('log', [text, mark])`,
    })
    await expect(load(['log.mjs'], { cwd })).rejects.toMatchObject({
      message:
        'log.mjs:7:22: Log.schemas[1] log: log is defined twice, and the type of attribute level differs: string in Log.schemas[0] (log.mjs), number in Log.schemas[1] (log.mjs)',
    })
  })

  test('models in separate files, which another file puts into one table', async () => {
    expect(await loadShown('dynamoose/marina/*.ts')).toEqual([
      {
        name: 'dynamoose-marina',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          {
            name: 'byLicence',
            partitionKey: [s('licence')],
            sortKey: [],
            projection: 'ALL',
            readCapacity: 1,
            writeCapacity: 1,
          },
        ],
        localIndexes: [],
        billingMode: 'PROVISIONED',
        readCapacity: 1,
        writeCapacity: 1,
        guesses: [
          'billingMode',
          'readCapacity',
          'writeCapacity',
          'globalIndexes.byLicence.readCapacity',
          'globalIndexes.byLicence.writeCapacity',
        ],
        sources: ['dynamoose: dynamoose/marina/berth.ts Berth', 'dynamoose: dynamoose/marina/skipper.ts Skipper'],
        warnings: [unchosen],
      },
    ])
    expect(await loadShown('dynamoose/marina/table.ts')).toMatchObject([
      {
        name: 'dynamoose-marina',
        sources: [
          'dynamoose: dynamoose/marina/table.ts Marina.Berth',
          'dynamoose: dynamoose/marina/table.ts Marina.Skipper',
        ],
      },
    ])
  })

  test('a schema on its own, as for nestjs-dynamoose, only lacks a name', async () => {
    const { tables } = await load(['nestjs-dynamoose/pet.schema.ts'], { table: 'dynamoose-pets' })
    const label = 'nestjs-dynamoose/pet.schema.ts PetSchema'
    expect(tables.map(shown)).toEqual([
      {
        name: 'dynamoose-pets',
        partitionKey: [s('id')],
        sortKey: [n('born')],
        globalIndexes: [{ name: 'byOwner', partitionKey: [s('owner')], sortKey: [n('born')], projection: 'KEYS_ONLY' }],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: [`dynamoose: ${label}`],
        warnings: [
          `billing is assumed to be on-demand (PAY_PER_REQUEST): a Dynamoose schema does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]`,
        ],
      },
    ])
  })

  test('{ name, schema, options } of nestjs-dynamoose, alone and in lists', async () => {
    const cwd = folder({
      'pets.ts': `
        import { Schema } from 'dynamoose'
        const owner = { type: String, index: { name: 'byOwner', type: 'global', project: false } }
        export const PetSchema = new Schema({ id: { type: String, hashKey: true }, owner })
        const options = { prefix: 'my-', tableName: 'pets', throughput: { read: 3, write: 2 }, expires: 1000 }
        export const models = [
          { name: 'Pet', schema: PetSchema, options },
          { name: 'Toy', schema: new Schema({ id: { type: Number, hashKey: true } }) },
        ]
        export const visit = { name: 'Visit', schema: new Schema({ id: { type: String, hashKey: true } }) }`,
    })
    symlinkSync(resolve('node_modules'), join(cwd, 'node_modules'))
    const { tables } = await load(['pets.ts'], { cwd })
    const guess =
      'billing is assumed to be on-demand (PAY_PER_REQUEST): a Dynamoose schema does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]'
    const bare = { sortKey: [], globalIndexes: [], localIndexes: [], billingMode: 'PAY_PER_REQUEST' }
    expect(tables.map(shown)).toEqual([
      {
        ...bare,
        name: 'Visit',
        partitionKey: [s('id')],
        guesses: ['billingMode'],
        sources: ['dynamoose: pets.ts visit'],
        warnings: [guess],
      },
      {
        name: 'my-pets',
        partitionKey: [s('id')],
        sortKey: [],
        globalIndexes: [
          {
            name: 'byOwner',
            partitionKey: [s('owner')],
            sortKey: [],
            projection: 'KEYS_ONLY',
            readCapacity: 3,
            writeCapacity: 2,
          },
        ],
        localIndexes: [],
        billingMode: 'PROVISIONED',
        readCapacity: 3,
        writeCapacity: 2,
        ttl: 'ttl',
        guesses: [],
        sources: ['dynamoose: pets.ts models[0]'],
        warnings: [],
      },
      {
        ...bare,
        name: 'Toy',
        partitionKey: [n('id')],
        guesses: ['billingMode'],
        sources: ['dynamoose: pets.ts models[1]'],
        warnings: [guess],
      },
    ])
  })

  test('two models in one `new Table`', async () => {
    expect(await loadShown('dynamoose/garden.ts')).toEqual([
      {
        name: 'dynamoose-garden',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [{ name: 'byEmail', partitionKey: [s('email')], sortKey: [], projection: 'ALL' }],
        localIndexes: [{ name: 'byArea', partitionKey: [s('pk')], sortKey: [n('area')], projection: 'KEYS_ONLY' }],
        billingMode: 'PAY_PER_REQUEST',
        guesses: [],
        sources: ['dynamoose: dynamoose/garden.ts Garden.Gardener', 'dynamoose: dynamoose/garden.ts Garden.Bed'],
        warnings: [localIndexWarning('dynamoose/garden.ts Garden.Gardener', 'byArea')],
      },
    ])
  })

  test.each([
    ['in one order', ['dynamoose/shared/user.ts', 'dynamoose/shared/invoice.ts']],
    ['in the other', ['dynamoose/shared/invoice.ts', 'dynamoose/shared/user.ts']],
  ])('two models with the same table name, %s: the billing that one names is chosen', async (_, models) => {
    const { tables, warnings } = await load(models)
    const { sources, globalIndexes, ...rest } = shown(tables[0] ?? expect.fail())
    expect(rest).toEqual({
      name: 'dynamoose-shared',
      partitionKey: [s('pk')],
      sortKey: [s('sk')],
      localIndexes: [],
      billingMode: 'PAY_PER_REQUEST',
      guesses: [],
      warnings: [],
    })
    expect([...globalIndexes].sort((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: 'byDue', partitionKey: [n('due')], sortKey: [s('pk')], projection: ['amount'] },
      { name: 'byTeam', partitionKey: [s('team')], sortKey: [n('joined')], projection: 'ALL' },
    ])
    expect(sources).toHaveLength(2)
    expect(warnings).toEqual([])
  })

  test('two models that disagree on a type are a conflict, where Dynamoose lets the last one win', async () => {
    await expect(load(['dynamoose/conflict/user.ts', 'dynamoose/conflict/invoice.ts'])).rejects.toMatchObject({
      code: 'definition',
      message:
        'dynamoose/conflict/invoice.ts:4:14: Invoice: dynamoose-conflict is defined twice, and the type of attribute gsi1sk differs: string in User (dynamoose/conflict/user.ts), number in Invoice (dynamoose/conflict/invoice.ts)',
    })
  })

  test('defaults that the application sets in a file loaded before', async () => {
    const { tables } = await load(['dynamoose/plant.ts'], { require: ['dynamoose/setup.cjs'] })
    expect(tables.map(shown)).toMatchObject([
      { name: 'staging-dynamoose-plants', billingMode: 'PAY_PER_REQUEST', guesses: [] },
    ])
  })

  test('config and flags override default capacity', async () => {
    const { tables } = await load(['dynamoose/shared/invoice.ts'], { flags: { billingMode: 'PAY_PER_REQUEST' } })
    expect(tables.map(shown)).toMatchObject([{ billingMode: 'PAY_PER_REQUEST', guesses: [], warnings: [] }])
    expect(tables[0]?.definition).not.toHaveProperty('readCapacity')
    expect(tables[0]?.definition.globalIndexes[0]).not.toHaveProperty('readCapacity')
  })
})

describe('the table through Dynamoose itself', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await startEngine()
    const { endpoint, region, credentials } = engine
    const ddb = new dynamoose.aws.ddb.DynamoDB({ endpoint, region, credentials })
    // Dynamoose switches expiry on before its first call, and this engine knows no such operation.
    dynamoose.aws.ddb.set(Object.assign(ddb, { updateTimeToLive: async () => ({}) }))
    const models = ['dynamoose/{boat.cjs,order.ts,plant.ts,garden.ts,log.ts}', 'dynamoose/{shared,marina}/*.ts']
    await engine.create((await load(models)).tables)
    await engine.create((await load(['nestjs-dynamoose/*.ts'], { table: 'dynamoose-pets' })).tables)
  })
  afterAll(() => engine.stop())

  test('an order by its key and through each index', async () => {
    const { Order } = await import('../../fixtures/dynamoose/order.ts')
    const order = {
      customerId: 'c1',
      placedAt: 1_700_000_000_000,
      status: 'open',
      email: 'a@b.c',
      total: 42,
      fingerprint: Buffer.from('f1'),
      shipOn: new Date(1_800_000_000_000),
    }
    await Order.create(order)
    expect(await Order.get({ customerId: 'c1', placedAt: order.placedAt })).toMatchObject(order)
    const found = async (key: string, value: unknown, index: string) =>
      (await Order.query(key).eq(value).using(index).exec()).map(item => item.placedAt)
    expect(await found('status', 'open', 'byStatus')).toEqual([order.placedAt])
    expect(await found('email', 'a@b.c', 'byEmail')).toEqual([order.placedAt])
    expect(await found('fingerprint', order.fingerprint, 'byFingerprint')).toEqual([order.placedAt])
    expect(await found('shipOn', order.shipOn.getTime(), 'shipOnGlobalIndex')).toEqual([order.placedAt])
    expect(await Order.query('customerId').eq('c1').where('total').gt(41).using('byTotal').exec()).toHaveLength(1)
  })

  test('models of one table, each through its own index', async () => {
    const { User } = await import('../../fixtures/dynamoose/shared/user.ts')
    const { Invoice } = await import('../../fixtures/dynamoose/shared/invoice.ts')
    await User.create({ pk: 'u#1', sk: 'user', team: 't', joined: 7 })
    await Invoice.create({ pk: 'u#1', sk: 'invoice#1', due: new Date(5_000), amount: 3 })
    expect(await User.get({ pk: 'u#1', sk: 'user' })).toMatchObject({ joined: 7 })
    expect(await Invoice.get({ pk: 'u#1', sk: 'invoice#1' })).toMatchObject({ amount: 3 })
    expect(await User.query('team').eq('t').where('joined').gt(6).using('byTeam').exec()).toHaveLength(1)
    const due = await Invoice.query('due').eq(5_000).using('byDue').exec()
    expect(due.map(invoice => invoice.amount)).toEqual([3])
  })

  test('the smallest model', async () => {
    const { Plant } = await import('../../fixtures/dynamoose/plant.ts')
    await Plant.create({ label: 'fern' })
    expect(await Plant.get('fern')).toMatchObject({ label: 'fern' })
  })

  test('models within `new Table`', async () => {
    const { Garden } = await import('../../fixtures/dynamoose/garden.ts')
    expect(Garden.name).toBe('dynamoose-garden')
    const Gardener = dynamoose.model('Gardener')
    const Bed = dynamoose.model('Bed')
    await Gardener.create({ pk: 'g#1', sk: 'gardener', email: 'g@h.i' })
    await Bed.create({ pk: 'g#1', sk: 'bed#1', area: 12 })
    expect(await Gardener.get({ pk: 'g#1', sk: 'gardener' })).toMatchObject({ email: 'g@h.i' })
    expect(await Bed.get({ pk: 'g#1', sk: 'bed#1' })).toMatchObject({ area: 12 })
    expect(await Gardener.query('email').eq('g@h.i').using('byEmail').exec()).toHaveLength(1)
    expect(await Bed.query('pk').eq('g#1').where('area').eq(12).using('byArea').exec()).toHaveLength(1)
  })

  test('first steps', async () => {
    const { default: Boat } = await import(`${fixtures}/dynamoose/boat.cjs`)
    await Boat.create({ hull: 7, name: 'Argo' })
    expect(await Boat.get(7)).toMatchObject({ name: 'Argo' })
  })

  test('a model of several schemas', async () => {
    const { default: Log } = await import('../../fixtures/dynamoose/log.ts')
    await Log.create({ pk: 'l#1', sk: 'line#1', text: 'hello', level: 'info' })
    await Log.create({ pk: 'l#1', sk: 'mark#1', at: 12 })
    expect(await Log.get({ pk: 'l#1', sk: 'line#1' })).toMatchObject({ text: 'hello' })
    expect(await Log.query('level').eq('info').using('levelGlobalIndex').exec()).toHaveLength(1)
    expect(await Log.query('pk').eq('l#1').where('at').gt(11).using('byTime').exec()).toHaveLength(1)
  })

  test('models in separate files', async () => {
    const { Marina } = await import('../../fixtures/dynamoose/marina/table.ts')
    expect(Marina.name).toBe('dynamoose-marina')
    const { Berth } = await import('../../fixtures/dynamoose/marina/berth.ts')
    const { Skipper } = await import('../../fixtures/dynamoose/marina/skipper.ts')
    await Berth.create({ pk: 'm#1', sk: 'berth#1', length: 12 })
    await Skipper.create({ pk: 'm#1', licence: 'x1' })
    expect(await Berth.get({ pk: 'm#1', sk: 'berth#1' })).toMatchObject({ length: 12 })
    expect(await Skipper.get({ pk: 'm#1', sk: 'skipper' })).toMatchObject({ licence: 'x1' })
    expect(await Skipper.query('licence').eq('x1').using('byLicence').exec()).toHaveLength(1)
  })

  test('a schema in a model', async () => {
    const { PetSchema } = await import('../../fixtures/nestjs-dynamoose/pet.schema.ts')
    const Pet = dynamoose.model('dynamoose-pets', PetSchema)
    await Pet.create({ id: 'p1', born: 2019, owner: 'o1' })
    expect(await Pet.get({ id: 'p1', born: 2019 })).toMatchObject({ owner: 'o1' })
    expect(await Pet.query('owner').eq('o1').where('born').gt(2018).using('byOwner').exec()).toHaveLength(1)
  })
})
