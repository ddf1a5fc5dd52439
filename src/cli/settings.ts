import { isLocalEndpoint } from '../aws/endpoint.ts'
import type { Target } from '../aws/target.ts'
import type { Loaded } from '../load/load-options.ts'
import type { CommandName } from './command-specs.ts'
import { parseDuration } from './options/duration.ts'
import type { Run } from './run.ts'

// As many tables as AWS lets an account create, change and delete at the same time.
const accountLimit = 500

/** How many tables to work on at once: the flag, else config, else what the work and the target can bear. */
export function concurrencyOf({ flags, command }: Run, loaded: Loaded, target?: Target): number {
  const given = flags.concurrency ?? loaded.config?.value.concurrency
  if (given !== undefined) return given
  if (!waits.includes(command)) return 32
  return target !== undefined && isEngine(target) ? Number.POSITIVE_INFINITY : accountLimit
}

/** An engine on this machine counts no tables; how many requests it takes at once is found out while they are sent. */
function isEngine({ kind, endpoint }: Target): boolean {
  return kind === 'local' || (endpoint !== undefined && isLocalEndpoint(endpoint))
}

// Most of a waiting command's time passes without a request.
const waits: readonly CommandName[] = ['create', 'delete', 'wait', 'update']

/** How long a table may take, in milliseconds: the flag, else config; `undefined` leaves it to the kind of work. */
export function timeoutOf({ flags }: Run, loaded: Loaded): number | undefined {
  const configured = loaded.config?.value.timeout
  if (flags.timeout !== undefined || configured === undefined) return flags.timeout
  return parseDuration(String(configured), 'timeout in the config')
}
