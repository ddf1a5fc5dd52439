import type { Clock } from '../../src/apply/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  wake: (() => void) | undefined
}

/** The moment at which virtual time begins, for what is told in epoch milliseconds. */
export const virtualEpoch = Date.UTC(2026, 10, 22, 12)

/** A clock whose time passes only when everybody sleeps: minutes of waiting take microseconds, in the same order every time. */
export function createVirtualClock(): Clock {
  const timers: Timer[] = []
  let now = 0
  let order = 0
  let scheduled = false

  // An immediate runs when all promises have settled: everything that can run at this moment has run.
  const schedule = () => {
    if (scheduled || timers.length === 0) return
    scheduled = true
    setImmediate(tick)
  }
  const tick = () => {
    scheduled = false
    let next = pop(timers)
    while (next !== undefined && next.wake === undefined) next = pop(timers)
    if (next !== undefined) {
      now = Math.max(now, next.at)
      next.wake?.()
    }
    schedule()
  }
  return {
    now: () => now,
    epoch: () => virtualEpoch + now,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted === true) return resolve()
        const timer: Timer = { at: now + Math.max(0, ms), order: order++, wake: undefined }
        const done = () => {
          timer.wake = undefined
          signal?.removeEventListener('abort', done)
          resolve()
        }
        timer.wake = done
        signal?.addEventListener('abort', done, { once: true })
        push(timers, timer)
        schedule()
      }),
  }
}

const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !before(timer, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = timer
}

function pop(heap: Timer[]): Timer | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    const [left, right] = [heap[child], heap[child + 1]]
    if (left === undefined) break
    if (right !== undefined && before(right, left)) child += 1
    const smaller = heap[child]
    if (smaller === undefined || !before(smaller, last)) break
    heap[index] = smaller
    index = child
  }
  heap[index] = last
  return first
}
