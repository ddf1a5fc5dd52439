import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEngine } from '../adapters/support/engine.ts'
import { load } from '../adapters/support/fixtures.ts'
import { importLibrary, importModel, requireLibrary } from './support/libraries.js'

let engine
beforeAll(async () => {
  engine = await startEngine()
  const models = ['dynamoose-{1,2,3}', 'electrodb-{1,2}', 'dynamodb-toolbox-{0,1}', 'dynamodb-onetable-{1,2-3}']
  process.env.BROADCAST_ENDPOINT = engine.endpoint
  await engine.create((await load(models.map(model => `libraries/${model}/**/*.ts`))).tables)
})
afterAll(() => engine.stop())

const documents = () => DynamoDBDocumentClient.from(engine.client)
// Dynamoose switches expiry on before its first call, and this engine knows no such operation.
const withoutExpiry = client => Object.assign(client, { updateTimeToLive: async () => ({}) })

const order = {
  customerId: 'c1',
  placedAt: 1_700_000_000_000,
  status: 'open',
  email: 'a@b.c',
  total: 42,
  shipOn: new Date(1_800_000_000_000),
}

describe('Dynamoose 3', () => {
  beforeAll(async () => {
    const { default: dynamoose } = await importLibrary('dynamoose-3')
    const { endpoint, region, credentials } = engine
    dynamoose.aws.ddb.set(withoutExpiry(new dynamoose.aws.ddb.DynamoDB({ endpoint, region, credentials })))
  })

  test('an order by its key and through each index', async () => {
    const { Order } = await importModel('dynamoose-3/order.ts')
    const fingerprint = Buffer.from('f1')
    await Order.create({ ...order, fingerprint })
    expect(await Order.get({ customerId: 'c1', placedAt: order.placedAt })).toMatchObject(order)
    const found = async (key, value, index) => (await Order.query(key).eq(value).using(index).exec()).length
    expect(await found('status', 'open', 'byStatus')).toBe(1)
    expect(await found('email', 'a@b.c', 'byEmail')).toBe(1)
    expect(await found('fingerprint', fingerprint, 'byFingerprint')).toBe(1)
    expect(await found('shipOn', order.shipOn.getTime(), 'shipOnGlobalIndex')).toBe(1)
    expect(await Order.query('customerId').eq('c1').where('total').gt(41).using('byTotal').exec()).toHaveLength(1)
  })

  test('two models of one table', async () => {
    const { User } = await importModel('dynamoose-3/shared/user.ts')
    const { Invoice } = await importModel('dynamoose-3/shared/invoice.ts')
    await User.create({ pk: 'u#1', sk: 'user', team: 't', joined: 7 })
    await Invoice.create({ pk: 'u#1', sk: 'invoice#1', due: new Date(5_000), amount: 3 })
    expect(await User.query('team').eq('t').where('joined').gt(6).using('byTeam').exec()).toHaveLength(1)
    expect(await Invoice.query('due').eq(5_000).using('byDue').exec()).toHaveLength(1)
  })
})

describe('Dynamoose 2', () => {
  test('an order by its key and through each index', async () => {
    const { default: dynamoose } = await importLibrary('dynamoose-2')
    const { endpoint, region, credentials } = engine
    dynamoose.aws.sdk.config.update({ region, ...credentials })
    dynamoose.aws.ddb.set(
      Object.assign(new dynamoose.aws.sdk.DynamoDB({ endpoint }), {
        updateTimeToLive: () => ({ promise: async () => ({}) }),
      }),
    )
    const { Order } = await importModel('dynamoose-2/order.ts')
    await Order.create(order)
    expect(await Order.get({ customerId: 'c1', placedAt: order.placedAt })).toMatchObject(order)
    const found = async (key, value, index) => (await Order.query(key).eq(value).using(index).exec()).length
    expect(await found('status', 'open', 'byStatus')).toBe(1)
    expect(await found('email', 'a@b.c', 'byEmail')).toBe(1)
    expect(await found('shipOn', order.shipOn.getTime(), 'byShipping')).toBe(1)
    expect(await Order.query('customerId').eq('c1').where('total').gt(41).using('byTotal').exec()).toHaveLength(1)
    const { Plant } = await importModel('dynamoose-2/plant.ts')
    await Plant.create({ label: 'fern' })
    expect(await Plant.get('fern')).toMatchObject({ label: 'fern' })
  })
})

describe('Dynamoose 1', () => {
  test('an order by its key and through each index', async () => {
    const { default: dynamoose } = await importLibrary('dynamoose-1')
    const { endpoint, region, credentials } = engine
    dynamoose.AWS.config.update({ region, ...credentials })
    const ddb = new dynamoose.AWS.DynamoDB({ endpoint })
    dynamoose.setDDB(Object.assign(ddb, { updateTimeToLive: () => ({ promise: async () => ({}) }) }))
    dynamoose.setDefaults({ create: false, update: false, waitForActive: false })
    const { Order } = await importModel('dynamoose-1/order.ts')
    await Order.create(order)
    expect(await Order.get({ customerId: 'c1', placedAt: order.placedAt })).toMatchObject(order)
    const found = async (key, value, index) => (await Order.query(key).using(index).eq(value).exec()).length
    expect(await found('status', 'open', 'byStatus')).toBe(1)
    expect(await found('email', 'a@b.c', 'byEmail')).toBe(1)
    expect(await found('shipOn', order.shipOn.getTime(), 'byShipping')).toBe(1)
    expect(await Order.query('customerId').eq('c1').where('total').gt(41).using('byTotal').exec()).toHaveLength(1)
    const { Plant } = await importModel('dynamoose-1/plant.ts')
    await Plant.create({ label: 'fern' })
    expect(await Plant.get('fern')).toMatchObject({ label: 'fern' })
  })
})

