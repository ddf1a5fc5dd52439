import type { OnEvent, Outcome } from '../apply/events.ts'
import { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { Step } from '../settings/step.ts'
import { announce } from './announce.ts'
import type { CommandName } from './command-specs.ts'
import { completeCommands, completeError } from './complete-commands.ts'
import { exitCodes, exitOf, worstExit } from './exit-code.ts'
import type { Flags } from './flags.ts'
import { plural } from './report/format.ts'
import { outcomeRow } from './report/json.ts'
import { stepLines } from './report/lines.ts'
import type { Result } from './report/report.ts'
import type { Connection, Run } from './run.ts'
import { concurrencyOf } from './settings.ts'

export interface Work {
  /** `Creating`, and what a finished table is counted as: `3/50 ready`. */
  readonly verb: string
  readonly counted: string
  readonly tables: readonly Task[]
  /** Which outcomes are this command's "no" (exit 1). */
  readonly no?: ((outcome: Outcome) => boolean) | undefined
}

export interface Task {
  readonly name: string
  /** What its definition gave rise to; comes before the warnings of the work itself. */
  readonly warnings?: readonly string[] | undefined
  /** Those of `warnings` that are said only where the table is created, or would be. */
  readonly onCreation?: readonly string[] | undefined
  /** Does the work. Does not throw for this one table's failure. */
  run(onEvent: OnEvent): Promise<Outcome>
}

// These say where they work in any case.
const announced: readonly CommandName[] = ['create', 'delete', 'update']

/** Works on tables side by side, reports each as it is finished, and adds up the result. */
export async function workOn(run: Run, loaded: Loaded, connection: Connection, work: Work): Promise<Result> {
  const { runTables } = await import('../apply/run-tables.ts')
  const { report, flags, signal, command } = run
  const { tables, no = () => false } = work
  const tasks = new Map(tables.map(task => [task.name, task]))
  const names = [...tasks.keys()]
  const reported = new Set<string>()
  const created = new Set<string>()
  const creating = (name: string, steps: readonly Step[]) => {
    if (created.has(name) || !steps.some(({ request }) => request.api === 'CreateTable')) return
    created.add(name)
    for (const message of tasks.get(name)?.onCreation ?? []) report.warn(message, name)
  }
  const onEvent: OnEvent = event => {
    if (event.kind === 'sent') creating(event.table, [event.step])
    report.event(event.kind === 'warning' ? { ...event, message: completeCommands(event.message, flags) } : event)
  }
  const tell = async (found: Outcome) => {
    const outcome = complete(found, flags)
    if (outcome.action === 'planned') creating(outcome.name, outcome.steps ?? [])
    const details = await detailsOf(outcome)
    reported.add(outcome.name)
    report.outcome(outcome, details)
    return outcome
  }
  const each = async (name: string) =>
    tell((await tasks.get(name)?.run(onEvent)) ?? { name, action: 'skipped', durationMs: 0 })

  if (flags.verbose === true && !announced.includes(command)) await announce(run, loaded, connection, work.verb, names)
  report.begin({ ...work, names })
  const limits = {
    concurrency: concurrencyOf(run, loaded, connection.target),
    failFast: flags.failFast === true,
    signal,
  }
  const outcomes = await runTables(names, each, limits)
  // Tables that were never begun, after --fail-fast or Ctrl-C.
  for (const outcome of outcomes) if (!reported.has(outcome.name)) await tell(outcome)
  report.finish(outcomes)

  const unbegun = signal.aborted && outcomes.some(({ action }) => action === 'skipped')
  const codes = outcomes.map(outcome => exitOf(outcome, no(outcome)))
  const exit = worstExit(unbegun ? [...codes, exitCodes.interrupted] : codes)
  const worst = outcomes.find(outcome => outcome.error !== undefined && exitOf(outcome, no(outcome)) === exit)
  const error = worst?.error ?? (unbegun && exit === exitCodes.interrupted ? stopped(outcomes) : undefined)
  const toRow = (outcome: Outcome) => {
    const { warnings = [], onCreation = [] } = tasks.get(outcome.name) ?? {}
    const said = warnings.filter(message => created.has(outcome.name) || !onCreation.includes(message))
    return outcomeRow({ ...outcome, warnings: [...said, ...(outcome.warnings ?? [])] })
  }
  // Only the JSON document says more than what became of each.
  const rows = flags.json === true ? outcomes.map(toRow) : outcomes.map(({ name, action }) => ({ name, action }))
  return { exit, target: await connection.where(), tables: rows, warnings: loaded.warnings, error }
}

/** What the core says to type next, as it has to be typed in this run. */
function complete({ warnings, error, ...outcome }: Outcome, flags: Flags): Outcome {
  return {
    ...outcome,
    ...(warnings === undefined ? {} : { warnings: warnings.map(message => completeCommands(message, flags)) }),
    ...(error === undefined ? {} : { error: completeError(error, flags) }),
  }
}

/** Stopped before any table was begun: no table's own error says so. */
function stopped(outcomes: readonly Outcome[]): DynamoxError {
  const skipped = outcomes.filter(({ action }) => action === 'skipped').length
  return new DynamoxError(
    'interrupted',
    `stopped before ${plural(skipped, 'table')} ${skipped === 1 ? 'was' : 'were'} begun`,
  )
}

async function detailsOf({ action, changes, steps }: Outcome): Promise<readonly string[]> {
  if (action === 'planned') return stepLines(steps ?? [])
  if (action !== 'different' || changes === undefined || changes.length === 0) return []
  const { describeChange } = await import('../plan/describe-change.ts')
  return changes.map(describeChange)
}
