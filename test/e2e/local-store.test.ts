// The embedded engine's store, with real processes that end in every possible way.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type EmbeddedOptions, startEmbedded } from '../../src/local/start-embedded.ts'
import { call, indexed, item, tableInput } from '../local/support/call.ts'
import { startChild } from '../local/support/child.ts'
import { emptyFolder } from '../local/support/folder.ts'

async function start(options: EmbeddedOptions) {
  const server = await startEmbedded(options)
  onTestFinished(() => server.close())
  return server
}
const statusOf = async (endpoint: string, name: string) =>
  (await call(endpoint, 'DescribeTable', { TableName: name })).Table?.TableStatus
const tablesOf = async (endpoint: string) => (await call(endpoint, 'ListTables', {})).TableNames ?? []

test('killed while a table is CREATING and another DELETING', async () => {
  const root = emptyFolder()
  const preparing = await start({ root })
  for (const name of ['kept', 'dropped']) await call(preparing.endpoint, 'CreateTable', tableInput(name))
  await call(preparing.endpoint, 'PutItem', item('kept', 'ann'))
  await preparing.close()

  const options = { root, createTableMs: 3_600_000, deleteTableMs: 3_600_000 }
  const child = await startChild({ options, work: 'serve' })
  const { endpoint = '' } = child.first
  await call(endpoint, 'CreateTable', tableInput('coming'))
  await call(endpoint, 'DeleteTable', { TableName: 'dropped' })
  expect(await Promise.all(['coming', 'dropped'].map(name => statusOf(endpoint, name)))).toEqual([
    'CREATING',
    'DELETING',
  ])
  child.signal('SIGKILL')
  await child.ended

  const server = await start({ root })
  expect(server.shared).toBe(false)
  expect(await tablesOf(server.endpoint)).toEqual(['coming', 'kept'])
  expect(await statusOf(server.endpoint, 'coming')).toBe('ACTIVE')
  expect(await indexed(server.endpoint, 'kept')).toEqual(['ann'])
  await call(server.endpoint, 'PutItem', item('coming', 'bob'))
  expect(await indexed(server.endpoint, 'coming')).toEqual(['bob'])
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ended by %s', async signal => {
  const root = emptyFolder()
  const child = await startChild({ options: { root }, work: 'serve' })
  await call(child.first.endpoint ?? '', 'CreateTable', tableInput('users'))
  child.signal(signal)
  await child.ended
  expect(await tablesOf((await start({ root })).endpoint)).toEqual(['users'])
})

test('a process that does not close the engine ends anyway, and one that exits keeps its code', async () => {
  const root = emptyFolder()
  expect(await (await startChild({ options: { root }, work: 'end' })).ended).toBe(0)
  expect(await (await startChild({ options: { root }, work: 'exit' })).ended).toBe(7)
  expect(await (await startChild({ options: { root, inMemory: true }, work: 'end' })).ended).toBe(0)
  expect(await (await startChild({ options: { root }, work: 'serve' })).close()).toBe(0)
})

test('several processes at once share one engine, which outlives the one that started it', async () => {
  const root = emptyFolder()
  const children = await Promise.all([1, 2, 3].map(() => startChild({ options: { root }, work: 'serve' })))
  const [holder] = children.filter(child => child.first.shared === false)
  const [second, third] = children.filter(child => child.first.shared === true)
  const endpoint = holder?.first.endpoint ?? ''
  expect(children.map(child => child.first.endpoint)).toEqual([endpoint, endpoint, endpoint])
  await call(endpoint, 'CreateTable', tableInput('users'))

  // An orderly end: the engine is handed over, with a gap that a client's retries cover.
  expect(await holder?.close()).toBe(0)
  await expect.poll(() => tablesOf(endpoint), { timeout: 5000 }).toEqual(['users'])

  // Killed: the last one takes over as well.
  const serving = JSON.parse(readFileSync(join(root, '.dynamox/local/lock.json'), 'utf8')).pid
  const [victim, heir] = second?.pid === serving ? [second, third] : [third, second]
  victim?.signal('SIGKILL')
  await victim?.ended
  await expect.poll(() => tablesOf(endpoint).catch(String), { timeout: 5000 }).toEqual(['users'])
  expect(await heir?.close()).toBe(0)
  expect(readdirSync(join(root, '.dynamox/local'))).toEqual(['data'])
})

test('a holder that is suspended is named', async () => {
  const root = emptyFolder()
  const child = await startChild({ options: { root }, work: 'serve' })
  child.signal('SIGSTOP')
  await expect(startEmbedded({ root })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(` is in use by process ${child.pid} on `),
  })
})

test('killed twenty times at random moments: every accepted item is kept, and every table is ready', {
  timeout: 60_000,
}, async () => {
  const root = emptyFolder()
  const first = await start({ root })
  await call(first.endpoint, 'CreateTable', tableInput('items'))
  await first.close()

  const accepted: string[] = []
  for (let round = 0; round < 20; round++) {
    const child = await startChild({ options: { root, createTableMs: 25 }, work: 'write', round })
    // Now at its start, now in the middle of its writes.
    if (round % 2 === 1) await child.writes
    await sleep((round * 53) % 97)
    child.signal('SIGKILL')
    await child.ended
    accepted.push(...child.written)
  }

  const { endpoint } = await start({ root })
  const { Items = [] } = await call(endpoint, 'Scan', { TableName: 'items' })
  const found = Items.map(found => found.pk?.S ?? '').sort()
  expect(accepted.filter(pk => !found.includes(pk))).toEqual([])
  expect(accepted.length).toBeGreaterThan(10)
  expect(await indexed(endpoint, 'items')).toEqual(found)
  const states = await Promise.all((await tablesOf(endpoint)).map(name => statusOf(endpoint, name)))
  expect(new Set(states)).toEqual(new Set(['ACTIVE']))
  expect(readdirSync(join(root, '.dynamox/local'))).toEqual(expect.arrayContaining(['data', 'lock.json']))
})
