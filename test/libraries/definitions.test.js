import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { b, fixtures, load, n, s, shown } from '../adapters/support/fixtures.ts'

const onDemand = { billingMode: 'PAY_PER_REQUEST' }
const capacity = (readCapacity, writeCapacity) => ({ readCapacity, writeCapacity })
const provisioned = (read, write) => ({ billingMode: 'PROVISIONED', ...capacity(read, write) })
const unchosen = ['billingMode', 'readCapacity', 'writeCapacity']
const index = (name, partitionKey, sortKey, projection, more = {}) => ({
  name,
  partitionKey: [partitionKey],
  sortKey: sortKey === undefined ? [] : [sortKey],
  projection,
  ...more,
})

const legacyOrder = {
  partitionKey: [s('customerId')],
  sortKey: [n('placedAt')],
  globalIndexes: [
    index('byStatus', s('status'), n('placedAt'), 'KEYS_ONLY', capacity(10, 5)),
    index('byEmail', s('email'), undefined, ['status', 'total'], capacity(3, 2)),
    index('byShipping', n('shipOn'), undefined, 'ALL', capacity(10, 5)),
  ],
  localIndexes: [index('byTotal', s('customerId'), n('total'), ['status'])],
  ...provisioned(10, 5),
  ttl: 'expiresAt',
  guesses: [],
}
const pet = {
  partitionKey: [s('id')],
  sortKey: [n('born')],
  globalIndexes: [index('byOwner', s('owner'), n('born'), 'KEYS_ONLY')],
  localIndexes: [],
  ...onDemand,
  guesses: ['billingMode'],
}
// A table of which nothing is known but its keys.
const bare = (name, partitionKey, sortKey) => ({
  name,
  partitionKey: [partitionKey],
  sortKey: sortKey === undefined ? [] : [sortKey],
  globalIndexes: [],
  localIndexes: [],
  ...onDemand,
  guesses: ['billingMode'],
})
const plant = {
  partitionKey: [s('label')],
  sortKey: [],
  globalIndexes: [],
  localIndexes: [],
  ...provisioned(1, 1),
  guesses: unchosen,
}
const clinic = {
  partitionKey: [s('pk')],
  sortKey: [s('sk')],
  globalIndexes: [
    index('gsi1', s('gsi1pk'), s('gsi1sk'), 'ALL'),
    index('gsi2', s('gsi2pk'), n('cost'), ['mins', 'room']),
  ],
  localIndexes: [index('lsi1', s('pk'), s('lsi1sk'), 'KEYS_ONLY')],
  ...onDemand,
  guesses: ['globalIndexes.gsi1.projection', 'billingMode', 'localIndexes.lsi1'],
}
const household = {
  partitionKey: [s('pk')],
  sortKey: [s('sk')],
  globalIndexes: [index('gsi1pk-gsi1sk-index', s('gsi1pk'), s('gsi1sk'), 'ALL')],
  localIndexes: [],
  ...onDemand,
  guesses: ['globalIndexes.gsi1pk-gsi1sk-index.projection', 'billingMode'],
}
const meter = {
  partitionKey: [n('id')],
  globalIndexes: [index('by-house', s('housekey'), n('reading'), 'ALL')],
  localIndexes: [],
  ...onDemand,
  guesses: ['billingMode'],
}
const library = {
  partitionKey: [s('pk')],
  sortKey: [s('sk')],
  globalIndexes: [index('byAuthor', s('author'), n('year'), 'ALL')],
  localIndexes: [index('byYear', s('pk'), n('year'), 'ALL')],
  ...onDemand,
  guesses: ['globalIndexes.byAuthor.projection', 'localIndexes.byYear.projection', 'billingMode'],
}
const broadcast = {
  partitionKey: [s('pk')],
  sortKey: [s('sk')],
  localIndexes: [index('ls1', s('pk'), n('minutes'), 'ALL')],
  ...onDemand,
  guesses: ['billingMode'],
}
const mapped = {
  partitionKey: [s('customerId')],
  sortKey: [n('createdAt')],
  globalIndexes: [
    index('byStatus', s('status'), undefined, 'ALL'),
    index('byEmail', s('em'), n('score'), 'ALL'),
    index('byFingerprint', b('fingerprint'), undefined, 'ALL'),
  ],
  localIndexes: [index('byScore', s('customerId'), n('score'), 'ALL')],
  ...onDemand,
  guesses: [
    'globalIndexes.byStatus.projection',
    'globalIndexes.byEmail.projection',
    'localIndexes.byScore',
    'localIndexes.byScore.projection',
    'globalIndexes.byFingerprint.projection',
    'billingMode',
  ],
}
const cards = {
  partitionKey: [n('id')],
  sortKey: [s('title')],
  globalIndexes: [index('byOwner', s('owner'), n('rank'), 'ALL')],
  localIndexes: [index('byRank', n('id'), n('rank'), 'ALL')],
  ...onDemand,
  ttl: 'expiresAt',
}
const cardGuesses = ['globalIndexes.byOwner.projection', 'localIndexes.byRank.projection', 'billingMode']
const labels = {
  partitionKey: [s('id')],
  sortKey: [],
  globalIndexes: [index('shelfIndex', n('shelf'), undefined, 'ALL')],
  localIndexes: [],
  ...onDemand,
  guesses: ['globalIndexes.shelfIndex.projection', 'billingMode'],
}
const standardStore = {
  partitionKey: [s('PK')],
  sortKey: [s('SK')],
  globalIndexes: [index('GSI', s('GSIPK'), s('GSISK'), 'ALL')],
  localIndexes: [],
  ...onDemand,
  ttl: 'ttl',
  guesses: [
    'partitionKey',
    'sortKey',
    'globalIndexes.GSI.partitionKey',
    'globalIndexes.GSI.sortKey',
    'globalIndexes.GSI.projection',
    'billingMode',
  ],
}
const accounts = {
  partitionKey: [s('email')],
  sortKey: [n('opened')],
  globalIndexes: [index('byTown', s('town'), n('age'), 'ALL')],
  localIndexes: [index('byAge', s('email'), n('age'), ['town'])],
  ...onDemand,
  guesses: ['billingMode'],
}

