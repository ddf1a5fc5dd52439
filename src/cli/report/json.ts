import type { Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import { definedOnly } from '../../table/untyped.ts'
import type { Io } from '../command.ts'
import { visible, visibleJson } from './format.ts'
import { plainStyle } from './lines.ts'
import { collectWarnings, createProgress, writeLines } from './plain.ts'
import type { Report, ReportSettings, Result, TableRow } from './report.ts'

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

const notEmpty = <T>(list: readonly T[] | undefined) => (list?.length === 0 ? undefined : list)

/** One document at the end; notes and warnings go to stderr. */
export function createJsonReport({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>, settings: ReportSettings): Report {
  let printed = false
  const print = (result: Result) => {
    printed = true
    writeLines(stdout, [visibleJson(JSON.stringify(jsonDocument(settings.command, result), undefined, 2))])
  }
  const warnings = collectWarnings(text => {
    if (!settings.quiet) writeLines(stderr, [visible(`warning: ${text}`)])
  })
  const note: Report['note'] = line => {
    const lines = typeof line === 'string' ? [line] : line(plainStyle)
    if (!settings.quiet)
      writeLines(
        stderr,
        lines.map(each => visible(each)),
      )
  }
  const progress = createProgress(note)
  return {
    defined() {},
    begin(start) {
      warnings.begin(start.names)
      progress.begin(start)
    },
    note,
    warn: warnings.warn,
    event(event) {
      if (event.kind === 'warning') warnings.warn(event.message, event.table)
      progress.event(event)
    },
    outcome(outcome) {
      progress.outcome(outcome)
      for (const message of outcome.warnings ?? []) warnings.warn(message, outcome.name)
    },
    finish() {
      progress.end()
      warnings.finish()
    },
    ready: print,
    end(result) {
      progress.end()
      if (!printed) print(result)
      // The document is printed; a later error goes to stderr.
      else if (result.error !== undefined) writeLines(stderr, [visible(`error: ${result.error.message}`)])
    },
  }
}
