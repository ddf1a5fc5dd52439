import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { neutralise } from '../../src/cli/report/github-report.ts'
import { markdownDocument } from '../../src/cli/report/markdown-report.ts'
import { DynamoxError } from '../../src/errors.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

const users = `// models
const key = { partitionKey: 'pk' }
export const User = { table: 'users', ...key, globalIndexes: { 'by-email': { partitionKey: 'email' } } }
`
const config = `tables:
  - table: users
    partitionKey: pk
  - table: orders
    partitionKey: pk
    globalIndexes: { by-at: { partitionKey: at } }
`
const files = { '.dynamoxrc': config }
const commands = (text: string) => text.split('\n').filter(line => line.startsWith('::'))

describe('--reporter github', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'drift is an error with --check',
      ['plan', '--check', '--drop-indexes'],
      [
        '::group::users   planned    1 step',
        '::endgroup::',
        '::group::orders  planned    1 step',
        '::endgroup::',
        '::error file=.dynamoxrc,line=2,title=dynamox plan::users has drifted from its definition%0Aglobal index 50%25,a:b: not in the definition (x S, projection ALL)',
        '::error file=.dynamoxrc,line=4,title=dynamox plan::orders does not exist%0A+ create table orders (pk S)  (14-22 s)',
      ],
    ],
    [
      'drift is a notice without, and a missing table none of both',
      ['plan', '--drop-indexes', 'users'],
      [
        '::group::users  planned    1 step',
        '::endgroup::',
        '::notice file=.dynamoxrc,line=2,title=dynamox plan::users has drifted from its definition%0Aglobal index 50%25,a:b: not in the definition (x S, projection ALL)',
      ],
    ],
    ['a missing table', ['exists'], ['::error file=.dynamoxrc,line=4,title=dynamox exists::orders does not exist']],
    [
      'a usage error',
      ['plan', '--chek'],
      ["::error title=dynamox plan::unknown option '--chek'%0Adid you mean --check?"],
    ],
  ])('%s', async (_, argv, expected) => {
    const cwd = await project(files)
    const api = tinyApi({ tables: [liveTable({ name: 'users', globalIndexes: [globalIndex('50%,a:b', 'x')] })] })
    const { stdout } = await runCli([...argv, '--reporter', 'github'], { cwd, api })
    expect(commands(stdout)).toEqual(expected)
  })

  test('paths are those of the checkout, and properties are escaped', async () => {
    const cwd = await project({ 'a,b:c/.dynamoxrc': config })
    const env = { GITHUB_WORKSPACE: cwd }
    const { stdout } = await runCli(['exists', '--reporter=github'], { cwd: join(cwd, 'a,b:c'), env, api: tinyApi() })
    expect(commands(stdout)).toEqual([
      '::error file=a%2Cb%3Ac/.dynamoxrc,line=2,title=dynamox exists::users does not exist',
      '::error file=a%2Cb%3Ac/.dynamoxrc,line=4,title=dynamox exists::orders does not exist',
    ])
  })

  test('a prefix does not hide the line', async () => {
    const cwd = await project(files)
    const { stdout } = await runCli(['exists', 'orders', '--prefix', 'dev-', '--reporter', 'github'], {
      cwd,
      api: tinyApi(),
    })
    expect(commands(stdout)).toEqual(['::error file=.dynamoxrc,line=4,title=dynamox exists::dev-orders does not exist'])
  })

  test('a model is annotated at its export, a refusal too', async () => {
    const cwd = await project({ 'src/user.mjs': users })
    const failing = { users: new DynamoxError('access-denied', 'access denied: a, b', { hint: 'allow it' }) }
    const { stdout } = await runCli(['create', '-m', 'src/user.mjs', '--reporter', 'github'], {
      cwd,
      api: tinyApi({ failing }),
    })
    expect(commands(stdout)).toEqual([
      '::error file=src/user.mjs,line=3,title=dynamox create::access denied: a, b%0Aallow it',
    ])
  })

  test('a bad definition is annotated in its file, problem by problem', async () => {
    const bad = users.replace("partitionKey: 'email'", "partitionKey: 'email:X', projection: 'SOME'")
    const cwd = await project({ 'src/user.mjs': bad })
    const { code, stdout } = await runCli(['show', '-m', 'src/user.mjs', '--reporter', 'github'], { cwd })
    expect(code).toBe(2)
    expect(commands(stdout)).toHaveLength(2)
    for (const line of commands(stdout))
      expect(line).toMatch(/^::error file=src\/user\.mjs,line=3(,col=\d+)?,title=dynamox show::src\/user\.mjs/)
  })

  test('appends to the job summary', async () => {
    const cwd = await project({ ...files, 'summary.md': 'before\n' })
    const summary = join(cwd, 'summary.md')
    const { code } = await runCli(['plan', '--reporter', 'github'], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: summary },
      api: tinyApi({ tables: [liveTable({ name: 'users' })] }),
    })
    expect({ code, text: readFileSync(summary, 'utf8') }).toEqual({
      code: 0,
      text: [
        'before',
        '### dynamox plan: 2 tables in eu-west-1',
        '',
        '| table | result |  |',
        '|---|---|---|',
        '| `users` | unchanged |  |',
        '| `orders` | planned | 1 step |',
        '',
        '#### `orders`',
        '',
        '|  | step | usually takes | destroys |',
        '|---|---|---|---|',
        '| `+` | create table orders (pk S) | 14-22 s |  |',
        '\n',
      ].join('\n'),
    })
  })

  test('a summary that cannot be written is a warning', async () => {
    const cwd = await project(files)
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'nowhere/x.md') }
    const { code, stderr } = await runCli(['exists', 'users', '--reporter', 'github'], {
      cwd,
      env,
      api: tinyApi({ tables: [liveTable({ name: 'users' })] }),
    })
    expect(code).toBe(0)
    expect(stderr).toContain('warning: the job summary cannot be written: no such file or folder')
  })

  test('more than ten of a level are counted', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `table-${at}`)
    const { stdout } = await runCli(['exists', ...names, '--no-config', '--reporter', 'github'], { api: tinyApi() })
    expect(commands(stdout)).toHaveLength(10)
    expect(commands(stdout).at(-1)).toBe('::error title=dynamox exists::and 3 more; the log of this step has all')
  })
})

