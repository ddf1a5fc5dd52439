import { expect, it } from 'vitest'
import { systemClock } from '../../src/apply/clock.ts'

// A timer of more than 31 bits of milliseconds fires at once.
it.each([2 ** 31, 1e12, Number.POSITIVE_INFINITY])(
  'a sleep of %d ms outlasts a short one, and can be ended',
  async ms => {
    const end = new AbortController()
    const long = systemClock.sleep(ms, end.signal).then(() => 'long')
    expect(await Promise.race([long, systemClock.sleep(20).then(() => 'short')])).toBe('short')
    end.abort()
    expect(await long).toBe('long')
  },
)
