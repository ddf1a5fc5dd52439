import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../src/apply/events.ts'
import { whileReading } from '../../src/cli/live-tables.ts'
import { createPlainReport } from '../../src/cli/report/plain-report.ts'
import { visible, visibleJson } from '../../src/cli/report/visible.ts'
import { DynamoxError } from '../../src/errors.ts'
import { liveTable } from './support/tiny-api.ts'

function plainReport() {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const report = createPlainReport({ stdout, stderr }, { command: 'create', quiet: false, verbose: false })
  return { report, stdout: () => String(stdout.read() ?? ''), stderr: () => String(stderr.read() ?? '') }
}

describe('control characters', () => {
  test.each([
    ['users', 'users'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['\u001b[2J\u001b[31mred', '\\u001b[2J\\u001b[31mred'],
    ['title \u001b]0;x\u0007', 'title \\u001b]0;x\\u0007'],
    ['over\rwritten', 'over\\u000dwritten'],
    ['c1 \u009b31m', 'c1 \\u009b31m'],
    ['bidi \u202eexe', 'bidi \\u202eexe'],
    ['Grüße 表', 'Grüße 表'],
  ])('%j is printed as %j', (text, printed) => {
    expect(visible(text)).toBe(printed)
  })

  test('colour codes of our own stay, others do not', () => {
    expect(visible('\u001b[31mred\u001b[39m \u001b[8mhidden \u009b[31m', true)).toBe(
      '\u001b[31mred\u001b[39m \\u001b[8mhidden \\u009b[31m',
    )
  })

  test('JSON holds the same text, in escapes that parse', () => {
    const name = 'a\u001b[31m\u007f\u009b\u202eb'
    const printed = visibleJson(JSON.stringify({ name }))
    expect(printed).toMatch(/^[ -~]*$/)
    expect(JSON.parse(printed)).toEqual({ name })
  })

  test('control characters are written to neither stream', () => {
    const { report, stdout, stderr } = plainReport()
    const evil = '\u001b[2Jevil'
    report.begin({ verb: 'Creating', counted: 'ready', names: [evil] })
    report.note(evil)
    report.warn(evil, evil)
    report.event({ kind: 'held', table: evil, reason: evil, waitMs: 1 })
    const error = new DynamoxError('aws', evil, { hint: evil, problems: [{ path: evil, message: evil }] })
    report.outcome({ name: evil, action: 'failed', durationMs: 1, error }, [evil])
    report.finish([])
    report.end({ exit: 3, lines: () => [evil] })
    const all = stdout() + stderr()
    expect(all).toContain('\\u001b[2Jevil')
    expect(all).not.toContain('\u001b')
  })
})

describe('a long run without a spinner', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('reports every 30 s that the run continues', async () => {
    const { report, stderr } = plainReport()
    report.begin({ verb: 'Creating', counted: 'ready', names: ['users', 'orders'] })
    await vi.advanceTimersByTimeAsync(29_000)
    expect(stderr()).toBe('')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(stderr()).toBe('still working after 30.0 s: 0 of 2 tables ready\n')
    report.outcome({ name: 'users', action: 'created', durationMs: 1 }, [])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(stderr()).toBe('still working after 1 min: 1 of 2 tables ready\n')
    report.finish([])
    await vi.advanceTimersByTimeAsync(90_000)
    expect(stderr()).toBe('')
  })

  test('the progress of a long wait is not printed twice', async () => {
    const { report, stderr } = plainReport()
    const still = { kind: 'waiting', table: 'users', status: 'UPDATING', others: 1, elapsedMs: 30_300 } as const
    report.event(still)
    expect(stderr()).toBe('users (UPDATING) and 1 other table: still waiting after 30.3 s\n')
    report.begin({ verb: 'Waiting for', counted: 'ready', names: ['users', 'orders'] })
    report.event({
      kind: 'status',
      table: 'users',
      live: liveTable({ name: 'users', status: 'UPDATING' }),
      elapsedMs: 5,
    })
    await vi.advanceTimersByTimeAsync(30_000)
    report.event(still)
    expect(stderr()).toBe('still working after 30.0 s: 0 of 2 tables ready; users is UPDATING\n')
    report.end({ exit: 0 })
  })

  test('the verb says what is read', async () => {
    const { report, stderr } = plainReport()
    const read = whileReading({ report }, 'Listing', ['tables'], async () => vi.advanceTimersByTimeAsync(30_000))
    await read
    expect(stderr()).toBe('still working after 30.0 s: listing tables\n')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stderr()).toBe('')
  })

  test('a single table shows its status', async () => {
    const { report, stderr } = plainReport()
    report.begin({ verb: 'Creating', counted: 'ready', names: ['users'] })
    const live = liveTable({ name: 'users', status: 'CREATING' })
    report.event({ kind: 'status', table: 'users', live, elapsedMs: 5 })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(stderr()).toBe('still working after 30.0 s: users is CREATING\n')
    report.end({ exit: 0 })
  })
})

