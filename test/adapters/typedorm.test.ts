import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { load, loadShown, n, s } from './support/fixtures.ts'
import { connect, importDecorated } from './support/typedorm.ts'

const billing =
  'billing is assumed to be on-demand (PAY_PER_REQUEST): TypeDORM does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]'
const projection = (table: string, kind: 'global' | 'local', index: string) =>
  `index ${index} is assumed to project ALL: TypeDORM does not say; set overrides.${table}.${kind}Indexes.${index}.projection in the config [W-assumed-projection]`

describe('definitions of tables, connections and entities', () => {
  test('an entity whose table is in another file', async () => {
    const label = 'typedorm/table.ts staffTable.Employee'
    const staff = {
      name: 'typedorm-staff',
      partitionKey: [s('PK')],
      sortKey: [s('SK')],
      globalIndexes: [
        { name: 'GSI1', partitionKey: [s('GSI1PK')], sortKey: [s('GSI1SK')], projection: 'ALL' },
        { name: 'GSI2', partitionKey: [s('GSI2PK')], sortKey: [n('GSI2SK')], projection: 'ALL' },
      ],
      localIndexes: [{ name: 'LSI1', partitionKey: [s('PK')], sortKey: [n('LSI1SK')], projection: 'ALL' }],
      billingMode: 'PAY_PER_REQUEST',
      guesses: [
        'globalIndexes.GSI1.projection',
        'globalIndexes.GSI2.projection',
        'localIndexes.LSI1.projection',
        'billingMode',
      ],
    }
    expect(await loadShown('typedorm/employee.ts', 'typedorm/table.ts')).toEqual([
      {
        ...staff,
        sources: ['typedorm: typedorm/table.ts staffTable.Employee'],
        warnings: [
          projection('typedorm-staff', 'global', 'GSI1'),
          projection('typedorm-staff', 'global', 'GSI2'),
          projection('typedorm-staff', 'local', 'LSI1'),
          billing,
          `${label} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "LSI1" cannot be added, changed or removed later [W-local-index]`,
        ],
      },
    ])
    expect(await loadShown('typedorm/employee.ts')).toMatchObject([
      { ...staff, sources: ['typedorm: typedorm/employee.ts Employee.table.Employee'] },
    ])
  })

  test('a number key', async () => {
    expect(await loadShown('typedorm/parcel.ts')).toEqual([
      {
        name: 'typedorm-parcels',
        partitionKey: [n('PK')],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['typedorm: typedorm/parcel.ts parcelTable.Parcel'],
        warnings: [billing],
      },
    ])
  })

  test('step by step: entities that a connection finds by a pattern', async () => {
    const label = 'typedorm/club/app.ts connection.Member'
    expect(await loadShown('typedorm/club/app.ts')).toEqual([
      {
        name: 'typedorm-club',
        partitionKey: [s('PK')],
        sortKey: [s('SK')],
        globalIndexes: [{ name: 'GSI1', partitionKey: [s('GSI1PK')], sortKey: [s('GSI1SK')], projection: 'ALL' }],
        localIndexes: [{ name: 'LSI1', partitionKey: [s('PK')], sortKey: [s('LSI1SK')], projection: 'ALL' }],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.GSI1.projection', 'localIndexes.LSI1.projection', 'billingMode'],
        sources: [`typedorm: ${label}`, 'typedorm: typedorm/club/app.ts connection.Payment'],
        warnings: [
          projection('typedorm-club', 'global', 'GSI1'),
          projection('typedorm-club', 'local', 'LSI1'),
          billing,
          `${label} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "LSI1" cannot be added, changed or removed later [W-local-index]`,
        ],
      },
    ])
  })

  test('two connections keep their entities apart', async () => {
    const tables = await loadShown('typedorm/**/*.ts')
    expect(tables.map(({ name, sources }) => [name, sources.map(source => source.split(' ').at(-1))])).toEqual([
      ['typedorm-club', ['connection.Member', 'connection.Payment']],
      ['typedorm-fleet', ['connection.Vehicle', 'connection.Trip']],
      ['typedorm-parcels', ['parcelTable.Parcel']],
      ['typedorm-staff', ['staffTable.Employee']],
    ])
  })

  test('entities without a table belong to that of the connection', async () => {
    expect(await loadShown('typedorm/fleet/*.ts')).toEqual([
      {
        name: 'typedorm-fleet',
        partitionKey: [s('PK')],
        sortKey: [s('SK')],
        globalIndexes: [{ name: 'GSI1', partitionKey: [s('GSI1PK')], sortKey: [s('GSI1SK')], projection: 'ALL' }],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.GSI1.projection', 'billingMode'],
        sources: [
          'typedorm: typedorm/fleet/connection.ts connection.Vehicle',
          'typedorm: typedorm/fleet/connection.ts connection.Trip',
        ],
        warnings: [projection('typedorm-fleet', 'global', 'GSI1'), billing],
      },
    ])
  })

  test('entities without a table, and no connection with one', async () => {
    await expect(load(['typedorm/fleet/vehicle.ts'])).rejects.toMatchObject({
      code: 'model',
      message:
        'typedorm/fleet/vehicle.ts exports no table: Trip is a TypeDORM entity without a table of its own; also load the file that exports its Table or Connection',
    })
  })
})

