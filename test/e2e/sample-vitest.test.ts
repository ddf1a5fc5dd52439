// The sample project as a user has it: its own model library, vitest, no container.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dynamoDbLocalJar } from '../support/engines/dynamodb-local.ts'
import { EngineUnavailable } from '../support/engines/engine.ts'
import { cleanEnv, root } from './support/cli.ts'
import { isAlive } from './support/serving.ts'

/** A copy with its dependencies in place, as `npm ci` leaves it. */
function sample(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-sample-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  cpSync(join(root, 'fixtures/sample-vitest'), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['@aws-sdk', 'electrodb', 'vitest', '.bin']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  symlinkSync(root, join(folder, 'node_modules/dynamox'))
  return folder
}

function npmTest(cwd: string, env: Record<string, string> = {}) {
  const child = spawn('npm', ['test'], {
    cwd,
    env: cleanEnv({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      output += data
    })
  }
  const code = new Promise<number | null>(done => child.once('close', done))
  return { child, code, output: () => output }
}

test('green with one command, each worker on an engine of its own', { timeout: 90_000 }, async () => {
  const cwd = sample()
  const run = npmTest(cwd)
  expect([await run.code, run.output()]).toEqual([0, expect.stringMatching(/Tests .*4 passed/)])
  expect(readdirSync(cwd)).not.toContain('.dynamox')
})

test('the same on DynamoDB Local', { timeout: 180_000 }, async ({ skip }) => {
  const jar = await dynamoDbLocalJar().catch(error => {
    if (error instanceof EngineUnavailable && process.env.DYNAMOX_REQUIRE_ENGINES !== '1') return skip(error.message)
    throw error
  })
  const run = npmTest(sample(), { ENGINE: 'dynamodb-local', DYNAMODB_LOCAL_JAR: jar })
  expect([await run.code, run.output()]).toEqual([0, expect.stringMatching(/Tests .*4 passed/)])
})

/** Every process below one. */
function family(pid: number): number[] {
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(row => row.trim().split(/\s+/).map(Number))
  const found = [pid]
  for (const one of found) found.push(...rows.filter(([, parent]) => parent === one).map(([child = 0]) => child))
  return found
}

test('a run that crashes leaves nothing behind', { timeout: 120_000 }, async ({ skip }) => {
  const jar = await dynamoDbLocalJar().catch(error => {
    if (error instanceof EngineUnavailable) return skip(error.message)
    throw error
  })
  const run = npmTest(sample(), { ENGINE: 'dynamodb-local', DYNAMODB_LOCAL_JAR: jar })
  await expect.poll(run.output, { timeout: 60_000 }).toMatch(/✓|passed/)
  const all = family(run.child.pid ?? 0)
  // All but the engines and their guards, which are to notice by themselves.
  const { readFileSync } = process.getBuiltinModule('node:fs')
  const isEngine = (pid: number) => {
    try {
      return /DynamoDBLocal\.jar/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    } catch {
      return false
    }
  }
  const engines = all.filter(isEngine)
  for (const pid of all.filter(each => !engines.includes(each))) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
  }
  await expect.poll(() => engines.filter(isAlive), { timeout: 10_000 }).toEqual([])
  expect(engines.length).toBeGreaterThan(0)
})
