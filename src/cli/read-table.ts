import { systemClock } from '../apply/clock.ts'
import { type TableApi, TransientError } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'

interface Details {
  readonly fields?: readonly FollowUpField[] | undefined
  readonly signal?: AbortSignal | undefined
}

const attempts = 6

/** The table as it is now; what fails for a reason that passes is tried again, for some six seconds in all. */
export async function readTable(
  api: TableApi,
  name: string,
  { fields = [], signal }: Details,
): Promise<LiveTable | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await api.describe(name, fields, { signal })
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      if (attempt === attempts) throw lasting(name, error)
      await systemClock.sleep(100 * 2 ** attempt, signal)
    }
    if (signal?.aborted === true) throw new DynamoxError('interrupted', 'stopped while looking; nothing was changed')
  }
}

function lasting(name: string, error: TransientError): DynamoxError {
  const { kind, message } = error.refusal
  const code = kind === 'throttled' ? 'throttled' : 'network'
  return new DynamoxError(code, `${name}: ${message}`, { table: name, cause: error })
}
