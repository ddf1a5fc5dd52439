import { systemClock } from './clock.ts'
import type { Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, type RunResult, runTable } from './run.ts'
import { look } from './wait.ts'
import { createWaiter } from './waiter.ts'

export interface CheckOptions extends RunOptions {
  /** The names of all existing tables, including tables that are being deleted. */
  readonly listed?: ReadonlySet<string> | undefined
}

export interface PrepareOptions extends RunOptions {
  /** How many tables are described at once; 32 by default. */
  readonly looks?: number | undefined
}

/** The default timeout of a run over `count` tables. */
const usualTimeoutMs = (count: number) => 60_000 + 20 * count
const usualLooks = 32
/** Fewer tables than this are described one by one instead of being listed. */
const manyTables = 32
/** How long the list may take, in milliseconds; the checks also work without it. */
const listMs = { toBegin: 2_000, forEachCall: 200 }

/** An ARN may name a table of another account, which ListTables does not return. */
const isArn = (name: string) => name.startsWith('arn:')

/**
 * The state that all checks of a run share: rates, one deadline, and the names of all existing tables. The names are
 * missing when describing each table is faster, and when listing is not allowed, throttled or slow.
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
  // DescribeTable calls run in parallel, ListTables calls one after the other.
  const calls = Math.max(1, Math.floor(count / looks))
  const patienceMs = Math.min(timeoutMs / 2, listMs.toBegin + listMs.forEachCall * calls)
  const late = new AbortController()
  const forget = waiter.deadlines.add(startedAt + patienceMs, () => late.abort())
  const stop = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal])
  const names = await api.listWithin(calls, { signal: stop }).catch(() => undefined)
  forget()
  return names === undefined ? shared : { ...shared, listed: new Set(names) }
}

/**
 * Checks whether a table exists: `exists` (also while it is being created or changed) or `missing` (also while it is
 * being deleted). Never rejects; a failure is in the outcome's `error`.
 */
export function checkExists(name: string, api: TableApi, options: CheckOptions = {}): Promise<Outcome> {
  const { listed } = options
  const work = async (run: Run): Promise<RunResult> => {
    if (listed !== undefined && !listed.has(name) && !isArn(name)) return { action: 'missing' }
    const live = await look(run)
    return { action: live === undefined || live.status === 'DELETING' ? 'missing' : 'exists' }
  }
  return runTable(name, api, options, usualTimeoutMs(1), work, true)
}
