// `dynamox local --realistic`: AWS's own states, durations and throttling.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/local/start-embedded.ts'
import { type Answer, call } from '../local/support/call.ts'
import { emptyFolder } from '../local/support/folder.ts'
import { addIndex, itemsTable, teamItem } from '../local/support/teams.ts'
import { dynamox, project } from './support/cli.ts'
import { library } from './support/library.ts'

async function started(speed: number) {
  const server = await startEmbedded({ root: emptyFolder(), inMemory: true, speed })
  onTestFinished(() => server.close())
  const send = (operation: string, input: object) => call(server.endpoint, operation, input)
  const describe = async () => (await send('DescribeTable', { TableName: 'items' })).Table
  return { ...server, send, describe }
}

/** `UPDATING, index CREATING (false)`. */
function stateOf(table: Answer['Table']): string {
  const [index] = table?.GlobalSecondaryIndexes ?? []
  const filling = index?.Backfilling === undefined ? '' : ` (${index.Backfilling})`
  return `${table?.TableStatus ?? 'not found'}${index === undefined ? '' : `, index ${index.IndexStatus}${filling}`}`
}

test('as fast as AWS: a new table is not found, then CREATING, and refuses changes; a burst is throttled', async () => {
  const { send, describe } = await started(1)
  expect(await send('CreateTable', itemsTable)).toMatchObject({ TableDescription: { TableStatus: 'CREATING' } })
  expect(await describe()).toBeUndefined()
  await expect.poll(async () => stateOf(await describe()), { timeout: 2000 }).toBe('CREATING')
  expect((await send('UpdateTable', addIndex)).__type).toMatch(/ResourceInUseException$/)
  expect((await send('PutItem', { TableName: 'items', Item: teamItem(1, 1) })).__type).toMatch(/ResourceNotFound/)

  const names = Array.from({ length: 20 }, (_, id) => `burst-${id}`)
  const answers = await Promise.all(names.map(TableName => send('CreateTable', { ...itemsTable, TableName })))
  const throttled = answers.filter(({ __type }) => __type?.endsWith('#ThrottlingException'))
  expect(throttled.length).toBeGreaterThan(8)
  expect(throttled.length).toBeLessThan(19)
})

test('the states that a table and an index pass through, in their order', async () => {
  const { send, describe } = await started(400)
  await send('CreateTable', itemsTable)
  await expect.poll(async () => stateOf(await describe()), { timeout: 5000, interval: 2 }).toBe('ACTIVE')
  await send('PutItem', { TableName: 'items', Item: teamItem(1, 1) })
  await sleep(30)

  const seen = new Set<string>()
  expect((await send('UpdateTable', addIndex)).__type).toBeUndefined()
  const query = () =>
    send('Query', {
      TableName: 'items',
      IndexName: 'by-team',
      KeyConditionExpression: 'team = :t',
      ExpressionAttributeValues: { ':t': { S: 'team-50' } },
    })
  const look = async () => {
    const state = stateOf(await describe())
    seen.add(state)
    if (state.includes('(true)'))
      expect(await query()).toMatchObject({ message: expect.stringContaining('backfilling') })
    return state
  }
  await expect.poll(look, { timeout: 20_000, interval: 5 }).toBe('ACTIVE, index ACTIVE')
  expect([...seen]).toEqual([
    'UPDATING, index CREATING (false)',
    'ACTIVE, index CREATING (true)',
    'ACTIVE, index ACTIVE',
  ])
  expect(await query()).toMatchObject({ Count: 1 })

  const drop = { TableName: 'items', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-team' } }] }
  expect(stateOf((await send('UpdateTable', drop)).TableDescription)).toBe('UPDATING, index DELETING')
  await expect.poll(async () => stateOf(await describe()), { timeout: 5000, interval: 5 }).toBe('ACTIVE')
  expect(stateOf((await send('DeleteTable', { TableName: 'items' })).TableDescription)).toBe('DELETING')
  await expect.poll(describe, { timeout: 5000, interval: 5 }).toBeUndefined()
})

test('work goes on at its pace when the engine is started again, and ends at once at no pace', async () => {
  const root = emptyFolder()
  const startAt = async (speed?: number) => {
    const server = await startEmbedded({ root, speed })
    onTestFinished(() => server.close())
    return server
  }
  const describe = async ({ endpoint }: { endpoint: string }) =>
    stateOf((await call(endpoint, 'DescribeTable', { TableName: 'items' })).Table)
  const first = await startAt()
  await call(first.endpoint, 'CreateTable', itemsTable)
  for (let id = 0; id < 20; id++) await call(first.endpoint, 'PutItem', { TableName: 'items', Item: teamItem(id, 1) })
  await first.close()

  // The allocation takes 0.2 to 0.6 s, the rest 5 to 10 s.
  const second = await startAt(100)
  await call(second.endpoint, 'UpdateTable', addIndex)
  expect(await describe(second)).toBe('UPDATING, index CREATING (false)')
  await second.close()
  const third = await startAt(100)
  await expect.poll(() => describe(third), { timeout: 5000, interval: 5 }).toBe('ACTIVE, index CREATING (true)')
  await third.close()
  const fourth = await startAt(100)
  expect(await describe(fourth)).toBe('ACTIVE, index CREATING (true)')
  await fourth.close()

  const last = await startAt()
  await expect.poll(() => describe(last), { timeout: 5000, interval: 5 }).toBe('ACTIVE, index ACTIVE')
  const query = { IndexName: 'by-team', KeyConditionExpression: 'team = :t' }
  const found = await call(last.endpoint, 'Query', {
    ...{ TableName: 'items', ...query, ExpressionAttributeValues: { ':t': { S: 'team-50' } } },
  })
  expect(found).toMatchObject({ Count: 20 })
})

test('dynamox local --realistic, and startLocal', async () => {
  const cwd = await project({ '.dynamoxrc': 'tables: [{ table: users, partitionKey: pk:S }]\n', 'package.json': '{}' })
  const ran = await dynamox(['local', '--realistic=20x', '--in-memory', '--', 'true'], { cwd })
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("at AWS's pace, 20 times as fast")])
  const other = await dynamox(['local', '--realistic', '--engine', 'extenddb', '--in-memory', '--', 'true'], { cwd })
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining('--realistic is not supported by extenddb, only by dynalite'),
  ])

  const began = performance.now()
  const server = await library.startLocal({ cwd, realistic: 20 })
  onTestFinished(() => server.close())
  // Two to six seconds on AWS.
  expect(performance.now() - began).toBeGreaterThan(90)
  expect(server.tables).toEqual(['users'])
})
