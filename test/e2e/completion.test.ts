// Completion in real shells: the script is loaded as its users load it, and asked for completions.
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startSlowEngine } from '../support/engines/slow-engine.ts'
import { cleanEnv, dynamox, project, root } from './support/cli.ts'
import { programIn } from './support/terminal.ts'

function has(shell: string): boolean {
  const isInstalled = spawnSync(shell, ['--version']).error === undefined
  if (!isInstalled) process.stdout.write(`completion in ${shell} is skipped: ${shell} is not installed\n`)
  return isInstalled
}

/** A project, and an environment in which `dynamox` is this build. */
async function shop() {
  const cwd = await project({
    '.dynamoxrc':
      'models: m.mjs\ntables:\n  - { table: users, partitionKey: id }\n  - { table: orders, partitionKey: id }\nenvironments: { dev: { prefix: d- }, prod: {} }\n',
    'm.mjs': `export const Cart = { TableName: 'carts', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST' }`,
    'notes.txt': '',
    'bin/dynamox': '',
  })
  writeFileSync(join(cwd, 'bin/dynamox'), `#!/bin/sh\nexec "${process.execPath}" "${root}/bin/dynamox.js" "$@"\n`, {
    mode: 0o755,
  })
  execFileSync('chmod', ['+x', join(cwd, 'bin/dynamox')])
  const env = cleanEnv({ PATH: [join(cwd, 'bin'), process.env.PATH].join(delimiter), HOME: cwd })
  return { cwd, env }
}

const cases: readonly (readonly [words: string, expected: readonly string[]])[] = [
  ['cre', ['create']],
  ['create --loc', ['--local']],
  ['create u', ['users']],
  ['exists ', ['carts', 'orders', 'users']],
  ['create --env ', ['dev', 'prod']],
  ['list --reporter m', ['markdown']],
  ['completion f', ['fish']],
  ['explain W-l', ['W-local-index']],
  ['help pl', ['plan']],
]

describe('completion', () => {
  test('bash: commands, flags, environments, tables, and files where an option takes one', async () => {
    const { cwd, env } = await shop()
    const ask = (words: string) =>
      `COMP_WORDS=(dynamox ${words}${/ $/.test(words) ? "''" : ''}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _dynamox; echo "\${COMPREPLY[@]}"`
    const lines = [...cases.map(([words]) => words), 'show --model '].map(ask)
    // Loading it twice is what a shell's start-up files do.
    const script = `source <(dynamox completion bash); source <(dynamox completion bash)\n${lines.join('\n')}\ncomplete -p dynamox`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.split('\n').map(line => line.split(' ').sort().join(' '))).toEqual([
      ...cases.map(([, expected]) => expected.join(' ')),
      '',
      '-F -o _dynamox complete default dynamox',
      '',
    ])
  })

  test.runIf(has('fish'))('fish', async () => {
    const { cwd, env } = await shop()
    const asks = cases.map(
      ([words]) => `complete -C 'dynamox ${words}' | string replace -r '\\t.*' '' | sort | string join ' '`,
    )
    const script = ['dynamox completion fish | source', ...asks].join('\n')
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { cwd, env, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n')).toEqual(cases.map(([, expected]) => expected.join(' ')))
  })

  test.runIf(has('zsh'))('zsh, in a terminal', async () => {
    const { cwd, env } = await shop()
    const zsh = programIn('zsh', ['-f', '-i'], { cwd, env })
    zsh.type("PS1='ready> '; autoload -U compinit; compinit -u -D; source <(dynamox completion zsh); echo lo''aded\r")
    await zsh.until(/loaded\n/)
    zsh.type('dynamox creat\t')
    await zsh.until(/dynamox[\s\b]+create[\s\b]+$/)
    zsh.type('use\t')
    await zsh.until(/create[\s\b]+users[\s\b]*$/)
    zsh.type('--env pr\t')
    await zsh.until(/--env[\s\b]+prod[\s\b]*$/)
  })

  test('the script for PowerShell asks in the same way', async () => {
    const { code, stdout } = await dynamox(['completion', 'powershell'])
    expect(code).toBe(0)
    expect(stdout).toContain("dynamox complete '--'")
    expect(stdout).toContain('Register-ArgumentCompleter')
  })

  test('completes live tables of a local endpoint that answers, and nothing when it does not', async () => {
    const { cwd } = await shop()
    const engine = await startSlowEngine({})
    await dynamox(['create', 'found', '--partition-key', 'id', '--no-config', '--endpoint', engine.endpoint])
    const ask = async (endpoint: string) =>
      (await dynamox(['complete', '--', 'delete', '--endpoint', endpoint, ''], { cwd })).stdout
    expect(await ask(engine.endpoint)).toBe('carts\t\nusers\t\norders\t\nfound\t\n:4\n')
    expect(await ask('http://127.0.0.1:9')).toBe('carts\t\nusers\t\norders\t\n:4\n')
  })

  test('a broken config completes what it can, without a message', async () => {
    const cwd = await project({ '.dynamoxrc': 'tables: [' })
    expect(await dynamox(['complete', '--', 'create', ''], { cwd })).toMatchObject({
      code: 0,
      stdout: ':4\n',
      stderr: '',
    })
    expect((await dynamox(['complete', '--', 'sh'], { cwd })).stdout).toMatch(/^show\t.*\n:4\n$/)
  })

  test('a shell that is not known is suggested', async () => {
    expect(await dynamox(['completion', 'zhs'])).toMatchObject({
      code: 2,
      stderr:
        'error: "zhs" is not a supported shell; did you mean "zsh"?\n  the shells are bash, zsh, fish, powershell\n',
    })
  })
})
