import { type OnEvent, type Outcome, withReason } from '../apply/events.ts'
import { isLocalTarget } from '../aws/endpoint.ts'
import { DynamoxError } from '../errors.ts'
import type { Step } from '../settings/step.ts'
import { plural } from '../table/text.ts'
import type { Session } from './command.ts'
import { announce, completeError } from './connect.ts'
import { exitCodes, exitOf, worstExit } from './exit-code.ts'
import { outcomeRow } from './report/json-report.ts'
import { stepLines } from './report/lines.ts'
import type { Result } from './report/report.ts'

export interface Batch {
  /** `Creating`, for the spinner: `Creating 50 tables 3/50 ready`. */
  readonly verb: string
  readonly counted: string
  readonly tables: readonly Task[]
  /** Whether an outcome makes this command exit with 1. */
  readonly no?: ((outcome: Outcome) => boolean) | undefined
}

export interface Task {
  readonly name: string
  /** Does the work. A failure of this table is returned, not thrown. */
  run(onEvent: OnEvent): Promise<Outcome>
}

/** Processes tables concurrently, reports each when it is finished, and returns the combined result. */
export async function workOn(session: Session, work: Batch): Promise<Result> {
  const { runTables } = await import('../apply/run-tables.ts')
  const { report, flags, signal, command, complete, loaded, connection } = session
  const { tables, no = () => false } = work
  const tasks = new Map(tables.map(task => [task.name, task]))
  const names = [...tasks.keys()]
  // Commands that take only names do not show warnings about definitions.
  const defined = new Map(command.reads === 'names' ? [] : loaded.tables.map(table => [table.definition.name, table]))
  const reported = new Set<string>()
  const created = new Set<string>()
  const creating = (name: string, steps: readonly Step[]) => {
    if (created.has(name) || !steps.some(({ request }) => request.api === 'CreateTable')) return
    created.add(name)
    for (const message of defined.get(name)?.onCreation ?? []) report.warn(message, name)
  }
  const onEvent: OnEvent = event => {
    if (event.kind === 'sent') creating(event.table, [event.step])
    report.event(event.kind === 'warning' ? { ...event, message: complete(event.message) } : event)
  }
  const tell = async (found: Outcome) => {
    const outcome = completeOutcome(withReason(found), complete)
    if (outcome.action === 'planned') creating(outcome.name, outcome.steps ?? [])
    const details = await detailsOf(outcome)
    reported.add(outcome.name)
    report.outcome(outcome, details)
    return outcome
  }
  const each = async (name: string) =>
    tell((await tasks.get(name)?.run(onEvent)) ?? { name, action: 'skipped', durationMs: 0 })

  // Commands that change tables have already printed the target.
  if (command.contacts === true && command.changes !== true) await announce(session, work.verb, names)
  report.begin({ ...work, names })
  const limits = { concurrency: concurrencyOf(session), failFast: flags.failFast === true, signal }
  const outcomes = await runTables(names, each, limits)
  // Report tables that were not started, after --fail-fast or Ctrl-C.
  for (const outcome of outcomes) if (!reported.has(outcome.name)) await tell(outcome)
  report.finish(outcomes)

  const notStarted = signal.aborted && outcomes.some(({ action }) => action === 'skipped')
  const codes = outcomes.map(outcome => exitOf(outcome, no(outcome)))
  const exit = worstExit(notStarted ? [...codes, exitCodes.interrupted] : codes)
  const worst = outcomes.find(outcome => outcome.error !== undefined && exitOf(outcome, no(outcome)) === exit)
  const error = worst?.error ?? (notStarted && exit === exitCodes.interrupted ? stopped(outcomes) : undefined)
  const toRow = (outcome: Outcome) => {
    const { warnings = [], onCreation = [] } = defined.get(outcome.name) ?? {}
    const said = warnings.filter(message => created.has(outcome.name) || !onCreation.includes(message))
    return outcomeRow({ ...outcome, warnings: [...said, ...(outcome.warnings ?? [])] })
  }
  return { exit, target: await connection.where(), tables: outcomes.map(toRow), warnings: loaded.warnings, error }
}

/** Adds this run's options to the commands that warnings and errors suggest. */
function completeOutcome({ warnings, error, ...outcome }: Outcome, complete: Session['complete']): Outcome {
  return {
    ...outcome,
    ...(warnings === undefined ? {} : { warnings: warnings.map(message => complete(message)) }),
    ...(error === undefined ? {} : { error: completeError(error, complete) }),
  }
}

/** The error of a run that was interrupted before tables were started; no table's own error reports this. */
function stopped(outcomes: readonly Outcome[]): DynamoxError {
  const skipped = outcomes.filter(({ action }) => action === 'skipped').length
  return new DynamoxError(
    'interrupted',
    `interrupted before ${plural(skipped, 'table')} ${skipped === 1 ? 'was' : 'were'} started`,
  )
}

async function detailsOf({ action, changes, steps }: Outcome): Promise<readonly string[]> {
  if (action === 'planned') return stepLines(steps ?? [])
  if (action !== 'different' || changes === undefined || changes.length === 0) return []
  const { describeChange } = await import('../settings/change.ts')
  return changes.map(describeChange)
}

// AWS allows 500 tables of an account to be created, changed or deleted at the same time.
const accountLimit = 500

/**
 * How many tables to process at once: the flag, else the config, else a default for the kind of work and the target.
 */
export function concurrencyOf({ flags, command, loaded, connection }: Session): number {
  const given = flags.concurrency ?? loaded.config?.value.concurrency
  if (given !== undefined) return given
  if (command.waits !== true) return 32
  // A local engine has no limit on tables; apply limits the concurrent requests.
  return isLocalTarget(connection.target) ? Number.POSITIVE_INFINITY : accountLimit
}
