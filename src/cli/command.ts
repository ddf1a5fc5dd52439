import type { TableApi } from '../apply/ports.ts'
import type { PolicyCall } from '../aws/permissions.ts'
import type { Target } from '../aws/target.ts'
import type { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { EnvironmentVariables } from '../table/environment-variable.ts'
import type { Policy } from './options/option.ts'
import type { Flags, OptionName } from './options/options.ts'
import type { Report, ReportTarget, Result } from './report/report.ts'

/** A command: its name, help texts, policy and function. */
export interface Command extends Policy {
  /** One line for the list of commands. */
  readonly summary: string
  /** The meaning of exit code 1; absent if it cannot happen. */
  readonly exit1?: string
  /** The meaning of exit code 0, where it is not the usual one. */
  readonly exit0?: string
  /** Lines of shell, each with its meaning. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
  readonly options?: readonly OptionName[]
  readonly meanings?: Readonly<Partial<Record<OptionName, string>>>
  /** Other tools' words for it. */
  readonly otherWords?: readonly string[]
  /** Other tools' words for it with an option. */
  readonly otherWordsWith?: Readonly<Record<`--${string}`, readonly string[]>>
  /** The hint for table names where it takes none. */
  insteadOfNames?(words: readonly string[]): string
  /** The calls that it makes, by their targets, for `--iam`; absent when it makes none. */
  calls?(invocation: Invocation): Promise<readonly CallsAt[]>
  run(invocation: Invocation): Promise<Result>
}

/** The inputs of one run of a command. */
export interface Invocation {
  readonly command: Command
  readonly names: readonly string[]
  readonly flags: Flags
  /** The words after `--`: another program and its arguments. */
  readonly program?: readonly string[] | undefined
  readonly io: Io
  readonly report: Report
  /** Aborts when the user asks to stop. */
  readonly signal: AbortSignal
  readonly connect: Connect
  /** Adds this run's model, config and target options to every dynamox command in a text. */
  complete(text: string, flags?: Flags): string
}

/** A run with loaded definitions and settings and a connection to DynamoDB. */
export interface Session extends Invocation {
  readonly loaded: Loaded
  readonly connection: Connection
}

/** The calls of a command at one target. */
export interface CallsAt {
  readonly run: Invocation
  readonly loaded: Loaded
  /** May look at live tables first; `error` when some of them could not be planned. */
  find(session: Session): Promise<{ readonly calls: readonly PolicyCall[]; readonly error?: DynamoxError | undefined }>
}

/** A connection to DynamoDB. */
export interface Connection {
  readonly api: TableApi
  readonly target: Target
  /** The known parts of the target. */
  where(): Promise<ReportTarget>
  /** Stops everything that was started for it; safe to call twice. */
  close(): Promise<void>
}

export type Connect = (invocation: Pick<Invocation, 'io' | 'report'>, loaded: Loaded) => Promise<Connection>

/** A stream to write to; a terminal has `isTTY` and its width. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  /** The stream behind one that neutralises what a reader of the output would obey. */
  readonly raw?: OutputStream | undefined
}

/** The stream with the user's answers. */
export interface InputStream extends NodeJS.ReadableStream {
  readonly isTTY?: boolean | undefined
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The parts of the process that the CLI uses, so that tests can run commands without a process. */
export interface Io {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly stdin: InputStream
  readonly env: EnvironmentVariables
  readonly cwd: string
  /** Calls `stop` for every stop signal; returns a function that removes the listener. */
  onStop(stop: (signal: StopSignal) => void): () => void
  /** Ends the process immediately; used only for a second signal. */
  exit(code: number): void
}
