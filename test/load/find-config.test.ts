import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configFiles } from '../../src/load/config-places.ts'
import { findConfig } from '../../src/load/find-config.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const workspaces = JSON.stringify({ workspaces: ['packages/*'] })

describe('which config counts', () => {
  test.each<[string, Record<string, string | null>, string, string | undefined]>([
    ['none', {}, '.', undefined],
    ['one in the working directory', { '.dynamoxrc': '' }, '.', '.dynamoxrc'],
    ['one in package.json', { 'package.json': '{"dynamox":{}}' }, '.', 'package.json'],
    ['a package.json without the key', { 'package.json': '{}' }, '.', undefined],
    ['a package.json that is broken', { 'package.json': '{' }, '.', undefined],
    [
      'the nearest',
      { '.git': null, '.dynamoxrc': '', 'a/dynamox.config.ts': '', 'a/b/c': null },
      'a/b/c',
      'a/dynamox.config.ts',
    ],
    ['at the root of the repository', { '.git': null, '.dynamoxrc': '', 'a/package.json': '{}' }, 'a', '.dynamoxrc'],
    [
      'in a worktree, whose .git is a file',
      { '.git': 'gitdir: x', '.dynamoxrc': '', 'a/b': null },
      'a/b',
      '.dynamoxrc',
    ],
    ['not above the repository', { '.dynamoxrc': '', 'repo/.git': null, 'repo/a': null }, 'repo/a', undefined],
    [
      'at the root of the workspace, without a repository',
      { 'package.json': workspaces, '.dynamoxrc': '', 'packages/a/package.json': '{}' },
      'packages/a',
      '.dynamoxrc',
    ],
    [
      'at the root of a pnpm workspace',
      { 'pnpm-workspace.yaml': '', '.dynamoxrc': '', 'a/package.json': '{}' },
      'a',
      '.dynamoxrc',
    ],
    [
      'up to the nearest package.json',
      { 'package.json': '{}', '.dynamoxrc': '', 'src/a': null },
      'src/a',
      '.dynamoxrc',
    ],
    [
      'not above the nearest package.json',
      { '.dynamoxrc': '', 'a/package.json': '{}', 'a/src': null },
      'a/src',
      undefined,
    ],
    ['without any root: only the working directory', { '.dynamoxrc': '', a: null }, 'a', undefined],
    ['a folder of that name is none', { '.dynamoxrc': null }, '.', undefined],
  ])('%s', (_, files, cwd, found) => {
    const root = folder(files)
    expect(findConfig({ cwd: join(root, cwd) })).toBe(found && join(root, found))
  })

  test.each(configFiles)('%s is a place', name => {
    const root = folder({ [name]: '' })
    expect(findConfig({ cwd: root })).toBe(join(root, name))
  })

  test('never above the home folder', () => {
    const root = folder({ '.git': null, '.dynamoxrc': '', 'home/me/app': null })
    expect(findConfig({ cwd: join(root, 'home/me/app'), home: join(root, 'home/me') })).toBeUndefined()
    expect(findConfig({ cwd: join(root, 'home/me/app'), home: '/elsewhere' })).toBe(join(root, '.dynamoxrc'))
  })
})

describe('what was asked for', () => {
  test('a file', () => {
    const root = folder({ 'config/tables.yaml': '', '.dynamoxrc': '' })
    expect(findConfig({ cwd: root, config: 'config/tables.yaml' })).toBe(join(root, 'config/tables.yaml'))
  })
  test('none', () => {
    expect(findConfig({ cwd: folder({ '.dynamoxrc': '' }), config: false })).toBeUndefined()
  })
  test('a file that is not there', async () => {
    expect(await failure(() => findConfig({ cwd: folder({}), config: 'no.yaml' }))).toEqual({
      code: 'config',
      message: 'there is no config file no.yaml',
      hint: 'check the path after --config, or leave it out to search for one',
    })
  })
})

test('two in one folder are an error that names both', async () => {
  const root = folder({
    '.git': null,
    '.dynamoxrc': '',
    'dynamox.config.ts': '',
    'package.json': '{"dynamox":{}}',
    a: null,
  })
  expect(await failure(() => findConfig({ cwd: root }))).toEqual({
    code: 'config',
    message: 'there are 3 configs in one folder: .dynamoxrc, dynamox.config.ts, package.json ("dynamox")',
    hint: 'keep one of them, or name the one to use with --config',
  })
  expect(findConfig({ cwd: root, config: '.dynamoxrc' })).toBe(join(root, '.dynamoxrc'))
})
