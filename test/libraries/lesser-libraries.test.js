import { DynamoDBDocument, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEngine } from '../adapters/support/engine.ts'
import { load } from '../adapters/support/fixtures.ts'
import { clientOfVersion2, importLibrary, importModel, requireLibrary } from './support/libraries.js'

let engine
beforeAll(async () => {
  engine = await startEngine()
  Object.assign(process.env, {
    WORKSHOP_ENDPOINT: engine.endpoint,
    CLUB_ENDPOINT: engine.endpoint,
    FARM_ENDPOINT: engine.endpoint,
    NOTES_ENDPOINT: engine.endpoint,
    DYNAMO_TYPES_ENDPOINT: engine.endpoint,
    DYNAMORM_ENDPOINT: engine.endpoint,
  })
  requireLibrary('aws-sdk').config.update({ region: engine.region, ...engine.credentials })
  const models = [
    'data-mapper/*.ts',
    'data-mapper-fork/*.ts',
    'dynamode/*.ts',
    'dyngoose/*.ts',
    'dynamo-types/*.ts',
    'dynamorm/*.ts',
    'dynamo-easy/*.ts',
    'ddb-single-table/*.ts',
    'dynamo-document-builder/*.ts',
    'dynamodb-entity-store/*.ts',
    'dynamo-ts/note.ts',
    'vogels/*.cjs',
    'dynamodb/*.cjs',
  ]
  await engine.create((await load(models.map(model => `libraries/${model}`))).tables)
  await engine.create((await load(['libraries/dynamo-ts/car.ts'], { table: 'dynamots-cars' })).tables)
})
afterAll(() => engine.stop())

const documents = () => DynamoDBDocumentClient.from(engine.client)
// Some libraries call the methods of the SDK's whole client rather than send commands.
const wholeClient = () => {
  const { DynamoDB } = requireLibrary('@aws-sdk/client-dynamodb')
  const { endpoint, region, credentials } = engine
  return new DynamoDB({ endpoint, region, credentials })
}
const all = async items => {
  const found = []
  for await (const item of items) found.push(item)
  return found
}

describe.each([
  ['@aws/dynamodb-data-mapper', 'data-mapper', () => clientOfVersion2(engine)],
  ['@awslabs-community-fork/dynamodb-data-mapper', 'data-mapper-fork', () => wholeClient()],
])('%s', (library, folder, client) => {
  test('an order by its key and through each index', async () => {
    const { DataMapper } = await importLibrary(library)
    const { Order } = await importModel(`${folder}/order.ts`)
    const mapper = new DataMapper({ client: client() })
    const createdAt = new Date(1_700_000_000_000)
    const fingerprint = Uint8Array.of(1, 2, 3)
    const order = { customerId: 'c1', createdAt, status: 'open', email: 'a@b.c', score: 5, fingerprint }
    await mapper.put(Object.assign(new Order(), order))
    expect(await mapper.get(Object.assign(new Order(), { customerId: 'c1', createdAt }))).toMatchObject({ score: 5 })
    const through = async (indexName, key) => (await all(mapper.query(Order, key, { indexName }))).length
    expect(await through('byStatus', { status: 'open' })).toBe(1)
    expect(await through('byEmail', { email: 'a@b.c', score: 5 })).toBe(1)
    expect(await through('byFingerprint', { fingerprint })).toBe(1)
    expect(await through('byScore', { customerId: 'c1', score: 5 })).toBe(1)
  })

  test('first steps, with annotations and without', async () => {
    const { DataMapper } = await importLibrary(library)
    const { Letter } = await importModel(`${folder}/letter.ts`)
    const { Parrot } = await importModel(`${folder}/parrot.ts`)
    const mapper = new DataMapper({ client: client() })
    const written = await mapper.put(Object.assign(new Letter(), { tags: new Set(['a']) }))
    const { id, writtenAt } = written
    expect(await mapper.get(Object.assign(new Letter(), { id, writtenAt }))).toMatchObject({ version: 0 })
    await mapper.put(Object.assign(new Parrot(), { id: 'p1', words: new Set(['hello']) }))
    expect((await mapper.get(Object.assign(new Parrot(), { id: 'p1' }))).words.has('hello')).toBe(true)
  })
})

