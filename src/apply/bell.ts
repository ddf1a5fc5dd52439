import type { Clock } from './clock.ts'

/** Sleeps until a time comes or somebody rings. */
export interface Bell {
  /** Resolves at `at`, or as soon as the bell rings; at once if it has rung since the last sleep. */
  until(at: number): Promise<void>
  ring(): void
}

const longestSleepMs = 60_000

export function createBell(clock: Clock): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    async until(at) {
      if (!rung) {
        // A sleep without an end needs no timer at all.
        if (at === Number.POSITIVE_INFINITY) {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        } else {
          const alarm = new AbortController()
          wake = () => alarm.abort('rung')
          await clock.sleep(Math.min(longestSleepMs, Math.max(0, at - clock.now())), alarm.signal)
        }
        wake = undefined
      }
      rung = false
    },
    ring() {
      rung = true
      wake?.()
      wake = undefined
    },
  }
}
