import { describe, expect, test } from 'vitest'
import { type Action, withReason } from '../../src/apply/events.ts'
import { exitCodes, exitOf, worstExit } from '../../src/cli/exit-code.ts'
import { DynamoxError, type ErrorCode } from '../../src/errors.ts'

describe('exit codes', () => {
  test.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 1, 2], 2],
    [[1, 2, 4], 4],
    [[4, 3, 2], 3],
    [[3, 70], 70],
    [[70, 130], 130],
  ])('the worst of %j is %i', (codes, worst) => {
    expect(worstExit(codes)).toBe(worst)
  })

  test.each<[Action, ErrorCode | undefined, number]>([
    ['created', undefined, 0],
    ['unchanged', undefined, 0],
    ['absent', undefined, 0],
    ['missing', undefined, 1],
    ['different', undefined, 1],
    ['exists', 'exists', 1],
    ['exists', undefined, 0],
    ['blocked', 'blocked', 2],
    ['failed', 'timeout', 4],
    ['failed', 'access-denied', 3],
    ['failed', 'internal', 70],
    ['interrupted', 'interrupted', 130],
    ['skipped', undefined, 0],
  ])('%s with %s is %i', (action, code, exit) => {
    const error = code === undefined ? {} : { error: new DynamoxError(code, 'why') }
    expect(exitOf({ name: 'users', action, durationMs: 0, ...error }, action === 'missing')).toBe(exit)
  })
})

// Every action beside every kind of error, and beside none.
const actions: readonly Action[] = [
  ...(['created', 'unchanged', 'different', 'updated', 'deleted', 'absent', 'exists', 'missing'] as const),
  ...(['ready', 'gone', 'planned', 'blocked', 'requested', 'failed', 'interrupted', 'skipped'] as const),
]
const codes = [undefined, ...(Object.keys(exitCodes) as ErrorCode[])]
const combinations = actions.flatMap(action => codes.map(code => [action, code] as const))

test.each(combinations)('%s with %s: exit code, ok and action agree', (action, code) => {
  const error = code === undefined ? {} : { error: new DynamoxError(code, 'why') }
  const outcome = withReason({ name: 'users', action, durationMs: 0, ...error })
  const exit = exitOf(outcome, outcome.action === 'missing')
  const failed = ['failed', 'interrupted', 'blocked'].includes(outcome.action)
  const answersNo = ['different', 'missing'].includes(outcome.action) || outcome.error?.code === 'exists'
  expect({ exit: exit !== 0, error: outcome.error !== undefined }).toEqual({
    exit: failed || answersNo,
    error: failed || outcome.error?.code === 'exists',
  })
  if (outcome.error !== undefined) expect(exit).toBe(exitCodes[outcome.error.code])
  if (outcome.action === 'interrupted') expect(exit).toBe(130)
  if (outcome.action === 'blocked') expect(exit).toBe(2)
  // What agrees already stays as it is.
  expect(withReason(outcome)).toEqual(outcome)
})
