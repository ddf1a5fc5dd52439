import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/apply/events.ts'
import type { Io } from '../../src/cli/command.ts'
import { createTerminalReport, type Looks } from '../../src/cli/report/terminal-report.ts'
import { DynamoxError } from '../../src/errors.ts'

const ESC = String.fromCharCode(27)
const colour = (code: number, text: string, end = 39) => `${ESC}[${code}m${text}${ESC}[${end}m`

function terminal(columns = 80) {
  const stream = () => Object.assign(new PassThrough(), { isTTY: true, columns })
  const [stdout, stderr] = [stream(), stream()]
  const io: Io = { stdout, stderr, stdin: new PassThrough(), env: {}, cwd: '/', onStop: () => () => {}, exit: () => {} }
  return { io, written: () => ({ stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') }) }
}

const looks = (is: boolean): Looks => ({ colour: { stdout: is, stderr: is }, spinner: false })
const settings = { command: 'create', quiet: false, verbose: false }
const outcomes: readonly Outcome[] = [
  { name: 'users', action: 'created', durationMs: 1_240 },
  {
    name: 'orders',
    action: 'failed',
    durationMs: 10,
    warnings: ['not kept'],
    error: new DynamoxError('access-denied', 'orders: not allowed', { hint: 'ask' }),
  },
]

async function report(look: Looks, quiet = false) {
  const { io, written } = terminal()
  const terminalReport = await createTerminalReport(io, { ...settings, quiet }, look)
  terminalReport.begin({ verb: 'Creating', counted: 'ready', names: ['users', 'orders'] })
  terminalReport.note('Creating 2 tables')
  for (const outcome of outcomes) terminalReport.outcome(outcome, [])
  terminalReport.warn('not kept')
  terminalReport.end({ exit: 3, error: outcomes[1]?.error })
  return written()
}

describe('the terminal', () => {
  test('a terminal with colour gets colours and a spinner', async () => {
    expect(await report(looks(true))).toEqual({
      stdout: [
        `${colour(32, '✔')} users   ${colour(32, 'created  ')}  ${colour(2, '1.2 s', 22)}`,
        `${colour(31, '✖')} orders  ${colour(31, 'failed')}`,
        '',
      ].join('\n'),
      stderr: [
        'Creating 2 tables',
        `${colour(31, 'error:')} orders: not allowed`,
        colour(2, '  ask', 22),
        `${colour(33, 'warning:')} orders: not kept`,
        '',
      ].join('\n'),
    })
  })

  test('without colour, lines carry signs only', async () => {
    expect(await report(looks(false))).toEqual({
      stdout: '✔ users   created    1.2 s\n✖ orders  failed\n',
      stderr: 'Creating 2 tables\nerror: orders: not allowed\n  ask\nwarning: orders: not kept\n',
    })
  })

  test('quiet: results and errors', async () => {
    expect(await report(looks(false), true)).toEqual({
      stdout: '✔ users   created    1.2 s\n✖ orders  failed\n',
      stderr: 'error: orders: not allowed\n  ask\n',
    })
  })

  test.each([
    [20, '✔ users       created    1.0 s'],
    [40, `✔ users${' '.repeat(15)}  created    1.0 s`],
    [200, `✔ users${' '.repeat(35)}  created    1.0 s`],
  ])('%d columns: names take half of them at most', async (columns, line) => {
    const { io, written } = terminal(columns)
    const narrow = await createTerminalReport(io, settings, looks(false))
    narrow.begin({ verb: 'Creating', counted: 'ready', names: ['users', 'x'.repeat(60)] })
    narrow.outcome({ name: 'users', action: 'created', durationMs: 1_000 }, [])
    expect(written().stdout).toBe(`${line}\n`)
  })

  test('work that ends at once never shows a spinner', async () => {
    expect((await report({ ...looks(false), spinner: true })).stderr).not.toContain(ESC)
  })
})
