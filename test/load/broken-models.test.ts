import { symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DynamoxError } from '../../src/errors.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import type { LoadOptions } from '../../src/load/load-options.ts'
import { type Failure, failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const load = (model: string, options: LoadOptions = {}) =>
  loadDefinitions({ cwd: 'test/load/broken', config: false, models: [model], onOutput: () => {}, ...options })

describe('a model file that cannot be used', () => {
  test.each<[string, Failure]>([
    ['syntax-error.ts', { code: 'model', message: 'syntax-error.ts:3:17: unexpected token' }],
    ['throws.ts', { code: 'model', message: 'throws.ts:4:24: TypeError: NO_SUCH_VARIABLE is not set' }],
    [
      'throws-below.ts',
      {
        code: 'model',
        message: 'throws.ts:4:24: TypeError: NO_SUCH_VARIABLE is not set',
        hint: 'throws-below.ts imports it',
      },
    ],
    ['missing-import.ts', { code: 'model', message: "missing-import.ts:1:31: Cannot find module './no-such-file'" }],
    [
      'nothing-usable.ts',
      {
        code: 'model',
        message:
          'nothing-usable.ts exports no table, only Repository (class Repository), limit (number), names (list of 2), default (function handler)',
        hint: expect.stringContaining('functions are not called: export what handler returns; the README lists'),
      },
    ],
    [
      'empty.ts',
      {
        code: 'model',
        message: 'empty.ts exports nothing',
        hint: expect.stringContaining('export what defineTable or defineModel returns, a CreateTable input, or'),
      },
    ],
    [
      'exits.ts',
      {
        code: 'model',
        message: 'exits.ts:3:1: the file called process.exit(3) while it was loaded',
        hint: 'a model file should only define tables; move the code that ends the process out of it',
      },
    ],
    [
      'kills.ts',
      {
        code: 'model',
        message: 'kills.ts:3:28: the file called process.kill(process.pid, "SIGKILL") while it was loaded',
        hint: 'a model file should only define tables; move the code that ends the process out of it',
      },
    ],
    [
      'needs-network.mts',
      {
        code: 'model',
        message: 'needs-network.mts:1:36: it may not connect to 127.0.0.1:8000 while it is loaded',
        hint: 'let model files connect with --allow-network (allowNetwork in code)',
      },
    ],
    [
      'syntax-error.yaml',
      {
        code: 'model',
        message: 'syntax-error.yaml:4:34: a } is missing',
      },
    ],
    [
      'flow-without-space.yaml',
      {
        code: 'model',
        message: 'flow-without-space.yaml:2:18: YAML reads {pk:S} as a key named "pk:S" without a value',
        hint: 'write pk:S without braces for a key attribute, or {pk: S} with a space for a mapping',
      },
    ],
    ['comma.json', { code: 'model', message: 'comma.json:4:1: expected a key in double quotes, found "}"' }],
    [
      'no-such.ts',
      {
        code: 'model',
        message: 'model file no-such.ts not found',
        hint: 'give the path of a file that exports models or tables, or a quoted glob: "src/models/*.ts"',
      },
    ],
    [
      'throw.ts',
      {
        code: 'model',
        message: 'model file throw.ts not found; did you mean "throws.ts"?',
        hint: 'give the path of a file that exports models or tables, or a quoted glob: "src/models/*.ts"',
      },
    ],
    [
      '../broken',
      {
        code: 'model',
        message: 'nothing in the folder ../broken defines tables',
        hint: 'dynamox looks for templates, CreateTable inputs and models of the libraries that it understands; give other files by their names',
      },
    ],
  ])('%s', async (model, expected) => {
    const result = await failure(load(model))
    const shown = (text: string | undefined) => text?.replaceAll(`${process.cwd()}/test/load/broken`, '../broken')
    expect({ ...result, message: shown(result.message) }).toEqual(expected)
  })

  test('an error keeps its own stack, without frames of dynamox', async () => {
    const error: unknown = await load('throws-below.ts').catch(reason => reason)
    const { cause } = error as { cause: Error }
    expect(cause.name).toBe('TypeError')
    expect(cause.stack?.replaceAll(process.cwd(), '.')).toBe(
      [
        'TypeError: NO_SUCH_VARIABLE is not set',
        '    at ./test/load/broken/throws.ts:4',
        '    at ./test/load/broken/throws-below.ts:1',
      ].join('\n'),
    )
  })

  test('reports all problems of all tables at once', async () => {
    expect(await failure(load('wrong-tables.ts'))).toMatchObject({
      code: 'definition',
      message: 'the definitions of orders and users have 3 problems',
      problems: [
        expect.stringMatching(/^wrong-tables\.ts orders › billingMode: /),
        expect.stringMatching(/^wrong-tables\.ts orders › ttl: /),
        'wrong-tables.ts users › partionKey: unknown field "partionKey"; did you mean "partitionKey"?',
      ],
    })
  })

  test('sources that contradict each other', async () => {
    expect(await failure(load('contradicting.ts'))).toEqual({
      code: 'definition',
      message: 'the definition of app has 2 problems',
      problems: [
        'contradicting.ts user: app is defined twice, and index gsi1 differs: global gsi1hash in invoice (contradicting.ts), global gsi1pk/gsi1sk in user (contradicting.ts)',
        'contradicting.ts user: app is defined twice, and the type of attribute sk differs: number in invoice (contradicting.ts), string in user (contradicting.ts)',
      ],
    })
  })
})

test('a link whose file is gone', async () => {
  const root = folder({})
  symlinkSync('nowhere', join(root, 'model.ts'))
  expect(await failure(loadDefinitions({ cwd: root, models: ['model.ts'] }))).toEqual({
    code: 'model',
    message: 'model.ts is a link to a file that does not exist',
  })
})

describe('one model file of several', () => {
  const good = "export const User = { table: 'users', partitionKey: 'pk' }\n"

  test('that cannot be loaded does not hide what is wrong with the others', async () => {
    const bad = "import { prefix } from './folder.ts'\nexport const Bad = { table: prefix, partitionKey: 'pk' }\n"
    const cwd = folder({
      'folder.ts/other.js': '',
      'a.ts': bad,
      'b.ts': good.replace('users', 'u'),
    })
    const { problems } = (await loadDefinitions({ cwd, config: false, models: ['*.ts'] }).catch(
      error => error,
    )) as DynamoxError
    expect(problems?.map(({ path }) => path)).toEqual(['a.ts:1:25', 'b.ts User › table'])
  })

  test('whose settings have no table beside them says so', async () => {
    const cwd = folder({ 'a.ts': good, 'extra.ts': "export const dynamox = { ttl: 'expiresAt' }\n" })
    const { warnings } = await loadDefinitions({ cwd, config: false, models: ['*.ts'] })
    expect(warnings).toEqual(['extra.ts: its export dynamox has no effect, because the file exports no tables'])
  })

  test('that is a link is named as the user knows it', async () => {
    const cwd = folder({ 'real/bad.ts': "export const a = 1\nthrow new Error('no')\n" })
    symlinkSync('real', join(cwd, 'linked'))
    expect(await failure(load('linked/bad.ts', { cwd }))).toEqual({ code: 'model', message: 'linked/bad.ts:2:18: no' })
  })
})

describe('a model file that never ends', () => {
  test.each(['never-ends.mts', 'endless-loop.ts'])('%s', async model => {
    expect(await failure(load(model, { loadTimeoutMs: 500 }))).toEqual({
      code: 'model',
      message: `${model} did not finish loading within 0.5 s`,
      hint: 'look for a top-level await that never ends or an endless loop, in it or in what it imports',
    })
  })

  test('is left at once when the signal aborts', async () => {
    const controller = new AbortController()
    const result = failure(load('endless-loop.ts', { signal: controller.signal }))
    controller.abort()
    expect(await result).toEqual({ code: 'interrupted', message: 'interrupted while model files were loaded' })
  })
})

describe('a model file that does more than describe', () => {
  test('connections, timers, servers and late errors end with it', async () => {
    const output: string[] = []
    const { tables, warnings } = await load('restless.ts', { onOutput: text => output.push(text) })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['users'])
    expect(warnings).toEqual([
      'restless.ts: tried to connect to 127.0.0.1:8000 while it was loaded (2 attempts); the connection was blocked: allow it with --allow-network',
      expect.stringMatching(/^restless\.ts:(15:32|17:20): unhandled error: /),
      expect.stringMatching(/^restless\.ts:(15:32|17:20): unhandled error: /),
    ])
    expect(output.join('')).toBe('restless: to stdout\nrestless: written to stdout\nrestless: to stderr\n')
  })

  test('an error in a timer of 0 ms is always reported', async () => {
    const cwd = folder({
      'user.ts': `export const User = { table: 'users', partitionKey: 'pk' }
setTimeout(() => { throw new Error('late') }, 0)\n`,
    })
    for (let i = 0; i < 10; i++) {
      const { warnings } = await load('user.ts', { cwd })
      expect(warnings).toEqual(['user.ts:2:37: unhandled error: late'])
    }
  })

  test('what it writes to the descriptor of stdout is caught as well', async () => {
    const output: string[] = []
    await load('writes-to-descriptor.ts', { onOutput: text => output.push(text) })
    expect(output.join('')).toBe('straight to the descriptor\nand once more\n')
  })

  test('exports that throw on access are skipped', async () => {
    const { tables } = await load('hostile.ts')
    expect(tables.map(({ sources }) => sources)).toEqual([
      [{ file: 'hostile.ts', export: 'users', adapter: 'table-input' }],
    ])
  })

  test('with allowNetwork it may connect', async () => {
    const server = createServer((_, response) => response.end('from-the-network')).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const root = folder({
      'model.mts': `const answer = await fetch('http://127.0.0.1:${port}/')\nexport const t = { table: await answer.text(), partitionKey: 'pk' }`,
    })
    const { tables, warnings } = await loadDefinitions({ cwd: root, models: ['model.mts'], allowNetwork: true })
    server.close()
    expect(tables.map(({ definition }) => definition.name)).toEqual(['from-the-network'])
    expect(warnings).toEqual([])
  })
})

