import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/apply/clock.ts'
import { createDeadlines } from '../../src/apply/deadlines.ts'
import { createGate } from '../../src/apply/gate.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const answered = () => false
const gateOn = (clock: Clock) => createGate(clock, createDeadlines(clock))

describe('the gate', () => {
  it('lets as many through at once as there are places, in order', async () => {
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

  it('gives turns to those who get ready, and the next when one is over, whatever became of it', async () => {
    const gate = gateOn(createVirtualClock())
    const ready: number[] = []
    const overs: (() => void)[] = []
    const turns = Array.from({ length: 9 }, (_, index) =>
      gate.turn().then(over => {
        ready.push(index)
        overs.push(over)
      }),
    )
    await Promise.all(turns.slice(0, 2))
    expect(ready).toEqual([0, 1])
    // None of them ever passes: their tables were there already, say.
    for (let index = 0; index < 9; index += 1) {
      await turns[index]
      overs[index]?.()
      // It may be said more than once.
      overs[index]?.()
    }
    await Promise.all(turns)
    expect(ready).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('what is not answered lends its place, and takes none away when it is', async () => {
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

  it('gives more places also where every answer takes its time', async () => {
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
