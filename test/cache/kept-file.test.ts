import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keep, readKept } from '../../src/cache/kept-file.ts'
import { folder } from '../load/support/folder.ts'

test('what is kept is read again; what is damaged or not there is not', () => {
  const file = join(folder({}), 'kept')
  expect(readKept(file)).toBeUndefined()
  expect(keep(file, Buffer.from('some code'))).toBe(true)
  expect(String(readKept(file))).toBe('some code')
  writeFileSync(file, 'some codesome mode')
  expect(readKept(file)).toBeUndefined()
})

test('where nothing can be written or removed, nothing is kept, and nothing thrown', () => {
  expect(keep(join(folder({ 'a-file': '' }), 'a-file/kept'), Buffer.from('some code'))).toBe(false)
})
