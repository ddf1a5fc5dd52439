import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { claimLock, type Holder, holderOf, readLock, releaseLock, standing, updateLock } from '../../src/local/lock.ts'
import { emptyFolder } from './support/folder.ts'

const lockFile = () => join(emptyFolder(), 'lock.json')
const holder = (file: string, instance: string): Holder => holderOf(instance, dirname(file))
const onProc = existsSync('/proc/self/stat')

test('taken once, released by its holder alone', () => {
  const file = lockFile()
  const [a, b] = [holder(file, 'a'), holder(file, 'b')]
  expect(readLock(file)).toBeUndefined()
  expect(claimLock(file, a, undefined)).toBe(true)
  expect(claimLock(file, b, undefined)).toBe(false)
  expect(readLock(file)).toEqual(a)

  releaseLock(file, 'b')
  expect(readLock(file)).toEqual(a)
  updateLock(file, { ...a, endpoint: 'http://127.0.0.1:1' })
  expect(readLock(file)).toEqual({ ...a, endpoint: 'http://127.0.0.1:1' })
  releaseLock(file, 'a')
  expect(readdirSync(dirname(file))).toEqual([])
})

test('a stale lock is taken over by the first process that found it', () => {
  const file = lockFile()
  const [stale, a, b] = [holder(file, 'stale'), holder(file, 'a'), holder(file, 'b')]
  claimLock(file, stale, undefined)
  expect(claimLock(file, a, stale)).toBe(true)
  // The second judged the same stale lock, and finds another one in its place.
  expect(claimLock(file, b, stale)).toBe(false)
  expect(readLock(file)).toEqual(a)
  expect(readdirSync(dirname(file))).toEqual(['lock.json'])
})

test('a lock that a crash left half written counts as busy for a moment, then as none', () => {
  const file = lockFile()
  writeFileSync(file, '{"host":')
  expect(readLock(file)).toBe('half-written')
  for (const time of [1, Date.now() / 1000 + 3600]) {
    utimesSync(file, time, time)
    expect(readLock(file)).toBeUndefined()
  }
  expect(claimLock(file, holder(file, 'a'), undefined)).toBe(true)
  expect(readLock(file)).toEqual(holder(file, 'a'))
})

// A lock can come with a clone or a copy of a project: it must not lead anywhere.
test.each<[string, (own: Holder) => unknown]>([
  ['nothing', () => null],
  ['text', () => 'lock'],
  ['a list', () => [1]],
  ['a number where a text belongs', own => ({ ...own, instance: 1 })],
  ['a process number of 0', own => ({ ...own, pid: 0 })],
  ['a process group', own => ({ ...own, pid: -1 })],
  ['a process number with a fraction', own => ({ ...own, pid: 1.5 })],
  ['a process number out of range', own => ({ ...own, pid: 1e300 })],
  ['a start that is not text', own => ({ ...own, started: {} })],
  ['the inode of another folder', own => ({ ...own, inode: own.inode + 1 })],
  ['no inode', own => ({ ...own, inode: undefined })],
  ...[
    'http://192.0.2.1:8000',
    'https://127.0.0.1:8000',
    'http://localhost:8000',
    'http://127.0.0.1',
    'http://127.0.0.1:0',
    'http://127.0.0.1:65536',
    'http://127.0.0.1:80@example.com',
    'http://127.0.0.1:80/path',
    'file:///etc/passwd',
    '',
    {},
  ].map((endpoint): [string, (own: Holder) => unknown] => [
    `the endpoint ${JSON.stringify(endpoint)}`,
    own => ({ ...own, endpoint }),
  ]),
])('a lock with %s counts as none at once', (_, change) => {
  const file = lockFile()
  writeFileSync(file, JSON.stringify(change(holder(file, 'a'))))
  expect(readLock(file)).toBeUndefined()
  expect(claimLock(file, holder(file, 'b'), undefined)).toBe(true)
})

test.each([
  ['a folder', (file: string) => mkdirSync(join(file, 'inside'), { recursive: true })],
  ['a pipe', (file: string) => spawnSync('mkfifo', [file])],
])('%s in the place of a lock counts as none', (_, make) => {
  const file = lockFile()
  make(file)
  expect(existsSync(file)).toBe(true)
  expect(readLock(file)).toBeUndefined()
  expect(claimLock(file, holder(file, 'a'), undefined)).toBe(true)
  expect(readLock(file)).toEqual(holder(file, 'a'))
})

test('a process is identified by more than its number', () => {
  const ended = spawnSync(process.execPath, ['-e', ''])
  const here = holderOf('a', emptyFolder())
  expect(standing(here)).toBe('alive')
  expect(standing({ ...here, pid: ended.pid })).toBe('dead')
  // The number now belongs to another process.
  expect(standing({ ...here, started: '1' })).toBe(onProc ? 'dead' : 'alive')
  expect(standing({ ...here, started: undefined })).toBe(onProc ? 'dead' : 'alive')
  // Another container has process numbers of its own.
  expect(standing({ ...here, host: 'elsewhere', pid: ended.pid })).toBe('unknown')
})

test('drafts that a kill left behind are removed', () => {
  const file = lockFile()
  for (const [name, age] of [
    ['old', 3600],
    ['young', 1],
  ] as const) {
    writeFileSync(`${file}.${name}`, '')
    utimesSync(`${file}.${name}`, Date.now() / 1000 - age, Date.now() / 1000 - age)
  }
  claimLock(file, holder(file, 'a'), undefined)
  expect(readdirSync(dirname(file)).sort()).toEqual(['lock.json', 'lock.json.young'])
})

test('the lock can be read by people', () => {
  const file = lockFile()
  claimLock(file, holder(file, 'a'), undefined)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
})
