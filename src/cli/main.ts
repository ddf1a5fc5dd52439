import { setMaxListeners } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { DynamoxError, isDynamoxError, messageOf } from '../errors.ts'
import type { CommandName } from './command-specs.ts'
import { exitCodes, stopCodes } from './exit-code.ts'
import type { Flags } from './flags.ts'
import type { Io, StopSignal } from './io.ts'
import type { Parsed } from './parse.ts'
import type { ReportChoice } from './report/choose-report.ts'
import type { Report, Result } from './report/report.ts'
import type { Connect } from './run.ts'

export interface Parts {
  /** Where the command line is read from and written to; this process by default. */
  readonly io?: Io | undefined
  /** What tests put in the place of the real thing. */
  readonly connect?: Connect | undefined
  /** A thread for model files that was started ahead. */
  readonly thread?: Worker | undefined
}

/** Runs one command line (without node and the script's name) and resolves to its exit code; never rejects. */
export async function main(argv: readonly string[], parts: Parts = {}): Promise<number> {
  const { io = processIo(), thread } = parts
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) return print(io, [version()])
  let report: Report | undefined
  let flags: Flags = {}
  const stop = listenForStop(io, () => report?.note('stopping; once more to leave at once'))
  try {
    const { parseArguments } = await import('./parse.ts')
    const parsed = parseArguments(argv)
    if (parsed.kind !== 'run') {
      const lines = parsed.kind === 'version' ? [version()] : await helpLines(parsed.command)
      if (!fromRaw(argv).json) return print(io, lines)
      report = await createReport(io, { ...fromRaw(argv), command: parsed.kind })
      return finish(report, { exit: 0, extra: { text: lines.join('\n') } }, undefined)
    }
    flags = parsed.flags
    if (flags.model?.some(mayBeCode)) (await import('../load/worker-thread.ts')).startAhead(thread)
    else void thread?.terminate()
    report = await createReport(io, fromFlags(parsed))
    const { loadCommand } = await import('./load-command.ts')
    const command = await loadCommand(parsed.command)
    const connect = parts.connect ?? (await import('./connect.ts')).connect
    return finish(report, await command({ ...parsed, io, report, connect, signal: stop.signal }), stop.by())
  } catch (thrown) {
    const { completeError } = await import('./complete-commands.ts')
    const error = completeError(toError(thrown, stop.signal), flags)
    report ??= await createReport(io, fromRaw(argv))
    return finish(report, { exit: exitCodes[error.code], error }, stop.by())
  } finally {
    stop.off()
  }
}

const mayBeCode = (pattern: string) => !/\.(json|ya?ml)$/i.test(pattern)

/** Ends the report; a run that SIGTERM interrupted says so in its exit code. */
function finish(report: Report, result: Result, by: StopSignal | undefined): number {
  const exit = by !== undefined && result.exit === exitCodes.interrupted ? stopCodes[by] : result.exit
  report.end({ ...result, exit })
  return exit
}

function toError(thrown: unknown, signal: AbortSignal): DynamoxError {
  if (isDynamoxError(thrown)) return thrown
  if (signal.aborted) return new DynamoxError('interrupted', 'stopped; nothing more was sent', { cause: thrown })
  const message = messageOf(thrown)
  return new DynamoxError('internal', message, { cause: thrown })
}

async function createReport(io: Io, choice: ReportChoice): Promise<Report> {
  const { chooseReport } = await import('./report/choose-report.ts')
  return chooseReport(io, choice)
}

function fromFlags({ command, flags }: Extract<Parsed, { kind: 'run' }>): ReportChoice {
  const { json = false, quiet = false, verbose = false, color = true } = flags
  return { command, json, quiet, verbose, color }
}

/** A command line that could not be parsed still says how its error is to be told. */
function fromRaw(argv: readonly string[]): ReportChoice {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  return {
    command: options.find(word => !word.startsWith('-')) ?? '',
    json: options.includes('--json'),
    color: !options.includes('--no-color'),
    quiet: false,
    verbose: false,
  }
}

/** The first signal aborts what runs, the second ends the process. */
function listenForStop(io: Io, onFirst: () => void) {
  const controller = new AbortController()
  // Every table and every request under way listens to it.
  setMaxListeners(0, controller.signal)
  let by: StopSignal | undefined
  const off = io.onStop(signal => {
    if (by !== undefined) return io.exit(stopCodes[signal])
    by = signal
    onFirst()
    controller.abort(new DynamoxError('interrupted', 'stopped'))
  })
  return { signal: controller.signal, by: () => by, off }
}

/**
 * Whoever read our output may have had enough (`| head`): go on, and write no more. A full disk loses results, which
 * must not pass for success; there is nobody left to report to but stderr.
 */
function guardOutput<Stream extends NodeJS.WritableStream>(stream: Stream): Stream {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    if (!Object.is(stream, process.stderr))
      process.stderr.write(`error: the output cannot be written: ${error.message}\n`)
    process.exit(exitCodes.usage)
  })
  return stream
}

async function helpLines(command: CommandName | undefined): Promise<readonly string[]> {
  const { commandHelp, programHelp } = await import('./help.ts')
  return command === undefined ? programHelp() : commandHelp(command)
}

function print({ stdout }: Io, lines: readonly string[]): number {
  stdout.write(`${lines.join('\n')}\n`)
  return 0
}

function version(): string {
  return process.env.DYNAMOX_VERSION ?? '0.0.0'
}

/** The real thing. Node makes each stream when it is first asked for, which takes time: so does this. */
function processIo(): Io {
  const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']
  let stdout: Io['stdout'] | undefined
  let stderr: Io['stderr'] | undefined
  return {
    get stdout() {
      stdout ??= guardOutput(process.stdout)
      return stdout
    },
    get stderr() {
      stderr ??= guardOutput(process.stderr)
      return stderr
    },
    get stdin() {
      return process.stdin
    },
    env: process.env,
    get cwd() {
      try {
        return process.cwd()
      } catch (cause) {
        throw new DynamoxError('usage', 'the folder that this was started in is gone', {
          hint: 'cd to another one',
          cause,
        })
      }
    },
    onStop(stop) {
      for (const signal of signals) process.on(signal, stop)
      return () => {
        for (const signal of signals) process.off(signal, stop)
      }
    },
    exit: code => process.exit(code),
  }
}
