import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src/cli/options/option.ts'

describe('durations', () => {
  test.each([
    ['30', 30_000],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['500ms', 500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    [' 5m ', 300_000],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text, '--timeout')).toBe(milliseconds)
  })

  test.each([
    ...['', 'soon', '-5', '5 m', '5d', '1m30s', 'm', '1e3'].map(text => [text, 'is not a valid duration']),
    ...['0', '0s', '0.1ms'].map(text => [text, 'must be above 0']),
    ...['999999h', '25000000'].map(text => [text, 'is over 24 days']),
  ])('%j %s', (text, what) => {
    expect(() => parseDuration(text, '--timeout')).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `--timeout ${JSON.stringify(text)} ${what}`,
        hint: 'give seconds or a number with a unit: 30, 30s, 5m, 1h',
      }),
    )
  })
})
