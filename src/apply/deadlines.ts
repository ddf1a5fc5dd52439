import type { Clock } from './clock.ts'

/** The deadlines of many waits, run by one timer. */
export interface Deadlines {
  /** Calls `expire` at time `at`. Returns a function that cancels this. */
  add(at: number, expire: () => void): () => void
}

interface Entry {
  readonly at: number
  readonly expire: () => void
}

/** While nothing waits, it is idle and does not keep the process alive. */
export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>()
  const bell = createBell(clock)
  let next = Number.POSITIVE_INFINITY
  let watching = false

  async function watch() {
    watching = true
    while (entries.size > 0) {
      await bell.until(next)
      if (clock.now() >= next) expireAll()
    }
    bell.rest()
    watching = false
    next = Number.POSITIVE_INFINITY
  }

  function expireAll() {
    const now = clock.now()
    next = Number.POSITIVE_INFINITY
    for (const entry of [...entries]) {
      if (entry.at > now) next = Math.min(next, entry.at)
      else if (entries.delete(entry)) entry.expire()
    }
  }

  function add(at: number, expire: () => void) {
    const entry = { at, expire }
    entries.add(entry)
    if (at < next) {
      next = at
      bell.ring()
    }
    if (!watching) void watch()
    return () => {
      // Removing the last deadline ends the timer.
      if (entries.delete(entry) && entries.size === 0) bell.ring()
    }
  }

  return { add }
}

/** A sleep that another part of the program can end early by ringing. */
export interface Bell {
  /** Resolves at `at` or when the bell rings; immediately if it rang since the last call. May resolve early. */
  until(at: number): Promise<void>
  ring(): void
  /** Ends the timer, which otherwise keeps the process alive. */
  rest(): void
}

const longestSleepMs = 60_000

export function createBell(clock: Clock): Bell {
  let rung = false
  let wake: (() => void) | undefined
  // The bell keeps its timer: it may ring many times a second, and creating a timer each time would be slow.
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
