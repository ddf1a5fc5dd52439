import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { runCli } from './support/run-cli.ts'

describe('the program', () => {
  test.each([[['--version']], [['-V']], [['create', '--version']]])('%j', async argv => {
    expect(await runCli(argv)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    })
  })

  test.each([[['--help']], [['-h']], [['help']]])('%j goes to stdout', async argv => {
    const stdout = expect.stringMatching(/^Usage: dynamox <command>[\s\S]*--help shows the options of a command\.\n$/)
    expect(await runCli(argv)).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  test.each([
    [['--version', '--json'], 'version', /^\d+\.\d+\.\d+$/],
    [['--json', '-h'], 'help', /^Usage: dynamox <command> /],
    [['create', '--help', '--json'], 'help', /^Usage: dynamox create /],
  ])('%j is one document', async (argv, command, text) => {
    const { code, stdout, stderr } = await runCli(argv)
    expect({ code, stderr, document: JSON.parse(stdout) }).toEqual({
      code: 0,
      stderr: '',
      document: { version: 1, command, ok: true, text: expect.stringMatching(text) },
    })
  })

  test('no command is a usage error', async () => {
    expect(await runCli([])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: no command given\n  dynamox --help lists the commands\n',
    })
  })

  test('a usage error as text', async () => {
    expect(await runCli(['create', '--regin', 'x'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "error: unknown option '--regin'\n  did you mean --region?\n",
    })
  })

  test('a usage error as JSON', async () => {
    const { code, stdout, stderr } = await runCli(['create', '--json', '--regin', 'x'])
    expect({ code, stderr, document: JSON.parse(stdout) }).toEqual({
      code: 2,
      stderr: '',
      document: {
        version: 1,
        command: 'create',
        ok: false,
        error: { code: 'usage', message: "unknown option '--regin'", hint: 'did you mean --region?' },
      },
    })
  })

  test('--json after -- is a table name', async () => {
    expect(await runCli(['crate', '--', '--json'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('on a terminal errors are coloured', async () => {
    const { stdout, stderr } = await runCli(['crate'], { tty: true, env: { NO_COLOR: '' } })
    expect({ stdout, stderr }).toEqual({
      stdout: '',
      stderr: "error: unknown command 'crate'\n  did you mean create?\n",
    })
  })

  test('a bug ends with 70, its stack and where to report it', async () => {
    const connect = () => Promise.reject(new TypeError('boom'))
    const stderr = new PassThrough()
    const io = {
      stdout: new PassThrough(),
      stderr,
      stdin: new PassThrough(),
      env: {},
      cwd: '/',
      onStop: () => () => {},
      exit: () => {},
    }
    expect(await main(['list', '--no-config'], { io, connect })).toBe(70)
    const text = String(stderr.read())
    expect(text).toMatch(/^error: boom\nTypeError: boom\n\s+at .*main\.test\.ts/)
    expect(text).toContain('npm bugs dynamox')
  })
})
