import { describe, expect, test } from 'vitest'
import { codeFrame, placeAt, placeOnLine, placeText, problemLines } from '../../src/table/problems.ts'

describe('places', () => {
  const text = 'a: 1\r\n  b: 2\n\tc: 3'
  test.each([
    [0, 'f:1:1'],
    [text.indexOf('b'), 'f:2:3'],
    [text.indexOf('c'), 'f:3:2'],
    [text.length, 'f:3:6'],
  ])('the offset %i is %s', (offset, expected) => {
    expect(placeText(placeAt('f', text, offset))).toBe(expected)
  })

  test('a line without a column is the start of its text', () => {
    expect(placeOnLine('f', text, 2)).toEqual({ file: 'f', line: 2, column: 3, source: '  b: 2' })
    expect(placeOnLine('f', text, 9)).toEqual({ file: 'f', line: 9, column: 1, source: '' })
  })
})

describe('frames', () => {
  const frame = (source: string, column: number, line = 7) => codeFrame({ file: 'f', line, column, source }).join('\n')
  test('a frame shows the line and a caret', () => {
    expect(frame('  ttl: 5', 3, 12)).toBe('12 |   ttl: 5\n   |   ^')
  })
  test('tabs stay tabs', () => {
    expect(frame('\t\tttl: 5', 3)).toBe('7 | \t\tttl: 5\n  | \t\t^')
  })
  test('a long line is cut around the caret', () => {
    const long = `${'a'.repeat(200)}B${'c'.repeat(200)}`
    expect(frame(long, 201)).toBe(`7 | …${'a'.repeat(34)}B${'c'.repeat(35)}…\n  | ${' '.repeat(35)}^`)
    expect(frame(long, 1)).toBe(`7 | ${'a'.repeat(70)}…\n  | ^`)
  })
  test('a caret after the end of the line', () => {
    expect(frame('{ "a":', 7)).toBe('7 | { "a":\n  |       ^')
  })
  test('an empty line has no caret', () => {
    expect(frame('', 1)).toBe('')
  })
})

test('many problems are listed without their lines', () => {
  const problems = Array.from({ length: 9 }, (_, at) => ({
    path: `f ttl${at}`,
    message: 'wrong',
    place: { file: 'f', line: at + 1, column: 1, source: 'x' },
  }))
  expect(problemLines({ message: 'f has 9 problems', problems, place: undefined })).toEqual(
    problems.map((_, at) => `  f:${at + 1}:1: ttl${at}: wrong`),
  )
})
