import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dataRoot, localRoot, prepareStore, resetStore, storeFolder } from '../../src/local/store.ts'
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
  expect(storeFolder(dataRoot({ config: undefined }, join(folder, from)))).toBe(join(folder, root, '.dynamox/local'))
})

test('without a package and a config, the root is the working directory', () => {
  const folder = emptyFolder()
  expect(localRoot(folder)).toBe(folder)
})

test('a store is hidden from git, and a .gitignore of the user is kept', () => {
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
      hint: 'check that the folder is writable and the disk is not full, or remove what is in its place',
    }),
  )
})

// A repository can bring links along; engines write, and --reset deletes, where they lead.
describe.each(['dynalite', 'extenddb'] as const)('links out of the project, %s', engine => {
  const data = engine === 'dynalite' ? 'data' : 'extenddb'
  const setUp = (link: string, target?: string) => {
    const [folder, outside] = [emptyFolder(), emptyFolder()]
    mkdirSync(join(outside, 'local', data), { recursive: true })
    mkdirSync(join(outside, data), { recursive: true })
    writeFileSync(join(outside, data, 'precious'), '')
    mkdirSync(dirname(join(folder, link)), { recursive: true })
    symlinkSync(target ?? outside, join(folder, link))
    return { folder, outside }
  }

  test.each([
    '.dynamox',
    '.dynamox/local',
    `.dynamox/local/${data}`,
    `.dynamox/local/${data}/CURRENT`,
    '.dynamox/local/aside',
  ])('%s', link => {
    const { folder, outside } = setUp(link)
    const error = expect.objectContaining({
      code: 'config',
      message: `${join(folder, link)} is a symbolic link that leads out of the project, to ${outside}`,
      hint: 'remove the link; dynamox keeps local tables inside the project only',
    })
    expect(() => prepareStore(folder, engine)).toThrow(error)
    expect(() => resetStore(folder, engine)).toThrow(error)
    expect(readdirSync(outside).sort()).toEqual([data, 'local'].sort())
    expect(existsSync(join(outside, data, 'precious'))).toBe(true)
  })

  test('a link to nothing is refused', () => {
    const { folder } = setUp('.dynamox/local', '/nonexistent/folder')
    expect(() => prepareStore(folder, engine)).toThrow(
      `${join(folder, '.dynamox/local')} is a symbolic link that leads out of the project`,
    )
  })

  test('a link within the project is followed', () => {
    const { folder } = setUp('.dynamox/local', '../store')
    mkdirSync(join(folder, 'store', data), { recursive: true })
    expect(prepareStore(folder, engine).data).toBe(join(folder, '.dynamox/local', data))
    resetStore(folder, engine)
    expect(readdirSync(join(folder, 'store'))).toEqual([])
  })

  test('.gitignore as a link is not written through', () => {
    const { folder, outside } = setUp('.dynamox/.gitignore', join('/tmp', 'dynamox-must-not-exist'))
    prepareStore(folder, engine)
    expect(existsSync('/tmp/dynamox-must-not-exist')).toBe(false)
    expect(readdirSync(outside).sort()).toEqual([data, 'local'].sort())
  })
})
