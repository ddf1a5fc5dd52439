import { appendFileSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { attempt, type DynamoxError, fileReason, problemText } from '../../errors.ts'
import { describeChange } from '../../settings/change.ts'
import { furtherProblems } from '../../table/problems.ts'
import { escapeRegExp } from '../../table/text.ts'
import { definedOnly } from '../../table/untyped.ts'
import type { Io, OutputStream } from '../command.ts'
import { stepLines } from './lines.ts'
import { fitComment, markdownDocument, type Recorded, type RunRecord, recorded } from './markdown-report.ts'
import { createPlainReport, endsAlike, writeLines } from './plain-report.ts'
import type { Report, ReportSettings } from './report.ts'
import { visible } from './visible.ts'

/**
 * The text of results with folded details and annotations on stdout, and the Markdown document appended to the job's
 * summary.
 */
export function createGithubReport(io: Io, settings: ReportSettings): Report {
  const command = (line: string) => writeLines(commandsTo(io.stdout), [line])
  const fold = {
    open: (title: string) => command(`::group::${escapeData(visible(title))}`),
    close: () => command('::endgroup::'),
  }
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
  readonly at?: Spot | undefined
}

/** A position in a file, which is named as in messages. */
interface Spot {
  readonly file: string
  /** From 1; absent when only the file is known. */
  readonly line?: number | undefined
  readonly column?: number | undefined
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
    return [...shown, ...more].map(each => workflowCommand(each, title, io))
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
function ofError(error: DynamoxError, at: Spot | undefined, io: Io): readonly Annotation[] {
  const { message, problems = [], place } = error
  if (problems.length === 0)
    return [{ level: 'error', message: errorText(error), at: place ?? at ?? locateText(message, io) }]
  return problems.map(problem => ({
    level: 'error',
    message: problemText(problem),
    at: problem.place ?? locateText(problem.path, io) ?? at,
  }))
}

function errorText({ message, problems, hint }: DynamoxError): string {
  const further = furtherProblems({ message, problems }).map(problemText)
  return [message, ...further, ...(hint === undefined ? [] : [hint])].join('\n')
}

/** How a live table differs from its definition; `undefined` when it does not. */
function driftOf({ name, action, changes = [], steps = [], details = [] }: Recorded): string | undefined {
  if (action === 'missing') return details.length === 0 ? `${name} does not exist` : details.join('\n')
  if (action === 'different') return [`${name} differs from its definition`, ...changes.map(describeChange)].join('\n')
  if (action !== 'planned' || steps.length === 0) return undefined
  const isMissing = steps.some(({ request }) => request.api === 'CreateTable')
  if (isMissing) return [`${name} does not exist`, ...stepLines(steps)].join('\n')
  if (changes.length > 0) return [`${name} has drifted from its definition`, ...changes.map(describeChange)].join('\n')
  return [`${name} does not match its definition`, ...stepLines(steps)].join('\n')
}

/** The line that defines a table, by its resolved name; `undefined` for a table that flags define. */
function locateTable(name: string | undefined, defined: RunRecord['defined'], io: Io): Spot | undefined {
  const table = name === undefined ? undefined : defined.get(name)
  const [source] = table?.sources ?? []
  if (source === undefined || table === undefined || source.adapter === 'flags') return undefined
  if (source.line !== undefined) return source
  const text = read(resolve(io.cwd, source.file))
  return text === undefined ? undefined : { file: source.file, line: lineOf(text, source.export, table.baseName) }
}

function warningsOf({ warnings, defined }: RunRecord, io: Io): readonly Annotation[] {
  return warnings.map(({ message, table }) => {
    const own = locateTable(table, defined, io)
    const text = table === undefined || message.includes(table) ? message : `${table}: ${message}`
    return { level: 'warning', message: text, at: own ?? locateText(message, io) }
  })
}

/** `::error file=src/models/user.ts,line=3,title=dynamox plan::users has drifted`. */
function workflowCommand({ level, message, at }: Annotation, title: string, io: Io): string {
  const place = at === undefined ? {} : { file: fromRoot(at.file, io), line: at.line, col: at.column }
  const given = Object.entries(definedOnly({ ...place, title }))
  const list = given.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${level} ${list}::${escapeData(visible(message))}`
}

/** The place that starts a path or message: `src/models/user.ts:12:3 User › sortKey`, `.dynamoxrc tables[0]`. */
function locateText(text: string, { cwd }: Io): Spot | undefined {
  const [first = ''] = text.split(/(?:\s|: )/)
  const [, file = '', line, column] = /^(.+?)(?::(\d+))?(?::(\d+))?:?$/.exec(first) ?? []
  const content = /[./]/.test(file) ? read(resolve(cwd, file)) : undefined
  if (content === undefined) return undefined
  const rest = text.slice(first.length).trim()
  const [name = '', table = name] = rest.split(/[\s:]+/)
  return {
    file,
    line: line === undefined ? lineOf(content, name, table) : Number(line),
    column: column === undefined ? undefined : Number(column),
  }
}

const read = (path: string) => attempt(() => readFileSync(path, 'utf8'))

/** As GitHub's annotations name a file: relative to the checkout when it holds the file, else as given. */
function fromRoot(file: string, { cwd, env }: Io): string {
  const path = relative(env.GITHUB_WORKSPACE || cwd, resolve(cwd, file)).replaceAll('\\', '/')
  return path.startsWith('..') ? file : path
}

/** The line of an export in code, or of a table's name in a data file; the first line when neither is found. */
function lineOf(text: string, name: string | undefined, table: string): number {
  const [first = '', last = first] = (name ?? '').split(/[.[]/).filter(part => part !== '')
  const patterns = [
    ...(/^\w+$/.test(first) && first !== 'default'
      ? [
          new RegExp(`^\\s*export\\s+(?:declare\\s+|abstract\\s+)*(?:const|let|var|class|function)\\s+${first}\\b`),
          new RegExp(`\\bexports\\.${first}\\s*=`),
          new RegExp(`^\\s*(?:const|let|var|class|function)\\s+${first}\\b`),
        ]
      : []),
    ...(/^\w+$/.test(last) && last !== first ? [new RegExp(`^\\s*["']?${last}["']?\\s*:`)] : []),
    new RegExp(`(?:table|TableName)["']?\\s*:\\s*["']?${escapeRegExp(table)}["']?\\s*(?:[,}#]|$)`),
    ...(first === 'default' ? [/^\s*export\s+default\b/, /^\s*module\.exports\s*=/] : []),
  ]
  const lines = text.split('\n')
  for (const pattern of patterns) {
    const found = lines.findIndex(line => pattern.test(line))
    if (found >= 0) return found + 1
  }
  return 1
}

/** The same streams for a job of GitHub Actions, whose runner obeys lines of its log. */
export function withoutCommands(io: Io): Io {
  let stdout: OutputStream | undefined
  let stderr: OutputStream | undefined
  return {
    env: io.env,
    onStop: stop => io.onStop(stop),
    exit: code => io.exit(code),
    get stdout() {
      stdout ??= guarded(io.stdout)
      return stdout
    },
    get stderr() {
      stderr ??= guarded(io.stderr)
      return stderr
    },
    get stdin() {
      return io.stdin
    },
    get cwd() {
      return io.cwd
    },
  }
}

/** Where dynamox's own commands are written. */
const commandsTo = (output: OutputStream): OutputStream => output.raw ?? output

/**
 * Names of tables and texts of files must not become commands such as `::add-mask::`. The runner looks for `::` at the
 * start of a line, after blanks, and for its older form `##[` anywhere.
 */
export function neutralise(text: string): string {
  return text.replace(/^([\s\u0085]*):(?=:)/gm, '$1\\u003a').replaceAll('##[', '\\u0023#[')
}

function guarded(raw: OutputStream): OutputStream {
  return new Proxy(raw, {
    get(target, key) {
      if (key === 'raw') return target
      if (key === 'write') return (text: string) => target.write(neutralise(text))
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** As GitHub's own toolkit escapes the text of a command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
