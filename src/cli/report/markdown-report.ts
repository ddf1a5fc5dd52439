import type { Outcome } from '../../apply/events.ts'
import type { DynamoxError } from '../../errors.ts'
import { code, markdownSection } from '../../formats/write/markdown.ts'
import type { ResolvedTable } from '../../load/load-options.ts'
import { describeChange } from '../../settings/change.ts'
import type { Step } from '../../settings/step.ts'
import { furtherProblems } from '../../table/problems.ts'
import { plural } from '../../table/text.ts'
import type { Io } from '../command.ts'
import { asShown, plainStyle, whatOf } from './lines.ts'
import { createPlainReport, writeLines } from './plain-report.ts'
import type { Grid, Report, ReportSettings, ReportTarget, Result } from './report.ts'
import { visible } from './visible.ts'

/** One Markdown document on stdout at the end; progress, warnings and errors go to stderr as well. */
export function createMarkdownReport(io: Io, settings: ReportSettings): Report {
  return recorded(createPlainReport(io, settings, { results: false }), record =>
    writeLines(
      io.stdout,
      fitComment(markdownDocument(settings.command, record)).map(line => visible(line)),
    ),
  )
}

/** The result of a command in Markdown: what happened to each table, its steps, what they destroy and use up. */
export function markdownDocument(command: string, { outcomes, warnings, result }: RunRecord): readonly string[] {
  const { error, target, lines, definitions, grid } = result
  const order = new Map((result.tables ?? []).map(({ name }, index) => [name, index]))
  const rank = ({ name }: Outcome) => order.get(name) ?? order.size
  const tables = outcomes.map(asShown).sort((a, b) => rank(a) - rank(b))
  const ofTable = tables.some(one => one.error !== undefined && one.error.message === error?.message)
  const where = target === undefined ? '' : ` ${placeOf(target)}`
  return [
    `### dynamox ${command}${tables.length === 0 ? '' : `: ${plural(tables.length, 'table')}`}${where}`,
    ...part(tables.length === 0 ? [] : overview(tables)),
    ...tables.flatMap(details),
    ...part(error === undefined || ofTable ? [] : errorParts(error)),
    ...ownLines(),
    ...part(warnings.length === 0 ? [] : ['**Warnings**', '', ...warnings.map(warningItem)]),
  ]

  function ownLines(): readonly string[] {
    if (definitions !== undefined)
      return definitions.flatMap(({ definition, ...extras }) => ['', markdownSection(definition, '####', extras)])
    if (grid !== undefined) return part(gridLines(grid))
    const own = lines?.(plainStyle) ?? []
    return part(own.length === 0 ? [] : codeBlock(own))
  }
}

/** Lines apart from those before them. */
const part = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines])

function gridLines({ columns, rows }: Grid): readonly string[] {
  const cells = rows.map(([name = '', ...others]) => [code(name), ...others.map(text)])
  return rows.length === 0 ? [] : markdownTable(columns.map(capitalised), cells)
}

const capitalised = (word: string) => word.charAt(0) + word.slice(1).toLowerCase()

function placeOf({ kind, region, endpoint, account }: ReportTarget): string {
  if (kind === 'local') return 'on the embedded engine'
  if (kind === 'endpoint') return `at ${code(endpoint ?? '')}`
  return `in ${region === '' ? 'AWS' : region}${account === null ? '' : `, account ${account}`}`
}

function overview(tables: readonly Outcome[]): readonly string[] {
  const row = (outcome: Outcome) => {
    const destroys = outcome.steps?.some(step => step.destroys) === true && outcome.action !== 'deleted'
    const what = [whatOf(outcome), ...(destroys ? ['**destroys data**'] : [])].filter(part => part !== '')
    return [code(outcome.name), outcome.action, what.join(', ')]
  }
  return markdownTable(['table', 'result', ''], tables.map(row))
}

/** The steps, differences and errors of one table, below its name. */
function details(outcome: Recorded): readonly string[] {
  const { name, action, steps = [], changes = [], details: lines = [], error } = outcome
  const differences = action === 'different' ? changes.map(describeChange) : action === 'missing' ? lines : []
  const parts = [
    ...part(error === undefined ? [] : errorParts(error)),
    ...part(steps.length === 0 ? [] : stepTable(steps, action === 'planned' || action === 'blocked')),
    ...part(differences.map(line => `- ${text(line)}`)),
  ]
  return parts.length === 0 ? [] : ['', `#### ${code(name)}`, ...parts]
}

function stepTable(steps: readonly Step[], isPlan: boolean): readonly string[] {
  type Column = readonly [head: string, cell: (step: Step) => string]
  const expected: Column = ['usually takes', step => text(step.expected ?? '')]
  const uses: Column = ['uses up', step => (step.uses ?? []).map(text).join('<br>')]
  const columns: readonly Column[] = [
    ['', ({ sign }) => code(sign)],
    [isPlan ? 'step' : 'step sent', ({ summary }) => text(summary)],
    ...(isPlan ? [expected] : []),
    ['destroys', ({ destroys }) => (destroys ? '**yes**' : '')],
    ...(steps.some(step => step.uses !== undefined) ? [uses] : []),
  ]
  const rows = steps.map(step => columns.map(([, cell]) => cell(step)))
  return markdownTable(
    columns.map(([head]) => head),
    rows,
  )
}

function errorParts({ code: kind, message, problems, hint }: DynamoxError): readonly string[] {
  const shown = furtherProblems({ message, problems })
  return [
    `**${kind}**: ${text(message)}`,
    ...part(shown.map(({ path, message: what }) => `- ${path === '' ? '' : `${code(path)}: `}${text(what)}`)),
    ...part(hint === undefined ? [] : [text(hint)]),
  ]
}

function warningItem({ message, table }: RunRecord['warnings'][number]): string {
  const named = table === undefined || message.includes(table)
  return `- ${named ? '' : `${code(table)}: `}${text(message)}`
}

function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)]
}

/** Text from files and servers, so that it neither formats nor breaks a table. */
function text(raw: string): string {
  return raw
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r?\n/g, '<br>')
}

function codeBlock(lines: readonly string[]): readonly string[] {
  const longest = Math.max(0, ...lines.flatMap(line => line.match(/`+/g) ?? []).map(run => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [fence, ...lines, fence]
}

// GitHub refuses comments of more than 65,536 characters.
const longestComment = 65_000

/** As many lines as fit in a comment; says how many were left out. */
export function fitComment(lines: readonly string[], most = longestComment): readonly string[] {
  let size = 0
  const cut = lines.findIndex(line => {
    size += Buffer.byteLength(line) + 1
    return size > most
  })
  return cut < 0 ? lines : [...lines.slice(0, cut), '', `${plural(lines.length - cut, 'more line')} left out`]
}

/** Everything that a command reported, for the reporters that print one document at the end. */
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

interface Warning {
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
