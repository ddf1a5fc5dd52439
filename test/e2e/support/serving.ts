import { type ChildProcess, execFileSync } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { type RunOptions, start } from './cli.ts'

/** `dynamox local` that serves, in a process of its own; killed when the test ends. */
export interface ServingCli {
  readonly child: ChildProcess
  readonly endpoint: string
  /** Everything that it has said so far. */
  stdout(): string
  stderr(): string
  /** Resolves when stderr matches; rejects when it ends before. */
  said(pattern: RegExp): Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

export async function serveLocal(args: readonly string[], options: RunOptions = {}): Promise<ServingCli> {
  const child = start(['local', ...args], options)
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', data => {
      said[name] += String(data)
      for (const listener of listeners) listener()
    })
  }
  let over = false
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(done => {
    child.once('close', (code, signal) => {
      over = true
      for (const listener of listeners) listener()
      done({ code, signal })
    })
  })
  const until = (pattern: RegExp) =>
    new Promise<void>((done, fail) => {
      const look = () => {
        if (pattern.test(said.stderr)) done()
        else if (over) fail(new Error(`ended before ${pattern}:\n${said.stderr}${said.stdout}`))
      }
      listeners.add(look)
      look()
    })
  await until(/ready; press Ctrl-C to stop/)
  const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(said.stderr)?.[0] ?? ''
  return { child, endpoint, stdout: () => said.stdout, stderr: () => said.stderr, said: until, ended }
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The processes whose command line holds a text. */
export function processesNaming(text: string): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n')
  return rows.flatMap(row => {
    const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(row) ?? []
    return command.includes(text) ? [Number(pid)] : []
  })
}
