// Named checks that the scripts beside it run; their outcomes go into the closing line of the run.
import { appendFileSync, mkdirSync } from 'node:fs'

const file = '.cache/ci/checks.jsonl'

/** Runs `work`, prints how it went and remembers it; a failure ends the script with exit code 1 at the end. */
export async function check(name, work) {
  mkdirSync('.cache/ci', { recursive: true })
  try {
    const detail = await work()
    console.log(`  ok    ${name}${detail ? `: ${detail}` : ''}`)
    appendFileSync(file, `${JSON.stringify({ name, ok: true })}\n`)
  } catch (error) {
    console.log(`  FAIL  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`)
    appendFileSync(file, `${JSON.stringify({ name, ok: false })}\n`)
    process.exitCode = 1
  }
}

/** Throws when `actual` is not what was expected. */
export function expectEqual(actual, expected, what) {
  if (actual !== expected)
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}
