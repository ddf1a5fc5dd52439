import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { LocalServer } from '../../src/local/engines/engine.ts'
import { type EmbeddedOptions, startEmbedded } from '../../src/local/start-embedded.ts'
import { call, indexed, item, tableInput } from '../local/support/call.ts'
import { emptyFolder } from '../local/support/folder.ts'

async function start(options: EmbeddedOptions): Promise<LocalServer> {
  const server = await startEmbedded(options)
  onTestFinished(() => server.close())
  return server
}
const tables = async (server: LocalServer) => (await call(server.endpoint, 'ListTables', {})).TableNames
const status = async (server: LocalServer, name: string) =>
  (await call(server.endpoint, 'DescribeTable', { TableName: name })).Table?.TableStatus

test('in memory: nothing is kept, nothing is shared, nothing is written', async () => {
  const root = emptyFolder()
  const [first, second] = await Promise.all([start({ root, inMemory: true }), start({ root, inMemory: true })])
  await call(first.endpoint, 'CreateTable', tableInput('users'))
  expect(await tables(first)).toEqual(['users'])
  expect(await tables(second)).toEqual([])
  expect(first).toMatchObject({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    shared: false,
  })
  expect((await call(first.endpoint, 'DescribeTable', { TableName: 'users' })).Table?.TableArn).toBe(
    'arn:aws:dynamodb:us-east-1:000000000000:table/users',
  )
  expect(readdirSync(root)).toEqual([])
})

test('kept between runs; deleted tables stay deleted', async () => {
  const root = emptyFolder()
  const first = await start({ root })
  await call(first.endpoint, 'CreateTable', tableInput('users'))
  await call(first.endpoint, 'CreateTable', tableInput('orders'))
  await call(first.endpoint, 'PutItem', item('users', 'ann'))
  await call(first.endpoint, 'DeleteTable', { TableName: 'orders' })
  await first.close()
  await first.close()

  const second = await start({ root })
  expect(await tables(second)).toEqual(['users'])
  expect(await indexed(second.endpoint, 'users')).toEqual(['ann'])
  expect(second.shared).toBe(false)
})

test('a table that was being created or deleted is ready, or gone, at the next start', async () => {
  const root = emptyFolder()
  const slow = await start({ root, createTableMs: 3_600_000, deleteTableMs: 3_600_000 })
  await call(slow.endpoint, 'CreateTable', tableInput('users'))
  expect(await status(slow, 'users')).toBe('CREATING')
  await slow.close()

  const deleting = await start({ root, deleteTableMs: 3_600_000 })
  expect(await call(deleting.endpoint, 'DescribeTable', { TableName: 'users' })).toMatchObject({
    Table: { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'by-by', IndexStatus: 'ACTIVE' }] },
  })
  await call(deleting.endpoint, 'PutItem', item('users', 'ann'))
  await call(deleting.endpoint, 'DeleteTable', { TableName: 'users' })
  expect(await status(deleting, 'users')).toBe('DELETING')
  await deleting.close()

  const last = await start({ root, updateTableMs: 3_600_000 })
  expect(await tables(last)).toEqual([])
  const provisioned = { ...tableInput('users'), BillingMode: 'PROVISIONED', GlobalSecondaryIndexes: undefined }
  const capacity = (units: number) => ({
    ProvisionedThroughput: { ReadCapacityUnits: units, WriteCapacityUnits: units },
  })
  await call(last.endpoint, 'CreateTable', {
    ...provisioned,
    ...capacity(1),
    AttributeDefinitions: tableInput('').AttributeDefinitions.slice(0, 1),
  })
  await call(last.endpoint, 'UpdateTable', { TableName: 'users', ...capacity(2) })
  expect(await status(last, 'users')).toBe('UPDATING')
  await last.close()
  expect(await status(await start({ root }), 'users')).toBe('ACTIVE')
})

test('two servers in one process share one engine, which stays for the second when the first ends', async () => {
  const root = emptyFolder()
  const first = await start({ root })
  const second = await start({ root })
  expect(second).toMatchObject({ endpoint: first.endpoint, shared: true })
  await call(second.endpoint, 'CreateTable', tableInput('users'))
  expect(await tables(first)).toEqual(['users'])

  await first.close()
  await expect.poll(() => second.shared, { timeout: 5000 }).toBe(false)
  expect(await tables(second)).toEqual(['users'])
})

test('of several processes that start together, one serves and the others use it', async () => {
  const root = emptyFolder()
  const servers = await Promise.all(Array.from({ length: 4 }, () => start({ root })))
  expect(new Set(servers.map(server => server.endpoint)).size).toBe(1)
  expect(servers.filter(server => !server.shared)).toHaveLength(1)
  await Promise.all(servers.map(server => server.close()))
  expect(readdirSync(join(root, '.dynamox/local'))).toEqual(['data'])
})

test('a given port, and one that is taken', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void busy.close())
  await new Promise(resolve => busy.once('listening', resolve))
  const { port } = busy.address() as AddressInfo
  for (const inMemory of [true, false]) {
    await expect(startEmbedded({ root: emptyFolder(), port, inMemory })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use by process ${process.pid} (`),
      hint: 'end that program, or choose another port: --port 8001, or --port 0 for a free one',
    })
  }
  await new Promise(resolve => busy.close(resolve))
  expect((await start({ root: emptyFolder(), port })).endpoint).toBe(`http://127.0.0.1:${port}`)
})

test('a damaged store is reported, with a hint', async () => {
  const root = emptyFolder()
  await (await start({ root })).close()
  const data = join(root, '.dynamox/local/data')
  for (const file of readdirSync(data)) if (/^(CURRENT|MANIFEST)/.test(file)) writeFileSync(join(data, file), 'rubbish')
  await expect(startEmbedded({ root })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(`the local store ${join(root, '.dynamox/local')} is damaged: `),
    hint: 'delete that folder to start with an empty store; the tables in it are lost',
  })
  expect(readdirSync(join(root, '.dynamox/local'))).toEqual(['data'])
})

test('a file in the place of the database', async () => {
  const root = emptyFolder()
  mkdirSync(join(root, '.dynamox/local'), { recursive: true })
  writeFileSync(join(root, '.dynamox/local/data'), '')
  await expect(startEmbedded({ root })).rejects.toMatchObject({ code: 'config' })
})

test('after close it refuses at once, also clients that were connected', async () => {
  const server = await start({ root: emptyFolder(), inMemory: true })
  await call(server.endpoint, 'ListTables', {})
  await server.close()
  await expect(call(server.endpoint, 'ListTables', {})).rejects.toThrow('fetch failed')
})

test('a client that hangs up during a request does no harm', async () => {
  const server = await start({ root: emptyFolder(), inMemory: true })
  const { port } = new URL(server.endpoint)
  const socket = connect(Number(port), '127.0.0.1')
  await new Promise(resolve => socket.once('connect', resolve))
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 100\r\n\r\n{'
  await new Promise(resolve => socket.write(head, resolve))
  socket.resetAndDestroy()
  expect(await tables(server)).toEqual([])
})
