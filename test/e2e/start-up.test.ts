// What each command loads: how many of the CLI's own files, which packages, and which of Node's slower modules. Counted
// rather than timed. A budget that is exceeded may be raised, on purpose.
import { execFile } from 'node:child_process'
import { basename, join, sep } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynaliteEngine } from '../support/engines/dynalite.ts'
import { cleanEnv, dynamox, project, root } from './support/cli.ts'

interface Loaded {
  readonly files: readonly string[]
  readonly builtins: readonly string[]
}

const hook = join(root, 'test/e2e/support/list-loaded.cjs')

function loadedBy(args: readonly string[], cwd: string): Promise<Loaded> {
  const env = cleanEnv({ DYNAMOX_NO_CACHE: '1', NO_COLOR: '1' })
  return new Promise((done, fail) => {
    execFile(process.execPath, ['-r', hook, join(root, 'bin/dynamox.js'), ...args], { cwd, env }, (_, __, stderr) => {
      const text = /^loaded (.+)$/m.exec(stderr)?.[1]
      if (text === undefined) fail(new Error(`nothing was listed: ${stderr}`))
      else done(JSON.parse(text) as Loaded)
    })
  })
}

/** A package by its name: one in node_modules, or one whose chunk the build has named after it. */
const packages = {
  sdk: /[\\/]sdk-|smithy/,
  yaml: /yaml-/,
  // It is in the chunk of its only importer, the config's schema.
  zod: /zod-|[\\/]schema-/,
  jiti: /[\\/]jiti[\\/]/,
  ora: /[\\/]ora[\\/]/,
  chalk: /[\\/]chalk[\\/]/,
  dynalite: /[\\/]dynalite[\\/]/,
  tinyglobby: /tinyglobby-/,
}
type Package = keyof typeof packages

/** Each of these takes milliseconds. */
const slow = ['http', 'https', 'readline', 'tls', 'worker_threads', 'zlib']
const bySdk = ['http', 'https', 'tls']

const config = 'tables:\n  - { table: orders, partitionKey: "id:S" }\n'

describe('the modules that a command loads', () => {
  let endpoint = ''
  beforeAll(async () => {
    const engine = await dynaliteEngine().start()
    endpoint = engine.endpoint
    return engine.stop
  })

  const rows: readonly {
    readonly args: readonly string[]
    readonly config?: boolean
    /** At most so many files of the CLI itself. */
    readonly own: number
    readonly packages?: readonly Package[]
    readonly builtins?: readonly string[]
  }[] = [
    { args: ['--version'], own: 0 },
    { args: ['--help'], own: 8 },
    { args: ['create', '--help'], own: 8 },
    { args: ['exists', 'users', '--endpoint', '<engine>'], own: 12, packages: ['sdk'], builtins: bySdk },
    { args: ['list', '--endpoint', '<engine>'], own: 12, packages: ['sdk'], builtins: bySdk },
    {
      args: ['create', 'users', '--partition-key', 'pk', '--endpoint', '<engine>'],
      own: 22,
      packages: ['sdk'],
      builtins: bySdk,
    },
    { args: ['show', 'users', '--partition-key', 'pk'], own: 22 },
    { args: ['show'], config: true, own: 22, packages: ['yaml', 'zod'] },
  ]

  test('a model file that was compiled before: no compiler', async () => {
    const cwd = await project({
      'user.ts':
        "import { defineTable } from 'dynamox'\nexport const User: object = defineTable({ table: 'users', partitionKey: 'pk' })\n",
      'refuse.cjs': `const fs = require('node:fs')
        const { readFileSync } = fs
        fs.readFileSync = (file, ...rest) => {
          if (/babel\\.cjs$/.test(file)) throw new Error('read ' + file)
          return readFileSync(file, ...rest)
        }`,
    })
    const NODE_OPTIONS = `--require ${join(cwd, 'refuse.cjs')}`
    const run = (cache: string, more: object = {}) =>
      dynamox(['show', '-m', 'user.ts'], { cwd, env: { XDG_CACHE_HOME: join(cwd, cache), ...more } })
    expect((await run('other', { NODE_OPTIONS })).stderr).toContain('read')
    expect(await run('cache')).toMatchObject({ code: 0 })
    expect(await run('cache', { NODE_OPTIONS })).toMatchObject({ code: 0, stderr: '' })
  })

  test.each(rows)('$args', async ({ args, config: hasConfig, own, packages: expected = [], builtins = [] }) => {
    const cwd = await project(hasConfig ? { '.dynamoxrc': config } : {})
    const words = args.map(word => word.replace('<engine>', endpoint))
    const { files, builtins: used } = await loadedBy(words, cwd)
    const found = Object.entries(packages).filter(([, pattern]) => files.some(file => pattern.test(file)))
    expect(found.map(([name]) => name).sort()).toEqual([...expected].sort())
    expect(used.filter(name => slow.includes(name)).sort()).toEqual(builtins)
    const all = Object.values(packages)
    const ours = files.filter(
      file => file.startsWith(join(root, 'dist') + sep) && !all.some(pattern => pattern.test(file)),
    )
    expect(ours.length, ours.map(file => basename(file)).join(' ')).toBeLessThanOrEqual(own)
  })
})
