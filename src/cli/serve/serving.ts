import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { DataApi } from '../../apply/data-api.ts'
import type { Outcome } from '../../apply/events.ts'
import { createApi } from '../../aws/create-api.ts'
import { createDataApi } from '../../aws/create-data-api.ts'
import type { Target } from '../../aws/target.ts'
import { DynamoxError, fileReason, isDynamoxError } from '../../errors.ts'
import type { Loaded } from '../../load/load-options.ts'
import { shownPath } from '../../load/shown-path.ts'
import type { LocalEngineName, LocalServer } from '../../local/engines/engine.ts'
import { environmentLines, localEnvironment, mergeEnvironment } from '../../local/environment.ts'
import { plural } from '../../table/text.ts'
import type { Connection, Invocation, Session } from '../command.ts'
import { connectionTo } from '../connect.ts'
import { load } from '../load.ts'
import { adviseOn, changeTasks, creationTasks, planAll, startWork } from '../plan-tables.ts'
import type { Recreate } from '../recreate.ts'
import { replaceFile } from '../replace-file.ts'
import { chooseReport, reportChoice } from '../report/choose-report.ts'
import { errorLines } from '../report/lines.ts'
import type { Report, Result } from '../report/report.ts'
import { type Task, workOn } from '../work-on.ts'

/** A run of `local` with its running engine and the APIs to it. */
export interface Serving extends Session {
  readonly name: LocalEngineName
  /** The folder that holds `.dynamox/local`. */
  readonly root: string
  readonly inMemory: boolean
  readonly server: LocalServer
  readonly data: DataApi
}

/** The project's definitions. Their protection, and warnings about creation, concern the project's own target, not this engine. */
export async function loadHere(run: Invocation): Promise<Loaded> {
  const loaded = await load(run)
  const tables = loaded.tables.map(table => ({ ...table, onCreation: [] }))
  return { ...loaded, protected: false, target: { local: true }, tables }
}

export function connectTo(
  { endpoint, region, credentials }: LocalServer,
  engine: LocalEngineName,
): { readonly connection: Connection; readonly data: DataApi } {
  const target: Target = { kind: 'local', engine, endpoint, region, credentials }
  return { connection: connectionTo(createApi(target), target), data: createDataApi(target) }
}

/** A report that keeps this command's own lines out of the output of the program that it runs. */
export async function reportFor(run: Invocation): Promise<Report> {
  const { io, report, flags, program, command } = run
  if (program === undefined || flags.json === true) return report
  const chosen = await chooseReport({ ...io, stdout: io.stderr }, reportChoice(command, flags))
  const outcome = (what: Outcome, details: readonly string[]) => {
    if (flags.quiet !== true || what.error !== undefined) chosen.outcome(what, details)
  }
  // The warnings of the definitions were printed while they were loaded.
  const ready = (result: Result) => chosen.ready({ ...result, warnings: undefined })
  return { ...chosen, outcome, ready }
}

/** Creates the tables, recreates those that differ with --recreate, and seeds them. */
export async function bringUp(serving: Serving): Promise<Result> {
  const { report, connection, server, name, inMemory, root, loaded, flags, io } = serving
  const kept = inMemory ? 'nothing is kept' : `data in ${join(relative(io.cwd, root) || '.', '.dynamox/local')}`
  const { realistic } = flags
  const pace = realistic === undefined ? '' : `, at AWS's pace${realistic === 1 ? '' : `, ${realistic} times as fast`}`
  report.note(`${name} on ${server.endpoint}, ${kept}${pace}`)
  if (server.shared) report.note("another dynamox already serves this project's store; its data is used")
  if (loaded.tables.length === 0) {
    report.note('no tables: no model was given, and no config defines any')
    return { exit: 0, target: await connection.where(), tables: [], warnings: loaded.warnings }
  }
  const tasks = await creationTasks(serving, await startWork(serving))
  const tables = server.shared ? tasks : tasks.map(task => ({ ...task, run: onItsEngine(task.run) }))
  const result = await workOn(serving, { verb: 'Creating', counted: 'ready', tables })
  if (result.exit > 1) return result
  const advice = await adviseOn(serving, result)
  if (advice !== undefined) report.note(`tables that differ are left as they are; ${advice}`)
  await seed(serving)
  return result
}

/** Ctrl-C stops the engine as well, so an interrupted table has no requests that continue. */
function onItsEngine(run: Task['run']): Task['run'] {
  return async onEvent => {
    const outcome = await run(onEvent)
    if (outcome.error?.code !== 'interrupted') return outcome
    const { code, message, table, cause } = outcome.error
    return { ...outcome, error: new DynamoxError(code, message, { table, cause }) }
  }
}

