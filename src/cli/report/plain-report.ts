import { systemClock } from '../../apply/clock.ts'
import type { Event, Outcome } from '../../apply/events.ts'
import { DynamoxError, type ErrorCode } from '../../errors.ts'
import { formatDuration, plural } from '../../table/text.ts'
import { grouped } from '../../table/untyped.ts'
import type { Io, OutputStream } from '../command.ts'
import { errorLines, eventLines, outcomeLines, plainStyle, type Style, statusText, summaryLine } from './lines.ts'
import type { Report, ReportSettings, RunStart } from './report.ts'
import { visible } from './visible.ts'

/** How often a run without a spinner reports that it is still working. */
const progressMs = 30_000

interface PlainOptions {
  readonly styles?: { readonly stdout: Style; readonly stderr: Style }
  /** Whether a spinner shows the progress. */
  readonly spinner?: boolean
  /** Whether to print results; `false` when another reporter does. */
  readonly results?: boolean
  /** Called around lines that the log of GitHub Actions folds. */
  readonly fold?: { open(title: string): void; close(): void }
}

/** One line per event on stderr, one per result on stdout, coloured by the styles. */
export function createPlainReport(
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { quiet, verbose }: ReportSettings,
  { styles = { stdout: plainStyle, stderr: plainStyle }, spinner = false, results = true, fold }: PlainOptions = {},
): Report {
  const said = new Set<string>()
  let nameWidth = 0
  let startedAt = systemClock.now()
  let isLarge = false
  // Reported at the end, together: outcomes, and errors whose tables were already reported.
  let held: Outcome[] = []
  let heldErrors: Outcome[] = []

  const write = (to: 'stdout' | 'stderr', lines: readonly string[]) => {
    if (to === 'stdout' && !results) return
    const colour = styles[to].colour === true
    writeLines(
      to === 'stdout' ? stdout : stderr,
      lines.map(line => visible(line, colour)),
    )
  }
  const writeFolded = ([title = '', ...lines]: readonly string[]) => {
    if (fold === undefined || lines.length === 0) return write('stdout', [title, ...lines])
    fold.open(title)
    write('stdout', lines)
    fold.close()
  }
  const narrate = (lines: readonly string[]) => {
    if (!quiet) write('stderr', lines)
  }
  const warnings = collectWarnings(text => narrate([`${styles.stderr.warning('warning:')} ${text}`]))
  const retried = new Set<string>()
  const isRepeated = ({ table, reason }: Extract<Event, { kind: 'held' }>) => {
    const cause = reason.replaceAll(table, '').replace(/\d+/g, '')
    const isKnown = retried.has(table) || retried.has(cause)
    retried.add(table).add(cause)
    return isKnown
  }
  const progress = createProgress(line => narrate([line]))
  const failure = (outcome: Outcome) => {
    const { error, name } = outcome
    if (error === undefined || said.has(error.message)) return
    said.add(error.message)
    if (endsAlike(outcome)) {
      heldErrors.push(outcome)
      return
    }
    const told = error.hint !== undefined && said.has(error.hint)
    if (error.hint !== undefined) said.add(error.hint)
    const label = namesTable(error.message, name) ? 'error' : `error: ${name}`
    write('stderr', errorLines(error, styles.stderr, { label, hint: !told }))
  }

  return {
    defined() {},
    begin(start) {
      // With `local --watch` every change starts a run, which may repeat the errors of the previous one.
      said.clear()
      retried.clear()
      warnings.begin(start.names)
      // On a narrow terminal, names take at most half the width.
      const widest = Math.min(40, Math.floor((stdout.columns || 80) / 2))
      nameWidth = Math.min(widest, Math.max(0, ...start.names.map(name => name.length)))
      startedAt = systemClock.now()
      isLarge = start.names.length > 5
      held = []
      heldErrors = []
      if (!spinner) progress.begin(start)
    },
    note(line) {
      narrate(typeof line === 'string' ? [line] : line(styles.stderr))
    },
    warn: warnings.warn,
    event(event) {
      if (event.kind === 'warning') return warnings.warn(event.message, event.table)
      progress.event(event)
      // A request that is retried, and many that are retried for one reason, are one line.
      if (event.kind === 'held' && isRepeated(event)) return
      if (event.kind === 'sent') retried.delete(event.table)
      // The progress says the same.
      if (event.kind === 'waiting' && progress.isOn()) return
      narrate(eventLines(event, verbose).map(line => styles.stderr.dim(line)))
    },
    outcome(outcome, details) {
      progress.outcome(outcome)
      for (const message of outcome.warnings ?? []) warnings.warn(message, outcome.name)
      if (isLarge && endsAlike(outcome)) held.push(outcome)
      else writeFolded(outcomeLines(outcome, details, { style: styles.stdout, nameWidth }))
      failure(outcome)
    },
    finish(outcomes) {
      progress.end()
      for (const outcome of mergeAlike(held))
        write('stdout', outcomeLines(outcome, [], { style: styles.stdout, nameWidth }))
      for (const error of mergeErrors(heldErrors)) write('stderr', errorLines(error, styles.stderr))
      warnings.finish()
      const summary = summaryLine(outcomes, systemClock.now() - startedAt)
      if (summary !== undefined) narrate([summary])
    },
    ready({ lines, warnings: general = [] }) {
      for (const message of general) warnings.warn(message)
      if (lines !== undefined) write('stdout', lines(styles.stdout))
    },
    end({ lines, warnings: general = [], error }) {
      progress.end()
      warnings.finish()
      if (lines !== undefined) write('stdout', lines(styles.stdout))
      for (const message of general) warnings.warn(message)
      if (error !== undefined && !said.has(error.message)) write('stderr', errorLines(error, styles.stderr))
    },
  }
}

