import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

/** A program that ends when this process does. */
export interface GuardedProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** The whole of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** A temporary folder, removed whenever and however the program ends. */
  readonly scratch?: string | undefined
  /** A command that is run whenever and however the program ends. */
  readonly cleanUp?: readonly string[] | undefined
}

export interface GuardedChild {
  /** The guard's process, which lives as long as the program does. */
  readonly guard: ChildProcess
  /** Its exit code, or 128 plus the signal number. `failed` when it could not be started. */
  readonly ended: Promise<{ readonly code: number; readonly failed?: string | undefined }>
  hasEnded(): boolean
  signal(signal: NodeJS.Signals): void
  /** Lets this process end while the program runs, which ends the program too. */
  unref(): void
  /** Kills the program and all its descendants; resolves when it is gone. May be called twice. */
  kill(): Promise<void>
}

/**
 * Starts a program under a guard process, which kills it when this process ends, even by SIGKILL. `inherit`: it uses
 * this process's terminal and receives its signals; `log`: its output goes to pipes, and it does not receive the
 * terminal's signals.
 */
export function spawnGuarded(program: GuardedProgram, streams: 'inherit' | 'stdout-to-stderr' | 'log'): GuardedChild {
  const { command, args, cwd, env, scratch, cleanUp } = program
  const log = streams === 'log'
  const outputs = log ? ['ignore', 'pipe', 'pipe'] : ['inherit', streams === 'inherit' ? 'inherit' : 2, 'inherit']
  const guard = spawn(
    process.execPath,
    ['-e', guardScript, '--', JSON.stringify({ command, args, scratch, cleanUp })],
    {
      cwd,
      env: { ...env },
      stdio: [...(outputs as ('ignore' | 'pipe' | 'inherit')[]), 'pipe'],
      // A separate process group, so that Ctrl-C in the terminal does not reach the engine.
      detached: log,
      windowsHide: true,
    },
  )
  const line = guard.stdio[3]
  let failed: string | undefined
  let over = false
  if (line instanceof Socket) {
    line
      .on('error', () => undefined)
      .on('data', data => {
        failed = String(data)
      })
  }
  const ended = once(guard, 'close').then(
    ([code]) => ({ code: typeof code === 'number' ? code : 137, failed }),
    (error: NodeJS.ErrnoException) => ({ code: 127, failed: error.code ?? error.message }),
  )
  void ended.then(() => {
    over = true
  })
  return {
    guard,
    ended,
    hasEnded: () => over || guard.exitCode !== null || guard.signalCode !== null,
    signal: signal => {
      if (line instanceof Socket && line.writable) line.write(`${signal}\n`)
    },
    unref: () => {
      guard.unref()
      for (const stream of guard.stdio) if (stream instanceof Socket) stream.unref()
    },
    kill: async () => {
      guard.ref()
      if (line instanceof Socket) line.destroy()
      await ended
    },
  }
}

/**
 * The guard (`node -e`) starts the program, and kills it when this process's end of file descriptor 3 closes, which
 * also happens on SIGKILL. Over that descriptor it receives signals to pass on, one name per line, and reports the
 * error code when the program cannot be started. It is a string so that it needs no file.
 */
const guardScript = `
const { spawn, spawnSync } = require('node:child_process')
const { readdirSync, readFileSync, rmSync } = require('node:fs')
const { Socket } = require('node:net')
const { constants } = require('node:os')
const { command, args, scratch, cleanUp } = JSON.parse(process.argv[1])

const line = new Socket({ fd: 3, readable: true, writable: true })
const child = spawn(command, args, { stdio: 'inherit', windowsHide: true })

const leave = code => {
  if (cleanUp) spawnSync(cleanUp[0], cleanUp.slice(1), { stdio: 'ignore' })
  if (scratch) rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code)
}
child.on('error', ({ code }) => line.write(String(code), () => leave(127)))
child.on('exit', (code, signal) => leave(code ?? 128 + (constants.signals[signal] ?? 9)))

const pass = signal => { try { child.kill(signal) } catch {} }
line.setEncoding('utf8').on('data', names => names.split('\\n').filter(Boolean).forEach(pass))
line.on('error', () => {}).on('close', () => {
  for (const pid of family()) try { process.kill(pid, 'SIGKILL') } catch {}
})
process.on('SIGTERM', () => pass('SIGTERM'))
// A terminal sends these to the whole group: the program decides, and the guard ends when it does.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) process.on(signal, () => {})

// The program and all its descendants, oldest first.
function family() {
  const all = processes()
  const found = [child.pid]
  for (const pid of found) found.push(...all.filter(([, parent]) => parent === pid).map(([pid]) => pid))
  return found
}
function processes() {
  try {
    return readdirSync('/proc').filter(name => /^\\d+$/.test(name)).map(name => {
      try {
        const stat = readFileSync('/proc/' + name + '/stat', 'utf8')
        return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]
      } catch { return [0, -1] }
    })
  } catch {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    return (stdout ?? '').split('\\n').map(row => row.trim().split(/\\s+/).map(Number))
  }
}
`
