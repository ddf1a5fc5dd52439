import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/apply/events.ts'
import { exitOf, worstExit } from '../../src/cli/exit-code.ts'
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