/** Prints every 30 s what a run is waiting for. */
function createProgress(say: (line: string) => void) {
  let over = new AbortController()
  over.abort()
  let open = new Map<string, string>()
  return {
    isOn: () => !over.signal.aborted,
    begin({ verb, counted, names }: RunStart) {
      over.abort()
      over = new AbortController()
      const { signal } = over
      let elapsedMs = 0
      open = new Map(names.map(name => [name, '']))
      void repeat()

      async function repeat(): Promise<void> {
        await systemClock.sleep(progressMs, signal)
        if (signal.aborted) return
        elapsedMs += progressMs
        const [[name, doing] = ['', '']] = open
        const what =
          names.length === 1
            ? doing === ''
              ? `${verb.toLowerCase()} ${name}`
              : `${name} is ${doing}`
            : `${names.length - open.size} of ${plural(names.length, 'table')} ${counted}${doing === '' ? '' : `; ${name} is ${doing}`}`
        say(`still working after ${formatDuration(elapsedMs)}: ${what}`)
        return repeat()
      }
    },
    event(event: Event) {
      if (event.kind === 'status' && open.has(event.table)) open.set(event.table, statusText(event))
    },
    outcome({ name }: Outcome) {
      open.delete(name)
    },
    end() {
      over.abort()
    },
  }
}

/** Writes several lines in one call. */
export function writeLines(output: OutputStream, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`)
}

/**
 * Prints every warning once. During a run over several tables, warnings wait until the end, to name all their tables.
 */
function collectWarnings(print: (warning: string) => void) {
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

/** `users, orders: ttl: ...`; a message that already names its table is unchanged. */
function aboutTables(message: string, tables: readonly string[]): string {
  const [first] = tables
  if (first === undefined || (tables.length === 1 && namesTable(message, first))) return message
  return `${tableNames(tables)}: ${message}`
}

/** Whether a message already says which table it is about. */
function namesTable(message: string, name: string): boolean {
  const isFirst = message.startsWith(`${name}: `) || message.startsWith(`${name} `)
  return isFirst || [`table ${name} `, `${name} › `, `"${name}"`].some(part => message.includes(part))
}

/** From this number on, tables that end alike are one line. */
const manyAlike = 6

// Failures that many tables of a run usually share; other failures are reported as they happen.
const sharedCauses: readonly ErrorCode[] = ['interrupted', 'network', 'credentials', 'usage']

/** Whether other tables of the run probably end in the same way. */
export function endsAlike({ action, error }: Outcome): boolean {
  return action === 'skipped' || (error !== undefined && sharedCauses.includes(error.code))
}

/** Outcomes that differ only in the table's name, merged when they are many; others stay as they are. */
function mergeAlike(outcomes: readonly Outcome[]): readonly Outcome[] {
  const groups = grouped(outcomes, outcome => `${outcome.action} ${outcome.status} ${withoutName(outcome)}`)
  return groups.flatMap(group =>
    group.length < manyAlike ? group : [{ ...group[0], name: tableNames(group.map(({ name }) => name)) }],
  )
}

/** The errors of the outcomes; those that differ only in the table's name become one. */
function mergeErrors(outcomes: readonly Outcome[]): readonly DynamoxError[] {
  return grouped(outcomes, withoutName).flatMap(group => {
    const [first] = group
    if (first.error === undefined) return []
    if (group.length === 1) return [first.error]
    const names = group.map(({ name }) => name)
    const { code, hint } = first.error
    const named = hint?.replaceAll(` ${first.name} `, names.length < manyAlike ? ` ${names.join(' ')} ` : ' <table> ')
    return [new DynamoxError(code, `${tableNames(names)}: ${withoutName(first)}`, { hint: named })]
  })
}

/** `users, orders`; of many tables the first three, and how many more. */
export function tableNames(tables: readonly string[]): string {
  const shown = tables.length < 5 ? tables : [...tables.slice(0, 3), plural(tables.length - 3, 'more table')]
  return shown.join(', ')
}

function withoutName({ error, name }: Outcome): string {
  return error?.message.replace(`${name}: `, '') ?? ''
}
