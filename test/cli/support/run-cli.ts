import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { onTestFinished } from 'vitest'
import type { TableApi } from '../../../src/apply/ports.ts'
import type { Target } from '../../../src/aws/target.ts'
import type { Io, StopSignal } from '../../../src/cli/command.ts'
import { connectionTo } from '../../../src/cli/connect.ts'
import { main } from '../../../src/cli/main.ts'

export interface CliOptions {
  readonly api?: TableApi | undefined
  readonly target?: Target | undefined
  readonly cwd?: string | undefined
  readonly env?: Record<string, string> | undefined
  /** Whether all three streams are a terminal. */
  readonly tty?: boolean | undefined
  /** What is typed at a question; `end` ends the input instead. */
  readonly input?: string | { readonly end: true } | undefined
}

export interface CliRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** stderr with its colours. */
  readonly coloured: string
  /** The exit codes that were asked for at once, by a second signal. */
  readonly exits: readonly number[]
}

/** A command line that runs within this process; `stop` is a signal. */
export function startCli(argv: readonly string[], options: CliOptions = {}) {
  const { tty = false, target = { kind: 'aws', region: 'eu-west-1' } } = options
  const chunks = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  const stream = (name: 'stdout' | 'stderr') => {
    const through = Object.assign(new PassThrough(), { isTTY: tty, columns: 80, ...cursor })
    through.on('data', data => {
      chunks[name] += String(data)
      for (const listener of listeners) listener()
    })
    return through
  }
  const stdin = Object.assign(new PassThrough(), { isTTY: tty, setRawMode: () => stdin })
  if (typeof options.input === 'string') stdin.write(options.input)
  else if (options.input !== undefined) stdin.end()
  const stops = new Set<(signal: StopSignal) => void>()
  const exits: number[] = []
  const io: Io = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin,
    env: { NO_COLOR: '1', ...options.env },
    cwd: options.cwd ?? tmpdir(),
    onStop(stop) {
      stops.add(stop)
      return () => stops.delete(stop)
    },
    exit: code => exits.push(code),
  }
  const { api } = options
  const connect = api === undefined ? undefined : async () => connectionTo(api, target)
  const ended = main(argv, { io, connect }).then(async (code): Promise<CliRun> => {
    // The streams hand over what was written on a later turn.
    await new Promise(done => setImmediate(done))
    return {
      code,
      stdout: chunks.stdout,
      stderr: stripVTControlCharacters(chunks.stderr),
      coloured: chunks.stderr,
      exits,
    }
  })
  return {
    ended,
    /** Resolves once stderr holds the text. */
    said: (text: string) =>
      new Promise<void>(done => {
        const look = () => {
          if (chunks.stderr.includes(text)) done()
        }
        listeners.add(look)
        look()
      }),
    stop: (signal: StopSignal) => {
      for (const stop of [...stops]) stop(signal)
    },
  }
}

// What a terminal's stream has beside a stream's own.
const cursor = { cursorTo: () => true, moveCursor: () => true, clearLine: () => true }

export function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return startCli(argv, options).ended
}

/** A temporary folder with these files and a package.json, removed when the test ends. */
export async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-cli-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries({ 'package.json': '{}', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}
