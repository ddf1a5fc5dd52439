import { appendFileSync } from 'node:fs'
import { type DynamoxError, fileReason } from '../../errors.ts'
import { describeChange } from '../../settings/change.ts'
import { furtherProblems } from '../../table/problems.ts'
import type { Io } from '../io.ts'
import { endsAlike } from './alike.ts'
import { visible } from './format.ts'
import { stepLines } from './lines.ts'
import { type Location, locatePlace, locateSource, locateText } from './locate.ts'
import { fitComment, markdownDocument } from './markdown.ts'
import { createPlainReport, writeLines } from './plain.ts'
import { type Recorded, type RunRecord, recorded } from './record.ts'
import type { Report, ReportSettings } from './report.ts'
import { commandsTo, escapeData, escapeProperty } from './workflow-commands.ts'

/**
 * The text of results with folded details and annotations on stdout, and the Markdown document appended to the job's
 * summary.
 */
export function createGithubReport(io: Io, settings: ReportSettings): Report {
  const fold = { start: (title: string) => `::group::${escapeData(title)}`, end: '::endgroup::' }
  return recorded(createPlainReport(io, settings, { fold }), record => {
    writeLines(commandsTo(io.stdout), annotationLines(settings, record, io))
    appendSummary(io, fitComment(markdownDocument(settings.command, record), longestSummary))
  })
}

/** Adds annotations to a report, on stderr, so that stdout is the same as outside of GitHub Actions. */
export function withAnnotations(report: Report, io: Io, settings: ReportSettings): Report {
  return recorded(report, record => writeLines(commandsTo(io.stderr), annotationLines(settings, record, io)))
}

// GitHub refuses summaries of more than 1 MiB for each step.
const longestSummary = 1_000_000

function appendSummary({ env, stderr }: Io, lines: readonly string[]): void {
  const file = env.GITHUB_STEP_SUMMARY
  if (!file) return
  try {
    appendFileSync(file, `${lines.map(line => visible(line)).join('\n')}\n\n`)
  } catch (error) {
    writeLines(stderr, [`warning: the job summary cannot be written: ${fileReason(error)}`])
  }
}

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly at?: Location | undefined
}

// GitHub shows ten annotations of each level for a step.
const shownPerLevel = 10

/** Workflow commands for bad definitions, drift, refusals and warnings, at the lines of the definitions. */
function annotationLines({ command, quiet }: ReportSettings, record: RunRecord, io: Io): readonly string[] {
  const all = [...annotations(record, io), ...(quiet ? [] : warningsOf(record, io))]
  const title = `dynamox ${command}`.trim()
  return (['error', 'warning', 'notice'] as const).flatMap(level => {
    const found = all.filter(each => each.level === level)
    const shown = found.length > shownPerLevel ? found.slice(0, shownPerLevel - 1) : found
    const rest = found.length - shown.length
    const more = rest === 0 ? [] : [{ level, message: `and ${rest} more; the log of this step has all` }]
    return [...shown, ...more].map(each => workflowCommand(each, title))
  })
}

function annotations({ outcomes, result, defined }: RunRecord, io: Io): readonly Annotation[] {
  const told = new Set<string>()
  const ofTables = outcomes.flatMap((outcome): readonly Annotation[] => {
    const at = locateTable(outcome.name, defined, io)
    if (outcome.error !== undefined) {
      const cause = outcome.error.message.replace(`${outcome.name}: `, '')
      // A cause that many tables share, such as an endpoint that does not answer, is annotated once.
      if (endsAlike(outcome) && told.has(cause)) return []
      told.add(cause)
      return [{ level: 'error', message: errorText(outcome.error), at: endsAlike(outcome) ? undefined : at }]
    }
    const message = driftOf(outcome)
    return message === undefined ? [] : [{ level: result.exit === 1 ? 'error' : 'notice', message, at }]
  })
  const { error } = result
  if (error === undefined || outcomes.some(outcome => outcome.error?.message === error.message)) return ofTables
  return [...ofTables, ...ofError(error, locateTable(error.table, defined, io), io)]
}

/** One annotation for each problem, at its own place. */
function ofError(error: DynamoxError, at: Location | undefined, io: Io): readonly Annotation[] {
  const { message, problems = [], place } = error
  const whole = place === undefined ? (at ?? locateText(message, io)) : locatePlace(place, io)
  if (problems.length === 0) return [{ level: 'error', message: errorText(error), at: whole }]
  return problems.map(problem => ({
    level: 'error',
    message: `${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`,
    at: problem.place === undefined ? (locateText(problem.path, io) ?? at) : locatePlace(problem.place, io),
  }))
}

function errorText({ message, problems, hint }: DynamoxError): string {
  return [
    message,
    ...furtherProblems({ message, problems }).map(
      ({ path, message: what }) => `${path === '' ? '' : `${path}: `}${what}`,
    ),
    ...(hint === undefined ? [] : [hint]),
  ].join('\n')
}

/** How a live table differs from its definition; `undefined` when it does not. */
function driftOf({ name, action, changes = [], steps = [], details = [] }: Recorded): string | undefined {
  if (action === 'missing') return details.length === 0 ? `${name} does not exist` : details.join('\n')
  if (action === 'different') return [`${name} differs from its definition`, ...changes.map(describeChange)].join('\n')
  if (action !== 'planned' || steps.length === 0) return undefined
  if (changes.length > 0) return [`${name} has drifted from its definition`, ...changes.map(describeChange)].join('\n')
  return [`${name} does not match its definition`, ...stepLines(steps)].join('\n')
}

/** Where a table is defined, by its resolved name. */
function locateTable(name: string | undefined, defined: RunRecord['defined'], io: Io): Location | undefined {
  const table = name === undefined ? undefined : defined.get(name)
  const [source] = table?.sources ?? []
  return source === undefined || table === undefined ? undefined : locateSource(source, io, table.baseName)
}

function warningsOf({ warnings, defined }: RunRecord, io: Io): readonly Annotation[] {
  return warnings.map(({ message, table }) => {
    const own = locateTable(table, defined, io)
    const text = table === undefined || message.includes(table) ? message : `${table}: ${message}`
    return { level: 'warning', message: text, at: own ?? locateText(message, io) }
  })
}

/** `::error file=src/models/user.ts,line=3,title=dynamox plan::users has drifted`. */
function workflowCommand({ level, message, at }: Annotation, title: string): string {
  const properties = {
    ...(at === undefined ? {} : { file: at.file, line: at.line, col: at.column }),
    title,
  }
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  const list = given.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${level} ${list}::${escapeData(visible(message))}`
}