test('Dynamode', async () => {
  const { Dynamode } = await importLibrary('dynamode')
  Dynamode.ddb.set(wholeClient())
  const { Hive, HiveTable } = await importModel('dynamode/beehive.ts')
  const hives = HiveTable.entityManager()
  await hives.put(new Hive({ yard: 'y1', number: 3, keeper: 'k1', honey: 12 }))
  expect(await hives.get({ yard: 'y1', number: 3 })).toMatchObject({ honey: 12 })
  const byKeeper = await hives
    .query()
    .partitionKey('keeper')
    .eq('k1')
    .sortKey('honey')
    .gt(11)
    .indexName('byKeeper')
    .run()
  expect(byKeeper.items).toHaveLength(1)
  const byHoney = await hives.query().partitionKey('yard').eq('y1').sortKey('honey').gt(11).indexName('byHoney').run()
  expect(byHoney.items).toHaveLength(1)
})

test('Dynamode: an entity that extends the one with the keys', async () => {
  const { Dynamode } = await importLibrary('dynamode')
  Dynamode.ddb.set(wholeClient())
  const { Jar, JarManager } = await importModel('dynamode/shelf.ts')
  await JarManager.put(new Jar({ room: 'r1', number: 2, colour: 'red', content: { plums: 9 } }))
  expect(await JarManager.get({ room: 'r1', number: 2 })).toMatchObject({ content: { plums: 9 } })
  const query = JarManager.query().partitionKey('room').eq('r1').sortKey('colour').eq('red').indexName('BY_COLOUR')
  expect((await query.run()).items).toHaveLength(1)
})

test('Dyngoose', async () => {
  const { Card } = await importModel('dyngoose/card.ts')
  Card.schema.dynamo = wholeClient()
  await Card.new({ id: 1, title: 'One', owner: 'o1', rank: 5, expiresAt: new Date(1_900_000_000_000) }).save()
  expect((await Card.primaryKey.get({ id: 1, title: 'One' })).rank).toBe(5)
  expect(await Card.byOwner.query({ owner: 'o1', rank: 5 })).toHaveLength(1)
  expect(await Card.byRank.query({ id: 1, rank: 5 })).toHaveLength(1)
  const { Stamp } = await importModel('dyngoose/stamp.ts')
  Stamp.schema.dynamo = wholeClient()
  await Stamp.new({ id: 1, title: 'Blue', worth: 9 }).save()
  expect((await Stamp.primaryKey.get({ id: 1, title: 'Blue' })).worth).toBe(9)
})

test.each([
  ['dynamo-types', 'dynamo-types'],
  ['Dynamorm', 'dynamorm'],
])('%s', async (_, folder) => {
  const { Card } = await importModel(`${folder}/card.ts`)
  const card = Object.assign(new Card(), { id: 1, title: 'One', owner: 'o1', rank: 5, expiresAt: 1_900_000_000 })
  await Card.writer.put(card)
  expect(await Card.primaryKey.get(1, 'One')).toMatchObject({ rank: 5 })
  expect((await Card.byOwner.query({ hash: 'o1', range: ['=', 5] })).records).toHaveLength(1)
  expect((await Card.byRank.query({ hash: 1, range: ['=', 5] })).records).toHaveLength(1)
  const { Label } = await importModel(`${folder}/label.ts`)
  await Label.writer.put(Object.assign(new Label(), { id: 'l1', shelf: 3 }))
  expect(await Label.primaryKey.get('l1')).toMatchObject({ shelf: 3 })
  expect((await Label.shelfIndex.query(3)).records).toHaveLength(1)
})

