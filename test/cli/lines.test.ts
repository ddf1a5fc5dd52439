import { describe, expect, test } from 'vitest'
import type { Action, Event, Outcome } from '../../src/apply/events.ts'
import {
  align,
  errorLines,
  eventLines,
  outcomeLines,
  plainStyle,
  type Style,
  stepLines,
  summaryLine,
} from '../../src/cli/report/lines.ts'
import { progressText } from '../../src/cli/report/terminal-report.ts'
import { DynamoxError } from '../../src/errors.ts'
import type { Change } from '../../src/settings/change.ts'
import type { Step } from '../../src/settings/step.ts'
import type { LiveTable } from '../../src/table/live.ts'

const outcome = (action: Action, more: Partial<Outcome> = {}): Outcome => ({
  name: 'users',
  action,
  durationMs: 5_210,
  ...more,
})
const plain = { style: plainStyle, nameWidth: 8 }
const tagged: Style = {
  good: text => `<good>${text}</good>`,
  bad: text => `<bad>${text}</bad>`,
  warning: text => `<warning>${text}</warning>`,
  dim: text => `<dim>${text}</dim>`,
  bold: text => `<bold>${text}</bold>`,
  signs: true,
}
const change: Change = { kind: 'modify-setting', field: 'ttl', from: false, to: 'expiresAt' }
const step: Step = {
  sign: '+',
  summary: 'create table users (pk S)',
  request: { api: 'DeleteTable', input: { TableName: 'users' } },
  until: { kind: 'ready' },
  changes: [],
  destroys: false,
}

describe('one line for a table', () => {
  test.each([
    [outcome('created', { status: 'ACTIVE' }), 'users     created    5.2 s'],
    [outcome('updated'), 'users     updated    5.2 s'],
    [outcome('deleted'), 'users     deleted    5.2 s'],
    [outcome('ready', { status: 'ACTIVE' }), 'users     ready      5.2 s'],
    [outcome('gone'), 'users     gone       5.2 s'],
    [outcome('unchanged', { status: 'ACTIVE' }), 'users     unchanged'],
    [outcome('absent'), 'users     absent'],
    [outcome('skipped'), 'users     skipped'],
    [outcome('exists', { status: 'ACTIVE' }), 'users     exists'],
    [outcome('exists', { status: 'CREATING' }), 'users     exists     CREATING'],
    [outcome('missing'), 'users     missing'],
    [outcome('requested', { status: 'CREATING' }), 'users     requested  CREATING'],
    [outcome('different', { changes: [change] }), 'users     different  1 difference'],
    [outcome('different', { changes: [change, change] }), 'users     different  2 differences'],
    [outcome('planned', { steps: [] }), 'users     unchanged'],
    [outcome('planned', { steps: [step] }), 'users     planned    1 step'],
    [outcome('blocked', { status: 'ACTIVE' }), 'users     blocked    ACTIVE'],
    [outcome('failed'), 'users     failed'],
    [outcome('failed', { status: 'CREATING' }), 'users     failed     left CREATING'],
    [outcome('interrupted', { status: 'CREATING' }), 'users     interrupted  left CREATING'],
  ])('$action', (given, line) => {
    expect(outcomeLines(given, [], plain)).toEqual([line])
  })

  test('an index that is replaced is one change, and two differences where both are shown', () => {
    const lines = ['- drop global index a, to recreate it', '+ add global index a (b S)']
    expect(outcomeLines(outcome('different', { changes: [change] }), lines, plain)[0]).toBe(
      'users     different  2 differences',
    )
  })

  test('details stand below it', () => {
    expect(outcomeLines(outcome('different', { changes: [change] }), ['ttl: off -> expiresAt'], plain)).toEqual([
      'users     different  1 difference',
      '  ttl: off -> expiresAt',
    ])
  })

  test('on a terminal, with signs and colour', () => {
    expect(outcomeLines(outcome('created'), ['detail'], { style: tagged, nameWidth: 5 })).toEqual([
      '<good>✔</good> users  <good>created  </good>  <dim>5.2 s</dim>',
      '    detail',
    ])
    expect(outcomeLines(outcome('missing'), [], { style: tagged, nameWidth: 5 })).toEqual([
      '<warning>✖</warning> users  <warning>missing</warning>',
    ])
  })
})

describe('steps', () => {
  test("with AWS's usual durations and the quotas that are used", () => {
    expect(
      stepLines([
        { ...step, expected: '2-6 s' },
        { ...step, sign: '~', summary: 'table class', uses: ['one of 2 in 30 days'] },
      ]),
    ).toEqual(['+ create table users (pk S)  (2-6 s)', '~ table class', '    one of 2 in 30 days'])
  })
})

