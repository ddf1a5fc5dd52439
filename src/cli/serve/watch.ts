import { resolve } from 'node:path'
import { isDynamoxError } from '../../errors.ts'
import type { Loaded } from '../../load/load-options.ts'
import { load } from '../load.ts'
import { planAll } from '../plan-all.ts'
import type { Planned } from '../plan-one.ts'
import { errorLines } from '../report/lines.ts'
import { plainStyle } from '../report/style.ts'
import type { Run } from '../run.ts'
import { type Task, workOn } from '../work-on.ts'
import type { Serving } from './serving.ts'

/** Loads the definitions anew whenever a model file or the config changes, and brings the tables to them. */
export async function watch(run: Run, first: Loaded, serving: Serving): Promise<void> {
  const { watchFiles } = await import('../../local/watch-files.ts')
  const { signal, report, io } = run
  let files = filesOf(first, io.cwd)
  let work = Promise.resolve()
  let stop = () => {}
  const follow = () => {
    stop()
    stop = watchFiles(files, () => {
      work = work.then(reload)
    })
  }
  const reload = async (): Promise<void> => {
    if (signal.aborted) return
    try {
      const loaded = await load(run)
      const found = filesOf(loaded, io.cwd)
      const others = found.join() !== files.join()
      files = found
      // What changes before the other files are watched is seen by one more look.
      if (others) follow()
      await bringTo(run, loaded, serving)
      if (others) await reload()
    } catch (error) {
      if (!isDynamoxError(error)) throw error
      if (!signal.aborted) for (const line of errorLines(error, plainStyle)) report.note(line)
    }
  }
  follow()
  report.note('watching the model files and the config')
  await new Promise<void>(done => signal.addEventListener('abort', () => done(), { once: true }))
  stop()
  await work
}

function filesOf({ config, tables }: Loaded, cwd: string): string[] {
  const files = tables.flatMap(({ sources }) => sources.map(({ file }) => resolve(cwd, file)))
  return config === undefined ? files : [...files, config.path]
}

async function bringTo(run: Run, loaded: Loaded, serving: Serving): Promise<void> {
  const planned = await planAll(run, loaded, serving.connection, { settle: true })
  const busy = planned.filter(({ plan }) => plan === undefined || plan.steps.length + plan.blocked.length > 0)
  if (busy.length === 0) return
  const tables = await Promise.all(busy.map(each => taskFor(run, serving, each, loaded)))
  const { error } = await workOn(run, loaded, serving.connection, { verb: 'Updating', counted: 'done', tables })
  if (error?.code === 'blocked' && run.flags.recreate !== true) {
    run.report.note('what cannot be changed in place is recreated with --recreate')
  }
}

async function taskFor(
  { flags, signal }: Run,
  { connection: { api }, data, inMemory, root }: Serving,
  { definition, plan, outcome }: Planned,
  { tables }: Loaded,
): Promise<Task> {
  const { runPlan } = await import('../../apply/run-plan.ts')
  const { asideFolder, recreateTable } = await import('../../testing/recreate-table.ts')
  const aside = inMemory ? undefined : asideFolder(root)
  return {
    name: definition.name,
    warnings: tables.find(table => table.definition === definition)?.warnings,
    run: async onEvent => {
      if (plan === undefined) return outcome
      if (plan.blocked.length === 0) return runPlan(plan, api, { signal, onEvent })
      return flags.recreate === true ? recreateTable(definition, { api, data, aside }, { signal, onEvent }) : outcome
    },
  }
}
