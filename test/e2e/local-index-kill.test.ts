// The embedded engine, killed while it builds an index under writes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { StoredItem } from 'dynalite/db/index.js'
import { expect, onTestFinished, test } from 'vitest'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { serveStore } from '../../src/local/serve-store.ts'
import { call } from '../local/support/call.ts'
import { emptyFolder } from '../local/support/folder.ts'
import { itemsTable, settingsFor, teamItem } from '../local/support/teams.ts'
import { createRandom } from '../support/random.ts'
import { bundleFromSource } from '../support/workers-from-source.ts'

// Every start of an engine in this process listens for its uncaught errors.
process.setMaxListeners(100)

// KILL_SEED=<number> repeats the same moments.
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const random = createRandom(seed)
const dynalite = await loadDynalite()
// A process builds an index in each of several stores, which are killed with it.
const [processes, stores] = [10, 5]

test('killed fifty times while an index is built under writes: each index is whole, or absent', {
  timeout: 120_000,
}, async () => {
  process.stderr.write(`killed at the moments of KILL_SEED=${seed}\n`)
  const prepared = await prepareStore()
  const entry = await bundleFromSource('test/local/support/build-entry.ts')
  const found = { absent: 0, interrupted: 0, whole: 0 }
  for (let round = 0; round < processes; round++) {
    const folders = Array.from({ length: stores }, () => emptyFolder())
    for (const folder of folders) cpSync(prepared, folder, { recursive: true })
    await buildAndKill(entry, folders)
    for (const folder of folders) found[await recover(folder)]++
  }
  process.stderr.write(`when killed, the indexes were: ${JSON.stringify(found)}\n`)
  expect(found.absent + found.interrupted + found.whole).toBe(50)
  // Otherwise the moments are badly chosen.
  expect(found.interrupted).toBeGreaterThan(5)
})

/** A database with 5,000 items, closed. */
async function prepareStore(): Promise<string> {
  const folder = emptyFolder()
  const { port, close } = await serveStore(dynalite, settingsFor(folder), 0)
  await call(`http://127.0.0.1:${port}`, 'CreateTable', itemsTable)
  await close(undefined)
  await withDatabase(folder, async db => {
    const table = { ...itemsTable, TableStatus: 'ACTIVE' }
    const items = Array.from({ length: 5000 }, (_, id) => teamItem(id, random()))
    await db.batch(
      items.map(item => {
        const key = dynalite.functions.createKey(item, table)
        return { type: 'put', key: `item-items~${key}`, value: item }
      }),
    )
  })
  return folder
}

async function buildAndKill(entry: string, folders: readonly string[]): Promise<void> {
  const task = JSON.stringify({ folders, seed: random() * 1e9 })
  const child = spawn(process.execPath, [entry, task], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  // Some builds have begun, or all of them.
  const begun = 1 + Math.floor(random() * folders.length)
  for (let said = ''; said.split('\n').length <= begun && child.exitCode === null; )
    said += (await Promise.race([once(child.stdout, 'data'), ended])).join('')
  await sleep(random() * 200)
  expect(child.exitCode).toBe(null)
  child.kill('SIGKILL')
  await ended
}

/** Opens a database again and compares its index with its items; returns how the index was before. */
async function recover(folder: string): Promise<'absent' | 'interrupted' | 'whole'> {
  const before = await contents(folder)
  const { port, close } = await serveStore(dynalite, settingsFor(folder), 0)
  const status = async () => {
    const { Table: table } = await call(`http://127.0.0.1:${port}`, 'DescribeTable', { TableName: 'items' })
    const [index] = table?.GlobalSecondaryIndexes ?? []
    return index?.IndexStatus ?? 'absent'
  }
  await expect.poll(status, { timeout: 20_000, interval: 10 }).toMatch(/^(ACTIVE|absent)$/)
  const isThere = (await status()) === 'ACTIVE'
  await close(undefined)

  const after = await contents(folder)
  expect(after.items.size).toBeGreaterThan(4000)
  expect(after.items).toSatisfy(items => isDeepStrictEqual(items, before.items))
  expect(isDeepStrictEqual(after.entries, isThere ? whole(after.items) : new Map())).toBe(true)
  if (before.entries.size === 0) return isThere ? 'interrupted' : 'absent'
  return isDeepStrictEqual(before.entries, whole(before.items)) ? 'whole' : 'interrupted'
}

const whole = (items: ReadonlyMap<string, StoredItem>) =>
  new Map([...items].filter(([, item]) => item.team?.S !== undefined))

/** The items and the entries of the index in a database, by their keys. */
const contents = (folder: string) =>
  withDatabase(folder, async db => {
    const read = async (part: string) => {
      const found = new Map<string, StoredItem>()
      for await (const [, value] of db.iterator({ gte: `${part}~`, lt: `${part}\x7f` })) {
        const item = value as StoredItem
        found.set(String(item.pk?.S), item)
      }
      return found
    }
    return { items: await read('item-items'), entries: await read('index-global~items~by-team') }
  })

type Database = ReturnType<typeof dynalite.create>['store']['db']

async function withDatabase<T>(path: string, work: (db: Database) => Promise<T>): Promise<T> {
  const { db } = dynalite.create({ path }).store
  await db.open()
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}
