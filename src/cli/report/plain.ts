import { systemClock } from '../../apply/clock.ts'
import type { Outcome } from '../../apply/events.ts'
import type { Io, Output } from '../io.ts'
import { plural } from './format.ts'
import { errorLines, eventLines, outcomeLines, plainStyle, type Style, summaryLine } from './lines.ts'
import type { Report, ReportSettings } from './report.ts'

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
      // `local --watch` starts over with every change, which may fail as the previous one did.
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

/** Says every warning once. While several tables are worked on it is held until the end, to name all that it is about. */
export function collectWarnings(print: (warning: string) => void) {
  const said = new Set<string>()
  const held = new Map<string, Set<string>>()
  let holds = false
  const say = (message: string, tables: readonly string[]) => {
    said.add(message)
    print(aboutTables(message, tables))
  }
  return {
    begin(names: readonly string[]) {
      holds = names.length > 1
    },
    warn(message: string, table?: string) {
      if (said.has(message) || (table === undefined && held.has(message))) return
      if (table === undefined) return say(message, [])
      if (!holds) return say(message, [table])
      held.set(message, (held.get(message) ?? new Set()).add(table))
    },
    finish() {
      holds = false
      for (const [message, tables] of held) say(message, [...tables])
      held.clear()
    },
  }
}

/** `users, orders: ttl: ...`; a message that names its table itself stays as it is. */
function aboutTables(message: string, tables: readonly string[]): string {
  const [first] = tables
  if (first === undefined || (tables.length === 1 && message.includes(first))) return message
  const shown = tables.length < 5 ? tables : [...tables.slice(0, 3), `${plural(tables.length - 3, 'more table')}`]
  return `${shown.join(', ')}: ${message}`
}

/** Writes lines to several streams in the order in which they come. */
export interface LineQueue {
  write(output: Output, lines: readonly string[]): void
  /** From now on lines may wait a moment, so that many of them are written together. */
  gather(): void
  /** Writes what waits, and from now on each line at once. */
  flush(): void
}

// Readers see no difference, and the process at the other end wakes fifty times a second instead of thousands.
const gatherMs = 20

export function createLineQueue(): LineQueue {
  let waiting: { readonly output: Output; text: string }[] = []
  let gathers = false
  let writtenAt = Number.NEGATIVE_INFINITY
  let timer: AbortController | undefined

  function writeAll() {
    timer?.abort('written')
    timer = undefined
    writtenAt = systemClock.now()
    const all = waiting
    waiting = []
    for (const { output, text } of all) output.write(text)
  }

  function later(ms: number) {
    const mine = new AbortController()
    timer = mine
    void systemClock.sleep(ms, mine.signal).then(() => {
      if (timer === mine) writeAll()
    })
  }

  return {
    write(output, lines) {
      if (lines.length === 0) return
      const text = `${lines.join('\n')}\n`
      const last = waiting.at(-1)
      if (last?.output === output) last.text += text
      else waiting.push({ output, text })
      const waitMs = gathers ? writtenAt + gatherMs - systemClock.now() : 0
      if (waitMs <= 0) writeAll()
      else if (timer === undefined) later(waitMs)
    },
    gather() {
      gathers = true
    },
    flush() {
      gathers = false
      if (waiting.length > 0) writeAll()
    },
  }
}
