import { dirname, join, relative } from 'node:path'
import type { Outcome } from '../../apply/events.ts'
import type { Loaded } from '../../load/load-options.ts'
import { plural } from '../report/format.ts'
import type { Report, Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { type Task, workOn } from '../work-on.ts'
import type { Serving } from './serving.ts'

/** Where this command's own lines go: not among the output of a program that it runs. */
export async function reportFor(run: Run): Promise<Report> {
  const { io, report, flags, program, command } = run
  if (program === undefined || flags.json === true) return report
  const { chooseReport } = await import('../report/choose-report.ts')
  const { quiet = false, verbose = false, color = true } = flags
  const aside = { ...io, stdout: io.stderr }
  const chosen = await chooseReport(aside, { command, json: false, quiet, verbose, color })
  const outcome = (what: Outcome, details: readonly string[]) => {
    if (!quiet || what.error !== undefined) chosen.outcome(what, details)
  }
  return { ...chosen, outcome }
}

/** Creates the tables by the engine of `create`, recreates those that differ where that was asked for, and seeds them. */
export async function bringUp(run: Run, loaded: Loaded, serving: Serving): Promise<Result> {
  const { report } = run
  const { connection, server, name, inMemory, root } = serving
  const kept = inMemory ? 'nothing is kept' : `data in ${join(relative(run.io.cwd, root) || '.', '.dynamox/local')}`
  report.note(`${name} on ${server.endpoint}, ${kept}`)
  if (server.shared) report.note('another dynamox serves the store of this project; its data is used')
  if (loaded.tables.length === 0) {
    report.note('no tables: there is no model, and no config that defines any')
    return { exit: 0, target: await connection.where(), tables: [], warnings: loaded.warnings }
  }
  const tables = await tasksFor(run, loaded, serving)
  const result = await workOn(run, loaded, connection, { verb: 'Creating', counted: 'ready', tables })
  if (result.exit > 1) return result
  if (result.exit === 1 && run.flags.recreate !== true) {
    report.note('tables that differ are left as they are; --recreate or --reset brings them to their definitions')
  }
  await seed(run, loaded, serving)
  return result
}

async function tasksFor(run: Run, { tables }: Loaded, { connection, data, root, inMemory }: Serving): Promise<Task[]> {
  const { createTable } = await import('../../apply/create-table.ts')
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')
  const { asideFolder, recreateTable } = await import('../../testing/recreate-table.ts')
  const { api } = connection
  const shared = { waiter: createWaiter(api, systemClock), signal: run.signal }
  const aside = inMemory ? undefined : asideFolder(root)
  return tables.map(({ definition, warnings }) => ({
    name: definition.name,
    warnings,
    run: async onEvent => {
      const outcome = await createTable(definition, api, { ...shared, onEvent })
      if (outcome.action !== 'different' || run.flags.recreate !== true) return outcome
      return recreateTable(definition, { api, data, aside }, { ...shared, onEvent })
    },
  }))
}

/** The config's seed goes into empty tables only, so that what was changed since stays; `--seed` always. */
async function seed(run: Run, loaded: Loaded, { data, root, inMemory }: Serving): Promise<void> {
  const { seedPatterns, seedTables } = await import('../../testing/seed/seed-tables.ts')
  const { restoreAside } = await import('../../testing/recreate-table.ts')
  const { flags, io, signal, report } = run
  const { config, tables } = loaded
  const common = { cwd: io.cwd, tables, signal }
  const base = config === undefined ? io.cwd : dirname(config.path)
  const restored = inMemory ? new Map<string, number>() : await restoreAside(data, root, common)
  const configured = await seedTables(data, seedPatterns(config?.value.seed, base), { ...common, emptyOnly: true })
  const given = await seedTables(data, seedPatterns(flags.seed, io.cwd), common)
  for (const [table, count] of restored)
    report.note(`${table}: ${plural(count, 'item')} put back that a stop had left aside`)
  for (const [table, count] of [...configured, ...given]) report.note(`${table}: ${plural(count, 'item')} seeded`)
}

/** The endpoint and the environment, for people, for programs and for a file. */
export async function tellReady(run: Run, { server }: Serving, result: Result): Promise<void> {
  const { environmentLines, localEnvironment } = await import('../../local/environment.ts')
  const { writeEnvironment } = await import('./write-environment.ts')
  const { flags, io, report, program } = run
  const env = localEnvironment(server)
  for (const name of new Set([flags.envFile, flags.writeEnv])) {
    if (name === undefined) continue
    await writeEnvironment(io.cwd, name, env)
    report.note(`wrote ${name}`)
  }
  const lines = program === undefined ? () => environmentLines(env) : undefined
  report.ready({ ...result, exit: 0, error: undefined, extra: { endpoint: server.endpoint, env }, lines })
  report.note(program === undefined ? 'ready; Ctrl-C stops it' : `running ${program.join(' ')}`)
}
