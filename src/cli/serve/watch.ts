import { resolve } from 'node:path'
import { DynamoxError, isDynamoxError } from '../../errors.ts'
import type { Loaded } from '../../load/load-options.ts'
import { shownPath } from '../../load/shown-path.ts'
import { load } from '../load.ts'
import { type Planned, planAll, warningsOf } from '../plan-tables.ts'
import { errorLines } from '../report/lines.ts'
import { type Task, workOn } from '../work-on.ts'
import type { Serving } from './serving.ts'

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
      const loaded = await load(serving)
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
  await new Promise<void>(done => signal.addEventListener('abort', () => done(), { once: true }))
  stop()
  await work
}

function filesOf({ config, tables }: Loaded, cwd: string): string[] {
  const files = tables.flatMap(({ sources }) => sources.map(({ file }) => resolve(cwd, file)))
  return [...files, ...(config?.files ?? []).map(({ path }) => path)]
}

async function bringTo(serving: Serving): Promise<void> {
  const planned = await planAll(serving)
  const busy = planned.filter(({ plan }) => plan === undefined || plan.steps.length + plan.blocked.length > 0)
  if (busy.length === 0) return serving.report.note('no table differs')
  const tables = await Promise.all(busy.map(each => taskFor(serving, each)))
  await workOn(serving, { verb: 'Updating', counted: 'done', tables })
}

async function taskFor(serving: Serving, { definition, plan, outcome }: Planned): Promise<Task> {
  const { applyPlan } = await import('../../apply/apply-plan.ts')
  const { asideFolder, itemsLost, recreateTable } = await import('../../testing/recreate-table.ts')
  const { flags, signal, connection, data, inMemory, root } = serving
  const { api } = connection
  const aside = inMemory ? undefined : asideFolder(root)
  const { name, warnings } = warningsOf(serving, definition.name)
  return {
    name,
    warnings,
    run: async onEvent => {
      if (plan === undefined) return outcome
      if (plan.blocked.length === 0) return applyPlan(plan, api, { signal, onEvent })
      if (flags.recreate !== true) return outcome
      const loss = flags.yes === true ? undefined : await itemsLost(definition, data, signal)
      return loss === undefined
        ? recreateTable(definition, { api, data, aside }, { signal, onEvent })
        : { ...outcome, error: wouldLose(name, loss) }
    },
  }
}

/** A server that watches files has no good moment for a question. */
const wouldLose = (name: string, loss: string): DynamoxError =>
  new DynamoxError('blocked', `${name} was not recreated: ${loss}`, {
    table: name,
    hint: 'start dynamox local again: --recreate asks first, and with --yes it recreates tables without such items',
  })
