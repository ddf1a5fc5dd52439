import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { allowedNothing } from '../../src/local/guard-requests.ts'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { type Holder, holderOf } from '../../src/local/lock.ts'
import { type Position, settle } from '../../src/local/settle.ts'
import { startEngine } from '../../src/local/start-engine.ts'
import { prepareStore, type StorePlace } from '../../src/local/store.ts'
import { emptyFolder } from '../local/support/folder.ts'

const patience = { startingMs: 200, endingMs: 100, lockedMs: 200 }
const settings = { allowed: allowedNothing, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }

async function settled(place: StorePlace): Promise<Position> {
  const start = (instance: string) => startEngine({ instance, data: place.data, ...settings }, { keepAlive: false })
  const position = await settle(place, { port: 0, keepAlive: false, allowed: allowedNothing, start }, patience)
  onTestFinished(async () => {
    if (position.kind === 'holder') await position.engine.close(place.lock)
    else position.membership.leave()
  })
  return position
}

/** A server that is not dynamox: it answers everything, or nothing at all. */
async function stranger(answer: boolean): Promise<string> {
  const server = createServer((_, response) => void (answer && response.end('hello'))).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise(resolve => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const gone = 'http://127.0.0.1:9'
const ours = ({ folder }: StorePlace) => holderOf(randomUUID(), folder)

test.each<[string, Partial<Holder>]>([
  ['a process that is gone', { pid: 2 ** 22 + 1, endpoint: gone }],
  ['a process that ended while it started', { pid: 2 ** 22 + 1 }],
  ['a process that has its number by chance', { pid: process.ppid, started: '1', endpoint: gone }],
  ['a process whose start is not known', { started: undefined, endpoint: gone }],
  ['a process that was starting, and whose start is not known', { started: undefined }],
  ['this process, at an endpoint that refuses', { endpoint: gone }],
  ['another machine, where nothing answers', { host: 'elsewhere', endpoint: gone }],
  ['another machine, that was starting', { host: 'elsewhere' }],
])('a lock that names %s is taken over', async (_, stale) => {
  const place = prepareStore(emptyFolder())
  writeFileSync(place.lock, JSON.stringify({ ...ours(place), ...stale }))
  expect((await settled(place)).kind).toBe('holder')
})

test('a lock whose endpoint belongs to another server by now is taken over', async () => {
  const place = prepareStore(emptyFolder())
  writeFileSync(place.lock, JSON.stringify({ ...ours(place), endpoint: await stranger(true) }))
  expect((await settled(place)).kind).toBe('holder')
})

test('a server that echoes requests is not taken for the holder', async () => {
  const place = prepareStore(emptyFolder())
  const echo = createServer((request, response) => response.writeHead(200, request.headers).end()).listen(
    0,
    '127.0.0.1',
  )
  onTestFinished(() => void echo.close())
  await new Promise(resolve => echo.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`
  writeFileSync(place.lock, JSON.stringify({ ...ours(place), endpoint }))
  expect((await settled(place)).kind).toBe('holder')
})

// The lock of a clone is of another folder; nothing in it is asked or waited for.
test('a lock that came with a clone is replaced at once, and its endpoint is never called', async () => {
  const place = prepareStore(emptyFolder())
  let calls = 0
  const server = createServer(() => {
    calls += 1
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own = ours(place)
  writeFileSync(place.lock, JSON.stringify({ ...own, inode: own.inode + 1, endpoint }))
  expect((await settled(place)).kind).toBe('holder')
  expect(calls).toBe(0)
})

test('a living holder is joined', async () => {
  const place = prepareStore(emptyFolder())
  const holder = await settled(place)
  const member = await settled(place)
  expect(holder).toMatchObject({ kind: 'holder' })
  expect(member).toMatchObject({ kind: 'member', membership: { endpoint: (holder as { endpoint: string }).endpoint } })
})

test('a store that another process has open, without a lock that names it', async () => {
  const place = prepareStore(emptyFolder())
  const { db: database } = (await loadDynalite()).create({ path: place.data }).store
  await database.open()
  onTestFinished(() => database.close())
  await expect(settled(place)).rejects.toMatchObject({
    code: 'conflict',
    message: `the local store ${place.folder} is in use by another process, which does not answer`,
    hint: 'end that process (or resume it, if it was stopped), then try again',
  })
  expect(existsSync(place.lock)).toBe(false)
})

test('a holder that cannot be seen keeps its lock when its database turns out to be open', async () => {
  const place = prepareStore(emptyFolder())
  const { db: database } = (await loadDynalite()).create({ path: place.data }).store
  await database.open()
  onTestFinished(() => database.close())
  const holder = { ...ours(place), host: 'container', pid: 7, endpoint: gone }
  writeFileSync(place.lock, JSON.stringify(holder))
  await expect(settled(place)).rejects.toMatchObject({
    code: 'conflict',
    message: `the local store ${place.folder} is in use by process 7 on container, which does not answer`,
  })
  expect(existsSync(place.lock)).toBe(true)
})
