import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { DataApi } from '../../apply/data-api.ts'
import type { Outcome } from '../../apply/events.ts'
import { createApi } from '../../aws/create-api.ts'
import { createDataApi } from '../../aws/create-data-api.ts'
import type { Target } from '../../aws/target.ts'
import { DynamoxError, fileReason } from '../../errors.ts'
import type { LocalEngineName, LocalServer } from '../../local/engines/engine.ts'
import { environmentLines, localEnvironment, mergeEnvironment } from '../../local/environment.ts'
import { plural } from '../../table/text.ts'
import type { Connection, Invocation, Session } from '../command.ts'
import { locate } from '../connect.ts'
import { adviseOn, compareAll, startWork } from '../plan-tables.ts'
import { agreeToLosses } from '../recreate.ts'
import { replaceFile } from '../replace-file.ts'
import { chooseReport } from '../report/choose-report.ts'
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

export function connectTo(
  { endpoint, region, credentials }: LocalServer,
  engine: LocalEngineName,
): { readonly connection: Connection; readonly data: DataApi } {
  const target: Target = { kind: 'local', engine, endpoint, region, credentials }
  const api = createApi(target)
  const connection = { api, target, where: () => locate(api, target), close: async () => {} }
  return { connection, data: createDataApi(target) }
}

/** A report that keeps this command's own lines out of the output of the program that it runs. */
export async function reportFor(run: Invocation): Promise<Report> {
  const { io, report, flags, program, command } = run
  if (program === undefined || flags.json === true) return report
  const { reporter, quiet = false, verbose = false, color = true } = flags
  const aside = { ...io, stdout: io.stderr }
  const chosen = await chooseReport(aside, { command: command.name, reporter, quiet, verbose, color })
  const outcome = (what: Outcome, details: readonly string[]) => {
    if (!quiet || what.error !== undefined) chosen.outcome(what, details)
  }
  return { ...chosen, outcome }
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
  const tables = await tasksFor(serving)
  const result = await workOn(serving, { verb: 'Creating', counted: 'ready', tables })
  if (result.exit > 1) return result
  const advice = await adviseOn(serving, result)
  if (advice !== undefined) report.note(`tables that differ are left as they are; ${advice}`)
  await seed(serving)
  return result
}

async function tasksFor(serving: Serving): Promise<Task[]> {
  const { createTable } = await import('../../apply/reconcile.ts')
  const { asideFolder, recreateTable } = await import('../../testing/recreate-table.ts')
  const { connection, data, root, inMemory, loaded, flags, signal } = serving
  const { api } = connection
  const work = await startWork(serving)
  const { waiter } = work
  if (flags.recreate === true) await agreeToLosses(serving, await compareAll(serving, work), data)
  const aside = inMemory ? undefined : asideFolder(root)
  return loaded.tables.map(({ definition, warnings }) => ({
    name: definition.name,
    warnings,
    run: async onEvent => {
      const outcome = await createTable(definition, api, { waiter, signal, onEvent })
      if (outcome.action !== 'different' || flags.recreate !== true) return outcome
      return recreateTable(definition, { api, data, aside }, { waiter, signal, onEvent })
    },
  }))
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
    throw new DynamoxError('usage', `the environment could not be written to ${name}: ${fileReason(cause)}`, {
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
