import type { TableDefinition } from '../table/definition.ts'
import type { Outcome } from './events.ts'
import { waitOn } from './look.ts'
import type { TableApi } from './ports.ts'
import { creationTimeoutMs, type Run, type RunOptions, runTable } from './run.ts'

export interface WaitOptions extends RunOptions {
  /** What somebody else may be creating: it is waited for as long as that may take, when no `timeoutMs` is given. */
  readonly definition?: TableDefinition | undefined
}

/**
 * Waits until a table is ready (every index ACTIVE, encryption and warm throughput settled) or gone; sends nothing.
 * A table that is not there may still be created by somebody: waiting for it goes on to the timeout. A table that
 * can never become ready ends the wait at once. Never rejects; what went wrong is in the outcome's `error`.
 */
export function waitFor(
  name: string,
  state: 'active' | 'gone',
  api: TableApi,
  options: WaitOptions = {},
): Promise<Outcome> {
  const work = async (run: Run): Promise<Pick<Outcome, 'action'>> => {
    if (state === 'gone') {
      await waitOn(run, { kind: 'gone' }, { work: 'unknown' }, 'not gone')
      return { action: 'gone' }
    }
    await waitOn(run, { kind: 'ready' }, { work: 'unknown', missing: 'wait' }, 'not ready')
    return { action: 'ready' }
  }
  return runTable(name, api, options, creationTimeoutMs(options.definition), work, true)
}
