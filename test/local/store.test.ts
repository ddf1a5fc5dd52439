import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localRoot, prepareStore, storeFolder } from '../../src/local/store.ts'
import { emptyFolder } from './support/folder.ts'

test.each([
  ['the folder of a package', 'package.json', 'a/b', ''],
  ['the folder of a config', '.dynamoxrc', 'a/b', ''],
  ['a config by its long name', 'dynamox.config.ts', 'a/b', ''],
  ['the nearest of two', 'a/package.json', 'a/b', 'a'],
  ['a config below the package', 'a/b/.dynamoxrc.yaml', 'a/b', 'a/b'],
])('the root is %s', (_, file, from, root) => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, file), '{}')
  expect(localRoot(join(folder, from))).toBe(join(folder, root))
  expect(storeFolder(join(folder, from))).toBe(join(folder, root, '.dynamox/local'))
})

test('without package and config the root is where we are', () => {
  const folder = emptyFolder()
  expect(localRoot(folder)).toBe(folder)
})

test('a store is hidden from git, and an own .gitignore is left alone', () => {
  const folder = emptyFolder()
  const place = prepareStore(folder)
  expect(place.folder).toBe(join(folder, '.dynamox/local'))
  expect(readFileSync(join(folder, '.dynamox/.gitignore'), 'utf8')).toBe('*\n')
  writeFileSync(join(folder, '.dynamox/.gitignore'), 'local\n')
  expect(prepareStore(storeFolder(folder))).toEqual(place)
  expect(readFileSync(join(folder, '.dynamox/.gitignore'), 'utf8')).toBe('local\n')
})

test.each(['.dynamox', '.dynamox/local'])('a file in the place of %s', name => {
  const folder = emptyFolder()
  if (name !== '.dynamox') mkdirSync(join(folder, '.dynamox'))
  writeFileSync(join(folder, name), '')
  expect(() => prepareStore(folder)).toThrow(
    expect.objectContaining({
      code: 'config',
      message: expect.stringContaining(`the local store ${join(folder, '.dynamox/local')} cannot be used: `),
      hint: 'check that the folder (and the disk) can be written to, or remove what stands in its way',
    }),
  )
})