const cases = {
  'dynamoose-3/order.ts': {
    name: 'dynamoose3-orders-v1',
    partitionKey: [s('customerId')],
    sortKey: [n('placedAt')],
    globalIndexes: [
      index('byStatus', s('status'), n('placedAt'), 'KEYS_ONLY', capacity(10, 5)),
      index('byEmail', s('email'), undefined, ['status', 'total'], capacity(3, 2)),
      index('byFingerprint', b('fingerprint'), undefined, 'ALL', capacity(10, 5)),
      index('shipOnGlobalIndex', n('shipOn'), undefined, 'ALL', capacity(10, 5)),
    ],
    localIndexes: [index('byTotal', s('customerId'), n('total'), ['status'])],
    ...provisioned(10, 5),
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
    ttl: 'expiresAt',
    tags: { team: 'shop', stage: 'dev' },
    guesses: [],
    sources: ['dynamoose: Order'],
  },
  'dynamoose-3/shared/*.ts': {
    name: 'dynamoose3-shared',
    partitionKey: [s('pk')],
    sortKey: [s('sk')],
    globalIndexes: [index('byTeam', s('team'), n('joined'), 'ALL'), index('byDue', n('due'), s('pk'), ['amount'])],
    localIndexes: [],
    ...onDemand,
    guesses: [],
    sources: ['dynamoose: Invoice', 'dynamoose: User'],
  },
  'dynamoose-3/plant.ts': { name: 'dynamoose3-plants', ...plant, sources: ['dynamoose: Plant'] },
  'dynamoose-3/garden.ts': {
    name: 'dynamoose3-garden',
    partitionKey: [s('pk')],
    sortKey: [s('sk')],
    globalIndexes: [index('byEmail', s('email'), undefined, 'ALL')],
    localIndexes: [index('byArea', s('pk'), n('area'), 'KEYS_ONLY')],
    ...onDemand,
    guesses: [],
    sources: ['dynamoose: Garden.Gardener3', 'dynamoose: Garden.Bed3'],
  },
  'dynamoose-2/log.ts': {
    name: 'dynamoose2-log',
    partitionKey: [s('pk')],
    sortKey: [s('sk')],
    globalIndexes: [index('byLevel', s('level'), undefined, 'ALL', capacity(1, 1))],
    localIndexes: [index('byTime', s('pk'), n('at'), 'ALL')],
    ...provisioned(1, 1),
    guesses: [...unchosen, 'globalIndexes.byLevel.readCapacity', 'globalIndexes.byLevel.writeCapacity'],
    sources: ['dynamoose: default.schemas[0]', 'dynamoose: default.schemas[1]'],
  },
  'dynamoose-2/order.ts': { name: 'dynamoose2-orders-v1', ...legacyOrder, sources: ['dynamoose: Order'] },
  'dynamoose-2/plant.ts': { name: 'dynamoose2-plants', ...plant, sources: ['dynamoose: Plant'] },
  'dynamoose-1/order.ts': { name: 'dynamoose1-orders', ...legacyOrder, sources: ['dynamoose: Order'] },
  'dynamoose-1/plant.ts': { name: 'dynamoose1-plants', ...plant, sources: ['dynamoose: Plant'] },
  'electrodb-2/clinic.ts': {
    name: 'electrodb2-clinic',
    ...clinic,
    sources: ['electrodb: Patient', 'electrodb: Visit'],
  },
  'electrodb-2/meter.ts': { name: 'electrodb2-meters', ...meter, sortKey: [n('sk')], sources: ['electrodb: Meter'] },
  'electrodb-2/household.ts': {
    name: 'electrodb2-household',
    ...household,
    sources: ['electrodb: household.person', 'electrodb: household.duties'],
  },
  'electrodb-1/household.ts': {
    name: 'electrodb1-household',
    ...household,
    sources: ['electrodb: household.person', 'electrodb: household.duties'],
  },
  'electrodb-1/clinic.ts': {
    name: 'electrodb1-clinic',
    ...clinic,
    sources: ['electrodb: Patient', 'electrodb: Visit'],
  },
  // Version 1 knows no cast.
  'electrodb-1/meter.ts': { name: 'electrodb1-meters', ...meter, sortKey: [s('sk')], sources: ['electrodb: Meter'] },
  'dynamodb-toolbox-1/library.ts': {
    name: 'toolbox1-library',
    ...library,
    sources: ['dynamodb-toolbox: LibraryTable'],
  },
  'dynamodb-toolbox-1/kennel.ts': {
    name: 'toolbox1-kennel',
    partitionKey: [s('PK')],
    sortKey: [s('SK')],
    globalIndexes: [index('byBreed', s('GSI1PK'), s('GSI1SK'), 'ALL')],
    localIndexes: [],
    ...onDemand,
    guesses: ['globalIndexes.byBreed.projection', 'billingMode'],
    sources: ['dynamodb-toolbox: KennelTable'],
  },
  'dynamodb-toolbox-0/zoo.ts': {
    ...bare('toolbox0-zoo', s('pk'), s('sk')),
    sources: ['dynamodb-toolbox: ZooTable.Animal'],
  },
  'dynamodb-toolbox-0/library.ts': {
    name: 'toolbox0-library',
    ...library,
    sources: ['dynamodb-toolbox: LibraryTable.Book', 'dynamodb-toolbox: LibraryTable.Reader'],
  },
  'dynamodb-onetable-2-3/broadcast.ts': {
    name: 'onetable23-broadcast',
    ...broadcast,
    globalIndexes: [
      index('gs1', s('gs1pk'), s('gs1sk'), ['title']),
      index('gs2', s('status'), n('airedAt'), 'KEYS_ONLY'),
    ],
    ttl: 'ttl',
    sources: ['dynamodb-onetable: table.Show', 'dynamodb-onetable: table.Episode'],
  },
  'dynamodb-onetable-1/broadcast.ts': {
    name: 'onetable1-broadcast',
    ...broadcast,
    globalIndexes: [index('gs1', s('gs1pk'), s('gs1sk'), 'ALL'), index('gs2', s('status'), n('airedAt'), 'ALL')],
    sources: ['dynamodb-onetable: table.Show', 'dynamodb-onetable: table.Episode'],
  },
  'dynamodb-onetable-1/choir.ts': {
    name: 'onetable1-choir',
    partitionKey: [s('pk')],
    sortKey: [s('sk')],
    globalIndexes: [index('gs1', s('gs1pk'), s('gs1sk'), 'ALL')],
    localIndexes: [],
    ...onDemand,
    guesses: ['billingMode'],
    sources: ['dynamodb-onetable: Concert', 'dynamodb-onetable: table.Singer'],
  },
  'data-mapper/letter.ts': { ...bare('mapper-letters', s('id'), n('writtenAt')), sources: ['data-mapper: Letter'] },
  'data-mapper/parrot.ts': { ...bare('mapper-parrots', s('id')), sources: ['data-mapper: Parrot'] },
  'data-mapper-fork/letter.ts': {
    ...bare('mapper-fork-letters', s('id'), n('writtenAt')),
    sources: ['data-mapper: Letter'],
  },
  'data-mapper-fork/parrot.ts': { ...bare('mapper-fork-parrots', s('id')), sources: ['data-mapper: Parrot'] },
  'data-mapper/order.ts': { name: 'mapper-orders', ...mapped, sources: ['data-mapper: Order'] },
  'data-mapper-fork/order.ts': { name: 'mapper-fork-orders', ...mapped, sources: ['data-mapper: Order'] },
  'dynamode/beehive.ts': {
    name: 'dynamode-hives',
    partitionKey: [s('yard')],
    sortKey: [n('number')],
    globalIndexes: [index('byKeeper', s('keeper'), n('honey'), 'ALL')],
    localIndexes: [index('byHoney', s('yard'), n('honey'), 'ALL')],
    ...onDemand,
    guesses: ['billingMode'],
    sources: ['dynamode: HiveTable'],
  },
  'dynamode/shelf.ts': {
    name: 'dynamode-shelves',
    partitionKey: [s('room')],
    sortKey: [n('number')],
    globalIndexes: [],
    localIndexes: [index('BY_COLOUR', s('room'), s('colour'), 'ALL')],
    ...onDemand,
    guesses: ['billingMode'],
    sources: ['dynamode: ShelfTable'],
  },
  'dyngoose/stamp.ts': {
    ...bare('dyngoose-stamps', n('id'), s('title')),
    pointInTimeRecovery: true,
    guesses: ['billingMode', 'pointInTimeRecovery'],
    sources: ['dyngoose: Stamp'],
  },
  'dyngoose/card.ts': {
    name: 'dyngoose-cards',
    ...cards,
    pointInTimeRecovery: true,
    // It was written down, which looks the same as what Dyngoose fills in.
    guesses: ['billingMode', 'pointInTimeRecovery'],
    sources: ['dyngoose: Card'],
  },
  'dynamo-types/card.ts': {
    name: 'dynamotypes-cards',
    ...cards,
    guesses: cardGuesses,
    sources: ['dynamo-types: Card'],
  },
  'dynamorm/card.ts': { name: 'dynamorm-cards', ...cards, guesses: cardGuesses, sources: ['dynamo-types: Card'] },
  'dynamo-types/label.ts': { name: 'dynamotypes-labels', ...labels, sources: ['dynamo-types: Label'] },
  'dynamorm/label.ts': { name: 'dynamorm-labels', ...labels, sources: ['dynamo-types: Label'] },
  'dynamo-easy/sailor.ts': { ...bare('sailors', s('id')), sources: ['dynamo-easy: Sailor'] },
  'dynamo-easy/person.ts': {
    name: 'dynamoeasy-people',
    partitionKey: [s('id')],
    sortKey: [n('born')],
    globalIndexes: [index('byTown', s('twn'), n('score'), 'ALL')],
    localIndexes: [index('byScore', s('id'), n('score'), 'ALL')],
    ...onDemand,
    guesses: ['globalIndexes.byTown.projection', 'localIndexes.byScore.projection', 'billingMode'],
    sources: ['dynamo-easy: Person'],
  },
  'ddb-single-table/table.ts': {
    name: 'singletable-workshop',
    partitionKey: [s('pk')],
    sortKey: [s('sk')],
    globalIndexes: [
      index('bySort', s('sk'), n('data'), 'ALL', capacity(5, 3)),
      index('byData', n('data'), s('sk'), 'KEYS_ONLY', capacity(5, 5)),
    ],
    localIndexes: [index('byPrice', s('pk'), n('data'), ['title'])],
    ...provisioned(5, 5),
    guesses: [],
    sources: ['ddb-single-table: workshop'],
  },
  'dynamo-document-builder/member.ts': {
    name: 'documentbuilder-club',
    partitionKey: [s('PK')],
    sortKey: [s('SK')],
    globalIndexes: [index('byTeam', s('GSI1PK'), s('GSI1SK'), 'ALL')],
    localIndexes: [index('byName', s('PK'), s('LSI1SK'), 'ALL')],
    ...onDemand,
    guesses: [
      'partitionKey',
      'sortKey',
      'globalIndexes.byTeam.partitionKey',
      'globalIndexes.byTeam.sortKey',
      'globalIndexes.byTeam.projection',
      'localIndexes.byName.sortKey',
      'localIndexes.byName.projection',
      'billingMode',
    ],
    sources: ['dynamo-document-builder: clubTable'],
  },
  'dynamodb-entity-store/store.ts': [
    {
      name: 'entitystore-barn',
      partitionKey: [s('id')],
      sortKey: [],
      globalIndexes: [],
      localIndexes: [],
      ...onDemand,
      guesses: ['partitionKey', 'billingMode'],
      sources: ['dynamodb-entity-store: barn'],
    },
    {
      name: 'entitystore-farm',
      partitionKey: [s('PK')],
      sortKey: [s('SK')],
      globalIndexes: [index('GSI', s('GSIPK'), s('GSISK'), 'ALL')],
      localIndexes: [],
      ...onDemand,
      ttl: 'ttl',
      guesses: [
        'partitionKey',
        'sortKey',
        'globalIndexes.GSI.partitionKey',
        'globalIndexes.GSI.sortKey',
        'globalIndexes.GSI.projection',
        'billingMode',
      ],
      sources: ['dynamodb-entity-store: farm'],
    },
  ],
  'dynamodb-entity-store/herd.ts': {
    name: 'entitystore-herd',
    ...standardStore,
    sources: ['dynamodb-entity-store: herd.config'],
  },
  'dynamodb-entity-store/stables.ts': [
    {
      name: 'entitystore-horses',
      ...standardStore,
      sources: ['dynamodb-entity-store: stables.entityTables[0]'],
    },
    {
      name: 'entitystore-riders',
      ...standardStore,
      sources: ['dynamodb-entity-store: stables.entityTables[1]'],
    },
  ],
  'dynamo-ts/note.ts': { ...bare('dynamots-notes', s('identifier')), sources: ['dynamo-ts: notes'] },
  'vogels/club.cjs': [
    { ...bare('vogels-chirps', s('id')), sources: ['vogels: Chirp'] },
    { ...bare('vogelsclubs', s('email')), sources: ['vogels: Club'] },
    { ...bare('vogels-meetings', s('place'), s('on')), sources: ['vogels: Meeting'] },
  ],
  'dynamodb/club.cjs': [
    { ...bare('dynamodb-chirps', s('id')), sources: ['vogels: Chirp'] },
    { ...bare('dynamodbclubs', s('email')), sources: ['vogels: Club'] },
    { ...bare('dynamodb-meetings', s('place'), s('on')), sources: ['vogels: Meeting'] },
  ],
  'vogels/account.cjs': { name: 'vogels-accounts', ...accounts, sources: ['vogels: Account'] },
  'dynamodb/account.cjs': { name: 'dynamodb-accounts', ...accounts, sources: ['vogels: Account'] },
}

