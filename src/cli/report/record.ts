import type { Outcome } from '../../apply/events.ts'
import type { ResolvedTable } from '../../load/load-options.ts'
import type { Report, Result } from './report.ts'

/** What a command reported, for the reporters that print one document at the end. */
export interface RunRecord {
  /** The last outcome of each table, in the order in which they finished. */
  readonly outcomes: readonly Recorded[]
  readonly warnings: readonly Warning[]
  /** The defined tables, by resolved name. */
  readonly defined: ReadonlyMap<string, Defined>
  readonly result: Result
}

/** An outcome with the lines below it. */
export interface Recorded extends Outcome {
  readonly details?: readonly string[] | undefined
}

export type Defined = Pick<ResolvedTable, 'baseName' | 'sources'>

export interface Warning {
  readonly message: string
  readonly table?: string | undefined
}

/** The same report; calls `onEnd` once, with everything that was reported, when results are ready or the command ends. */
export function recorded(report: Report, onEnd: (record: RunRecord) => void): Report {
  const outcomes = new Map<string, Recorded>()
  const warnings = new Map<string, Warning>()
  const defined = new Map<string, Defined>()
  let ended = false
  const note = (message: string, table?: string) => {
    warnings.set(`${table ?? ''} ${message}`, { message, table })
  }
  const end = (result: Result) => {
    for (const message of result.warnings ?? []) note(message)
    if (!ended) onEnd({ outcomes: [...outcomes.values()], warnings: [...warnings.values()], defined, result })
    ended = true
  }
  return {
    ...report,
    defined(tables) {
      for (const table of tables) defined.set(table.definition.name, table)
      report.defined(tables)
    },
    warn(message, table) {
      note(message, table)
      report.warn(message, table)
    },
    event(event) {
      if (event.kind === 'warning') note(event.message, event.table)
      report.event(event)
    },
    outcome(outcome, details) {
      outcomes.set(outcome.name, { ...outcome, details })
      for (const message of outcome.warnings ?? []) note(message, outcome.name)
      report.outcome(outcome, details)
    },
    ready(result) {
      report.ready(result)
      end(result)
    },
    end(result) {
      report.end(result)
      end(result)
    },
  }
}
