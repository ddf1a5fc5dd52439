import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimLock, type Holder, mayLive, readLock, releaseLock, updateLock } from '../../src/local/lock.ts'
import { standing, thisProcess } from '../../src/local/process-identity.ts'
import { emptyFolder } from './support/folder.ts'

const lockFile = () => join(emptyFolder(), 'lock.json')
const me = (instance: string): Holder => ({ ...thisProcess(), instance })
const onProc = existsSync('/proc/self/stat')

test('taken once, given up by its holder alone', () => {
  const file = lockFile()
  expect(readLock(file)).toBeUndefined()
  expect(claimLock(file, me('a'), undefined)).toBe(true)
  expect(claimLock(file, me('b'), undefined)).toBe(false)
  expect(readLock(file)).toEqual(me('a'))

  releaseLock(file, 'b')
  expect(readLock(file)).toEqual(me('a'))
  updateLock(file, { ...me('a'), endpoint: 'http://127.0.0.1:1' })
  expect(readLock(file)).toEqual({ ...me('a'), endpoint: 'http://127.0.0.1:1' })
  releaseLock(file, 'a')
  expect(readdirSync(join(file, '..'))).toEqual([])
})

test('a stale lock is taken over by the first that found it', () => {
  const file = lockFile()
  const stale = me('stale')
  claimLock(file, stale, undefined)
  expect(claimLock(file, me('a'), stale)).toBe(true)
  // The second judged the same stale lock, and finds another one in its place.
  expect(claimLock(file, me('b'), stale)).toBe(false)
  expect(readLock(file)).toEqual(me('a'))
  expect(readdirSync(join(file, '..'))).toEqual(['lock.json'])
})

test('what a crash left half written counts as busy for a moment, then as nothing', () => {
  const file = lockFile()
  writeFileSync(file, '{"host":')
  expect(readLock(file)).toBe('unreadable')
  utimesSync(file, 1, 1)
  expect(readLock(file)).toBeUndefined()
  expect(claimLock(file, me('a'), undefined)).toBe(true)
  expect(readLock(file)).toEqual(me('a'))
})

test('a process is known by more than its number', () => {
  const ended = spawnSync(process.execPath, ['-e', ''])
  const here = thisProcess()
  expect(standing(here)).toBe('alive')
  expect(standing({ ...here, pid: ended.pid })).toBe('dead')
  // A number that was given to another process meanwhile.
  expect(standing({ ...here, started: '1' })).toBe(onProc ? 'dead' : 'alive')
  expect(standing({ ...here, started: undefined })).toBe('alive')
  // Another container has numbers of its own.
  expect(standing({ ...here, host: 'elsewhere', pid: ended.pid })).toBe('unknown')
  expect(mayLive({ ...here, host: 'elsewhere', pid: ended.pid, instance: 'a' })).toBe(true)
  expect(mayLive({ ...here, pid: ended.pid, instance: 'a' })).toBe(false)
})

test('drafts that a kill left behind are swept up', () => {
  const file = lockFile()
  for (const [name, age] of [
    ['old', 3600],
    ['young', 1],
  ] as const) {
    writeFileSync(`${file}.${name}`, '')
    utimesSync(`${file}.${name}`, Date.now() / 1000 - age, Date.now() / 1000 - age)
  }
  claimLock(file, me('a'), undefined)
  expect(readdirSync(join(file, '..')).sort()).toEqual(['lock.json', 'lock.json.young'])
})

test('the lock can be read by people', () => {
  const file = lockFile()
  claimLock(file, me('a'), undefined)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
})
