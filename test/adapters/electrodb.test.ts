import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { Entity, type Schema } from 'electrodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { electrodb } from '../../src/adapters/electrodb.ts'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { fixtures, load, loadShown, n, s, shown } from './support/fixtures.ts'

const billing =
  'billing is assumed to be on-demand (PAY_PER_REQUEST): ElectroDB does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]'

describe('definitions of entities', () => {
  test('two entities of a service in one table', async () => {
    const label = 'electrodb/clinic.ts Patient'
    expect(await loadShown('electrodb/clinic.ts')).toEqual([
      {
        name: 'electrodb-clinic',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          { name: 'gsi1', partitionKey: [s('gsi1pk')], sortKey: [s('gsi1sk')], projection: 'ALL' },
          { name: 'gsi2', partitionKey: [s('gsi2pk')], sortKey: [n('cost')], projection: ['mins', 'room'] },
        ],
        localIndexes: [{ name: 'lsi1', partitionKey: [s('pk')], sortKey: [s('lsi1sk')], projection: 'KEYS_ONLY' }],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.gsi1.projection', 'billingMode', 'localIndexes.lsi1'],
        sources: ['electrodb: electrodb/clinic.ts Patient', 'electrodb: electrodb/clinic.ts Visit'],
        warnings: [
          `index gsi1 is assumed to project ALL: ElectroDB does not say; set overrides.electrodb-clinic.globalIndexes.gsi1.projection in the config [W-assumed-projection]`,
          billing,
          `index lsi1 is assumed to be local: its partition key is the table's; set overrides.electrodb-clinic.localIndexes.lsi1 in the config [W-assumed-setting]`,
          `${label} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "lsi1" cannot be added, changed or removed later [W-local-index]`,
        ],
      },
    ])
  })

  test('number keys', async () => {
    expect(await loadShown('electrodb/meter.ts')).toEqual([
      {
        name: 'electrodb-meters',
        partitionKey: [n('id')],
        sortKey: [n('sk')],
        globalIndexes: [
          { name: 'by-house', partitionKey: [s('housekey')], sortKey: [n('reading')], projection: 'ALL' },
        ],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['electrodb: electrodb/meter.ts Meter'],
        warnings: [billing],
      },
    ])
  })

  test('an index with keys of several attributes', async () => {
    expect(await loadShown('electrodb/sale.ts')).toEqual([
      {
        name: 'electrodb-sales',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          {
            name: 'by-region',
            partitionKey: [s('tn'), s('region')],
            sortKey: [n('score'), n('ts')],
            projection: ['note', '__edb_e__', '__edb_v__'],
          },
        ],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['electrodb: electrodb/sale.ts Sale'],
        warnings: [billing],
      },
    ])
  })

  test('a service that makes its entities from plain schemas, which are exported as well', async () => {
    const label = 'electrodb/household.mjs household.person'
    expect(await loadShown('electrodb/household.mjs')).toEqual([
      {
        name: 'electrodb-household',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [
          { name: 'gsi1pk-gsi1sk-index', partitionKey: [s('gsi1pk')], sortKey: [s('gsi1sk')], projection: 'ALL' },
        ],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.gsi1pk-gsi1sk-index.projection', 'billingMode'],
        sources: [`electrodb: ${label}`, 'electrodb: electrodb/household.mjs household.chore'],
        warnings: [
          `index gsi1pk-gsi1sk-index is assumed to project ALL: ElectroDB does not say; set overrides.electrodb-household.globalIndexes.gsi1pk-gsi1sk-index.projection in the config [W-assumed-projection]`,
          billing,
        ],
      },
    ])
  })

  test('a schema on its own only lacks a name', async () => {
    await expect(load(['electrodb/badge.schema.ts'])).rejects.toMatchObject({
      code: 'definition',
      message:
        'electrodb/badge.schema.ts:4:14: badgeSchema: the table has no name; give it one, or --table for a model that carries none',
    })
    const { tables } = await load(['electrodb/badge.schema.ts'], { table: 'electrodb-badges' })
    expect(tables.map(shown)).toEqual([
      {
        name: 'electrodb-badges',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [{ name: 'by-floor', partitionKey: [n('floor')], sortKey: [s('floorsk')], projection: 'ALL' }],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['electrodb: electrodb/badge.schema.ts badgeSchema'],
        warnings: [billing],
      },
    ])
  })

  test('an override decides whether an index is local', async () => {
    const { tables } = await load(['electrodb/clinic.ts'], {
      flags: { globalIndexes: { lsi1: { projection: 'ALL' } } },
    })
    const [table] = tables.map(shown)
    expect(table?.localIndexes).toEqual([])
    expect(table?.globalIndexes).toContainEqual({
      name: 'lsi1',
      partitionKey: [s('pk')],
      sortKey: [s('lsi1sk')],
      projection: 'ALL',
    })
    expect(table?.guesses).toEqual(['globalIndexes.gsi1.projection', 'billingMode'])
  })
})