/** The config's seed is written only to empty tables, so that later changes stay; `--seed` is always written. */
async function seed({ data, root, inMemory, flags, io, signal, report, loaded }: Serving): Promise<void> {
  const { seedPatterns, seedTables } = await import('../../testing/seed/seed-tables.ts')
  const { asideFolder, restoreAside } = await import('../../testing/recreate-table.ts')
  const { config, tables } = loaded
  const common = { cwd: io.cwd, tables, signal }
  const base = config === undefined ? io.cwd : dirname(config.path)
  const restored = inMemory ? new Map<string, number>() : await restoreAside(data, asideFolder(root), common)
  const configured = await seedTables(data, seedPatterns(config?.value.seed, base), {
    ...common,
    emptyOnly: true,
    samples: true,
  })
  const given = await seedTables(data, seedPatterns(flags.seed, io.cwd), common)
  for (const [table, count] of restored) {
    report.note(`${table}: ${plural(count, 'item')} of an interrupted --recreate put back`)
  }
  for (const [table, count] of [...configured, ...given]) report.note(`${table}: ${plural(count, 'item')} seeded`)
}

/** Prints the endpoint and the environment, and writes them to a file with --env-file or --write-env. */
export async function tellReady({ flags, io, report, program, server }: Serving, result: Result): Promise<void> {
  const env = localEnvironment(server)
  for (const name of new Set([flags.envFile, flags.writeEnv])) {
    if (name === undefined) continue
    await writeEnvironment(io.cwd, name, env)
    report.note(`wrote ${name}`)
  }
  const lines = program === undefined ? () => environmentLines(env) : undefined
  report.ready({ ...result, exit: 0, error: undefined, extra: { endpoint: server.endpoint, env }, lines })
  report.note(program === undefined ? 'ready; press Ctrl-C to stop' : `running ${program.join(' ')}`)
}

/** Sets the variables in an environment file and keeps its other lines. Throws `usage` when it cannot be written. */
async function writeEnvironment(cwd: string, name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const file = resolve(cwd, name)
  try {
    replaceFile(file, mergeEnvironment(await textOf(file), env), cwd)
  } catch (cause) {
    throw new DynamoxError('usage', `the environment cannot be written to ${name}: ${fileReason(cause)}`, {
      hint: 'name a file in a folder that exists: --write-env .env.local',
      cause,
    })
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** Reloads the definitions whenever a model file or the config changes, and updates the tables. */
export async function watch(serving: Serving): Promise<void> {
  const { watchFiles } = await import('../../local/watch-files.ts')
  const { signal, report, io } = serving
  let files = filesOf(serving.loaded, io.cwd)
  let work = Promise.resolve()
  let stop = () => {}
  const follow = () => {
    stop()
    stop = watchFiles(files, changed => {
      work = work.then(() => {
        if (!signal.aborted) report.note(`${changed.map(file => shownPath(file, io.cwd)).join(', ')} changed`)
        return reload()
      })
    })
  }
  let isBroken = false
  const reload = async (): Promise<void> => {
    if (signal.aborted) return
    try {
      const loaded = await loadHere(serving)
      if (isBroken) report.note('fixed; all definitions can be read again')
      isBroken = false
      const found = filesOf(loaded, io.cwd)
      const others = found.join() !== files.join()
      files = found
      // Reload once more, in case a file changed before it was watched.
      if (others) follow()
      await bringTo({ ...serving, loaded })
      if (others) await reload()
    } catch (error) {
      if (!isDynamoxError(error)) throw error
      isBroken = true
      if (!signal.aborted) report.note(style => errorLines(error, style))
    }
  }
  follow()
  report.note('watching the model files and the config')
  await aborted(signal)
  stop()
  await work
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

function filesOf({ config, tables }: Loaded, cwd: string): string[] {
  const files = tables.flatMap(({ sources }) => sources.map(({ file }) => resolve(cwd, file)))
  return [...files, ...(config?.files ?? []).map(({ path }) => path)]
}

async function bringTo(serving: Serving): Promise<void> {
  const planned = await planAll(serving)
  const busy = planned.filter(({ plan }) => plan === undefined || plan.steps.length + plan.blocked.length > 0)
  if (busy.length === 0) return serving.report.note('no table differs')
  const tables = changeTasks(serving, busy, await startWork(serving), await recreateUnasked(serving))
  await workOn(serving, { verb: 'Updating', counted: 'done', tables })
}

/** A server that watches files has no good moment for a question: without --yes, no item is lost. */
async function recreateUnasked({
  flags,
  signal,
  connection,
  data,
  loaded,
  inMemory,
  root,
}: Serving): Promise<Recreate> {
  const { asideFolder, recreateTable } = await import('../../testing/recreate-table.ts')
  const ports = { api: connection.api, data, aside: inMemory ? undefined : asideFolder(root) }
  return async (outcome, onEvent) => {
    const table = loaded.tables.find(({ definition }) => definition.name === outcome.name)
    if (flags.recreate !== true || outcome.action !== 'blocked' || table === undefined) return outcome
    return recreateTable(table.definition, ports, { signal, onEvent, mayLose: flags.yes === true })
  }
}
