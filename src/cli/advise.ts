import type { Session } from './command.ts'
import { planAll } from './plan-tables.ts'
import { recreateHint } from './recreate.ts'
import type { Result } from './report/report.ts'

/**
 * How to bring the tables that differ to their definitions, for commands that leave them as they are; `undefined` when
 * there are none. Only a local engine is asked which of them cannot be changed in place.
 */
export async function adviseOn(session: Session, { tables = [] }: Result): Promise<string | undefined> {
  const { loaded, connection, complete } = session
  const differing = tables.filter(({ action }) => action === 'different').map(({ name }) => name)
  if (differing.length === 0) return undefined
  const them = differing.length === 1 ? 'it' : 'them'
  const which = differing.length < 4 ? ` ${differing.join(' ')}` : ''
  const { engine } = connection.api.capabilities()
  if (engine === 'aws' || engine === 'unknown')
    return `${complete(`dynamox plan${which} shows how to bring ${them} to the definition`)}, and update does it`
  const ofThese = loaded.tables.filter(({ definition }) => differing.includes(definition.name))
  const planned = await planAll({ ...session, loaded: { ...loaded, tables: ofThese } }, { wait: false })
  const blocked = planned.filter(({ plan }) => plan !== undefined && plan.blocked.length > 0)
  if (blocked.length > 0) return `not everything can be changed in place; ${recreateHint}`
  return complete(`dynamox update${which} brings ${them} to the definition, and plan shows the steps first`)
}
