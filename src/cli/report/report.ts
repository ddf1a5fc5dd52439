import type { Event, Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import type { ResolvedTable } from '../../load/load-options.ts'
import type { TableDefinition } from '../../table/definition.ts'
import type { Style } from './lines.ts'

/** The target of a command, in the form of the JSON contract. */
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
  /** Lines for stdout that were not already written while the command ran. */
  readonly lines?: StyledLines | undefined
  /** Tables that Markdown shows in full, instead of `lines`. */
  readonly definitions?: readonly ShownDefinition[] | undefined
  /** Markdown shows it as one table, instead of `lines`. */
  readonly grid?: Grid | undefined
}

export interface ShownDefinition {
  readonly definition: TableDefinition
  /** More about it: its files, or the state of a live table. */
  readonly facts: readonly (readonly [label: string, value: string])[]
  /** The text after the value at this path: that it is a default, or where it comes from. */
  readonly note?: (path: string) => string
}

export interface Grid {
  readonly columns: readonly string[]
  /** The first cell is a name. */
  readonly rows: readonly (readonly string[])[]
}

/** The start of a run over tables; it determines the spinner's text and the column widths. */
export interface RunStart {
  /** `Creating`, `Waiting for`. */
  readonly verb: string
  /** The word for finished tables in the count: `3/50 ready`. */
  readonly counted: string
  readonly names: readonly string[]
}

/** Lines in the style of the stream that they are written to. */
export type StyledLines = (style: Style) => readonly string[]

/** The output of a command while it runs. Results go to stdout, everything else to stderr. */
export interface Report {
  /** The tables that models and config define, with their places in the files. */
  defined(tables: readonly ResolvedTable[]): void
  begin(start: RunStart): void
  /** Progress notes: the target of a change, how a name was interpreted. */
  note(line: string | StyledLines): void
  /** Printed once per message; in a run over several tables, at its end and with the names of the tables. */
  warn(message: string, table?: string): void
  event(event: Event): void
  /** One table is finished; `details` are lines below its own (differences, steps). */
  outcome(outcome: Outcome, details: readonly string[]): void
  /** The run over tables has ended; later lines do not use its columns. */
  finish(outcomes: readonly Outcome[]): void
  /** Prints the results now, although the command continues; `end` may only add an error. */
  ready(result: Result): void
  /** The command has ended. */
  end(result: Result): void
}

export const reporterNames = ['text', 'json', 'github', 'markdown'] as const

export type ReporterName = (typeof reporterNames)[number]

export interface ReportSettings {
  readonly command: string
  readonly quiet: boolean
  readonly verbose: boolean
}
