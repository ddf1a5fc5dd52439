import { afterEach, describe, expect, test } from 'vitest'
import { DynamoxClient, setDefaultClient } from '../../src/client/dynamox-client.ts'
import { defineTable } from '../../src/models/define-table.ts'
import { type TableInput, tableBrand } from '../../src/table/input.ts'

const input: TableInput = {
  table: 'orders',
  partitionKey: 'pk:S',
  billingMode: 'PROVISIONED',
  readCapacity: 10,
  globalIndexes: { 'by-email': { partitionKey: 'email' } },
}

test('holds its input under the brand', () => {
  const model = defineTable(input)
  expect(model[tableBrand]).toEqual({ input })
  expect(Reflect.get(model, Symbol.for('dynamox.table'))).toEqual({ input })
  expect(model.table).toBe('orders')
})

test('anything but an object is refused at once', () => {
  expect(() => defineTable(JSON.parse('"orders"'))).toThrow(
    expect.objectContaining({
      code: 'definition',
      message: 'defineTable: must be an object, not "orders"; write { table, partitionKey, ... }',
    }),
  )
})

describe('the methods use the default client', () => {
  const calls: unknown[] = []
  class Recorder extends DynamoxClient {
    private note(method: string, ...args: unknown[]) {
      calls.push([method, ...args])
      return { name: 'orders', action: 'created' as const, durationMs: 0, warnings: ['theirs'] }
    }
    override createTable = async (...args: unknown[]) => this.note('createTable', ...args)
    override tableExists = async (...args: unknown[]) => this.note('tableExists', ...args) !== undefined
    override deleteTable = async (...args: unknown[]) => this.note('deleteTable', ...args)
    override waitForTableActive = async (...args: unknown[]) => this.note('waitForTableActive', ...args)
    override createTableSync = (...args: unknown[]) => this.note('createTableSync', ...args)
    override tableExistsSync = (...args: unknown[]) => this.note('tableExistsSync', ...args) !== undefined
    override deleteTableSync = (...args: unknown[]) => this.note('deleteTableSync', ...args)
    override waitForTableActiveSync = (...args: unknown[]) => this.note('waitForTableActiveSync', ...args)
  }
  const model = defineTable(input)
  const { table: _, ...own } = input

  afterEach(() => {
    calls.length = 0
    setDefaultClient(undefined)
  })

  test('each method calls the method of the same name', async () => {
    setDefaultClient(new Recorder({ endpoint: 'http://127.0.0.1:1', region: 'local' }))
    await model.createTable()
    await model.tableExists()
    await model.waitForTableActive({ timeoutSeconds: 30 })
    await model.deleteTable({ wait: true })
    model.createTableSync({ wait: true })
    model.tableExistsSync()
    model.waitForTableActiveSync({ timeoutSeconds: 30 })
    model.deleteTableSync()
    expect(calls).toEqual([
      ['createTable', 'orders', own],
      ['tableExists', 'orders', undefined],
      ['waitForTableActive', 'orders', { timeoutSeconds: 30 }],
      ['deleteTable', 'orders', { wait: true }],
      ['createTableSync', 'orders', { ...own, wait: true }],
      ['tableExistsSync', 'orders', undefined],
      ['waitForTableActiveSync', 'orders', { timeoutSeconds: 30 }],
      ['deleteTableSync', 'orders', undefined],
    ])
  })

  test('options of createTable override the model', async () => {
    setDefaultClient(new Recorder({ endpoint: 'http://127.0.0.1:1', region: 'local' }))
    const { signal } = new AbortController()
    const outcome = await model.createTable({
      billingMode: 'PAY_PER_REQUEST',
      globalIndexes: { 'by-email': { projection: 'KEYS_ONLY' } },
      timeoutSeconds: 5,
      signal,
    })
    expect(calls).toEqual([
      [
        'createTable',
        'orders',
        {
          partitionKey: 'pk:S',
          billingMode: 'PAY_PER_REQUEST',
          globalIndexes: { 'by-email': { partitionKey: 'email', projection: 'KEYS_ONLY' } },
          timeoutSeconds: 5,
          signal,
        },
      ],
    ])
    expect(outcome.warnings).toEqual(['readCapacity is ignored: billingMode is PAY_PER_REQUEST', 'theirs'])
  })
})
