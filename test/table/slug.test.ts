import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isNamePart, slug } from '../../src/table/slug.ts'

describe('slugs', () => {
  test.each([
    ['', ''],
    ['-pr-17', '-pr-17'],
    ['Release_1.2', 'Release_1.2'],
    ['-feature/x', '-feature-x-217d2b'],
    ['feature/x-', 'feature-x-217d2b-'],
    ['-dependabot/npm_and_yarn/@aws-sdk/client-1.2', '-dependabot-npm_and_yarn-aws-sdk-client-1-3cd79f'],
    ['-grüße', '-gr-e-8285d1'],
    ['///', '732c4e'],
  ])('%j -> %j', (text, expected) => {
    expect(slug(text)).toBe(expected)
  })

  test('are valid, short and stable, and differ for different texts', () => {
    const branch = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(branch, branch, (one, other) => {
        const [first, second] = [slug(one), slug(other)]
        expect(isNamePart(first)).toBe(true)
        expect(first.length).toBeLessThanOrEqual(60)
        expect(slug(one)).toBe(first)
        expect(slug(first)).toBe(first)
        if (one !== other) expect(second).not.toBe(first)
      }),
    )
  })

  test('texts that differ only in separators stay different', () => {
    expect(slug('feature/x')).not.toBe(slug('feature-x'))
    expect(slug('feature/x')).not.toBe(slug('feature//x'))
  })
})
