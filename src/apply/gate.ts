import type { Clock } from './clock.ts'
import { createLimiter } from './limiter.ts'

/** What every request that changes something passes through, whichever table it is for. */
export interface Gate {
  /** Waits for a free place and for the rate that the target takes, sends, and learns from how it went. */
  pass<T>(send: () => Promise<T>, wasThrottled: (answer: T) => boolean, signal?: AbortSignal): Promise<T>
}

const firstPlaces = 4
const mostPlaces = 64

/**
 * How many requests are under way at once follows from what is seen: it grows with every answer that comes as fast as
 * the fastest ones, and shrinks when answers take several times as long. Some targets get slower with every request
 * beyond the second, others take any number; a first burst of hundreds would be throttled.
 */
export function createGate(clock: Clock): Gate {
  const limiter = createLimiter(clock, { rate: Number.POSITIVE_INFINITY, burst: 4 })
  const queue: (() => void)[] = []
  let places = firstPlaces
  let taken = 0
  let fastestMs = Number.POSITIVE_INFINITY

  const leave = () => {
    taken -= 1
    while (taken < Math.floor(places) && queue.length > 0) {
      taken += 1
      queue.shift()?.()
    }
  }
  const enter = async () => {
    if (taken < Math.floor(places)) {
      taken += 1
      return
    }
    await new Promise<void>(resolve => {
      queue.push(resolve)
    })
  }
  const learn = (ms: number) => {
    // Drifts upwards, so that one lucky answer does not set the measure for ever.
    fastestMs = Math.min(ms, fastestMs * 1.01)
    if (ms <= 2.5 * fastestMs + 1) places = Math.min(mostPlaces, places + 1)
    else if (ms > 5 * fastestMs + 5) places = Math.max(2, places - 0.5)
  }
  return {
    async pass(send, wasThrottled, signal) {
      await enter()
      try {
        await limiter.take(signal)
        const startedAt = clock.now()
        const answer = await send()
        if (wasThrottled(answer)) limiter.throttled()
        else {
          limiter.succeeded()
          learn(clock.now() - startedAt)
        }
        return answer
      } finally {
        leave()
      }
    },
  }
}
