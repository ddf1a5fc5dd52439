import { DynamoxError } from '../errors.ts'
import type { LiveTable } from '../table/live.ts'
import type { Session } from './command.ts'
import { place, whileReading } from './connect.ts'
import { concurrencyOf } from './work-on.ts'

/** The config's prefix and suffix of every table name; each may be empty. */
export interface Affixes {
  readonly prefix: string
  readonly suffix: string
}

/** The name without prefix and suffix; `undefined` for a table that does not have them. */
export function baseNameOf(name: string, { prefix, suffix }: Affixes): string | undefined {
  const inner = name.slice(prefix.length, name.length - suffix.length)
  return `${prefix}${inner}${suffix}` === name && inner !== '' ? inner : undefined
}

/** The names of all tables at the target that have the prefix and suffix of the config. */
export async function liveNames({ connection, signal, report }: Session, affixes: Affixes): Promise<readonly string[]> {
  const names = await connection.api.list({ signal })
  const own = names.filter(name => baseNameOf(name, affixes) !== undefined)
  const others = names.length - own.length
  if (others > 0) report.note(`left out: ${others} of ${names.length} tables, without ${affixText(affixes)}`)
  if (own.length > 0) return own
  throw new DynamoxError('usage', `no tables found ${place(await connection.where())}`, {
    hint: others > 0 ? 'name the tables to use' : 'check --region, --profile, --endpoint and --local',
  })
}

function affixText({ prefix, suffix }: Affixes): string {
  const parts = [prefix === '' ? [] : [`the prefix ${prefix}`], suffix === '' ? [] : [`the suffix ${suffix}`]]
  return parts.flat().join(' and ')
}

/**
 * The tables as they are now, with every setting, in the order of `names`; tables that do not exist are left out.
 * Settings that could not be read are warned about.
 */
export async function readLiveTables(session: Session, names: readonly string[]): Promise<readonly LiveTable[]> {
  const { connection, report, signal, flags, loaded } = session
  const { inParallel } = await import('../apply/run-tables.ts')
  const { readWhole } = await import('../apply/wait.ts')
  const { api } = connection
  const found: (LiveTable | undefined)[] = []
  await whileReading(session, 'Reading', names, () =>
    inParallel(names, Math.min(16, concurrencyOf(session, loaded)), async (name, at) => {
      const { live, failed } = await readWhole(name, api, { signal, timeoutMs: flags.timeout })
      if (failed?.error !== undefined) throw failed.error
      found[at] = live
      for (const message of live?.warnings ?? []) report.warn(message, name)
    }),
  )
  return found.filter(live => live !== undefined)
}
