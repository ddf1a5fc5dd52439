// Live tables follow their definitions on real engines, with items in them: nothing is lost, every index answers at the
// end, and a plan right after an update has nothing to do.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BatchWriteItemCommand, DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { describeEngines, type EngineUnderTest } from '../support/engines/describe-engines.ts'
import { dynamoDbLocalEngine } from '../support/engines/dynamodb-local.ts'
import type { EngineAddress } from '../support/engines/engine.ts'
import { dynamox, project, type Ran, unique } from './support/cli.ts'

const items = 60

describeEngines('update', engine => {
  const indexChanges = !engine.capabilities.refuses.includes('indexChanges')
  // ExtendDB: "UpdateGlobalSecondaryIndex is not yet supported", which a switch to provisioned needs as well.
  const indexUpdates = engine.name !== 'extenddb'
  const definition = (shape: Shape) => tableOf(shape, indexUpdates)
  // An ExtendDB that was asked to add an index with capacity describes that table no more.
  const last = indexUpdates ? 'PROVISIONED' : 'PAY_PER_REQUEST'

  test('an index is added, changed and dropped, settings follow, and no item is lost', async () => {
    const world = await setUp(engine, definition({ billing: 'PROVISIONED' }))
    expect(await world.actions('create')).toEqual(['created'])
    await world.expectNothingToDo()
    await world.fill()

    const steps: readonly [definition: object, flags: string[], indexes: string[]][] = [
      [definition({ billing: 'PROVISIONED', capacity: 9 }), [], ['by-colour']],
      [definition({ billing: 'PAY_PER_REQUEST' }), [], ['by-colour']],
      [definition({ billing: 'PAY_PER_REQUEST', indexes: ['colour', 'size'] }), [], ['by-colour', 'by-size']],
      [
        definition({ billing: 'PAY_PER_REQUEST', indexes: ['colour', 'size'], sorted: true }),
        [],
        ['by-colour', 'by-size'],
      ],
      [definition({ billing: 'PAY_PER_REQUEST', indexes: ['size'], sorted: true }), ['--drop-indexes'], ['by-size']],
      [definition({ billing: 'PAY_PER_REQUEST', indexes: ['size'], stream: 'NEW_IMAGE' }), [], ['by-size']],
      [
        definition({ billing: 'PAY_PER_REQUEST', indexes: ['size'], stream: 'KEYS_ONLY', ttl: 'until' }),
        [],
        ['by-size'],
      ],
      [definition({ billing: last, indexes: ['size', 'shape'], stream: false }), [], ['by-shape', 'by-size']],
    ]
    for (const [wanted, flags, indexes] of indexChanges ? steps : steps.slice(0, 2)) {
      world.define(wanted)
      // An index that the definition does not have is a difference only to those who want it dropped.
      if (flags.length === 0) {
        const { code, json, stderr } = await world.run('create')
        expect({ code, action: json.tables[0]?.action }).toEqual({ code: 1, action: 'different' })
        expect(stderr).toContain(`dynamox plan ${world.name}`)
      }
      expect((await world.run('plan', '--check', ...flags)).code).toBe(1)
      expect(await world.actions('update', '--yes', ...flags)).toEqual(['updated'])
      await world.expectNothingToDo(...flags)
      expect(await world.count()).toBe(items)
      expect(await world.answering()).toEqual(indexes)
    }
  })

  test('two updates at once both end well', async () => {
    const world = await setUp(engine, definition({ billing: last }))
    await world.actions('create')
    await world.fill()
    world.define(definition({ billing: last, capacity: 7, indexes: indexChanges ? ['size', 'shape'] : ['colour'] }))
    const both = await Promise.all([world.run('update', '--yes'), world.run('update', '--yes')])
    expect(both.map(({ code, stderr }) => (code === 0 ? 'well' : stderr))).toEqual(['well', 'well'])
    await world.expectNothingToDo()
    expect(await world.count()).toBe(items)
    expect(await world.answering()).toEqual(indexChanges ? ['by-shape', 'by-size'] : ['by-colour'])
  })

  test('a saved plan is carried out once, and then is about what is no more', async () => {
    const world = await setUp(engine, definition({ billing: 'PROVISIONED' }))
    await world.actions('create')
    world.define(definition({ billing: 'PROVISIONED', capacity: 3 }))
    expect((await world.run('plan', '--out', 'plan.json')).code).toBe(0)
    expect(await world.actions('update', '--plan', 'plan.json')).toEqual(['updated'])
    await world.expectNothingToDo()
    const again = await world.run('update', '--plan', 'plan.json')
    expect(again.json).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(again.code).toBe(2)
  })
})

