import type { Loaded } from '../load/load-options.ts'
import type { TableDefinition } from '../table/definition.ts'
import { parseDuration } from './options/duration.ts'
import type { Run } from './run.ts'

const minute = 60_000

// As many tables as AWS lets an account create, change and delete at the same time.
const accountLimit = 500

/** How many tables to work on at once: the flag, else config, else what AWS allows. */
export function concurrencyOf({ flags }: Run, loaded: Loaded): number {
  return flags.concurrency ?? loaded.config?.value.concurrency ?? accountLimit
}

/** How long to wait for one table, in milliseconds: the flag, else config, else what such a change may take. */
export function timeoutOf(run: Run, loaded: Loaded, definition?: TableDefinition): number {
  const configured = loaded.config?.value.timeout
  if (run.flags.timeout !== undefined) return run.flags.timeout
  if (configured !== undefined) return parseDuration(String(configured), 'timeout in the config')
  if (run.command === 'update') return 60 * minute
  return definition !== undefined && isWarmed(definition) ? 20 * minute : 5 * minute
}

/** Whether warm throughput is asked for, which AWS may take a quarter of an hour to provide. */
function isWarmed(definition: TableDefinition): boolean {
  return [definition, ...definition.globalIndexes].some(
    ({ warmReadUnits, warmWriteUnits }) => warmReadUnits !== undefined || warmWriteUnits !== undefined,
  )
}
