import type { TableApi } from '../apply/ports.ts'
import type { Target } from '../aws/target.ts'
import type { Loaded } from '../load/load-options.ts'
import type { CommandName } from './command-specs.ts'
import type { Flags } from './flags.ts'
import type { Io } from './io.ts'
import type { Report, ReportTarget, Result } from './report/report.ts'

/** Everything that a command is given. */
export interface Run {
  readonly command: CommandName
  readonly names: readonly string[]
  readonly flags: Flags
  /** What follows `--`: another program and its arguments. */
  readonly program?: readonly string[] | undefined
  readonly io: Io
  readonly report: Report
  /** Aborts when the user asks to stop. */
  readonly signal: AbortSignal
  readonly connect: Connect
}

export type Command = (run: Run) => Promise<Result>

/** DynamoDB within reach. */
export interface Connection {
  readonly api: TableApi
  readonly target: Target
  /** Where that is, as far as it is known by now. */
  where(): Promise<ReportTarget>
  /** Ends what was started for it; safe to call twice. */
  close(): Promise<void>
}

export type Connect = (run: Pick<Run, 'io' | 'report' | 'signal'>, loaded: Loaded) => Promise<Connection>
