import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/apply/clock.ts'
import { createDeadlines } from '../../src/apply/deadlines.ts'
import { createGate, createWidth } from '../../src/apply/pace.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const answered = () => false
const gateOn = (clock: Clock) => createGate(clock, createDeadlines(clock))

describe('the gate', () => {
  it('passes as many requests at once as it has places, in order', async () => {
    const clock = createVirtualClock()
    const gate = gateOn(clock)
    const begun: string[] = []
    let most = 0
    let now = 0
    const send = (name: string) => async () => {
      begun.push(name)
      now += 1
      most = Math.max(most, now)
      await clock.sleep(100)
      now -= 1
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(name => gate.pass(send(name), answered)))
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    expect(most).toBe(2)
  })

  it('a request without an answer gives up its place, and takes none when it is answered', async () => {
    const clock = createVirtualClock()
    const gate = gateOn(clock)
    const waiting: (() => void)[] = []
    const silent = () => gate.pass(() => new Promise<void>(resolve => void waiting.push(resolve)), answered)
    void silent()
    const last = silent()
    await gate.pass(async () => {}, answered)
    expect(clock.now()).toBe(1_000)
    waiting[1]?.()
    await last
    let most = 0
    let now = 0
    const send = async () => {
      now += 1
      most = Math.max(most, now)
      await clock.sleep(100)
      now -= 1
    }
    await Promise.all([1, 2, 3, 4].map(() => gate.pass(send, answered)))
    expect(most).toBe(2)
  })

  it('adds places even when every answer is slow', async () => {
    const clock = createVirtualClock()
    const gate = gateOn(clock)
    await Promise.all(Array.from({ length: 200 }, () => gate.pass(() => clock.sleep(1_500), answered)))
    // Two at a time would take 150 s.
    expect(clock.now()).toBeLessThan(25_000)
  })

  it('a failure frees its place', async () => {
    const gate = gateOn(createVirtualClock())
    const fail = () => gate.pass(() => Promise.reject(new Error('no')), answered)
    await Promise.allSettled([fail(), fail(), fail()])
    await expect(gate.pass(async () => 'yes', answered)).resolves.toBe('yes')
  })
})

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
  it('starts with two requests at once', () => {
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

  it('any number from eight on is fine if more than eight brings no gain', () => {
    const seen = settle(places => 100 * Math.min(8, places)).slice(-1_000)
    expect(seen.filter(places => places < 8).length).toBeLessThan(50)
  })

  it('measurements from before a target warmed up lose their weight', () => {
    const warm = (answered: number) => Math.min(1, 0.05 + answered / 300)
    const seen = settle((places, answered) => (warm(answered) * 920) / places)
    expect(middle(seen.slice(-1_000))).toBe(2)
  })
})