test('dynamo-easy', async () => {
  const { DynamoStore } = await importLibrary('@shiftcoders/dynamo-easy')
  const { Person } = await importModel('dynamo-easy/person.ts')
  const people = new DynamoStore(Person, clientOfVersion2(engine))
  const person = { id: 'p1', born: 1815, town: 't1', score: 9, joined: new Date(1_700_000_000_000) }
  await people.put(Object.assign(new Person(), person)).exec()
  expect(await people.get('p1', 1815).exec()).toMatchObject(person)
  const byTown = people.query().index('byTown').wherePartitionKey('t1').whereSortKey().gt(8)
  expect(await byTown.exec()).toHaveLength(1)
  expect(await people.query().index('byScore').wherePartitionKey('p1').whereSortKey().gt(8).exec()).toHaveLength(1)
  const { Sailor } = await importModel('dynamo-easy/sailor.ts')
  const sailors = new DynamoStore(Sailor, clientOfVersion2(engine))
  await sailors.put(Object.assign(new Sailor(), { id: 's1', name: 'Ann', born: 1720 })).exec()
  expect(await sailors.get('s1').exec()).toMatchObject({ name: 'Ann', born: 1720 })
})

test('ddb-single-table', async () => {
  const { Tool } = await importModel('ddb-single-table/table.ts')
  const tool = { id: 't1', kind: 'saw', price: 30, title: 'Fine saw' }
  await Tool.createItem(tool)
  expect(await Tool.getItem({ id: 't1', kind: 'saw' })).toMatchObject(tool)
  const through = async (IndexName, where) => (await Tool.query({ IndexName, where })).length
  expect(await through('bySort', { kind: 'saw', price: { gt: 29 } })).toBe(1)
  expect(await through('byData', { price: 30, kind: 'saw' })).toBe(1)
  expect(await through('byPrice', { id: 't1', price: { gt: 29 } })).toBe(1)
})

test('dynamo-document-builder', async () => {
  const { Get, Put, Query } = await importLibrary('dynamo-document-builder')
  const { Member } = await importModel('dynamo-document-builder/member.ts')
  const member = { id: 'm1', team: 't1', name: 'Ada' }
  await Member.send(new Put({ item: member }))
  expect((await Member.send(new Get({ key: { id: 'm1' } }))).item).toEqual(member)
  const byTeam = await Member.send(new Query({ index: { byTeam: { team: 't1' } } }))
  expect(byTeam.items).toEqual([member])
  // It builds the keys of local indexes, but has no query for them.
  const request = {
    TableName: 'documentbuilder-club',
    IndexName: 'byName',
    KeyConditionExpression: 'PK = :pk AND LSI1SK = :name',
    ExpressionAttributeValues: { ':pk': 'MEMBER#m1', ':name': 'NAME#Ada' },
  }
  expect((await documents().send(new QueryCommand(request))).Items).toMatchObject([member])
})

test('dynamodb-entity-store', async () => {
  const { createEntity, createStore, createStoreContext } = await importLibrary('@symphoniacloud/dynamodb-entity-store')
  // It asks whether the client is an instance of the class that it knows.
  const { DynamoDBDocumentClient: ownDocuments } = requireLibrary('@aws-sdk/lib-dynamodb')
  const { farm } = await importModel('dynamodb-entity-store/store.ts')
  const store = createStore(farm, createStoreContext({}, ownDocuments.from(wholeClient())))
  const sheep = createEntity(
    'sheep',
    x => x.name !== undefined,
    ({ breed }) => `BREED#${breed}`,
    ({ name }) => `NAME#${name}`,
  )
  const withIndex = {
    ...sheep,
    gsis: { gsi: { pk: ({ field }) => `FIELD#${field}`, sk: ({ name }) => `NAME#${name}` } },
  }
  const flock = store.for(withIndex)
  await flock.put({ breed: 'merino', name: 'Bob', field: 'f1' })
  expect(await flock.getOrThrow({ breed: 'merino', name: 'Bob' })).toMatchObject({ field: 'f1' })
  expect(await flock.queryAllWithGsiByPk({ field: 'f1' })).toHaveLength(1)

  const { barn } = await importModel('dynamodb-entity-store/store.ts')
  const hay = createEntity(
    'hay',
    x => x.field !== undefined,
    ({ field }) => field,
  )
  const bales = createStore(barn, createStoreContext({}, ownDocuments.from(wholeClient()))).for(hay)
  await bales.put({ field: 'f1', bales: 9 })
  expect(await bales.getOrThrow({ field: 'f1' })).toMatchObject({ bales: 9 })

  const { stables } = await importModel('dynamodb-entity-store/stables.ts')
  const both = createStore(stables, createStoreContext({}, ownDocuments.from(wholeClient())))
  for (const type of ['horse', 'rider']) {
    const entities = both.for({ ...withIndex, type })
    await entities.put({ breed: type, name: 'Bob', field: 'f1' })
    expect(await entities.getOrThrow({ breed: type, name: 'Bob' })).toMatchObject({ field: 'f1' })
    expect(await entities.queryAllWithGsiByPk({ field: 'f1' })).toHaveLength(1)
  }
})