describe('update where states take their time (DynamoDB Local, -delayTransientStatuses)', () => {
  test('an index that is built is waited for, also by an update that comes after one that was not waited for', async context => {
    const shared = inject('engines').find(({ name }) => name === 'dynamodb-local')
    if (shared === undefined || 'unavailable' in shared) return context.skip('DynamoDB Local cannot run here')
    const engine = await dynamoDbLocalEngine({ delayTransientStatuses: true }).start()
    onTestFinished(() => engine.stop())
    const world = await setUp(engine, tableOf({ billing: 'PAY_PER_REQUEST' }))
    expect(await world.actions('create')).toEqual(['created'])
    await world.expectNothingToDo()
    await world.fill()
    world.define(tableOf({ billing: 'PAY_PER_REQUEST', indexes: ['colour', 'size'] }))
    expect(await world.actions('update', '--no-wait')).toEqual(['requested'])
    const waited = await world.run('update')
    expect(waited.stderr).toContain('waiting for work that is under way')
    expect(waited.json.tables.map(({ action }) => action)).toEqual(['unchanged'])
    await world.expectNothingToDo()
    expect(await world.count()).toBe(items)
    expect(await world.answering()).toEqual(['by-colour', 'by-size'])
  }, 180_000)
})

interface Shape {
  readonly billing: 'PROVISIONED' | 'PAY_PER_REQUEST'
  readonly capacity?: number
  /** The attributes that indexes are on: `colour` makes `by-colour`. */
  readonly indexes?: readonly string[]
  /** Whether the indexes have a sort key. */
  readonly sorted?: boolean
  readonly stream?: string | false
  readonly ttl?: string
}

function tableOf(
  { billing, capacity = 5, indexes = ['colour'], sorted = false, stream, ttl }: Shape,
  indexUpdates = true,
): object {
  const unitsOf = (each: number) => (billing === 'PROVISIONED' ? { readCapacity: each, writeCapacity: each } : {})
  const [units, ofIndex] = [unitsOf(capacity), unitsOf(indexUpdates ? capacity : 5)]
  const globalIndexes = Object.fromEntries(
    indexes.map(attribute => [
      `by-${attribute}`,
      { partitionKey: attribute, ...(sorted ? { sortKey: 'at:N' } : {}), ...ofIndex },
    ]),
  )
  return { partitionKey: 'pk', sortKey: 'at:N', billingMode: billing, ...units, globalIndexes, stream, ttl }
}

type Address = EngineAddress | EngineUnderTest

/** One table of one test, its definition in a config, and its items. */
async function setUp({ endpoint, region, credentials }: Address, first: object) {
  const name = unique('update')
  const cwd = await project({ 'dynamox.config.json': '{}' })
  const file = join(cwd, 'dynamox.config.json')
  const env = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }
  const client = new DynamoDBClient({ endpoint, region, credentials })
  onTestFinished(() => client.destroy())
  const define = (wanted: object) =>
    writeFileSync(file, JSON.stringify({ endpoint, region, tables: [{ table: name, ...wanted }] }))
  define(first)
  const run = (...args: string[]): Promise<Ran> => dynamox([...args, '--json'], { cwd, env })
  return {
    name,
    define,
    run,
    async actions(...args: string[]) {
      const { json, stderr } = await run(...args)
      return json.tables.map(({ action, error }) =>
        error === undefined ? action : `${action}: ${error.message}\n${stderr}`,
      )
    },
    async expectNothingToDo(...flags: string[]) {
      const { code, json } = await run('plan', '--check', ...flags)
      expect({ code, steps: json.tables[0]?.steps }).toEqual({ code: 0, steps: [] })
    },
    async fill() {
      const puts = Array.from({ length: items }, (_, at) => ({
        PutRequest: {
          Item: {
            pk: { S: `item-${at}` },
            at: { N: String(at) },
            ...Object.fromEntries(['colour', 'size', 'shape'].map(key => [key, { S: `${key}-${at % 3}` }])),
          },
        },
      }))
      for (let from = 0; from < items; from += 20) {
        await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts.slice(from, from + 20) } }))
      }
    },
    count: async () => (await client.send(new ScanCommand({ TableName: name, Select: 'COUNT' }))).Count,
    /** The indexes of the definition that find the items that they are to find. */
    async answering() {
      const [table] = JSON.parse(readFileSync(file, 'utf8')).tables
      const answers = await Promise.all(
        Object.keys(table.globalIndexes).map(async index => {
          const attribute = index.replace('by-', '')
          const { Count } = await client.send(
            new QueryCommand({
              TableName: name,
              IndexName: index,
              KeyConditionExpression: '#key = :value',
              ExpressionAttributeNames: { '#key': attribute },
              ExpressionAttributeValues: { ':value': { S: `${attribute}-1` } },
            }),
          )
          return Count === items / 3 ? index : `${index} finds ${Count}`
        }),
      )
      return answers.sort()
    },
  }
}
