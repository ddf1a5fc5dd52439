import type { Ora } from 'ora'
import { systemClock } from '../../apply/clock.ts'
import { formatDuration, plural } from '../../table/text.ts'
import type { Io, OutputStream } from '../command.ts'
import { plainStyle, type Style, statusText } from './lines.ts'
import { createPlainReport } from './plain-report.ts'
import type { Report, ReportSettings, RunStart } from './report.ts'
import { visible } from './visible.ts'

export interface Looks {
  /** Whether to colour the output of each stream. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean }
  readonly spinner: boolean
}

// Shorter work gets no spinner, so that ora is not loaded.
const quickMs = 120

/** Coloured lines, and a spinner on stderr during work on tables. */
export async function createTerminalReport(io: Io, settings: ReportSettings, looks: Looks): Promise<Report> {
  const anyColour = looks.colour.stdout || looks.colour.stderr
  const coloured = anyColour ? await loadStyle() : plainStyle
  const styleFor = (output: OutputStream, colour: boolean): Style => ({
    ...(colour ? coloured : plainStyle),
    colour,
    signs: output.isTTY === true,
  })
  const styles = { stdout: styleFor(io.stdout, looks.colour.stdout), stderr: styleFor(io.stderr, looks.colour.stderr) }
  const spinner = looks.spinner && !settings.quiet
  const lines = createPlainReport(io, settings, { styles, spinner })
  return spinner ? withSpinner(lines, io, settings, looks.colour.stderr) : lines
}

async function loadStyle(): Promise<Omit<Style, 'signs'>> {
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  return { good: chalk.green, bad: chalk.red, warning: chalk.yellow, dim: chalk.dim, bold: chalk.bold }
}

/** The same lines, with a spinner instead of progress notes for each table. */
function withSpinner(lines: Report, io: Io, settings: ReportSettings, colour: boolean): Report {
  let spinner: Ora | undefined
  let over = new AbortController()
  let progress: Progress = { verb: '', counted: '', names: [], done: 0, doing: '' }
  const show = () => {
    if (spinner !== undefined) spinner.text = visible(progressText(progress))
  }
  const stop = () => {
    over.abort()
    spinner?.stop()
    spinner = undefined
  }
  return {
    ...lines,
    begin(start) {
      lines.begin(start)
      over = new AbortController()
      progress = { ...start, done: 0, doing: '' }
      const startedAt = systemClock.now()
      const text = () => visible(progressText(progress))
      void startSpinner(io, { colour, text, startedAt }, over.signal).then(started => {
        spinner = started
      })
    },
    event(event) {
      if (event.kind === 'warning' || event.kind === 'held' || event.kind === 'pace' || settings.verbose)
        lines.event(event)
      if (event.kind === 'sending') progress = { ...progress, doing: event.step.summary }
      if (event.kind === 'status') progress = { ...progress, doing: statusText(event) }
      show()
    },
    outcome(outcome, details) {
      progress = { ...progress, done: progress.done + 1 }
      if (progress.done === progress.names.length) stop()
      lines.outcome(outcome, details)
      show()
    },
    finish(outcomes) {
      stop()
      lines.finish(outcomes)
    },
    ready(result) {
      stop()
      lines.ready(result)
    },
    end(result) {
      stop()
      lines.end(result)
    },
  }
}

interface SpinnerStart {
  readonly colour: boolean
  readonly text: () => string
  readonly startedAt: number
}

async function startSpinner(
  io: Io,
  { colour, text, startedAt }: SpinnerStart,
  over: AbortSignal,
): Promise<Ora | undefined> {
  await systemClock.sleep(quickMs, over)
  if (over.aborted) return undefined
  const { default: ora } = await import('ora')
  if (over.aborted) return undefined
  const spinner = ora({
    text: text(),
    stream: io.stderr,
    isEnabled: true,
    // Do not discard stdin: that needs raw mode, in which Ctrl-C is not a signal.
    discardStdin: false,
    color: colour ? 'cyan' : false,
    suffixText: () => formatDuration(systemClock.now() - startedAt),
  })
  return spinner.start()
}

export interface Progress extends RunStart {
  readonly done: number
  /** The latest news of any table. */
  readonly doing: string
}

/** `Creating users  CREATING`, or `Creating 50 tables  3/50 ready`. */
export function progressText({ verb, names, done, counted, doing }: Progress): string {
  if (names.length === 1) return [`${verb} ${names[0] ?? ''}`, ...(doing === '' ? [] : [doing])].join('  ')
  return `${verb} ${plural(names.length, 'table')}  ${done}/${names.length} ${counted}`
}
