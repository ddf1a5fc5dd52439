import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startEngine } from '../../src/local/engine.ts'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { thisProcess } from '../../src/local/process-identity.ts'
import { type Position, settle } from '../../src/local/settle.ts'
import { prepareStore, type StorePlace } from '../../src/local/store.ts'
import { emptyFolder } from '../local/support/folder.ts'

const patience = { startingMs: 200, endingMs: 100, lockedMs: 200 }
const durations = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }

async function settled(place: StorePlace): Promise<Position> {
  const start = (instance: string) => startEngine({ instance, data: place.data, ...durations }, { keepAlive: false })
  const position = await settle(place, { port: 0, keepAlive: false, start }, patience)
  onTestFinished(async () => {
    if (position.kind === 'holder') await position.engine.close(place.lock)
    else position.membership.leave()
  })
  return position
}

/** A server that is not ours: it answers everything, or nothing at all. */
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
const ours = { ...thisProcess(), instance: randomUUID() }
// Where starts are not known, a number that was given to another process shows by its silence.
const unknownStart = { ...ours, started: undefined }

test.each([
  ['a process that is gone', { ...ours, pid: 2 ** 22 + 1, endpoint: gone }],
  ['a process that ended while it started', { ...ours, pid: 2 ** 22 + 1 }],
  ['a process that has its number by chance', { ...ours, pid: process.ppid, started: '1', endpoint: gone }],
  ['such a process, where starts are not known', { ...unknownStart, endpoint: gone }],
  ['such a process, that was starting', unknownStart],
  ['another machine, where nobody answers', { ...ours, host: 'elsewhere', endpoint: gone }],
])('a lock that names %s is taken over', async (_, stale) => {
  const place = prepareStore(emptyFolder())
  writeFileSync(place.lock, JSON.stringify(stale))
  expect((await settled(place)).kind).toBe('holder')
})

test('a lock whose endpoint is that of another server by now is taken over', async () => {
  const place = prepareStore(emptyFolder())
  writeFileSync(place.lock, JSON.stringify({ ...unknownStart, endpoint: await stranger(true) }))
  expect((await settled(place)).kind).toBe('holder')
})

test('a living holder is joined', async () => {
  const place = prepareStore(emptyFolder())
  const holder = await settled(place)
  const member = await settled(place)
  expect(holder).toMatchObject({ kind: 'holder' })
  expect(member).toMatchObject({ kind: 'member', membership: { endpoint: (holder as { endpoint: string }).endpoint } })
})

test('a store that is open elsewhere, behind a lock that says nothing of it', async () => {
  const place = prepareStore(emptyFolder())
  const { database } = (await loadDynalite()).create({ path: place.data })
  await database.open()
  onTestFinished(() => database.close())
  await expect(settled(place)).rejects.toMatchObject({
    code: 'conflict',
    message: `the local store ${place.folder} is in use by another process, which does not answer`,
    hint: 'end that process (or let it go on, when it was stopped), then try again',
  })
  expect(existsSync(place.lock)).toBe(false)
})

test('a holder out of our sight keeps its lock when its database turns out to be open', async () => {
  const place = prepareStore(emptyFolder())
  const { database } = (await loadDynalite()).create({ path: place.data })
  await database.open()
  onTestFinished(() => database.close())
  const holder = { ...ours, host: 'container', pid: 7, endpoint: gone }
  writeFileSync(place.lock, JSON.stringify(holder))
  await expect(settled(place)).rejects.toMatchObject({
    code: 'conflict',
    message: `the local store ${place.folder} is in use by process 7 on container, which does not answer`,
  })
  expect(existsSync(place.lock)).toBe(true)
})
