import type { Outcome } from '../apply/events.ts'
import type { Loaded } from '../load/load-options.ts'
import { type Planned, planOne, planOptions } from './plan-one.ts'
import type { Connection, Run } from './run.ts'
import { concurrencyOf } from './settings.ts'

/** Plans every table side by side, without a word; in the order of their definitions. */
export async function planAll(run: Run, loaded: Loaded, { api }: Connection): Promise<readonly Planned[]> {
  const { runTables } = await import('../apply/run-tables.ts')
  const definitions = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
  const planned = new Map<string, Planned>()
  const options = { ...planOptions(run.flags), signal: run.signal }
  const each = async (name: string): Promise<Outcome> => {
    const definition = definitions.get(name)
    if (definition === undefined) return { name, action: 'skipped', durationMs: 0 }
    const found = await planOne(definition, api, options)
    planned.set(name, found)
    return found.outcome
  }
  const limits = { concurrency: concurrencyOf(run, loaded), failFast: false, signal: run.signal }
  const outcomes = await runTables([...definitions.keys()], each, limits)
  return outcomes.map(outcome => planned.get(outcome.name) ?? { plan: undefined, outcome })
}
