import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFile, createFolderOf, replaceFile } from '../../src/cli/replace-file.ts'
import { project, runCli } from './support/run-cli.ts'
import { tinyApi } from './support/tiny-api.ts'

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

describe('a file that is written', () => {
  test('replaces the old one, with its permissions, and leaves nothing else behind', async () => {
    const cwd = await project({ '.env': 'A=1' })
    chmodSync(join(cwd, '.env'), 0o600)
    replaceFile('.env', 'A=2', cwd)
    expect(read(cwd, '.env')).toBe('A=2')
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600)
    expect(readdirSync(cwd).sort()).toEqual(['.env', 'package.json'])
  })

  test('stays as it was when the new one cannot be put in its place', async () => {
    const cwd = await project({ 'plan/file': 'old' })
    expect(() => replaceFile('plan', 'new', cwd)).toThrow()
    expect(readdirSync(cwd).sort()).toEqual(['package.json', 'plan'])
  })

  test('a link within the project is followed, one that leads out of it is refused', async () => {
    const outside = await project({ secret: 'theirs' })
    const cwd = await project({ inside: 'old' })
    mkdirSync(join(cwd, 'real'))
    symlinkSync(join(cwd, 'inside'), join(cwd, 'link'))
    symlinkSync(join(outside, 'secret'), join(cwd, 'out'))
    symlinkSync(join(outside, 'new'), join(cwd, 'nowhere'))
    symlinkSync(outside, join(cwd, 'folder'))
    replaceFile('link', 'new', cwd)
    expect(read(cwd, 'inside')).toBe('new')
    for (const name of ['out', 'nowhere', 'folder/secret', 'folder/new']) {
      expect(() => replaceFile(name, 'new', cwd)).toThrow('symbolic link that leads out of the project')
    }
    mkdirSync(join(cwd, 'below'))
    expect(() => replaceFile('../out', 'new', join(cwd, 'below'))).toThrow('leads out of the project')
    expect(readdirSync(outside).sort()).toEqual(['package.json', 'secret'])
    expect(read(outside, 'secret')).toBe('theirs')
    // A path outside the project is the user's own choice.
    replaceFile(join(outside, 'plan.json'), '{}', cwd)
    expect(read(outside, 'plan.json')).toBe('{}')
  })

  test('a file that must be new is never overwritten, not even through a link', async () => {
    const cwd = await project({ taken: 'old' })
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'link'))
    for (const name of ['taken', 'link']) {
      expect(() => createFile(name, 'new', cwd)).toThrow(expect.objectContaining({ code: 'EEXIST' }))
    }
    createFile('fresh', 'new', cwd)
    createFolderOf('a/b/fresh', cwd)
    createFile('a/b/fresh', 'new', cwd)
    expect(readdirSync(cwd).sort()).toEqual(['a', 'fresh', 'link', 'package.json', 'taken'])
  })

  test('a file that must be new is not written into a folder that leads out of the project', async () => {
    const outside = await project({ taken: 'theirs' })
    const cwd = await project({})
    symlinkSync(outside, join(cwd, 'folder'))
    for (const name of ['folder/new', 'folder/below/new', 'folder/taken']) {
      expect(() => createFolderOf(name, cwd)).toThrow('symbolic link that leads out of the project')
      expect(() => createFile(name, 'new', cwd)).toThrow('symbolic link that leads out of the project')
    }
    expect(readdirSync(outside).sort()).toEqual(['package.json', 'taken'])
  })

  test('export --out writes nothing into a folder that leads out of the project', async () => {
    const outside = await project({})
    const cwd = await project({ '.dynamoxrc': "tables: [{ table: users, partitionKey: 'pk:S' }]\n" })
    symlinkSync(outside, join(cwd, 'infra'))
    const { code, stderr } = await runCli(['export', '--to', 'terraform', '--out', 'infra/'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('symbolic link that leads out of the project')])
    expect(readdirSync(outside)).toEqual(['package.json'])
  })

  test('plan --out does not write through a link out of the project', async () => {
    const outside = await project({ profile: 'theirs' })
    const cwd = await project({ '.dynamoxrc': "tables: [{ table: users, partitionKey: 'pk:S' }]\n" })
    symlinkSync(join(outside, 'profile'), join(cwd, 'plan.json'))
    const { code, stderr } = await runCli(['plan', '--out', 'plan.json'], { cwd, api: tinyApi({ account: '1' }) })
    expect(code).toBe(2)
    expect(stderr).toContain('symbolic link that leads out of the project')
    expect(read(outside, 'profile')).toBe('theirs')
  })
})
