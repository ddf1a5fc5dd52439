import type { Clock } from './clock.ts'

/** Sleeps until a time comes or somebody rings. */
export interface Bell {
  /** Resolves at `at`, or as soon as the bell rings, at once if it has rung since; now and then for no reason. */
  until(at: number): Promise<void>
  ring(): void
  /** Lets go of the timer, which would keep a process alive. */
  rest(): void
}

const longestSleepMs = 60_000

export function createBell(clock: Clock): Bell {
  let rung = false
  let wake: (() => void) | undefined
  // Rung many times a second, it goes on with the timer that it has: making and ending them takes longer than all else.
  let timer: { readonly at: number; readonly stop: AbortController } | undefined

  function rest() {
    timer?.stop.abort('not needed')
    timer = undefined
  }

  function arm(at: number) {
    if (at === Number.POSITIVE_INFINITY || (timer !== undefined && timer.at <= at)) return
    rest()
    const now = clock.now()
    const mine = { at: Math.min(at, now + longestSleepMs), stop: new AbortController() }
    timer = mine
    void clock.sleep(Math.max(0, mine.at - now), mine.stop.signal).then(() => {
      if (timer !== mine) return
      timer = undefined
      wake?.()
    })
  }

  return {
    async until(at) {
      if (!rung) {
        arm(at)
        await new Promise<void>(resolve => {
          wake = resolve
        })
        wake = undefined
      }
      rung = false
    },
    ring() {
      rung = true
      wake?.()
    },
    rest,
  }
}
