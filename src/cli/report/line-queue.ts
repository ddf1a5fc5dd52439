import { systemClock } from '../../apply/clock.ts'
import type { Output } from '../io.ts'

/** Writes lines to several streams in the order in which they come. */
export interface LineQueue {
  write(output: Output, lines: readonly string[]): void
  /** From now on lines may wait a moment, so that many of them are written together. */
  gather(): void
  /** Writes what waits, and from now on each line at once. */
  flush(): void
}

// Nobody sees the difference, and whoever reads the other end is woken fifty times a second instead of thousands.
const gatherMs = 20

export function createLineQueue(): LineQueue {
  let waiting: { readonly output: Output; text: string }[] = []
  let gathers = false
  let writtenAt = Number.NEGATIVE_INFINITY
  let timer: AbortController | undefined

  function writeAll() {
    timer?.abort('written')
    timer = undefined
    writtenAt = systemClock.now()
    const all = waiting
    waiting = []
    for (const { output, text } of all) output.write(text)
  }

  function later(ms: number) {
    const mine = new AbortController()
    timer = mine
    void systemClock.sleep(ms, mine.signal).then(() => {
      if (timer === mine) writeAll()
    })
  }

  return {
    write(output, lines) {
      if (lines.length === 0) return
      const text = `${lines.join('\n')}\n`
      const last = waiting.at(-1)
      if (last?.output === output) last.text += text
      else waiting.push({ output, text })
      const waitMs = gathers ? writtenAt + gatherMs - systemClock.now() : 0
      if (waitMs <= 0) writeAll()
      else if (timer === undefined) later(waitMs)
    },
    gather() {
      gathers = true
    },
    flush() {
      gathers = false
      if (waiting.length > 0) writeAll()
    },
  }
}
