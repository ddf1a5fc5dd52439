import type { Action, Event, Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import type { Step } from '../../settings/step.ts'
import { problemLines } from '../../table/problems.ts'
import { formatDuration, formatNumber, plural } from '../../table/text.ts'

/** Functions that colour text; the plain style returns it unchanged. */
export interface Style {
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
  dim(text: string): string
  bold(text: string): string
  /** Whether lines begin with a sign, as they do on a terminal. */
  readonly signs: boolean
  /** Whether the text holds colour codes. */
  readonly colour?: boolean
}

const same = (text: string) => text

export const plainStyle: Style = { good: same, bad: same, warning: same, dim: same, bold: same, signs: false }

type Mood = 'good' | 'bad' | 'warning' | 'dim'

/** The duration or the amount that belongs to an outcome; `lines`: how many differences are shown. */
type What = (outcome: Outcome, lines: number) => string

const duration: What = ({ durationMs }) => formatDuration(durationMs)
const statusIn: What = ({ status }) => status ?? ''
const left: What = ({ status }) => (status === undefined ? '' : `left ${status}`)

const looks: Readonly<Record<Action, readonly [sign: string, mood: Mood, what?: What]>> = {
  created: ['✔', 'good', duration],
  updated: ['✔', 'good', duration],
  deleted: ['✔', 'good', duration],
  ready: ['✔', 'good', duration],
  gone: ['✔', 'good', duration],
  exists: ['✔', 'good', ({ status = '' }) => (status === 'ACTIVE' ? '' : status)],
  unchanged: ['✔', 'dim'],
  absent: ['-', 'dim'],
  skipped: ['-', 'dim'],
  planned: ['~', 'good', ({ steps = [] }) => plural(steps.length, 'step')],
  requested: ['…', 'warning', statusIn],
  different: ['≠', 'warning', ({ changes = [] }, lines) => plural(lines || changes.length, 'difference')],
  missing: ['✖', 'warning'],
  blocked: ['✖', 'bad', statusIn],
  failed: ['✖', 'bad', left],
  interrupted: ['✖', 'bad', left],
}

// The longest of the usual actions of an outcome.
const actionWidth = 'unchanged'.length

export interface Layout {
  readonly style: Style
  /** The width of the column of names. */
  readonly nameWidth: number
}

/** One line for a table: sign, name, outcome and duration; then its details, indented. */
export function outcomeLines(found: Outcome, given: readonly string[], { style, nameWidth }: Layout): string[] {
  const outcome = asShown(found)
  const details =
    outcome.action === 'planned' && given.length > 0
      ? stepLines(outcome.steps ?? [], style)
      : given.map(line => withSign(line, style))
  const [sign, mood] = looks[outcome.action]
  const lead = style.signs ? `${style[mood](sign)} ` : ''
  const what = whatOf(outcome, given.length)
  const action = what === '' ? outcome.action : outcome.action.padEnd(actionWidth)
  const line = `${lead}${outcome.name.padEnd(nameWidth)}  ${style[mood](action)}${what === '' ? '' : `  ${style.dim(what)}`}`
  return [line, ...details.map(detail => `${style.signs ? '    ' : '  '}${detail}`)]
}

/** A plan without steps is shown as a table that needs no change. */
export function asShown<Found extends Outcome>(found: Found): Found {
  return found.action === 'planned' && found.steps?.length === 0 ? { ...found, action: 'unchanged' } : found
}

/** The duration or the amount that belongs to an outcome; may be empty. */
export function whatOf(outcome: Outcome, lines = 0): string {
  return looks[outcome.action][2]?.(outcome, lines) ?? ''
}

/** The steps of a plan, one line each, with AWS's expected duration; signs are coloured, and what destroys is red. */
export function stepLines(steps: readonly Step[], style: Style = plainStyle): string[] {
  return steps.flatMap(({ sign, summary, expected, uses, destroys }) => {
    const rest = `${summary}${expected === undefined ? '' : `  (${expected})`}`
    const line = !destroys ? `${style[signMoods[sign]](sign)} ${rest}` : style.bad(`${sign} ${rest}`)
    return [line, ...(uses ?? []).map(use => `    ${use}`)]
  })
}

/** A line of `diff` with its sign in colour. */
function withSign(line: string, style: Style): string {
  const [, sign, rest = ''] = /^([-+~])( .*)$/s.exec(line) ?? []
  return sign === '+' || sign === '-' || sign === '~' ? style[signMoods[sign]](sign) + rest : line
}

const signMoods: Readonly<Record<Step['sign'], Mood>> = { '+': 'good', '-': 'bad', '~': 'warning' }

/** `50 tables: 48 created, 2 unchanged in 5.3 s`; nothing for a single table. */
export function summaryLine(outcomes: readonly Outcome[], elapsedMs: number): string | undefined {
  if (outcomes.length < 2) return undefined
  const counts = new Map<string, number>()
  for (const { action, steps } of outcomes) {
    const what = action === 'planned' && steps?.length === 0 ? 'with nothing to do' : (counted[action] ?? action)
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  const parts = [...counts].map(([action, count]) => `${formatNumber(count)} ${action}`)
  return `${plural(outcomes.length, 'table')}: ${parts.join(', ')} in ${formatDuration(elapsedMs)}`
}

/** The word for a count, if it differs from the action. */
const counted: Partial<Record<Outcome['action'], string>> = { exists: 'existing' }

/** The log lines of an event; none if the outcome's own line contains the same. */
export function eventLines(event: Event, verbose: boolean): string[] {
  switch (event.kind) {
    case 'sending': {
      const { api, input } = event.step.request
      return verbose ? [`${event.table}: ${api} ${JSON.stringify(input)}`] : []
    }
    // Print a step only after it was accepted: a create that finds an existing table does nothing.
    case 'sent':
      return [`${event.table}: ${event.step.summary}`]
    case 'held':
      return [`${event.table}: ${event.reason}; retrying in ${formatDuration(event.waitMs)}`]
    case 'pace':
      return [
        `throttled by DynamoDB, slowing down to ${plural(Math.max(1, Math.round(event.requestsPerSecond)), 'request')}/s`,
      ]
    case 'waiting': {
      const others = event.others === 0 ? '' : ` and ${plural(event.others, 'other table')}`
      const status = event.status === undefined ? '' : ` (${event.status})`
      return [`${event.table}${status}${others}: still waiting after ${formatDuration(event.elapsedMs)}`]
    }
    case 'status':
      return verbose ? [`${event.table}: ${statusText(event)} after ${formatDuration(event.elapsedMs)}`] : []
    case 'started':
    case 'warning':
    case 'finished':
      return []
    default:
      return event satisfies never
  }
}

/** `CREATING`, or the changes in progress on an ACTIVE table: `ACTIVE, index by-email CREATING`. */
export function statusText({ live }: Extract<Event, { kind: 'status' }>): string {
  if (live === undefined) return 'not found'
  const busy = Object.entries(live.indexes)
    .filter(([, index]) => index.status !== 'ACTIVE')
    .map(([name, index]) => `index ${name} ${index.status}${index.backfilling === true ? ' (backfilling)' : ''}`)
  return [live.status, ...busy].join(', ')
}

/** An error for people: its message, all problems with their lines in the files, and what to do next. */
export function errorLines(error: DynamoxError, style: Style, { label = 'error', hint = true } = {}): string[] {
  return [
    `${style.bad(`${label}:`)} ${error.message}`,
    ...problemLines(error, style),
    ...(error.hint === undefined || !hint ? [] : [style.dim(`  ${error.hint}`)]),
    ...(error.code === 'internal' ? internalLines(error) : []),
  ]
}

function internalLines(error: DynamoxError): string[] {
  const cause = error.cause instanceof Error ? error.cause : error
  return [
    ...(cause.stack ?? String(cause)).split('\n'),
    'This is a bug in dynamox. Please report it with the lines above: `npm bugs dynamox`',
  ]
}

/** Rows as aligned columns, two spaces apart, without trailing blanks. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