test.each<[string, readonly (readonly [table: string, reason: string])[], readonly string[]]>([
  [
    'once',
    [
      ['users', 'users is busy'],
      ['users', 'users is busy'],
    ],
    ['users: users is busy'],
  ],
  [
    'once although the reason changes',
    [
      ['users', 'try 1'],
      ['users', 'no connection'],
    ],
    ['users: try 1'],
  ],
  [
    'once for all tables of one reason',
    [
      ['users', 'users is busy (1)'],
      ['orders', 'orders is busy (2)'],
    ],
    ['users: users is busy (1)'],
  ],
  [
    'for each reason',
    [
      ['users', 'users is busy'],
      ['orders', 'no connection'],
    ],
    ['users: users is busy', 'orders: no connection'],
  ],
])('requests that are retried are told of %s', (_, held, lines) => {
  const { report, stderr } = plainReport()
  report.begin({ verb: 'Deleting', counted: 'gone', names: ['users', 'orders'] })
  for (const [table, reason] of held) report.event({ kind: 'held', table, reason, waitMs: 1_000 })
  report.finish([])
  expect(stderr()).toBe(lines.map(line => `${line}; retrying in 1.0 s\n`).join(''))
})

test.each<[string, (name: string) => Outcome, readonly string[], readonly string[]]>([
  [
    'an endpoint that cannot be reached',
    name => ({
      name,
      action: 'failed',
      durationMs: 1,
      error: new DynamoxError('network', 'nothing answers', { hint: 'start it' }),
    }),
    ['t0, t1, t2, 37 more tables  failed'],
    ['error: nothing answers', '  start it', '40 tables: 40 failed in 0.0 s'],
  ],
  [
    'tables that were not started',
    name => ({ name, action: 'skipped', durationMs: 0 }),
    ['t0, t1, t2, 37 more tables  skipped'],
    ['40 tables: 40 skipped in 0.0 s'],
  ],
])('%s is one summary for 40 tables', (_, outcomeOf, results, told) => {
  const { report, stdout, stderr } = plainReport()
  const names = Array.from({ length: 40 }, (_, n) => `t${n}`)
  const outcomes = names.map(outcomeOf)
  report.begin({ verb: 'Creating', counted: 'ready', names })
  for (const outcome of outcomes) report.outcome(outcome, [])
  report.finish(outcomes)
  expect(stdout().trim().split('\n')).toEqual(results)
  expect(
    stderr()
      .replace(/\d\.\d s/, '0.0 s')
      .trim()
      .split('\n'),
  ).toEqual(told)
})

test('an interrupted run over many tables is one error', () => {
  const { report, stdout, stderr } = plainReport()
  const names = Array.from({ length: 40 }, (_, n) => `t${n}`)
  const outcomes = names.map((name): Outcome => {
    const hint = `requests already sent continue on AWS; dynamox wait ${name} waits for them`
    const error = new DynamoxError('interrupted', `${name}: interrupted; CreateTable was sent`, { hint })
    return { name, action: 'interrupted', durationMs: 1, error }
  })
  report.begin({ verb: 'Creating', counted: 'ready', names })
  for (const outcome of outcomes) report.outcome(outcome, [])
  report.finish(outcomes)
  report.end({ exit: 130, error: outcomes[0]?.error })
  expect(stdout()).toBe('t0, t1, t2, 37 more tables  interrupted\n')
  expect(stderr().replace(/\d\.\d s/, '0.0 s')).toBe(
    [
      'error: t0, t1, t2, 37 more tables: interrupted; CreateTable was sent',
      '  requests already sent continue on AWS; dynamox wait <table> waits for them',
      '40 tables: 40 interrupted in 0.0 s',
      '',
    ].join('\n'),
  )
})