describe('within GitHub Actions', () => {
  const env = { GITHUB_ACTIONS: 'true' }

  test('annotations go to stderr, and stdout is as elsewhere', async () => {
    const cwd = await project({ ...files, 'summary.md': '' })
    const summary = join(cwd, 'summary.md')
    const { stdout, stderr } = await runCli(['exists', 'users'], {
      cwd,
      env: { ...env, GITHUB_STEP_SUMMARY: summary },
      api: tinyApi(),
    })
    expect({ stdout, commands: commands(stderr), summary: readFileSync(summary, 'utf8') }).toEqual({
      stdout: 'users  missing\n',
      commands: ['::error file=.dynamoxrc,line=2,title=dynamox exists::users does not exist'],
      summary: '',
    })
  })

  test.each([['text'], ['json'], ['markdown']])('--reporter %s has no annotations', async reporter => {
    const cwd = await project(files)
    const { stdout, stderr } = await runCli(['exists', '--reporter', reporter], { cwd, env, api: tinyApi() })
    expect(commands(stdout + stderr)).toEqual([])
  })
})

describe('texts never become commands of the runner', () => {
  const hostile = `console.log('::set-env name=A::b')
console.error('\\n  ::add-mask::a ##[error]x')
throw new Error('first\\n::error::from a file')
`
  const names = ['::add-mask::x', ' ::stop-commands::t', 'a##[error]b']

  test.each([
    ['text', { GITHUB_ACTIONS: 'true' }],
    ['json', { GITHUB_ACTIONS: 'true' }],
    ['markdown', { GITHUB_ACTIONS: 'true' }],
    ['github', { GITHUB_ACTIONS: 'true' }],
    ['github', undefined],
  ])('--reporter %s, %j', async (reporter, env) => {
    const cwd = await project({ 'hostile.mjs': hostile })
    const runs = [
      ['exists', ...names, '--plain'],
      ['plan', '-m', 'hostile.mjs'],
      ['::error::command'],
      ['exists', '--::add-path::x'],
      ['create', names[0] ?? '', '--partition-key', 'pk', '--verbose'],
    ]
    for (const argv of runs) {
      const given = reporter === 'text' ? argv : [...argv, '--reporter', reporter]
      const { stdout, stderr } = await runCli(given, { cwd, env, api: tinyApi() })
      const lines = `${stdout}\n${stderr}`.split('\n')
      const obeyed = lines.filter(line => line.trimStart().startsWith('::') || line.includes('##['))
      const foreign = obeyed.filter(
        line => !/^::((error|warning|notice) .*title=dynamox |group::|endgroup::$)/.test(line),
      )
      expect({ argv, foreign }).toEqual({ argv, foreign: [] })
      if (reporter === 'json') expect(JSON.parse(stdout)).toMatchObject({ version: 1 })
    }
  })

  test.each([
    ['::error::x', '\\u003a:error::x'],
    ['a\n \t::x\n::y', 'a\n \t\\u003a:x\n\\u003a:y'],
    ['a :: b, ##[x]##[y]', 'a :: b, \\u0023#[x]\\u0023#[y]'],
    ['###[x]', '#\\u0023#[x]'],
    [':: x', '\\u003a: x'],
    ['src/a.ts:3:5', 'src/a.ts:3:5'],
  ])('%j is printed as %j', (text, expected) => {
    expect(neutralise(text)).toBe(expected)
  })

  test('outside of GitHub Actions, text stays as it is', async () => {
    const cwd = await project({ 'hostile.mjs': hostile })
    const { stderr } = await runCli(['plan', '-m', 'hostile.mjs'], { cwd, api: tinyApi() })
    expect(commands(stderr)).toContain('::set-env name=A::b')
  })
})

