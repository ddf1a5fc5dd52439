import type { Outcome } from './events.ts'
import { waitOn } from './look.ts'
import type { TableApi } from './ports.ts'
import { creationTimeoutMs, type Run, runTable } from './run.ts'
import type { WaitOptions } from './wait-for.ts'

/** What waitFor does. */
export function runWait(name: string, state: 'active' | 'gone', api: TableApi, options: WaitOptions): Promise<Outcome> {
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
