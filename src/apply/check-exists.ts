import { systemClock } from './clock.ts'
import type { Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import { type Result, type Run, type RunOptions, runTable } from './run.ts'
import { look } from './wait.ts'
import { createWaiter } from './waiter.ts'

export interface CheckOptions extends RunOptions {
  /** The names of all existing tables; one of them may still be on its way out. */
  readonly listed?: ReadonlySet<string> | undefined
}

export interface PrepareOptions extends RunOptions {
  /** How many tables will be looked at at once; 32 by default. */
  readonly looks?: number | undefined
}

/** How long a run over so many tables may take by default. */
const usualTimeoutMs = (count: number) => 60_000 + 20 * count
const usualLooks = 32
/** Fewer tables than this are looked at one by one. */
const manyTables = 32
/** How long the list may take, in milliseconds: the checks can do without it. */
const listMs = { toBegin: 2_000, forEachCall: 200 }

/** Another account's table, which no list of ours holds. */
const isArn = (name: string) => name.startsWith('arn:')

/**
 * What the checks of so many tables share: rates, one deadline, and the names of all existing tables, if listing them
 * takes no longer than looking at each. The names are left out for few tables, and when listing is not allowed,
 * throttled or slow.
 */
export async function prepareChecks(
  count: number,
  api: TableApi,
  { looks = usualLooks, ...options }: PrepareOptions = {},
): Promise<CheckOptions> {
  const { clock = systemClock, timeoutMs = usualTimeoutMs(count), signal } = options
  const waiter = options.waiter ?? createWaiter(api, clock, looks)
  const startedAt = clock.now()
  const shared = { ...options, waiter, deadline: startedAt + timeoutMs }
  if (count < manyTables) return shared
  // Looks run side by side, calls of ListTables one after the other.
  const calls = Math.max(1, Math.floor(count / looks))
  const patienceMs = Math.min(timeoutMs / 2, listMs.toBegin + listMs.forEachCall * calls)
  const late = waiter.deadlines.signalAt(startedAt + patienceMs, signal)
  const names = await api.listWithin(calls, { signal: late.signal }).catch(() => undefined)
  late.release()
  return names === undefined ? shared : { ...shared, listed: new Set(names) }
}

/**
 * Says whether a table exists: `exists`, also while it is being created or changed, or `missing`, also while it is
 * being deleted. Never rejects; a failure is in the outcome's `error`.
 */
export function checkExists(name: string, api: TableApi, options: CheckOptions = {}): Promise<Outcome> {
  const { listed } = options
  const work = async (run: Run): Promise<Result> => {
    if (listed !== undefined && !listed.has(name) && !isArn(name)) return { action: 'missing' }
    const live = await look(run)
    return { action: live === undefined || live.status === 'DELETING' ? 'missing' : 'exists' }
  }
  return runTable(name, api, options, usualTimeoutMs(1), work, true)
}
