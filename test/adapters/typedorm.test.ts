import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { load, loadShown, n, s } from './support/fixtures.ts'
import { connect, importDecorated } from './support/typedorm.ts'

const billing = 'billing is on-demand (PAY_PER_REQUEST): TypeDORM does not say'
const projection = (index: string) => `index ${index} projects ALL: TypeDORM does not say what it holds`

describe('what tables, connections and entities say', () => {
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
          ...['GSI1', 'GSI2', 'LSI1'].map(index => `${label}: ${projection(index)}`),
          `${label}: ${billing}`,
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
        warnings: [`typedorm/parcel.ts parcelTable.Parcel: ${billing}`],
      },
    ])
  })

  test('entities without a table live in that of the connection', async () => {
    const label = 'typedorm/fleet/connection.ts connection.table.Vehicle'
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
          'typedorm: typedorm/fleet/connection.ts connection.table.Vehicle',
          'typedorm: typedorm/fleet/connection.ts connection.table.Trip',
        ],
        warnings: [`${label}: ${projection('GSI1')}`, `${label}: ${billing}`],
      },
    ])
  })

  test('entities without a table, and no table anywhere', async () => {
    await expect(load(['typedorm/fleet/vehicle.ts'])).rejects.toMatchObject({
      code: 'model',
      message:
        'typedorm/fleet/vehicle.ts exports no table: Vehicle is an entity of TypeDORM without a table of its own: name the file that exports its Table or Connection as well',
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
})
