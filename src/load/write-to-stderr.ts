import { writeSync } from 'node:fs'

/** Writes all of `text` to stderr at once, so that nothing is lost when the program ends right after. */
export function writeToStderr(text: string): void {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest))
    } catch (error) {
      // A full pipe asks to try again; a closed one has no reader left to tell.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
  }
}
