// What each command may load: files of the package, packages, modules of Node that take milliseconds, and the parts of the
// command line's own code. Counted, not timed: a budget that somebody has to raise on purpose.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynaliteEngine } from '../support/engines/dynalite.ts'
import { cleanEnv, dynamox, project, root } from './support/cli.ts'

interface Loaded {
  readonly files: readonly string[]
  /** Parts of the packed files, by name and a hash. */
  readonly chunks: readonly string[]
  readonly builtins: readonly string[]
}

const hook = join(root, 'test/e2e/support/list-loaded.cjs')

/** Without the code cache, whose loader keeps its files to itself. */
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

const base = ['bin/dynamox.js', 'dist/cli/main.cjs']
const read = [...base, 'dist/vendor/commander.cjs']
const light = [...read, 'dist/cli/main-light.cjs']
const parsed = [...light, 'dist/cli/main-rest.cjs']
const sdk = 'dist/vendor/aws-sdk-client-dynamodb.cjs'
const yaml = ['dist/vendor/yaml.cjs', 'dist/vendor/zod-mini.cjs']
/** Each of these takes milliseconds. */
const slow = ['child_process', 'fs/promises', 'http', 'http2', 'https', 'perf_hooks', 'readline', 'tls', 'vm']
const slower = ['worker_threads', 'zlib']

// What the packages themselves ask for when they are loaded.
const byCommander = ['child_process']
const bySdk = ['fs/promises', 'https', 'tls', 'zlib']
const byRequest = ['fs/promises', 'http', 'https', 'tls', 'zlib']

const config = 'tables:\n  - { table: orders, partitionKey: "id:S" }\n'

describe('what a command loads', () => {
  let endpoint = ''
  beforeAll(async () => {
    const engine = await dynaliteEngine().start()
    endpoint = engine.endpoint
    return engine.stop
  })

  const rows: readonly {
    readonly args: readonly string[]
    readonly config?: boolean
    readonly files: readonly string[]
    /** At most so many parts of the command line's own code and of the SDK. */
    readonly chunks: number
    readonly builtins?: readonly string[]
    /** Whether the command line is read by commander; true when left out. */
    readonly parses?: boolean
    /** Parts that have no business here, by the start of their names. */
    readonly not?: readonly string[]
  }[] = [
    { args: ['--version'], files: base, chunks: 3, parses: false },
    { args: ['--help'], files: read, chunks: 20 },
    { args: ['create', '--help'], files: read, chunks: 20 },
    {
      args: ['exists', 'users', '--endpoint', '<engine>'],
      files: [...light, sdk],
      chunks: 62,
      builtins: byRequest,
      not: ['resolve-definitions', 'loader', 'load-config', 'terminal', 'create-table', 'plan-table'],
    },
    {
      // An https endpoint, where nobody answers.
      args: ['exists', 'users', '--endpoint', 'https://127.0.0.1:9'],
      files: [...light, sdk],
      chunks: 66,
      builtins: bySdk,
      not: ['resolve-definitions', 'loader', 'load-config', 'terminal', 'create-table', 'plan-table'],
    },
    {
      args: ['wait', 'users', '--timeout', '1', '--endpoint', '<engine>'],
      files: [...light, sdk],
      chunks: 64,
      builtins: byRequest,
      not: ['resolve-definitions', 'loader', 'load-config', 'terminal', 'create-table'],
    },
    {
      args: ['list', '--endpoint', '<engine>'],
      files: [...light, sdk],
      chunks: 55,
      builtins: byRequest,
      not: ['resolve-definitions', 'loader', 'load-config', 'terminal', 'waiter', 'create-table', 'plan-table'],
    },
    {
      args: ['create', 'users', '--partition-key', 'pk', '--endpoint', '<engine>'],
      files: [...parsed, sdk],
      chunks: 80,
      builtins: byRequest,
      not: ['load-config', 'terminal', 'delete-table', 'describe-change'],
    },
    {
      args: ['show', 'users', '--partition-key', 'pk'],
      files: parsed,
      chunks: 48,
      not: ['terminal', 'create-api', 'waiter', 'create-table'],
    },
    {
      args: ['show'],
      config: true,
      files: [...parsed, ...yaml],
      chunks: 48,
      not: ['terminal', 'create-api'],
    },
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

  test.each(rows)('$args', async row => {
    const { args, config: hasConfig, files, chunks, builtins = [], parses = true, not = [] } = row
    const cwd = await project(hasConfig ? { '.dynamoxrc': config } : {})
    const loaded = await loadedBy(
      args.map(word => word.replace('<engine>', endpoint)),
      cwd,
    )
    expect([...loaded.files].sort()).toEqual([...files].sort())
    expect(loaded.builtins.filter(name => [...slow, ...slower].includes(name)).sort()).toEqual([
      ...(parses ? byCommander : []),
      ...builtins,
    ])
    const names = loaded.chunks.map(name => name.replace(/^\.\/(.*)-\w+\.js$/, '$1'))
    expect(names.filter(name => not.includes(name))).toEqual([])
    expect(names.length).toBeLessThanOrEqual(chunks)
  })
})
