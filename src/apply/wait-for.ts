import type { TableDefinition } from '../table/definition.ts'
import type { Outcome } from './events.ts'
import type { TableApi } from './ports.ts'
import type { RunOptions } from './run.ts'

export interface WaitOptions extends RunOptions {
  /** What somebody else may be creating: it is waited for as long as that may take, when no `timeoutMs` is given. */
  readonly definition?: TableDefinition | undefined
}

/**
 * Waits until a table is ready (every index ACTIVE, encryption and warm throughput settled) or gone; sends nothing.
 * A table that is not there may still be created by somebody: waiting for it goes on to the timeout (`timeoutMs`, five
 * minutes when left out). A table that can never become ready ends the wait at once. Never rejects; what went wrong is
 * in the outcome's `error`.
 */
export async function waitFor(
  name: string,
  state: 'active' | 'gone',
  api: TableApi,
  options: WaitOptions = {},
): Promise<Outcome> {
  const { runWait } = await import('./run-wait.ts')
  return runWait(name, state, api, options)
}
