import type { Outcome } from './events.ts'
import { look } from './look.ts'
import type { TableApi } from './ports.ts'
import { type Run, type RunOptions, runTable } from './run.ts'

const usualTimeoutMs = 60_000

/**
 * Says whether a table exists: `exists`, also while it is being created or changed, or `missing`, also while it is
 * being deleted. Never rejects; what went wrong is in the outcome's `error`.
 */
export function checkExists(name: string, api: TableApi, options: RunOptions = {}): Promise<Outcome> {
  const work = async (run: Run): Promise<Pick<Outcome, 'action'>> => {
    const live = await look(run)
    return { action: live === undefined || live.status === 'DELETING' ? 'missing' : 'exists' }
  }
  return runTable(name, api, options, usualTimeoutMs, work, true)
}