describe('the type of a sort key of one number attribute', () => {
  test.each([
    ['N', 'in a template', { field: 'sk', composite: ['score'], template: `\${score}` }],
    ['N', 'as a template of facets', { field: 'sk', facets: `\${score}` }],
    ['N', 'under its own name', { field: 'score', composite: ['score'] }],
    ['N', 'cast to a number', { field: 'sk', composite: ['score'], cast: 'number' }],
    ['S', 'cast to a string', { field: 'sk', composite: ['score'], template: `\${score}`, cast: 'string' }],
    ['S', 'composed', { field: 'sk', composite: ['score'] }],
    ['S', 'with a label', { field: 'sk', composite: ['score'], template: `s#\${score}` }],
    ['S', 'in the text that ElectroDB stores as it is', { field: 'sk', facets: ':score' }],
  ])('is %s %s, for the schema as for the entity', async (type, _, sk) => {
    const schema: Schema<string, string, string> = {
      model: { entity: 'result', service: 'games', version: '1' },
      attributes: { id: { type: 'string' }, score: { type: 'number' } },
      indexes: { main: { pk: { field: 'pk', composite: ['id'] }, sk: sk as { field: string; composite: string[] } } },
    }
    const entity = new Entity(schema, { table: 'results' })
    const stored: unknown = entity.put({ id: 'a', score: 5 }).params().Item[sk.field]
    expect(stored).toBeTypeOf(type === 'N' ? 'number' : 'string')
    for (const value of [schema, entity]) {
      const [table] = await electrodb.toDefinitions(value, { file: 'results.ts' })
      expect(table?.input.sortKey).toEqual({ name: sk.field, type })
    }
  })
})

describe('the table through ElectroDB itself', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await startEngine()
    const { tables } = await load(['electrodb/{clinic.ts,meter.ts,household.mjs}'])
    await engine.create([
      ...tables,
      ...(await load(['electrodb/badge.schema.ts'], { table: 'electrodb-badges' })).tables,
    ])
  })
  afterAll(() => engine.stop())

  test('entities of a service by key, through each index and as a collection', async () => {
    const { Patient, Visit, clinic } = await import('../../fixtures/electrodb/clinic.ts')
    clinic.setClient(DynamoDBDocumentClient.from(engine.client))
    const patient = { patientId: 'p1', doctor: 'd1', name: 'Ada', born: 1815 }
    const visit = { visitId: 'v1', patientId: 'p1', doctor: 'd1', minutes: 30, cost: 80, room: 'r1' }
    await Patient.put(patient).go()
    await Visit.put(visit).go()
    expect((await Patient.get({ patientId: 'p1' }).go()).data).toEqual(patient)
    expect((await Patient.query.ofDoctor({ doctor: 'd1' }).go()).data).toEqual([patient])
    expect((await Visit.get({ patientId: 'p1', visitId: 'v1' }).go()).data).toEqual(visit)
    expect((await Visit.query.byCost({ room: 'r1' }).gte({ cost: 80 }).go()).data).toMatchObject([
      { minutes: 30, cost: 80 },
    ])
    expect((await Visit.query.byRoom({ patientId: 'p1', room: 'r1' }).go({ hydrate: true })).data).toEqual([visit])
    const { data } = await clinic.collections.practice({ doctor: 'd1' }).go()
    expect(data).toEqual({ patient: [patient], visit: [visit] })
  })

  test('entities that a service made', async () => {
    const { household } = await import(`${fixtures}/electrodb/household.mjs`)
    household.setClient(DynamoDBDocumentClient.from(engine.client))
    const { person, chore } = household.entities
    const ada = { who: 'ada', born: '1815' }
    const sweep = { room: 'kitchen', what: 'sweep', who: 'ada', minutes: 12 }
    await person.put(ada).go()
    await chore.put(sweep).go()
    expect((await person.get({ who: 'ada' }).go()).data).toEqual(ada)
    expect((await chore.get({ room: 'kitchen', what: 'sweep' }).go()).data).toEqual(sweep)
    expect((await chore.query.mine({ who: 'ada', what: 'sweep' }).go()).data).toEqual([sweep])
    expect((await household.collections.mine({ who: 'ada' }).go()).data).toEqual({ person: [ada], chore: [sweep] })
  })

  test('number keys', async () => {
    const { Meter } = await import('../../fixtures/electrodb/meter.ts')
    Meter.setClient(DynamoDBDocumentClient.from(engine.client))
    const reading = { id: 7, at: 1_000, house: 'h1', reading: 55 }
    await Meter.put(reading).go()
    expect((await Meter.get({ id: 7, at: 1_000 }).go()).data).toEqual(reading)
    expect((await Meter.query.byHouse({ house: 'h1' }).gt({ reading: 54 }).go()).data).toEqual([reading])
  })

  test('a schema in an entity', async () => {
    const { badgeSchema } = await import('../../fixtures/electrodb/badge.schema.ts')
    const client = DynamoDBDocumentClient.from(engine.client)
    const Badge = new Entity(badgeSchema, { table: 'electrodb-badges', client })
    await Badge.put({ badgeId: 'b1', floor: 3 }).go()
    expect((await Badge.get({ badgeId: 'b1' }).go()).data).toEqual({ badgeId: 'b1', floor: 3 })
    expect((await Badge.query.byFloor({ floor: 3 }).go()).data).toEqual([{ badgeId: 'b1', floor: 3 }])
  })
})
