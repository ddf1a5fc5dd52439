import { describe, expect, it } from 'vitest'
import { createWidth } from '../../src/apply/width.ts'

/** Where a target that answers `rate(places)` requests a second leads; the places of the last hundred answers. */
function settle(rate: (places: number, answered: number) => number): readonly number[] {
  const width = createWidth()
  const seen: number[] = []
  for (let answered = 0; answered < 2_000; answered += 1) {
    const places = width.places()
    seen.push(places)
    width.answered((1_000 * places) / rate(places, answered))
  }
  return seen
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

describe('how many requests are under way at once', () => {
  it('begins with two', () => {
    expect(createWidth().places()).toBe(2)
  })

  it.each([
    ['every one of many brings more', (places: number) => 40 * places, 64],
    ['every one beyond two makes it slower', (places: number) => 920 / places, 2],
    ['sixteen is best', (places: number) => (places <= 16 ? 100 * places : 1_000), 16],
  ])('%s', (_, rate, expected) => {
    const seen = settle(rate)
    expect(middle(seen.slice(-1_000))).toBe(expected)
  })

  it('where nothing is to be had beyond eight, it may be any number from there', () => {
    const seen = settle(places => 100 * Math.min(8, places)).slice(-1_000)
    expect(seen.filter(places => places < 8).length).toBeLessThan(50)
  })

  it('a target that warms up: what was found while it was cold does not count for ever', () => {
    const warm = (answered: number) => Math.min(1, 0.05 + answered / 300)
    const seen = settle((places, answered) => (warm(answered) * 920) / places)
    expect(middle(seen.slice(-1_000))).toBe(2)
  })
})
