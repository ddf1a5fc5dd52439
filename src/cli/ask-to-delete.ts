import type { Loaded } from '../load/load-options.ts'
import type { EngineName } from '../table/capabilities.ts'
import type { LiveTable } from '../table/live.ts'
import { announce } from './announce.ts'
import { consent } from './consent.ts'
import { readTable } from './read-table.ts'
import { align, formatBytes, plural } from './report/format.ts'
import type { Connection, Run } from './run.ts'

/**
 * Lists what is there and where, and asks; the names that were agreed to. On AWS the name (or the number of tables)
 * has to be typed, on a loopback endpoint a plain yes will do. Throws unless the answer is a clear yes.
 */
export async function askToDelete(
  run: Run,
  loaded: Loaded,
  connection: Connection,
  names: readonly string[],
): Promise<readonly string[]> {
  const { isLoopback } = await import('../aws/endpoint.ts')
  const { api, target } = connection
  const found = await Promise.all(
    names.map(async name => {
      const look = readTable(api, name, { signal: run.signal })
      // What could not be read is asked about all the same; the deletion itself will say why.
      return { name, live: await look.catch(() => 'unknown' as const) }
    }),
  )
  const there = found.filter(({ live }) => live !== undefined)
  const [first] = there
  if (first === undefined) return []
  await announce(
    run,
    loaded,
    connection,
    'About to delete',
    there.map(({ name }) => name),
  )
  for (const line of align(there.map(({ name, live }) => [`  ${name}`, contents(live, api.capabilities().engine)])))
    run.report.note(line)
  const harmless = target.kind === 'local' || (target.endpoint !== undefined && isLoopback(target.endpoint))
  const single = there.length === 1
  const deed = `delete ${single ? first.name : plural(there.length, 'table')}`
  await consent(run, { deed, word: harmless ? undefined : single ? first.name : String(there.length) })
  return there.map(({ name }) => name)
}

/** AWS counts some four times a day; engines that say 0 may never count. */
function contents(live: LiveTable | 'unknown' | undefined, engine: EngineName): string {
  if (live === undefined || live === 'unknown') return 'could not be read'
  const { itemCount = 0, sizeBytes = 0 } = live
  if (itemCount > 0) return `about ${plural(itemCount, 'item')}, ${formatBytes(sizeBytes)}`
  return engine === 'aws' ? 'no items at the last count' : 'its items were not counted'
}