test('dynamodb-entity-store, whose store alone is exported', async () => {
  const { GOAT, herd } = await importModel('dynamodb-entity-store/herd.ts')
  const withIndex = { ...GOAT, gsis: { gsi: { pk: ({ name }) => name, sk: ({ breed }) => breed } } }
  await herd.for(withIndex).put({ breed: 'boer', name: 'Ann' })
  expect(await herd.for(GOAT).getOrThrow({ breed: 'boer', name: 'Ann' })).toMatchObject({ name: 'Ann' })
  expect(await herd.for(withIndex).queryAllWithGsiByPk({ name: 'Ann' })).toHaveLength(1)
})

test('dynamo-ts', async () => {
  const { TableClient } = await importLibrary('@hexlabs/dynamo-ts')
  const { cars } = await importModel('dynamo-ts/car.ts')
  const table = TableClient.build(cars, {
    tableName: 'dynamots-cars',
    client: DynamoDBDocument.from(wholeClient()),
    logStatements: false,
  })
  const car = { make: 'm1', built: 1999, colour: 'red', price: 500 }
  await table.put(car)
  expect((await table.get({ make: 'm1', built: 1999 })).item).toEqual(car)
  expect((await table.index('byColour').query({ colour: 'red', price: sort => sort.gt(499) })).member).toEqual([car])
  const { notes } = await importModel('dynamo-ts/note.ts')
  await notes.put({ identifier: 'n1', text: 'milk' })
  expect((await notes.get({ identifier: 'n1' })).item).toEqual({ identifier: 'n1', text: 'milk' })
  expect((await table.index('byPrice').query({ make: 'm1', price: sort => sort.gt(499) })).member).toEqual([car])
})

test.each([
  ['vogels', 'vogels'],
  ['dynamodb', 'dynamodb'],
])('%s', async (library, folder) => {
  const driver = requireLibrary(library)
  const { Account } = await importModel(`${folder}/account.cjs`)
  const client = clientOfVersion2(engine)
  driver.dynamoDriver(client)
  const run = (target, method, ...args) =>
    new Promise((resolve, reject) =>
      target[method](...args, (error, answer) => (error ? reject(error) : resolve(answer))),
    )
  const account = { email: 'a@b.c', opened: 5, town: 't1', age: 33 }
  await run(Account, 'create', account)
  expect((await run(Account, 'get', 'a@b.c', 5)).attrs).toEqual(account)
  expect((await run(Account.query('t1').usingIndex('byTown').where('age').gt(32), 'exec')).Items).toHaveLength(1)
  expect((await run(Account.query('a@b.c').usingIndex('byAge').where('age').gt(32), 'exec')).Items).toHaveLength(1)

  const { Club, Meeting, Chirp } = await importModel(`${folder}/club.cjs`)
  driver.dynamoDriver(client)
  await run(Club, 'create', { email: 'chess@example.com', name: 'Chess' })
  expect((await run(Club, 'get', 'chess@example.com')).attrs).toMatchObject({ name: 'Chess' })
  const on = new Date(1_700_000_000_000)
  await run(Meeting, 'create', { place: 'hall', on })
  expect((await run(Meeting, 'get', 'hall', on)).attrs).toMatchObject({ place: 'hall' })
  const { attrs: chirp } = await run(Chirp, 'create', { text: 'hello' })
  expect((await run(Chirp, 'get', chirp.id)).attrs).toMatchObject({ text: 'hello' })
})
