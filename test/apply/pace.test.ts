import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/apply/clock.ts'
import { createDeadlines } from '../../src/apply/deadlines.ts'
import { createGate, places } from '../../src/apply/pace.ts'
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
    const names = Array.from({ length: 25 }, (_, index) => `table-${index}`)
    await Promise.all(names.map(name => gate.pass(send(name), answered)))
    expect(begun).toEqual(names)
    expect(most).toBe(places)
  })

  it('a request without an answer gives up its place, and takes none when it is answered', async () => {
    const clock = createVirtualClock()
    const gate = gateOn(clock)
    const waiting: (() => void)[] = []
    const silent = () => gate.pass(() => new Promise<void>(resolve => void waiting.push(resolve)), answered)
    for (let i = 1; i < places; i += 1) void silent()
    const last = silent()
    await gate.pass(async () => {}, answered)
    expect(clock.now()).toBe(1_000)
    waiting[places - 1]?.()
    await last
    let most = 0
    let now = 0
    const send = async () => {
      now += 1
      most = Math.max(most, now)
      await clock.sleep(100)
      now -= 1
    }
    await Promise.all(Array.from({ length: 25 }, () => gate.pass(send, answered)))
    expect(most).toBe(places)
  })

  it('sends others after a second even when every answer is slow', async () => {
    const clock = createVirtualClock()
    const gate = gateOn(clock)
    await Promise.all(Array.from({ length: 200 }, () => gate.pass(() => clock.sleep(1_500), answered)))
    // Ten at a time would take 30 s.
    expect(clock.now()).toBeLessThan(25_000)
  })

  it('a failure frees its place', async () => {
    const gate = gateOn(createVirtualClock())
    const fail = () => gate.pass(() => Promise.reject(new Error('no')), answered)
    await Promise.allSettled([fail(), fail(), fail()])
    await expect(gate.pass(async () => 'yes', answered)).resolves.toBe('yes')
  })
})