test.each(Object.entries(cases))('%s', async (models, expected) => {
  const { tables, warnings } = await load([`libraries/${models}`])
  expect(tables.map(plain)).toEqual([expected].flat())
  expect(warnings).toEqual([])
})

test.each(['2', '3'])('a bare schema of Dynamoose %s', async version => {
  const { tables } = await load([`libraries/dynamoose-${version}/pet.schema.ts`], { table: 'pets' })
  expect(tables.map(plain)).toEqual([{ name: 'pets', ...pet, sources: ['dynamoose: PetSchema'] }])
})

test('a store over several tables does not name them', async () => {
  const code = `
    import { createStandardMultiTableConfig, createStore, createStoreContext } from '@symphoniacloud/dynamodb-entity-store'
    const config = createStandardMultiTableConfig({ horses: ['horse'] }, 'horses')
    export const store = createStore(config, createStoreContext({ dynamoDB: {} }))`
  const file = join(fixtures, 'libraries/dynamodb-entity-store/several.generated.mjs')
  writeFileSync(file, code)
  onTestFinished(() => rmSync(file))
  await expect(load([file])).rejects.toMatchObject({
    message: expect.stringContaining('export its configuration instead'),
  })
})

test('a definition of dynamo-ts has no name', async () => {
  const { tables } = await load(['libraries/dynamo-ts/car.ts'], { table: 'cars' })
  expect(tables.map(plain)).toEqual([
    {
      name: 'cars',
      partitionKey: [s('make')],
      sortKey: [n('built')],
      globalIndexes: [index('byColour', s('colour'), n('price'), 'ALL')],
      localIndexes: [index('byPrice', s('make'), n('price'), 'ALL')],
      ...onDemand,
      guesses: ['globalIndexes.byColour.projection', 'localIndexes.byPrice.projection', 'billingMode'],
      sources: ['dynamo-ts: cars'],
    },
  ])
})

function plain(table) {
  const { warnings: _, sources, ...rest } = shown(table)
  return { ...rest, sources: sources.map(source => source.replace(/: \S+ /, ': ')) }
}
