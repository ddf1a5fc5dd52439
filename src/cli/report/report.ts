import type { Event, Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import type { Style } from './lines.ts'

/** Where a command worked, as the JSON contract says it. */
export interface ReportTarget {
  readonly kind: 'aws' | 'endpoint' | 'local'
  readonly region: string
  readonly endpoint: string | null
  readonly account: string | null
}

/** One entry of `tables` in the JSON document. */
export type TableRow = Readonly<Record<string, unknown>> & { readonly name: string }

/** The result of a command: its exit code, and the content of the JSON document. */
export interface Result {
  readonly exit: number
  readonly target?: ReportTarget | undefined
  readonly tables?: readonly TableRow[] | undefined
  readonly warnings?: readonly string[] | undefined
  /** Further members of the document, such as `path` of `init`. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
  readonly error?: DynamoxError | undefined
  /** For people, on stdout: what was not already written line by line while the command ran. */
  readonly lines?: ((style: Style) => readonly string[]) | undefined
}

/** The start of a run over tables, for the spinner and the columns. */
export interface RunStart {
  /** `Creating`, `Waiting for`. */
  readonly verb: string
  /** What a finished table is counted as: `3/50 ready`. */
  readonly counted: string
  readonly names: readonly string[]
}

/** How a command speaks while it runs. Results go to stdout, everything else to stderr. */
export interface Report {
  begin(start: RunStart): void
  /** Narration: where something is changed, what a name was taken for. */
  note(line: string): void
  /** Said once, however often it is reported; during a run over several tables at its end, with all their names. */
  warn(message: string, table?: string): void
  event(event: Event): void
  /** One table is finished; `details` are lines below its own (differences, steps). */
  outcome(outcome: Outcome, details: readonly string[]): void
  /** The run over tables is over; what follows is no longer in its columns. */
  finish(outcomes: readonly Outcome[]): void
  /** The command has its results and goes on: they are printed now, and `end` adds an error at most. */
  ready(result: Result): void
  /** The command is over. */
  end(result: Result): void
}

export interface ReportSettings {
  readonly command: string
  readonly quiet: boolean
  readonly verbose: boolean
}
