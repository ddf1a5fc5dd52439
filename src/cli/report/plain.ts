import { systemClock } from '../../apply/clock.ts'
import type { Outcome } from '../../apply/events.ts'
import type { Io, Output } from '../io.ts'
import { collectWarnings } from './collect-warnings.ts'
import { createLineQueue } from './line-queue.ts'
import { errorLines, eventLines, outcomeLines, summaryLine } from './lines.ts'
import type { Report, ReportSettings } from './report.ts'
import { plainStyle, type Style } from './style.ts'

/** From so many tables on lines are written together. */
const manyTables = 16

/** One line per event on stderr, one per result on stdout. The styles colour it for streams that are to have colour. */
export function createPlainReport(
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { quiet, verbose }: ReportSettings,
  styles: { readonly stdout: Style; readonly stderr: Style } = { stdout: plainStyle, stderr: plainStyle },
): Report {
  const said = new Set<string>()
  let nameWidth = 0
  let startedAt = systemClock.now()

  const queue = createLineQueue()
  const narrate = (lines: readonly string[]) => {
    if (!quiet) queue.write(stderr, lines)
  }
  const warnings = collectWarnings(text => narrate([`${styles.stderr.warning('warning:')} ${text}`]))
  const failure = ({ error, name }: Outcome) => {
    if (error === undefined || said.has(error.message)) return
    said.add(error.message)
    const told = error.hint !== undefined && said.has(error.hint)
    if (error.hint !== undefined) said.add(error.hint)
    const label = error.message.includes(name) ? 'error' : `error: ${name}`
    queue.write(stderr, errorLines(error, styles.stderr, { label, hint: !told }))
  }

  return {
    begin({ names }) {
      // `local --watch` begins anew with every change, which may fail as the one before.
      said.clear()
      warnings.begin(names)
      // Of a narrow terminal, names take no more than half.
      const widest = Math.min(40, Math.floor((stdout.columns || 80) / 2))
      nameWidth = Math.min(widest, Math.max(0, ...names.map(name => name.length)))
      startedAt = systemClock.now()
      // A terminal's spinner has to know when a line is written.
      if (names.length > manyTables && stdout.isTTY !== true && stderr.isTTY !== true) queue.gather()
    },
    note(line) {
      narrate([line])
      queue.flush()
    },
    warn: warnings.warn,
    event(event) {
      if (event.kind === 'warning') warnings.warn(event.message, event.table)
      else narrate(eventLines(event, verbose).map(line => styles.stderr.dim(line)))
    },
    outcome(outcome, details) {
      queue.write(stdout, outcomeLines(outcome, details, { style: styles.stdout, nameWidth }))
      for (const message of outcome.warnings ?? []) warnings.warn(message, outcome.name)
      failure(outcome)
    },
    finish(outcomes) {
      queue.flush()
      warnings.finish()
      const summary = summaryLine(outcomes, systemClock.now() - startedAt)
      if (summary !== undefined) narrate([summary])
    },
    ready({ lines, warnings: general = [] }) {
      for (const message of general) warnings.warn(message)
      if (lines !== undefined) queue.write(stdout, lines(styles.stdout))
    },
    end({ lines, warnings: general = [], error }) {
      queue.flush()
      warnings.finish()
      if (lines !== undefined) queue.write(stdout, lines(styles.stdout))
      for (const message of general) warnings.warn(message)
      if (error !== undefined && !said.has(error.message)) queue.write(stderr, errorLines(error, styles.stderr))
    },
  }
}

/** Writes lines, each with its line break, in one go. */
export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`)
}