describe('summary', () => {
  test('a single table has no summary', () => {
    expect(summaryLine([outcome('created')], 5_000)).toBeUndefined()
    const many = Array.from({ length: 1_000 }, () => outcome('created'))
    expect(summaryLine(many, 10_700)).toBe('1,000 tables: 1,000 created in 10.7 s')
  })
  test('several are counted', () => {
    expect(summaryLine([outcome('created'), outcome('unchanged'), outcome('created')], 5_310)).toBe(
      '3 tables: 2 created, 1 unchanged in 5.3 s',
    )
    expect(summaryLine([outcome('planned', { steps: [] }), outcome('planned', { steps: [] })], 100)).toBe(
      '2 tables: 2 with nothing to do in 0.1 s',
    )
  })
})

describe('events', () => {
  const live = (status: LiveTable['status'], indexes: LiveTable['indexes'] = {}): LiveTable => ({
    definition: { name: 'users', partitionKey: [], sortKey: [], globalIndexes: [], localIndexes: [], assumed: [] },
    status,
    indexes,
    read: [],
    settling: [],
    warnings: [],
  })
  const building = live('ACTIVE', { 'by-a': { status: 'CREATING', backfilling: true }, 'by-b': { status: 'ACTIVE' } })

  test.each<[Event, string[], string[]]>([
    [{ kind: 'started', table: 'users' }, [], []],
    [{ kind: 'sending', table: 'users', step }, [], ['users: DeleteTable {"TableName":"users"}']],
    [
      { kind: 'sent', table: 'users', step },
      ['users: create table users (pk S)'],
      ['users: create table users (pk S)'],
    ],
    [
      { kind: 'held', table: 'users', reason: 'throttled', waitMs: 1_500 },
      ['users: throttled; retrying in 1.5 s'],
      ['users: throttled; retrying in 1.5 s'],
    ],
    [{ kind: 'status', table: 'users', live: live('CREATING'), elapsedMs: 300 }, [], ['users: CREATING after 0.3 s']],
    [{ kind: 'status', table: 'users', live: undefined, elapsedMs: 300 }, [], ['users: not found after 0.3 s']],
    [
      { kind: 'status', table: 'users', live: building, elapsedMs: 300 },
      [],
      ['users: ACTIVE, index by-a CREATING (backfilling) after 0.3 s'],
    ],
    [{ kind: 'finished', table: 'users', outcome: outcome('created') }, [], []],
  ])('$kind', (event, lines, verbose) => {
    expect(eventLines(event, false)).toEqual(lines)
    expect(eventLines(event, true)).toEqual(verbose)
  })
})

describe('errors', () => {
  test.each<[DynamoxError, string[]]>([
    [new DynamoxError('usage', 'no command'), ['error: no command']],
    [
      new DynamoxError('usage', 'no command "x"', { hint: 'did you mean y?' }),
      ['error: no command "x"', '  did you mean y?'],
    ],
    [
      new DynamoxError('definition', '2 problems in users', {
        problems: [
          { path: 'users.sortKey', message: 'is a list' },
          { path: '', message: 'has no key' },
        ],
        hint: 'see the docs',
      }),
      ['error: 2 problems in users', '  users.sortKey: is a list', '  has no key', '  see the docs'],
    ],
    [
      new DynamoxError('definition', 'users: is a list', { problems: [{ path: 'users', message: 'is a list' }] }),
      ['error: users: is a list'],
    ],
  ])('%#', (error, lines) => {
    expect(errorLines(error, plainStyle)).toEqual(lines)
  })

  test('a bug shows its stack and where to report it', () => {
    const cause = new TypeError('x is not a function')
    const lines = errorLines(new DynamoxError('internal', 'x is not a function', { cause }), plainStyle)
    expect(lines[0]).toBe('error: x is not a function')
    expect(lines[1]).toBe('TypeError: x is not a function')
    expect(lines.at(-1)).toBe('This is a bug in dynamox. Please report it with the lines above: `npm bugs dynamox`')
  })
})

describe('progress', () => {
  const many = Array.from({ length: 50 }, (_, at) => `t${at}`)
  test.each([
    [{ verb: 'Creating', counted: 'ready', names: ['users'], done: 0, doing: '' }, 'Creating users'],
    [{ verb: 'Creating', counted: 'ready', names: ['users'], done: 0, doing: 'CREATING' }, 'Creating users  CREATING'],
    [{ verb: 'Creating', counted: 'ready', names: many, done: 3, doing: 'CREATING' }, 'Creating 50 tables  3/50 ready'],
  ])('%#', (progress, text) => {
    expect(progressText(progress)).toBe(text)
  })
})

test('columns are aligned', () => {
  expect(
    align([
      ['a', 'bbb', ''],
      ['aaaa', 'b', 'c'],
    ]),
  ).toEqual(['a     bbb', 'aaaa  b    c'])
})