function connect(...entities) {
  for (const entity of entities) (entity.setClient ?? entity._setClient).call(entity, documents())
}

describe.each(['1', '2'])('ElectroDB %s', version => {
  test('entities of a service by key, through each index and as a collection', async () => {
    const { Patient, Visit, clinic } = await importModel(`electrodb-${version}/clinic.ts`)
    connect(Patient, Visit, clinic)
    const data = answer => answer.data ?? answer
    const patient = { patientId: 'p1', doctor: 'd1', name: 'Ada', born: 1815 }
    const visit = { visitId: 'v1', patientId: 'p1', doctor: 'd1', minutes: 30, cost: 80, room: 'r1' }
    await Patient.put(patient).go()
    await Visit.put(visit).go()
    expect(data(await Patient.get({ patientId: 'p1' }).go())).toEqual(patient)
    expect(data(await Patient.query.ofDoctor({ doctor: 'd1' }).go())).toEqual([patient])
    expect(data(await Visit.get({ patientId: 'p1', visitId: 'v1' }).go())).toEqual(visit)
    expect(data(await Visit.query.byCost({ room: 'r1' }).gte({ cost: 80 }).go({ ignoreOwnership: true }))).toHaveLength(
      1,
    )
    const through = await Visit.query.byRoom({ patientId: 'p1', room: 'r1' }).go({ raw: true, ignoreOwnership: true })
    expect(through.data?.Items ?? through.Items).toHaveLength(1)
    expect(data(await clinic.collections.practice({ doctor: 'd1' }).go())).toEqual({
      patient: [patient],
      visit: [visit],
    })
  })

  test('number keys', async () => {
    const { Meter } = await importModel(`electrodb-${version}/meter.ts`)
    connect(Meter)
    const data = answer => answer.data ?? answer
    const reading = { id: 7, at: 1_000, house: 'h1', reading: 55 }
    await Meter.put(reading).go()
    expect(data(await Meter.get({ id: 7, at: 1_000 }).go())).toEqual(reading)
    expect(data(await Meter.query.byHouse({ house: 'h1' }).gt({ reading: 54 }).go())).toEqual([reading])
  })
})

describe('DynamoDB-Toolbox 1', () => {
  test('entities by key and through each index', async () => {
    const { Book, LibraryTable } = await importModel('dynamodb-toolbox-1/library.ts')
    const { GetItemCommand, PutItemCommand, QueryCommand } = await importLibrary('dynamodb-toolbox-1')
    LibraryTable.documentClient = documents()
    const book = { shelf: 's1', isbn: 'i1', author: 'a1', year: 1999 }
    await Book.build(PutItemCommand).item(book).send()
    expect((await Book.build(GetItemCommand).key({ shelf: 's1', isbn: 'i1' }).send()).Item).toMatchObject(book)
    const through = async query => (await LibraryTable.build(QueryCommand).entities(Book).query(query).send()).Items
    expect(await through({ index: 'byAuthor', partition: 'a1', range: { gte: 1999 } })).toMatchObject([book])
    expect(await through({ index: 'byYear', partition: 's1', range: { lt: 2000 } })).toMatchObject([book])
  })
})

describe('DynamoDB-Toolbox 0.9', () => {
  test('entities by key and through each index', async () => {
    const { Book, LibraryTable } = await importModel('dynamodb-toolbox-0/library.ts')
    LibraryTable.DocumentClient = documents()
    const book = { shelf: 's1', isbn: 'i1', author: 'a1', year: 1999, pages: 300 }
    await Book.put(book)
    expect((await Book.get({ shelf: 's1', isbn: 'i1' })).Item).toMatchObject(book)
    expect((await Book.query('a1', { index: 'byAuthor', gte: 1999 })).Items).toMatchObject([book])
    expect((await Book.query('s1', { index: 'byYear', lt: 2000 })).Items).toMatchObject([book])
  })
})

describe.each(['1', '2-3'])('OneTable %s', version => {
  test('models by key and through each index, dates included', async () => {
    const { table, Show, Episode } = await importModel(`dynamodb-onetable-${version}/broadcast.ts`)
    if (version !== '1') {
      const { Dynamo } = requireLibrary('dynamodb-onetable-2-3/Dynamo')
      table.setClient(new Dynamo({ client: engine.client }))
    }
    await Show.create({ id: 's1', title: 'One' })
    const airedAt = new Date(1_700_000_000_000)
    const episode = { id: 'e1', showId: 's1', status: 'live', airedAt, minutes: 45 }
    await Episode.create(episode)
    expect(await Show.get({ id: 's1' })).toMatchObject({ title: 'One' })
    expect(await Show.find({ gs1pk: 'show#', gs1sk: 'show#One' }, { index: 'gs1' })).toMatchObject([{ title: 'One' }])
    expect(await Episode.get({ id: 'e1', showId: 's1' })).toMatchObject(episode)
    const aired = { status: 'live', airedAt: { '>=': version === '1' ? airedAt.getTime() : airedAt } }
    expect(await Episode.find(aired, { index: 'gs2', parse: false, hidden: true })).toHaveLength(1)
    const long = { showId: 's1', minutes: 45 }
    expect(await Episode.find(long, { index: 'ls1', parse: false, hidden: true })).toHaveLength(1)
  })
})
