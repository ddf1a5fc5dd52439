import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/catalogue.ts'
import { runCli } from './support/run-cli.ts'

describe('words of other tools', () => {
  test.each([
    [['ls'], "unknown command 'ls'", 'list'],
    [['rm', 'users'], "unknown command 'rm'", 'delete'],
    [['apply'], "unknown command 'apply'", 'update'],
    [['migrate', '--local'], "unknown command 'migrate'", 'update'],
    [['version'], "unknown command 'version'", 'dynamox --version'],
    [['-v'], "unknown option '-v'", 'dynamox --version'],
    [['drift'], "unknown command 'drift'", 'dynamox plan --check'],
    [['info', 'users'], "unknown command 'info'", 'describe'],
    [['import'], "unknown command 'import'", 'pull'],
    [['help', 'destroy'], "unknown command 'destroy'", 'delete'],
    [['creat'], "unknown command 'creat'", 'create'],
  ])('%s', async (argv, message, meant) => {
    expect(await runCli(argv)).toMatchObject({ code: 2, stderr: `error: ${message}\n  did you mean ${meant}?\n` })
  })

  test('an unknown word has no suggestion, but a list of the commands', async () => {
    const names = commands.map(({ name }) => name).join(', ')
    expect((await runCli(['frobnicate'])).stderr).toBe(
      `error: unknown command 'frobnicate'\n  the commands are ${names}\n`,
    )
  })
})
