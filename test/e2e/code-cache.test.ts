// The code cache may only change how long a command takes.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dynamox, project } from './support/cli.ts'

const show = ['show', 'users', '--partition-key', 'pk']

async function cacheHome(files: Record<string, string> = {}) {
  const home = await project(files)
  const folder = join(home, 'dynamox')
  const run = (env: Record<string, string> = {}) => dynamox(show, { cwd: home, env: { XDG_CACHE_HOME: home, ...env } })
  const cached = () => (existsSync(folder) ? readdirSync(folder).sort() : [])
  return { home, folder, run, cached }
}

const expected = { code: 0, stdout: expect.stringContaining('users'), stderr: '' }
const stems = (names: readonly string[]) => names.map(name => name.replace(/-[0-9a-f]+-v\d.*$/, ''))

describe('the code cache', () => {
  test('is written by the first run, readable by its owner only, and read by the second', async () => {
    const { folder, run, cached } = await cacheHome()
    const first = await run()
    expect(first).toMatchObject(expected)
    const names = cached()
    expect(stems(names)).toEqual(['code-show'])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(names.map(name => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600])
    const written = names.map(name => statSync(join(folder, name)).mtimeMs)
    expect((await run()).stdout).toBe(first.stdout)
    expect(cached().map(name => statSync(join(folder, name)).mtimeMs)).toEqual(written)
  })

  test.each([
    ['a damaged file', (file: string) => damage(file)],
    ['a file that ends early', (file: string) => truncateSync(file, 5_000)],
    ['an empty file', (file: string) => truncateSync(file, 0)],
    ['something else', (file: string) => writeFileSync(file, 'something else')],
  ])('%s is detected and replaced', async (_, spoil) => {
    const { folder, run, cached } = await cacheHome()
    await run()
    const good = cached().map(name => statSync(join(folder, name)).size)
    for (const name of cached()) spoil(join(folder, name))
    expect(await run()).toMatchObject(expected)
    expect(cached().map(name => statSync(join(folder, name)).size > 0.9 * Math.min(...good))).toEqual([true])
    expect(await run()).toMatchObject(expected)
  })

  test('without a usable place, nothing is cached', async () => {
    const { home, run } = await cacheHome({ file: '' })
    expect(await run({ XDG_CACHE_HOME: join(home, 'file') })).toMatchObject(expected)
    expect(await run({ XDG_CACHE_HOME: 'relative' })).toMatchObject(expected)
    expect(readdirSync(home)).toEqual(['file'])
  })

  test('a folder that others can write to is not used', async () => {
    const { folder, run, cached } = await cacheHome()
    mkdirSync(folder)
    chmodSync(folder, 0o777)
    expect(await run()).toMatchObject(expected)
    expect(cached()).toEqual([])
  })

  test('a link, and a folder of another user, are not used', async () => {
    const { home, folder, run, cached } = await cacheHome({
      'elsewhere/kept': '',
      'stranger.cjs': 'process.getuid = () => 54321',
    })
    symlinkSync(join(home, 'elsewhere'), folder)
    expect(await run()).toMatchObject(expected)
    expect(cached()).toEqual(['kept'])
    const other = await cacheHome()
    mkdirSync(other.folder, { mode: 0o700 })
    expect(await other.run({ NODE_OPTIONS: `--require ${join(home, 'stranger.cjs')}` })).toMatchObject(expected)
    expect(other.cached()).toEqual([])
  })

  test('a run that loads more files keeps those of the others', async () => {
    const { home, folder, run, cached } = await cacheHome()
    const sizes = () => cached().map(name => statSync(join(folder, name)).size)
    await run()
    const [before = 0] = sizes()
    writeFileSync(join(home, 'tables.yaml'), 'table: orders\npartitionKey: id:S\n')
    const env = { XDG_CACHE_HOME: home }
    await dynamox(['show', '-m', 'tables.yaml'], { cwd: home, env })
    const after = sizes()
    expect(after[0]).toBeGreaterThan(before)
    await run()
    await dynamox(['show', '-m', 'tables.yaml'], { cwd: home, env })
    expect(sizes()).toEqual(after)
  })

  test('DYNAMOX_NO_CACHE turns it off', async () => {
    const { run, cached } = await cacheHome()
    expect(await run({ DYNAMOX_NO_CACHE: '1' })).toMatchObject(expected)
    expect(cached()).toEqual([])
  })

  test("the embedded engine's thread has a cache of its own, with dynalite in it", async () => {
    const { home, folder, cached } = await cacheHome()
    const run = (env: Record<string, string> = {}) =>
      dynamox(['local', '--in-memory', '-q', '--', 'true'], { cwd: home, env: { XDG_CACHE_HOME: home, ...env } })
    const written = () => cached().map(name => statSync(join(folder, name)).mtimeMs)
    expect(await run({ DYNAMOX_NO_CACHE: '1' })).toMatchObject({ code: 0, stderr: '' })
    expect(cached()).toEqual([])
    expect(await run()).toMatchObject({ code: 0, stderr: '' })
    expect(stems(cached())).toEqual(['code-engine-worker', 'code-local'])
    const before = written()
    const [own = ''] = cached()
    expect(readFileSync(join(folder, own), 'latin1')).toContain(join('node_modules', 'dynalite', 'index.js'))
    expect(await run()).toMatchObject({ code: 0, stderr: '' })
    expect(written()).toEqual(before)
  })

  test('--version caches nothing', async () => {
    const { home, cached } = await cacheHome()
    const version = await dynamox(['--version'], { cwd: home, env: { XDG_CACHE_HOME: home } })
    expect(version).toMatchObject({ code: 0, stderr: '' })
    expect(cached()).toEqual([])
  })

  test('commands that run at the same time write it safely', async () => {
    const { run, cached } = await cacheHome()
    const runs = await Promise.all([run(), run(), run(), run()])
    for (const ran of runs) expect(ran).toMatchObject(expected)
    expect(stems(cached())).toEqual(['code-show'])
    expect(await run()).toMatchObject(expected)
  })

  test('files that were not written for a month are removed', async () => {
    const { folder, run, cached } = await cacheHome()
    mkdirSync(folder, { mode: 0o700 })
    const old = join(folder, 'code-show-of-an-older-version')
    writeFileSync(old, '')
    utimesSync(old, 0, 0)
    await run()
    expect(stems(cached())).toEqual(['code-show'])
  })

  test('stack traces name the same places with and without it', async () => {
    const { home, run } = await cacheHome({
      'broken.cjs': `process.stdout.write = () => { throw new Error('broken on purpose') }`,
    })
    const options = { NODE_OPTIONS: `--require ${join(home, 'broken.cjs')}` }
    const places = (stderr: string) => stderr.match(/dist[\\/]cli[\\/][\w-]+\.cjs:\d+:\d+/g)
    const runs = [await run({ ...options, DYNAMOX_NO_CACHE: '1' }), await run(options), await run(options)]
    expect(runs[0]?.stderr).toContain('broken on purpose')
    const [without, first, second] = runs.map(({ stderr }) => places(stderr))
    expect(without?.length).toBeGreaterThan(1)
    expect(first).toEqual(without)
    expect(second).toEqual(without)
  })
})

/** Flips bytes in the middle, which V8 does not check. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  for (let at = Math.floor(bytes.length / 3); at < bytes.length / 2; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(file, bytes)
}
