import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { createJsonReport, jsonDocument, outcomeRow } from '../../src/cli/report/json-report.ts'
import { DynamoxError } from '../../src/errors.ts'

describe('the JSON document', () => {
  test('a successful command gives target, tables and outcomes', () => {
    const target = { kind: 'aws', region: 'eu-west-1', endpoint: null, account: '123456789012' } as const
    const tables = [outcomeRow({ name: 'users', action: 'created', status: 'ACTIVE', durationMs: 5209.6 })]
    expect(jsonDocument('create', { exit: 0, target, tables, warnings: [] })).toEqual({
      version: 1,
      command: 'create',
      ok: true,
      target: { kind: 'aws', region: 'eu-west-1', endpoint: null, account: '123456789012' },
      tables: [{ name: 'users', action: 'created', status: 'ACTIVE', durationMs: 5210 }],
    })
  })

  test('a failure gives the code, the message and the hint', () => {
    const error = new DynamoxError('definition', '1 problem', {
      hint: 'see there',
      problems: [{ path: 'users.sortKey', message: 'is a list', rule: 'K1' }],
    })
    expect(jsonDocument('create', { exit: 2, error, warnings: ['careful'], extra: { path: '/x' } })).toEqual({
      version: 1,
      command: 'create',
      ok: false,
      path: '/x',
      warnings: ['careful'],
      error: {
        code: 'definition',
        message: '1 problem',
        hint: 'see there',
        problems: [{ path: 'users.sortKey', message: 'is a list', rule: 'K1' }],
      },
    })
  })

  test('a bug carries its stack', () => {
    const cause = new TypeError('x')
    const { error } = jsonDocument('list', { exit: 70, error: new DynamoxError('internal', 'x', { cause }) })
    expect(error).toEqual({ code: 'internal', message: 'x', stack: cause.stack })
  })

  test('a table with everything', () => {
    const change = { kind: 'modify-setting', field: 'ttl', from: false, to: 'at' } as const
    const row = outcomeRow({
      name: 'users',
      action: 'failed',
      durationMs: 0,
      changes: [change],
      steps: [
        {
          sign: '-',
          summary: 'delete table users',
          request: { api: 'DeleteTable', input: { TableName: 'users' } },
          until: { kind: 'gone' },
          changes: [change],
          destroys: true,
        },
      ],
      warnings: ['careful'],
      error: new DynamoxError('timeout', 'too late', { table: 'users' }),
    })
    expect(row).toEqual({
      name: 'users',
      action: 'failed',
      durationMs: 0,
      changes: [change],
      steps: [
        {
          sign: '-',
          summary: 'delete table users',
          request: { api: 'DeleteTable', input: { TableName: 'users' } },
          destroys: true,
        },
      ],
      warnings: ['careful'],
      error: { code: 'timeout', message: 'too late' },
    })
  })
})

test('a long wait is reported on stderr every 30 s, and stdout holds only the document', async () => {
  vi.useFakeTimers()
  try {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const report = createJsonReport({ stdout, stderr }, { command: 'wait', quiet: false, verbose: false })
    report.begin({ verb: 'Waiting for', counted: 'ready', names: ['users'] })
    await vi.advanceTimersByTimeAsync(75_000)
    report.finish([])
    report.end({ exit: 0, tables: [] })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(String(stderr.read())).toBe(
      'still working after 30.0 s: waiting for users\nstill working after 1 min: waiting for users\n',
    )
    expect(JSON.parse(String(stdout.read()))).toMatchObject({ command: 'wait', ok: true })
  } finally {
    vi.useRealTimers()
  }
})
