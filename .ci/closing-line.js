// Adds up the test run and the checks, and says so in one line.
import { existsSync, readFileSync } from 'node:fs'

const read = file => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

const tests = JSON.parse(read('.cache/ci/tests.json') ?? '{}')
const checks = (read('.cache/ci/checks.jsonl') ?? '')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line))

const passed = (tests.numPassedTests ?? 0) + checks.filter(({ ok }) => ok).length
const failed = (tests.numFailedTests ?? 0) + checks.filter(({ ok }) => !ok).length
const skipped = tests.numPendingTests ?? 0
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
if (failed > 0) process.exitCode = 1