describe('--reporter markdown', () => {
  test('says what is destroyed, how long it takes and what is used up', () => {
    const step = {
      request: { api: 'DeleteTable', input: { TableName: 'x' } },
      until: { kind: 'answered' },
      changes: [],
    } as const
    const planned = {
      name: 'users',
      action: 'planned',
      durationMs: 1,
      steps: [
        { ...step, sign: '-', summary: 'drop index a|b', destroys: true, expected: '5-30 s' },
        { ...step, sign: '~', summary: 'set <class>', destroys: false, expected: '1 min', uses: ['one of 2 changes'] },
      ],
    } as const
    const unchanged = { name: 'orders', action: 'unchanged', durationMs: 1 } as const
    const tables = [{ name: 'orders' }, { name: 'users' }]
    const record = {
      outcomes: [planned, unchanged],
      warnings: [{ message: 'W_1 `x`', table: 'users' }],
      defined: new Map(),
      result: { exit: 0, tables },
    }
    expect(markdownDocument('plan', record)).toEqual([
      '### dynamox plan: 2 tables',
      '',
      '| table | result |  |',
      '|---|---|---|',
      '| `orders` | unchanged |  |',
      '| `users` | planned | 2 steps, **destroys data** |',
      '',
      '#### `users`',
      '',
      '|  | step | usually takes | destroys | uses up |',
      '|---|---|---|---|---|',
      '| `-` | drop index a\\|b | 5-30 s | **yes** |  |',
      '| `~` | set &lt;class> | 1 min |  | one of 2 changes |',
      '',
      '**Warnings**',
      '',
      '- `users`: W\\_1 \\`x\\`',
    ])
  })

  test('a failure is in the document and on stderr', async () => {
    const { code, stdout, stderr } = await runCli(['create', '--reporter', 'markdown', '--no-config'])
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: [
        '### dynamox create',
        '',
        '**usage**: nothing to create: no model and no config with tables',
        '',
        'give a model file, as in dynamox create --no-config --model src/models/user.ts, or write a config with dynamox init',
        '',
      ].join('\n'),
    })
    expect(stderr).toContain('error: nothing to create')
  })

  test('definitions are tables', async () => {
    const cwd = await project(files)
    const { stdout } = await runCli(['show', 'orders', '--reporter', 'markdown'], { cwd })
    expect(stdout).toBe(`### dynamox show

#### orders

| Key | Attribute | Type |
| --- | --- | --- |
| partition key | \`pk\` | S |

| Index | Kind | Partition key | Projection |
| --- | --- | --- | --- |
| \`by-at\` | global | \`at\` S | ALL |

| Setting | Value |
| --- | --- |
| billing mode | \`PAY_PER_REQUEST\` (default) |
| from | \`.dynamoxrc › tables[1]\` |
`)
  })

  test('a value says where it comes from, as in text', async () => {
    const index = 'globalIndexes: { by-at: { partitionKey: at, readCapacity: 7 } }'
    const config = [
      'tables:',
      `  - { table: orders, partitionKey: pk, billingMode: PROVISIONED, readCapacity: 3, ${index} }`,
      'overrides: { orders: { writeCapacity: 4 } }',
    ]
    const cwd = await project({ '.dynamoxrc': `${config.join('\n')}\n` })
    const { stdout } = await runCli(['show', '--reporter', 'markdown'], { cwd })
    expect(stdout).toContain('read capacity `7`, write capacity `5` (default) |')
    expect(stdout).toContain('| read capacity | `3` |\n| write capacity | `4` (.dynamoxrc overrides.orders) |\n')
  })

  test('a live table, and a list of tables', async () => {
    const api = tinyApi({ tables: [liveTable({ name: 'a|b' })] })
    const index = { globalIndexes: [globalIndex('by-at', 'at')], indexStatus: { 'by-at': 'CREATING' } } as const
    const users = tinyApi({ tables: [liveTable({ name: 'users', itemCount: 3, sizeBytes: 9, ...index })] })
    const described = await runCli(['describe', 'users', '--plain', '--reporter', 'markdown'], { api: users })
    expect(described.stdout).toContain(
      '| status | `ACTIVE` |\n| status of index by-at | `CREATING` |\n| items | `about 3, 9 bytes` |\n',
    )
    const { stdout } = await runCli(['list', '--no-config', '--reporter', 'markdown'], { api })
    expect(stdout).toBe(`### dynamox list in eu-west-1

| Name | Status | Keys | Indexes |
|---|---|---|---|
| \`a\\|b\` | ACTIVE | pk S |  |
`)
  })

  test('results other than tables are a block of code', async () => {
    const { stdout } = await runCli(['explain', 'L1', '--reporter', 'markdown'])
    expect(stdout).toMatch(/^### dynamox explain\n\n```\nL1 [^`]*```\n$/)
  })
})

describe('choosing a reporter', () => {
  test('--reporter json is --json', async () => {
    const cwd = await project(files)
    const run = async (...flags: string[]) =>
      JSON.parse((await runCli(['show', ...flags], { cwd })).stdout) as { readonly command: string }
    expect(await run('--reporter', 'json')).toEqual(await run('--json'))
  })

  test('--reporter json also for a usage error', async () => {
    const { code, stdout } = await runCli(['show', '--reporter', 'json', '--nope'])
    expect({ code, document: JSON.parse(stdout) }).toMatchObject({ code: 2, document: { ok: false } })
  })

  test.each([
    [['show', '--json', '--reporter', 'text'], '--json and --reporter text cannot be combined'],
    [['show', '--reporter', 'gihub'], '--reporter "gihub" is not one of text, json, github, markdown'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await runCli(argv)
    expect(code).toBe(2)
    expect(stdout + stderr).toContain(message.replaceAll('"', stdout === '' ? '"' : '\\"'))
  })
})
