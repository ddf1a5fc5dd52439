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
  const named = [...models.map(model => `libraries/${model}/**/*.ts`), '!**/*.schema.ts']
  await engine.create((await load(named)).tables)
  for (const version of ['2', '3']) {
    const schema = `libraries/dynamoose-${version}/pet.schema.ts`
    await engine.create((await load([schema], { table: `dynamoose${version}-pets` })).tables)
  }
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

/** A bare schema, once its library has made a model of it. */
async function petThrough(dynamoose, version) {
  const { PetSchema } = await importModel(`dynamoose-${version}/pet.schema.ts`)
  const Pet = dynamoose.model(`dynamoose${version}-pets`, PetSchema)
  await Pet.create({ id: 'p1', born: 2019, owner: 'o1' })
  expect(await Pet.get({ id: 'p1', born: 2019 })).toMatchObject({ owner: 'o1' })
  expect(await Pet.query('owner').eq('o1').where('born').gt(2018).using('byOwner').exec()).toHaveLength(1)
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
    expect(await User.get({ pk: 'u#1', sk: 'user' })).toMatchObject({ joined: 7 })
    expect(await Invoice.get({ pk: 'u#1', sk: 'invoice#1' })).toMatchObject({ amount: 3 })
    expect(await User.query('team').eq('t').where('joined').gt(6).using('byTeam').exec()).toHaveLength(1)
    expect(await Invoice.query('due').eq(5_000).using('byDue').exec()).toHaveLength(1)
  })

  test('first steps, and models within `new Table`', async () => {
    const { default: dynamoose } = await importLibrary('dynamoose-3')
    const { Plant } = await importModel('dynamoose-3/plant.ts')
    await Plant.create({ label: 'fern' })
    expect(await Plant.get('fern')).toMatchObject({ label: 'fern' })
    const { Garden } = await importModel('dynamoose-3/garden.ts')
    expect(Garden.name).toBe('dynamoose3-garden')
    const Gardener = dynamoose.model('Gardener3')
    const Bed = dynamoose.model('Bed3')
    await Gardener.create({ pk: 'g#1', sk: 'gardener', email: 'g@h.i' })
    await Bed.create({ pk: 'g#1', sk: 'bed#1', area: 12 })
    expect(await Gardener.get({ pk: 'g#1', sk: 'gardener' })).toMatchObject({ email: 'g@h.i' })
    expect(await Bed.get({ pk: 'g#1', sk: 'bed#1' })).toMatchObject({ area: 12 })
    expect(await Gardener.query('email').eq('g@h.i').using('byEmail').exec()).toHaveLength(1)
    expect(await Bed.query('pk').eq('g#1').where('area').eq(12).using('byArea').exec()).toHaveLength(1)
  })

  test('a bare schema', async () => {
    const { default: dynamoose } = await importLibrary('dynamoose-3')
    await petThrough(dynamoose, '3')
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
    await petThrough(dynamoose, '2')
  })

  test('a model of several schemas', async () => {
    const { default: Log } = await importModel('dynamoose-2/log.ts')
    await Log.create({ pk: 'l#1', sk: 'line#1', text: 'hello', level: 'info' })
    await Log.create({ pk: 'l#1', sk: 'mark#1', at: 12 })
    expect(await Log.get({ pk: 'l#1', sk: 'line#1' })).toMatchObject({ text: 'hello' })
    expect(await Log.query('level').eq('info').using('byLevel').exec()).toHaveLength(1)
    expect(await Log.query('pk').eq('l#1').where('at').gt(11).using('byTime').exec()).toHaveLength(1)
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

  test('entities that a service made of schemas', async () => {
    const { household } = await importModel(`electrodb-${version}/household.ts`)
    const { person, duties } = household.entities
    connect(person, duties, household)
    const data = answer => answer.data ?? answer
    const ada = { who: 'ada', born: '1815' }
    const sweep = { room: 'kitchen', what: 'sweep', who: 'ada', minutes: 12 }
    await person.put(ada).go()
    await duties.put(sweep).go()
    expect(data(await person.get({ who: 'ada' }).go())).toEqual(ada)
    expect(data(await duties.get({ room: 'kitchen', what: 'sweep' }).go())).toEqual(sweep)
    expect(data(await duties.query.mine({ who: 'ada', what: 'sweep' }).go())).toEqual([sweep])
    expect(data(await household.collections.mine({ who: 'ada' }).go())).toEqual({ person: [ada], duties: [sweep] })
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

describe('DynamoDB-Toolbox 1, single table', () => {
  test('keys composed of other attributes', async () => {
    const { Dog, KennelTable } = await importModel('dynamodb-toolbox-1/kennel.ts')
    const { GetItemCommand, PutItemCommand, QueryCommand } = await importLibrary('dynamodb-toolbox-1')
    KennelTable.documentClient = documents()
    const dog = { owner: 'o1', name: 'Rex', breed: 'pug', age: 4 }
    await Dog.build(PutItemCommand).item(dog).send()
    expect((await Dog.build(GetItemCommand).key({ owner: 'o1', name: 'Rex' }).send()).Item).toMatchObject(dog)
    const query = { index: 'byBreed', partition: 'BREED#pug', range: { beginsWith: 'NAME#R' } }
    expect((await KennelTable.build(QueryCommand).entities(Dog).query(query).send()).Items).toMatchObject([dog])
  })
})

describe('DynamoDB-Toolbox 0.9', () => {
  test('first steps: a sort key made of two attributes', async () => {
    const { Animal, ZooTable } = await importModel('dynamodb-toolbox-0/zoo.ts')
    ZooTable.DocumentClient = documents()
    const animal = { id: 'a1', status: 'well', arrived: '2020-04-24', name: 'Ed', weight: '400' }
    await Animal.put(animal)
    const { Item } = await Animal.get({ id: 'a1', status: 'well', arrived: '2020-04-24' })
    expect(Item).toMatchObject({ name: 'Ed', weight: '400' })
  })

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

test('OneTable 1: a model that is made beside the schema', async () => {
  const { Concert, Singer } = await importModel('dynamodb-onetable-1/choir.ts')
  await Singer.create({ choir: 'c1', email: 'a@b.c' })
  await Concert.create({ id: 'k1', choir: 'c1' })
  expect(await Singer.get({ choir: 'c1', email: 'a@b.c' })).toMatchObject({ email: 'a@b.c' })
  expect(await Concert.get({ id: 'k1', choir: 'c1' })).toMatchObject({ id: 'k1' })
  expect(await Singer.get({ email: 'a@b.c' }, { index: 'gs1', follow: true })).toMatchObject({ choir: 'c1' })
})
