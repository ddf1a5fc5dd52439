import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/apply/events.ts'
import { inParallel, runTables } from '../../src/apply/run-tables.ts'
import { DynamoxError } from '../../src/errors.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const done = (name: string): Outcome => ({ name, action: 'created', durationMs: 1 })
const failed = (name: string): Outcome => ({
  name,
  action: 'failed',
  durationMs: 1,
  error: new DynamoxError('aws', 'no'),
})
const names = ['a', 'b', 'c', 'd', 'e']

describe('runTables', () => {
  it('gives the outcomes in the order of the names, and never runs more than asked', async () => {
    const clock = createVirtualClock()
    let running = 0
    let most = 0
    const outcomes = await runTables(
      names,
      async name => {
        running += 1
        most = Math.max(most, running)
        await clock.sleep(name === 'a' ? 100 : 10)
        running -= 1
        return done(name)
      },
      { concurrency: 2 },
    )
    expect(outcomes).toEqual(names.map(done))
    expect(most).toBe(2)
  })

  it('continues after a failure, even a thrown one', async () => {
    const outcomes = await runTables(names, async name => {
      if (name === 'b') throw new Error('boom')
      return name === 'a' ? failed(name) : done(name)
    })
    expect(outcomes.map(outcome => outcome.action)).toEqual(['failed', 'failed', 'created', 'created', 'created'])
    expect(outcomes[1]?.error).toMatchObject({ code: 'internal', message: 'boom' })
  })

  it('starts no further tables after a failure with failFast', async () => {
    const outcomes = await runTables(names, async name => (name === 'b' ? failed(name) : done(name)), {
      failFast: true,
      concurrency: 1,
    })
    expect(outcomes.map(outcome => outcome.action)).toEqual(['created', 'failed', 'skipped', 'skipped', 'skipped'])
  })

  it('starts no further tables after an interrupt', async () => {
    const stop = new AbortController()
    const outcomes = await runTables(
      names,
      async name => {
        if (name === 'b') stop.abort()
        return done(name)
      },
      { signal: stop.signal, concurrency: 1 },
    )
    expect(outcomes.map(outcome => outcome.action)).toEqual(['created', 'created', 'skipped', 'skipped', 'skipped'])
  })
})

it('inParallel starts nothing after a failure', async () => {
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    await Promise.resolve()
    if (item === 1) throw new Error('no')
  }
  await expect(inParallel([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('no')
  await new Promise(resolve => setImmediate(resolve))
  expect(begun).toEqual([0, 1, 2])
})
