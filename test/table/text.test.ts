import { describe, expect, test } from 'vitest'
import { formatBytes, formatDuration, formatNumber, namesOrCount, plural } from '../../src/table/text.ts'

describe('numbers, sizes and words for people', () => {
  test.each([
    [0, '0.0 s'],
    [49, '0.0 s'],
    [1_240, '1.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [65_000, '1 min 5 s'],
    [600_000, '10 min'],
    [3_599_600, '1 h'],
    [3_720_000, '1 h 2 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test.each([
    [0, '0 tables'],
    [1, '1 table'],
    [2, '2 tables'],
    [1_204, '1,204 tables'],
  ])('%i: %s', (count, text) => {
    expect(plural(count, 'table')).toBe(text)
  })

  test('an irregular plural is written as given', () => {
    expect([plural(1, 'index', 'indexes'), plural(2, 'index', 'indexes')]).toEqual(['1 index', '2 indexes'])
  })

  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [3_400, '3.4 kB'],
    [3_400_000, '3.4 MB'],
    [12_000_000_000, '12.0 GB'],
  ])('%i bytes: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  test('names, or how many they are', () => {
    expect([namesOrCount(['a', 'b', 'c']), namesOrCount(['a', 'b', 'c', 'd']), namesOrCount(['a', 'b'], 1)]).toEqual([
      'a, b, c',
      '4 tables',
      '2 tables',
    ])
  })

  test('numbers by thousands', () => {
    expect([1, 999, 1_000, 1_234_567].map(formatNumber)).toEqual(['1', '999', '1,000', '1,234,567'])
  })
})
