import type { Clock } from './clock.ts'
import type { Deadlines } from './deadlines.ts'
import { createLimiter } from './limiter.ts'
import { createWidth } from './width.ts'

/** What every request that changes something passes through, whichever table it is for. */
export interface Gate {
  /**
   * Waits until it is worth getting ready to pass; what it gives is to be called when the turn to send has come, or
   * never will.
   */
  turn(): Promise<() => void>
  /** Waits for a free place and for the rate that the target takes, sends, and learns from how it went. */
  pass<T>(send: () => Promise<T>, wasThrottled: (answer: T) => boolean, signal?: AbortSignal): Promise<T>
  /** The requests a second to tell the user about, when throttling has slowed the run down. */
  news(): number | undefined
}

/** A request that is not answered within this time, in milliseconds, lends its place to another one. */
const patienceMs = 1_000

export function createGate(clock: Clock, deadlines: Deadlines): Gate {
  const limiter = createLimiter(clock, { rate: Number.POSITIVE_INFINITY, burst: 4 })
  const width = createWidth()
  const queue: (() => void)[] = []
  const outside: (() => void)[] = []
  let taken = 0
  let ready = 0

  const admit = () => {
    while (outside.length > 0 && ready < width.places()) {
      ready += 1
      outside.shift()?.()
    }
  }

  const leave = () => {
    taken -= 1
    while (taken < width.places() && queue.length > 0) {
      taken += 1
      queue.shift()?.()
    }
  }
  const enter = async () => {
    if (taken < width.places()) {
      taken += 1
      return
    }
    await new Promise<void>(resolve => {
      queue.push(resolve)
    })
  }
  return {
    async turn() {
      await new Promise<void>(resolve => {
        outside.push(resolve)
        admit()
      })
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        ready -= 1
        admit()
      }
    },
    async pass(send, wasThrottled, signal) {
      await enter()
      let isLent = false
      let stopWatching = () => {}
      try {
        await limiter.take(signal)
        const startedAt = clock.now()
        // A few that are never answered must not keep everybody else waiting.
        stopWatching = deadlines.add(startedAt + patienceMs, () => {
          isLent = true
          leave()
        })
        const answer = await send()
        const throttled = wasThrottled(answer)
        limiter.answered(startedAt, throttled)
        // While places are free, answers show how much there is to do, not how much the target can do.
        if (!throttled && queue.length > 0) width.answered(clock.now() - startedAt)
        return answer
      } finally {
        stopWatching()
        if (!isLent) leave()
      }
    },
    news: limiter.news,
  }
}