describe('the table through TypeDORM itself', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await startEngine()
    await engine.create((await load(['typedorm/**/*.ts'])).tables)
  })
  afterAll(() => engine.stop())

  test('an entity by key and through each index', async () => {
    const { Employee } = await importDecorated('typedorm/employee.ts')
    const { staffTable } = await importDecorated('typedorm/table.ts')
    const connection = connect({
      name: 'staff',
      table: staffTable,
      entities: [Employee],
      client: engine.client,
    })
    const employee = Object.assign(new Employee(), { id: 'e1', team: 't1', name: 'Ada', salary: 42, desk: 7 })
    await connection.entityManager.create(employee)
    expect(await connection.entityManager.findOne(Employee, { id: 'e1' })).toEqual(employee)
    const through = async (key: object, queryIndex: string, keyCondition: object) =>
      (await connection.entityManager.find(Employee, key, { queryIndex, keyCondition })).items
    expect(await through({ team: 't1' }, 'GSI1', { BEGINS_WITH: 'NAME#A' })).toEqual([employee])
    expect(await through({ team: 't1' }, 'GSI2', { GE: 42 })).toEqual([employee])
    expect(await through({ id: 'e1' }, 'LSI1', { LT: 8 })).toEqual([employee])
  })

  test('a number key', async () => {
    const { Parcel, parcelTable } = await importDecorated('typedorm/parcel.ts')
    const connection = connect({
      name: 'parcels',
      table: parcelTable,
      entities: [Parcel],
      client: engine.client,
    })
    const parcel = Object.assign(new Parcel(), { number: 12, weight: 3 })
    await connection.entityManager.create(parcel)
    expect(await connection.entityManager.findOne(Parcel, { number: 12 })).toEqual(parcel)
  })

  test('entities of a connection', async () => {
    const { Trip, Vehicle } = await importDecorated('typedorm/fleet/vehicle.ts')
    const { connection: fleet } = await importDecorated('typedorm/fleet/connection.ts')
    const { entityManager } = connect({ ...again(fleet), name: 'fleet-here', entities: [Vehicle, Trip] })
    const vehicle = Object.assign(new Vehicle(), { plate: 'v1', depot: 'd1' })
    await entityManager.create(vehicle)
    const trip = Object.assign(new Trip(), { plate: 'v1', id: 't1' })
    await entityManager.create(trip)
    expect(await entityManager.findOne(Vehicle, { plate: 'v1' })).toEqual(vehicle)
    expect(await entityManager.findOne(Trip, trip)).toEqual(trip)
    const through = async (type: typeof Trip, key: object, prefix: string) =>
      (await entityManager.find(type, key, { queryIndex: 'GSI1', keyCondition: { BEGINS_WITH: prefix } })).items
    expect(await through(Vehicle, { depot: 'd1' }, 'VEHICLE#v')).toEqual([vehicle])
    expect(await through(Trip, {}, 'TRIP#t')).toEqual([trip])
  })

  test('entities of the step by step guide', async () => {
    const { Member } = await importDecorated('typedorm/club/entities/member.entity.ts')
    const { Payment } = await importDecorated('typedorm/club/entities/payment.entity.ts')
    const { connection: club } = await importDecorated('typedorm/club/app.ts')
    const { entityManager } = connect({ ...again(club), name: 'club-here', entities: [Member, Payment] })
    const member = { id: 'm1', email: 'a@b.c', status: 'active' }
    await entityManager.create(Object.assign(new Member(), member))
    const payment = Object.assign(new Payment(), { id: 'p1', memberId: 'm1', state: 'due' })
    await entityManager.create(payment)
    expect(await entityManager.findOne(Member, { id: 'm1' })).toMatchObject(member)
    expect(await entityManager.findOne(Payment, { id: 'p1' })).toEqual(payment)
    const through = async (key: object, queryIndex: string, keyCondition: object) =>
      (await entityManager.find(Payment, key, { queryIndex, keyCondition })).items
    expect(await through({ memberId: 'm1' }, 'GSI1', { BEGINS_WITH: 'PAYMENT#d' })).toEqual([payment])
    expect(await through({ id: 'p1' }, 'LSI1', { EQ: 'STATE#due' })).toEqual([payment])
  })

  const again = ({ globalTable }: { readonly globalTable: object }) => ({ table: globalTable, client: engine.client })
})
