import type { Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import { definedOnly } from '../../table/untyped.ts'
import type { Io } from '../command.ts'
import { createPlainReport, writeLines } from './plain-report.ts'
import type { Report, ReportSettings, Result, TableRow } from './report.ts'
import { visible, visibleJson } from './visible.ts'

/** The one document that `--json` prints, also when the command failed. */
export function jsonDocument(command: string, result: Result): Readonly<Record<string, unknown>> {
  const { exit, target, tables, extra, warnings, error } = result
  return definedOnly({
    version: 1,
    command,
    ok: exit === 0,
    target,
    tables,
    ...extra,
    warnings: notEmpty(warnings),
    error: error && errorDocument(error),
  })
}

/** A table's outcome as an entry of `tables`. */
export function outcomeRow(outcome: Outcome): TableRow {
  const { name, action, status, durationMs, changes, steps, warnings, error } = outcome
  return definedOnly({
    name,
    action,
    status,
    durationMs: Math.round(durationMs),
    changes: notEmpty(changes),
    steps: steps?.map(({ until: _until, changes: _changes, ...step }) => step),
    warnings: notEmpty(warnings),
    error: error && errorDocument(error),
  })
}

export function errorDocument({ code, message, hint, problems, place, cause, stack }: DynamoxError) {
  const trace = cause instanceof Error ? cause.stack : stack
  const internal = code === 'internal' ? { stack: trace } : {}
  return definedOnly({ code, message, hint, problems: notEmpty(problems), place, ...internal })
}

/** An empty list is left out. */
export const notEmpty = <T>(list: readonly T[] | undefined) => (list?.length === 0 ? undefined : list)

/** One document at the end; notes and warnings go to stderr. */
export function createJsonReport(io: Pick<Io, 'stdout' | 'stderr'>, settings: ReportSettings): Report {
  const report = createPlainReport(io, { ...settings, verbose: false }, { results: false })
  let printed = false
  const print = (result: Result) => {
    printed = true
    writeLines(io.stdout, [visibleJson(JSON.stringify(jsonDocument(settings.command, result), undefined, 2))])
  }
  return {
    ...report,
    event(event) {
      // The document says the rest.
      if (event.kind === 'warning' || event.kind === 'status') report.event(event)
    },
    outcome: ({ error: _, ...outcome }) => report.outcome(outcome, []),
    finish: () => report.finish([]),
    ready: print,
    end(result) {
      report.end({ exit: result.exit })
      if (!printed) print(result)
      // The document is printed; a later error goes to stderr.
      else if (result.error !== undefined) writeLines(io.stderr, [visible(`error: ${result.error.message}`)])
    },
  }
}
