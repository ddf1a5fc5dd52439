import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { spawn } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'
import { cleanEnv, type RunOptions, root } from './cli.ts'

export interface Session {
  /** All that was written so far, without escape sequences. */
  text(): string
  /** All that was written so far, as the terminal got it. */
  raw(): string
  /** Resolves when the text matches; rejects with the text when the program ends or 20 s pass before. */
  until(pattern: RegExp): Promise<void>
  type(keys: string): void
  ended: Promise<{ code: number; signal: number | undefined }>
}

interface TerminalOptions extends RunOptions {
  /** Its width; 80 by default. */
  readonly columns?: number
}

/** The built CLI in a real pseudo-terminal. */
export const terminal = (args: readonly string[], options?: TerminalOptions): Session =>
  programIn(process.execPath, [join(root, 'bin/dynamox.js'), ...args], options)

/** A program in a real pseudo-terminal of 24 lines. */
export function programIn(
  program: string,
  args: readonly string[],
  { cwd = root, env = {}, columns = 80 }: TerminalOptions = {},
): Session {
  const pty = spawn(program, [...args], {
    cols: columns,
    rows: 24,
    cwd,
    env: cleanEnv({ TERM: 'xterm-256color', ...env }),
  })
  let raw = ''
  let over = false
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const listener of [...listeners]) listener()
  }
  pty.onData(data => {
    raw += data
    notify()
  })
  const ended = new Promise<{ code: number; signal: number | undefined }>(done => {
    pty.onExit(({ exitCode, signal }) => {
      over = true
      notify()
      done({ code: exitCode, signal })
    })
  })
  onTestFinished(() => {
    if (!over) pty.kill('SIGKILL')
  })
  const text = () => stripVTControlCharacters(raw).replaceAll('\r', '')
  return {
    text,
    raw: () => raw,
    ended,
    type: keys => pty.write(keys),
    until: pattern =>
      new Promise((done, fail) => {
        const look = () => {
          if (pattern.test(text())) return end(done)
          if (over) end(() => fail(new Error(`ended before ${pattern} was shown:\n${text()}`)))
        }
        const end = (how: () => void) => {
          clearTimeout(timer)
          listeners.delete(look)
          how()
        }
        const timer = setTimeout(
          () => end(() => fail(new Error(`${pattern} was not shown within 20 s:\n${text()}`))),
          20_000,
        )
        listeners.add(look)
        look()
      }),
  }
}