describe('several files that cannot be used', () => {
  const files = {
    'keys.ts': `export const key = 'pk'\nthrow new Error('TABLE_NAME is not set')`,
    'models/a.ts': `import { key } from '../keys.ts'\nexport const A = { table: 'aaa', partitionKey: key }`,
    'models/b.ts': `import { key } from '../keys.ts'\nexport const B = { table: 'bbb', partitionKey: key }`,
    'models/c.ts': `
      import { defineModel, string } from 'dynamox'
      const attributes = { pk: string() }
      export const C = defineModel({ table: 'ccc', partitionKey: 'id', sortKey: 'at', attributes })`,
    'models/d.json': '{ "table": "ddd",',
    'models/e.ts': `export const E = { table: 'eee', partitionKey: 'pk', billingMode: 'FREE' }`,
    'models/f.ts': `export const F = { table: 'fff', partitionKey: 'pk' }`,
    'models/g.ts': `export const G = { TableName: 'ggg', AttributeDefinitions: [], KeySchema: [{}], BillingMode: 'PAY_PER_REQUEST' }`,
    'limit.ts': 'export const limit = 5',
  }
  const all = () => ({ cwd: folder(files), config: false, models: ['models/*', 'limit.ts'] }) as const
  const problems = [
    'keys.ts:2:18: TABLE_NAME is not set',
    'models/c.ts:4:46 ccc › partitionKey: "id" is not declared in attributes; add id: string()',
    'models/c.ts:4:46 ccc › sortKey: "at" is not declared in attributes; add at: string()',
    'models/d.json:1:18: expected a key in double quotes, found the end of the file',
    'limit.ts: exports no table, only limit (number)',
    'models/g.ts G › KeySchema[0].AttributeName: is missing',
    'models/e.ts E › billingMode: must be PAY_PER_REQUEST or PROVISIONED, not "FREE"',
  ]
  const texts = (error: DynamoxError | undefined) => error?.problems?.map(({ path, message }) => `${path}: ${message}`)

  test('are reported together with the problems of definitions', async () => {
    const error = await loadDefinitions(all()).catch(thrown => thrown)
    expect(error).toMatchObject({ code: 'model', message: 'the models have 7 problems', hint: undefined })
    expect(texts(error)).toEqual(problems)
  })

  test('are reported when only a table of another file is requested, since they may define more of it', async () => {
    await expect(loadDefinitions({ ...all(), names: ['fff'] })).rejects.toMatchObject({ code: 'model' })
  })

  test('an error of a file that several files import is one problem', async () => {
    await expect(loadDefinitions({ ...all(), models: ['models/{a,b}.ts'] })).rejects.toMatchObject({
      code: 'model',
      message: 'keys.ts:2:18: TABLE_NAME is not set',
      hint: 'models/a.ts imports it',
    })
  })

  test('valid tables are returned beside the problems when requested', async () => {
    const { tables, error } = await loadDefinitions({ ...all(), problems: 'return' })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['fff'])
    expect(texts(error)).toEqual(problems)
  })
})
