// Runs the workflow of docs/github-actions.md step by step, as a runner does, against a local engine.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { cleanEnv, dynamox, project, root } from './support/cli.ts'
import { serveLocal } from './support/serving.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly name?: string
  readonly env?: Readonly<Record<string, string>>
}

const page = readFileSync(join(root, 'docs/github-actions.md'), 'utf8')
const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
const workflow = parse(text) as { readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> }

const config = `tables:
  - { table: users, partitionKey: id }
environments:
  prod: { prefix: prod- }
`
// What a runner puts into a workflow's expressions.
const values: Readonly<Record<string, string>> = {
  'github.event.number': '17',
  'github.token': 'token',
  'vars.AWS_ROLE': 'role',
}
const filled = (value: string) =>
  value.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => values[name] ?? `unknown ${name}`)

test('every step of the workflow does what the page says', { timeout: 120_000 }, async () => {
  const cwd = await project({ '.dynamoxrc': config, 'package.json': '{ "scripts": { "test": "true" } }' })
  // `npx dynamox` runs this build, `gh` notes what it is asked to do, and `npm` installs nothing.
  const shims = join(cwd, 'shims')
  const shim = async (name: string, lines: string) => {
    await mkdir(dirname(join(shims, name)), { recursive: true })
    writeFileSync(join(shims, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  }
  await shim('npx', `shift; exec "${process.execPath}" "${join(root, 'bin/dynamox.js')}" "$@"`)
  await shim('npm', 'test -n "$AWS_ENDPOINT_URL_DYNAMODB" || test "$1" = ci')
  await shim('gh', 'echo "$@" > gh.txt; cat plan.md >> gh.txt')
  const { endpoint } = await serveLocal(['--in-memory', '--no-config', '--port', '0'], { cwd })
  const summary = join(cwd, 'summary.md')
  const env = cleanEnv({
    PATH: `${shims}:${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: cwd,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_HEAD_REF: 'feature/x',
  })
  const tables = async () => {
    const { json } = await dynamox(['list', '--no-config', '--endpoint', endpoint, '--json'], { cwd })
    return json.tables.map(({ name }) => name)
  }
  /** Runs the commands of a job, as GitHub does, until one fails; the exit codes by the step's name. */
  const job = (name: string) => {
    const codes: Record<string, number | null> = {}
    let output = ''
    for (const { uses, run: script = '', name: step = script, env: more = {} } of workflow.jobs[name]?.steps ?? []) {
      if (uses !== undefined) continue
      const own = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, filled(value)]))
      const ran = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', filled(script)], {
        cwd,
        env: { ...env, ...own },
        encoding: 'utf8',
      })
      codes[step] = ran.status
      output += ran.stdout + ran.stderr
      if (ran.status !== 0) break
    }
    return { codes, output }
  }

  expect(job('test').codes).toEqual({ 'npm ci': 0, Definitions: 0, 'Tests with a local DynamoDB': 0 })

  const preview = job('preview')
  expect(preview.codes).toEqual({
    'npm ci': 0,
    'Plan for production, also when it holds changes that cannot be made': 0,
    'Annotations, and a failure when the plan cannot be carried out': 0,
    Comment: 0,
    'Tables of this pull request': 0,
  })
  expect(readFileSync(join(cwd, 'gh.txt'), 'utf8')).toMatch(/^pr comment 17 .*\n### dynamox plan: 1 table at /)
  expect(readFileSync(summary, 'utf8')).toContain('| `prod-users` | planned | 1 step |')
  expect(await tables()).toEqual(['users-pr-17'])

  expect(job('cleanup').codes).toEqual({ 'npm ci': 0, 'Delete the tables of this pull request': 0 })
  expect(await tables()).toEqual([])

  const drifted = job('weekly')
  expect(drifted.codes).toEqual({ 'npm ci': 0, 'Forgotten tables of pull requests': 0, Drift: 1 })
  expect(drifted.output).toContain('::error file=.dynamoxrc,line=2,title=dynamox plan::prod-users does not exist')
  await dynamox(['create', '--env', 'prod', '--endpoint', endpoint], { cwd })
  expect(job('weekly').codes).toMatchObject({ Drift: 0 })
  expect(existsSync(join(cwd, '.dynamox'))).toBe(false)
})
