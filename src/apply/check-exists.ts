import { systemClock } from './clock.ts'
import type { Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import { type Result, type Run, type RunOptions, runTable } from './run.ts'
import { look } from './wait.ts'
import { createWaiter } from './waiter.ts'

export interface CheckOptions extends RunOptions {
  /** The names of all tables there are; one that is among them may still be on its way out. */
  readonly listed?: ReadonlySet<string> | undefined
}

export interface PrepareOptions extends RunOptions {
  /** How many tables will be looked at at once; each look has its own time from then on. 32 when left out. */
  readonly looks?: number | undefined
}

const usualTimeoutMs = 60_000
const usualLooks = 32
/** Fewer tables than this are looked at one by one. */
const manyTables = 32
/** How long the list may take, in milliseconds: it is a call that can be done without. */
const listMs = { toBegin: 2_000, forEachCall: 200 }

/** Another account's table, which is in no list of ours. */
const isArn = (name: string) => name.startsWith('arn:')

/**
 * What checks of so many tables share: rates and deadlines, and the names of all tables there are, where finding these
 * out takes no longer than looking at each. They are left out for few tables, and where listing is not
 * allowed, throttled or slow.
 */
export async function prepareChecks(
  count: number,
  api: TableApi,
  { looks = usualLooks, ...options }: PrepareOptions = {},
): Promise<CheckOptions> {
  const { clock = systemClock, timeoutMs = usualTimeoutMs, signal } = options
  const waiter = options.waiter ?? createWaiter(api, clock, looks)
  if (count < manyTables) return { ...options, waiter }
  const startedAt = clock.now()
  // Looks are under way so many at a time, calls of ListTables one after the other.
  const calls = Math.max(1, Math.floor(count / looks))
  const patienceMs = Math.min(timeoutMs / 2, listMs.toBegin + listMs.forEachCall * calls)
  const late = waiter.deadlines.signalAt(startedAt + patienceMs, signal)
  const names = await api.listWithin(calls, { signal: late.signal }).catch(() => undefined)
  late.release()
  const left = { ...options, waiter, timeoutMs: timeoutMs - (clock.now() - startedAt) }
  return names === undefined ? left : { ...left, listed: new Set(names) }
}

/**
 * Says whether a table exists: `exists`, also while it is being created or changed, or `missing`, also while it is
 * being deleted. Never rejects; what went wrong is in the outcome's `error`.
 */
export function checkExists(name: string, api: TableApi, options: CheckOptions = {}): Promise<Outcome> {
  const { listed } = options
  const work = async (run: Run): Promise<Result> => {
    if (listed !== undefined && !listed.has(name) && !isArn(name)) return { action: 'missing' }
    const live = await look(run)
    return { action: live === undefined || live.status === 'DELETING' ? 'missing' : 'exists' }
  }
  return runTable(name, api, options, usualTimeoutMs, work, true)
}
