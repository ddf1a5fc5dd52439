// Adds up the test run and the checks, and says so in one line.
import { existsSync, readFileSync } from 'node:fs'

const read = file => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

const runs = ['tests', 'long', 'libraries'].map(name => JSON.parse(read(`.cache/ci/${name}.json`) ?? '{}'))
const checks = (read('.cache/ci/checks.jsonl') ?? '')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line))

const sum = field => runs.reduce((total, run) => total + (run[field] ?? 0), 0)
const passed = sum('numPassedTests') + checks.filter(({ ok }) => ok).length
const failed = sum('numFailedTests') + checks.filter(({ ok }) => !ok).length
const skipped = sum('numPendingTests')
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
if (failed > 0) process.exitCode = 1
