import { followUpFields } from '../plan/follow-ups.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { OnEvent, Outcome } from './events.ts'
import { look, waitOn } from './look.ts'
import type { TableApi } from './ports.ts'
import { isReady, neverReady } from './readiness.ts'
import { type RunOptions, runTable } from './run.ts'

export interface ReadOptions extends RunOptions {
  /** Wait until work that is under way has settled, so that a plan does not rest on values that are about to change. */
  readonly settle?: boolean | undefined
}

const usualTimeoutMs = 60 * 60_000

export interface ReadLive {
  /** `undefined` when the table is not there. */
  readonly live: LiveTable | undefined
  /** A failure, as every failure of one table is: as an outcome. */
  readonly failed: Outcome | undefined
}

/** The live table with all the settings that the definition speaks of, to plan from. */
export function readLive(definition: TableDefinition, api: TableApi, options: ReadOptions = {}): Promise<ReadLive> {
  // What a target keeps is known when it has answered once.
  return readNamed(definition.name, () => followUpFields(definition, api.capabilities()), api, options)
}

/** The live table with these settings beside what DescribeTable carries. */
export async function readNamed(
  name: string,
  fieldsOf: () => readonly FollowUpField[],
  api: TableApi,
  options: ReadOptions = {},
): Promise<ReadLive> {
  let live: LiveTable | undefined
  // Reading is no work on a table: nobody is told that it starts and finishes.
  const onEvent: OnEvent = event => {
    if (event.kind !== 'started' && event.kind !== 'finished') options.onEvent?.(event)
  }
  // What is on its way out, and what waits for somebody to mend a key, does not become ready however long one waits.
  const rests = (now: LiveTable | undefined) => now === undefined || isReady(now) || neverReady(name, now) !== undefined
  const outcome = await runTable(name, api, { ...options, onEvent }, usualTimeoutMs, async run => {
    live = await look(run)
    const resting = rests(live)
    if (options.settle === true && !resting) {
      await waitOn(run, { kind: 'holds', holds: rests }, { work: 'unknown' }, 'work is still under way')
    }
    const fields = fieldsOf()
    if (live !== undefined && (fields.length > 0 || !resting)) live = await look(run, fields)
    return { action: live === undefined ? 'missing' : 'exists' }
  })
  return { live, failed: outcome.error === undefined ? undefined : outcome }
}
