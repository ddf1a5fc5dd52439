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

/** How long a table may take, in milliseconds: the flag, else config; `undefined` leaves it to the kind of work. */
export function timeoutOf({ flags }: Run, loaded: Loaded): number | undefined {
  const configured = loaded.config?.value.timeout
  if (flags.timeout !== undefined || configured === undefined) return flags.timeout
  return parseDuration(String(configured), 'timeout in the config')
}

/** The same for a table that somebody else creates: as long as creating it from this definition may take. */
export function waitTimeoutOf(run: Run, loaded: Loaded, definition: TableDefinition | undefined): number | undefined {
  return timeoutOf(run, loaded) ?? (definition !== undefined && isWarmed(definition) ? 20 * minute : undefined)
}

function isWarmed(definition: TableDefinition): boolean {
  return [definition, ...definition.globalIndexes].some(
    ({ warmReadUnits, warmWriteUnits }) => warmReadUnits !== undefined || warmWriteUnits !== undefined,
  )
}
