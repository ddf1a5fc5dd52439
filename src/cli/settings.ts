import type { Loaded } from '../load/load-options.ts'
import type { TableDefinition } from '../table/definition.ts'
import { parseDuration } from './options/duration.ts'
import type { CommandName } from './program.ts'
import type { Run } from './run.ts'

const minute = 60_000

/** How many tables to work on at once: the flag, else config, else what the work can bear. */
export function concurrencyOf({ flags, command }: Run, loaded: Loaded): number {
  return flags.concurrency ?? loaded.config?.value.concurrency ?? (waits.includes(command) ? 500 : 32)
}

// Most of a waiting command's time passes without a request; 500 is what AWS lets an account create and delete at once.
const waits: readonly CommandName[] = ['create', 'delete', 'wait', 'update']

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
