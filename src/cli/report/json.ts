import type { Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import type { Io } from '../io.ts'
import { visible, visibleJson } from './format.ts'
import { plainStyle } from './lines.ts'
import { collectWarnings, createProgress, writeLines } from './plain.ts'
import type { Report, ReportSettings, Result, TableRow } from './report.ts'

/** The one document that `--json` prints, also when the command failed. */
export function jsonDocument(command: string, result: Result): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    command,
    ok: result.exit === 0,
    ...(result.target === undefined ? {} : { target: result.target }),
    ...(result.tables === undefined ? {} : { tables: result.tables }),
    ...result.extra,
    ...(result.warnings === undefined || result.warnings.length === 0 ? {} : { warnings: result.warnings }),
    ...(result.error === undefined ? {} : { error: errorDocument(result.error) }),
  }
}

/** A table's outcome as an entry of `tables`. */
export function outcomeRow(outcome: Outcome): TableRow {
  const { name, action, status, durationMs, changes, steps, warnings, error } = outcome
  return {
    name,
    action,
    ...(status === undefined ? {} : { status }),
    durationMs: Math.round(durationMs),
    ...(changes === undefined || changes.length === 0 ? {} : { changes }),
    ...(steps === undefined ? {} : { steps: steps.map(({ until: _until, changes: _changes, ...step }) => step) }),
    ...(warnings === undefined || warnings.length === 0 ? {} : { warnings }),
    ...(error === undefined ? {} : { error: errorDocument(error) }),
  }
}

export function errorDocument({ code, message, hint, problems, place, cause, stack }: DynamoxError) {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(problems === undefined || problems.length === 0 ? {} : { problems }),
    ...(place === undefined ? {} : { place }),
    ...(code === 'internal' ? { stack: cause instanceof Error ? cause.stack : stack } : {}),
  }
}

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
