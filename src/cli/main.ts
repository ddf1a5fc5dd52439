import { setMaxListeners } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { DynamoxError, isDynamoxError, messageOf } from '../errors.ts'
import type { Connect, Invocation, Io, StopSignal } from './command.ts'
import { completeError, connect } from './connect.ts'
import { exitCodes, stopCodes } from './exit-code.ts'
import type { Flags } from './options/options.ts'
import { completeCommands, parseArguments } from './program.ts'
import { chooseReport, isOn, type ReportChoice, reportChoice } from './report/choose-report.ts'
import { type Report, type Result, reporterNames } from './report/report.ts'

export interface Parts {
  /** The streams and signals; those of this process by default. */
  readonly io?: Io | undefined
  /** Replaced in tests. */
  readonly connect?: Connect | undefined
  /** A thread for model files that was started early. */
  readonly thread?: Worker | undefined
}

/** Runs one command line (without node and the script's name) and resolves to its exit code; never rejects. */
export async function main(argv: readonly string[], parts: Parts = {}): Promise<number> {
  const { thread } = parts
  const io = await guardFor(argv, parts.io ?? processIo())
  // The shells' scripts ask for completions in this way.
  if (argv[0] === 'complete' && argv[1] === '--') return (await import('./complete.ts')).complete(argv.slice(2), io)
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) return print(io, version())
  let report: Report | undefined
  let flags: Flags = {}
  const stop = listenForStop(io, () => report?.note('stopping; press Ctrl-C again to exit immediately'))
  const complete = (text: string, other?: Flags) => completeCommands(text, other ?? flags, io.env)
  try {
    const parsed = await parseArguments(argv, io.env, io.stdout.columns ?? (Number(io.env.COLUMNS) || undefined))
    if (parsed.kind !== 'run') {
      const text = parsed.kind === 'version' ? version() : parsed.text
      if (fromRaw(argv).reporter !== 'json') return print(io, text)
      report = await chooseReport(io, { ...fromRaw(argv), command: parsed.kind })
      return finish(report, { exit: 0, extra: { text } }, undefined)
    }
    flags = parsed.flags
    if (flags.model?.some(mayBeCode)) (await import('../load/worker-thread.ts')).startAhead(thread)
    else void thread?.terminate()
    report = await chooseReport(io, reportChoice(parsed.command, flags))
    const invocation = { ...parsed, io, report, connect: parts.connect ?? connect, signal: stop.signal, complete }
    return finish(report, await work(invocation), stop.by())
  } catch (thrown) {
    const error = completeError(toError(thrown, stop.signal), complete)
    report ??= await chooseReport(io, fromRaw(argv))
    return finish(report, { exit: exitCodes[error.code], error }, stop.by())
  } finally {
    stop.off()
  }
}

async function work(invocation: Invocation): Promise<Result> {
  if (invocation.flags.iam !== true) return invocation.command.run(invocation)
  return (await import('./print-policy.ts')).printPolicy(invocation)
}

/** In the log of GitHub Actions, texts from files must not become commands of its runner. */
async function guardFor(argv: readonly string[], io: Io): Promise<Io> {
  const isLog = isOn(io.env.GITHUB_ACTIONS) || fromRaw(argv).reporter === 'github'
  return isLog ? (await import('./report/github-report.ts')).withoutCommands(io) : io
}

const mayBeCode = (pattern: string) => !/\.(json|ya?ml)$/i.test(pattern)

/** Ends the report; returns SIGTERM's exit code if that signal interrupted the run. */
function finish(report: Report, result: Result, by: StopSignal | undefined): number {
  const exit = by !== undefined && result.exit === exitCodes.interrupted ? stopCodes[by] : result.exit
  report.end({ ...result, exit })
  return exit
}

function toError(thrown: unknown, signal: AbortSignal): DynamoxError {
  if (isDynamoxError(thrown)) return thrown
  if (signal.aborted) return new DynamoxError('interrupted', 'interrupted; nothing more was sent', { cause: thrown })
  const message = messageOf(thrown)
  return new DynamoxError('internal', message, { cause: thrown })
}

/** The report settings for a command line that could not be parsed. */
function fromRaw(argv: readonly string[]): ReportChoice {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  return {
    command: options.find(word => !word.startsWith('-')) ?? '',
    reporter: options.includes('--json') ? 'json' : reporterNames.find(name => isChosen(options, name)),
    color: !options.includes('--no-color'),
    quiet: false,
    verbose: false,
  }
}

function isChosen(options: readonly string[], name: string): boolean {
  return options.some(
    (word, index) => word === `--reporter=${name}` || (word === name && options[index - 1] === '--reporter'),
  )
}

/** The first signal aborts the run, the second ends the process. */
function listenForStop(io: Io, onFirst: () => void) {
  const controller = new AbortController()
  // Every table and every request in progress listens to the signal.
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
 * The reader may have closed the pipe (`| head`): stop writing and continue. Lost results (a full disk) are a failure.
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

function print({ stdout }: Io, text: string): number {
  stdout.write(`${text}\n`)
  return 0
}

function version(): string {
  return process.env.DYNAMOX_VERSION ?? '0.0.0'
}

/** The Io of this process. Streams are created on first use, because creating them takes time. */
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
        throw new DynamoxError('usage', 'the working directory no longer exists', {
          hint: 'cd to another folder',
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
