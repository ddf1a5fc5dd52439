import type { OnEvent, Outcome } from '../apply/events.ts'
import type { Loaded } from '../load/load-options.ts'
import { type Planned, type PlanOneOptions, planOne, planOptions } from './plan-one.ts'
import type { Connection, Run } from './run.ts'
import { concurrencyOf } from './settings.ts'

/** Plans every table side by side; in the order of their definitions. Only waiting for work under way is told of. */
export async function planAll(
  run: Run,
  loaded: Loaded,
  { api }: Connection,
  more: Pick<PlanOneOptions, 'settle' | 'timeoutMs' | 'waiter'> = {},
): Promise<readonly Planned[]> {
  const { runTables } = await import('../apply/run-tables.ts')
  const definitions = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
  const planned = new Map<string, Planned>()
  const options = { ...planOptions(run.flags), ...more, signal: run.signal, onEvent: await teller(run) }
  const each = async (name: string): Promise<Outcome> => {
    const definition = definitions.get(name)
    if (definition === undefined) return { name, action: 'skipped', durationMs: 0 }
    const found = await planOne(definition, api, options)
    planned.set(name, found)
    return found.outcome
  }
  const limits = { concurrency: concurrencyOf(run, loaded), failFast: false, signal: run.signal }
  const outcomes = await runTables([...definitions.keys()], each, limits)
  return loaded.tables.map(({ definition }, at) => {
    const outcome = outcomes[at] ?? { name: definition.name, action: 'skipped', durationMs: 0 }
    return (
      planned.get(definition.name) ?? { definition, live: undefined, plan: undefined, outcome, underWay: undefined }
    )
  })
}

async function teller({ report }: Run): Promise<OnEvent> {
  const { unsettled } = await import('../apply/readiness.ts')
  return event => {
    if (event.kind === 'held' || event.kind === 'pace' || event.kind === 'warning') report.event(event)
    if (event.kind !== 'status' || event.live === undefined || event.live.status === 'DELETING') return
    const what = unsettled(event.live)
    if (what !== undefined) report.note(`${event.table}: waiting for work that is under way (${what})`)
  }
}
