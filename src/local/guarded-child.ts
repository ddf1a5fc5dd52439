import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { guardScript } from './guard-script.ts'

/** A program that ends when this process does. */
export interface GuardedProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** The whole of its environment; this process's when left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** A folder of this run, removed when the program has ended, however that came about. */
  readonly scratch?: string | undefined
  /** A command that is run when the program has ended, however that came about. */
  readonly cleanUp?: readonly string[] | undefined
}

export interface GuardedChild {
  /** The guard's process, which lives as long as the program does. */
  readonly guard: ChildProcess
  /** Its exit code; 128 and the signal's number for one that a signal ended. `failed` when it could not be started. */
  readonly ended: Promise<{ readonly code: number; readonly failed?: string | undefined }>
  hasEnded(): boolean
  signal(signal: NodeJS.Signals): void
  /** Lets this process end while the program runs, which ends it as well. */
  unref(): void
  /** Kills the program and all that it started; resolves when it is gone. May be called twice. */
  kill(): Promise<void>
}

/**
 * Starts a program behind a guard process: it is killed when this process ends, also by SIGKILL.
 * `inherit`: it has this process's terminal, and its signals; `log`: its output is kept from the terminal, and so are
 * the terminal's signals from it.
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
      env: { ...(env ?? process.env) },
      stdio: [...(outputs as ('ignore' | 'pipe' | 'inherit')[]), 'pipe'],
      // A process group of its own: what is typed at the terminal is not for an engine.
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
