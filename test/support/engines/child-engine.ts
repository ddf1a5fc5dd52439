import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exampleCredentials, localRegion } from '../../../src/table/local-credentials.ts'
import type { RunningEngine } from './engine.ts'

/** A program that serves DynamoDB on a port of its own. */
export interface EngineProgram {
  readonly command: string
  readonly args: (port: number) => readonly string[]
  readonly cwd: string
  /** A folder of this run, removed when the program has ended. */
  readonly scratch?: string
}

const attempts = 3
const startMs = 60_000

/** Starts the program and waits until it answers. It ends with this process, also when that is killed. */
export async function startProgram(program: EngineProgram): Promise<RunningEngine> {
  for (let attempt = 1; ; attempt++) {
    // Somebody else may take the port between our look and the program's; then it ends, and we look again.
    const port = await freePort()
    const { child, output } = spawnGuarded(program, port)
    const endpoint = `http://127.0.0.1:${port}`
    if (await answers(endpoint, child)) {
      return { endpoint, region: localRegion, credentials: exampleCredentials, stop: () => stop(child) }
    }
    await stop(child)
    if (attempt === attempts) throw new Error(`${program.command} did not start on port ${port}:\n${output()}`)
  }
}

/**
 * Runs in a process between ours and the engine, which knows nothing of us: when our end of its stdin closes, for
 * whatever reason, the engine is killed.
 */
const guard = `
const { spawn } = require('node:child_process')
const { rmSync } = require('node:fs')
const [scratch, command, ...args] = process.argv.slice(1)
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const end = () => child.kill('SIGKILL')
const ended = code => {
  if (scratch) rmSync(scratch, { recursive: true, force: true })
  process.exit(code)
}
child.on('error', error => { process.stderr.write(error.message); ended(1) })
child.on('exit', code => ended(code ?? 1))
process.stdin.resume().on('close', end).on('error', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
`

function spawnGuarded({ command, args, cwd, scratch }: EngineProgram, port: number) {
  const child = spawn(process.execPath, ['-e', guard, '--', scratch ?? '', command, ...args(port)], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, JAVA_HOME: process.env.JAVA_HOME },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (data: Buffer) => {
    said = (said + data).slice(-4000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.stdin.on('error', () => undefined)
  return { child, output: () => said }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

async function answers(endpoint: string, child: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + startMs
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer !== undefined) {
      // Was it ours that answered? One that found its port taken ends at once.
      await sleep(50)
      return child.exitCode === null
    }
    await sleep(50)
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
