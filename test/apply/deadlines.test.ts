import { describe, expect, it } from 'vitest'
import { createBell, createDeadlines } from '../../src/apply/deadlines.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

describe('a bell', () => {
  it('wakes at the time, or when it is rung, also when it was rung before', async () => {
    const clock = createVirtualClock()
    const bell = createBell(clock)
    await bell.until(1_000)
    expect(clock.now()).toBe(1_000)
    void clock.sleep(500).then(() => bell.ring())
    await bell.until(Number.POSITIVE_INFINITY)
    expect(clock.now()).toBe(1_500)
    bell.ring()
    await bell.until(9_000)
    expect(clock.now()).toBe(1_500)
  })

  it('wakes for a sooner time than the one it was last set to', async () => {
    const clock = createVirtualClock()
    const bell = createBell(clock)
    bell.ring()
    await bell.until(5_000)
    void clock.sleep(100).then(() => bell.ring())
    await bell.until(5_000)
    await bell.until(300)
    expect(clock.now()).toBe(300)
  })

  it('holds no timer while idle', async () => {
    const clock = createVirtualClock()
    const bell = createBell(clock)
    void clock.sleep(100).then(() => bell.ring())
    await bell.until(60_000)
    bell.rest()
    await clock.sleep(1)
    expect(clock.now()).toBeLessThan(200)
  })
})

describe('deadlines', () => {
  it('each expires once and on time, unless it is taken back', async () => {
    const clock = createVirtualClock()
    const deadlines = createDeadlines(clock)
    const expired: string[] = []
    const add = (name: string, at: number) => deadlines.add(at, () => expired.push(`${name} ${clock.now()}`))
    add('b', 200)
    add('a', 100)
    const cancel = add('never', 150)
    cancel()
    await clock.sleep(1_000)
    expect(expired).toEqual(['a 100', 'b 200'])
  })

  it('no timer is left once all deadlines are taken back', async () => {
    const clock = createVirtualClock()
    const deadlines = createDeadlines(clock)
    let expired = 0
    const cancels = [60_000, 70_000].map(at => deadlines.add(at, () => expired++))
    for (const cancel of cancels) cancel()
    await clock.sleep(1)
    expect([clock.now(), expired]).toEqual([1, 0])
  })
})
