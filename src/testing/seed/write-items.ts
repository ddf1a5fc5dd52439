import { type Clock, systemClock } from '../../apply/clock.ts'
import type { DataApi, ItemWrite } from '../../apply/data-api.ts'
import { inParallel } from '../../apply/run-tables.ts'
import { DynamoxError } from '../../errors.ts'

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
  /** The place of a write in the user's files, for messages. */
  readonly placeOf?: ((write: ItemWrite) => string | undefined) | undefined
}

// The limit of BatchWriteItem.
const batchSize = 25
const concurrent = 4
const tries = 12
const firstPauseMs = 50
const longestPauseMs = 5000

/**
 * Writes to a table in batches, a few concurrently; writes that are throttled or left unprocessed are sent again. Each
 * write must have a different key. Throws `config` for an item that DynamoDB refuses, `throttled` when it keeps
 * throttling, `interrupted` for the signal.
 */
export async function writeItems(
  api: DataApi,
  table: string,
  writes: readonly ItemWrite[],
  options: WriteOptions = {},
): Promise<void> {
  const batches: (readonly ItemWrite[])[] = []
  for (let at = 0; at < writes.length; at += batchSize) batches.push(writes.slice(at, at + batchSize))
  await inParallel(batches, concurrent, batch => writeBatch(api, table, batch, options))
}

async function writeBatch(
  api: DataApi,
  table: string,
  batch: readonly ItemWrite[],
  options: WriteOptions,
): Promise<void> {
  const { signal, clock = systemClock } = options
  let left = batch
  for (let attempt = 1; left.length > 0; attempt++) {
    if (signal?.aborted) throw new DynamoxError('interrupted', `interrupted while writing items to ${table}`, { table })
    const answer = await api.write(table, left, { signal })
    if (answer.kind === 'written') left = answer.unprocessed
    else if (answer.refusal.kind !== 'throttled' && answer.refusal.kind !== 'unavailable') {
      return refused(api, table, left, answer.refusal.message, options)
    }
    if (left.length === 0) return
    if (attempt === tries) {
      throw new DynamoxError(
        'throttled',
        `${left.length} items could not be written to ${table}: DynamoDB kept throttling`,
        {
          table,
          hint: 'run it again: items that were already written are written again, with the same result',
        },
      )
    }
    await clock.sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)), signal)
  }
}

/**
 * DynamoDB refuses a whole batch for one bad item. Send the items one by one, to write the others and find the bad one.
 */
async function refused(
  api: DataApi,
  table: string,
  batch: readonly ItemWrite[],
  message: string,
  options: WriteOptions,
): Promise<void> {
  const [only] = batch
  if (batch.length > 1) {
    for (const write of batch) await writeBatch(api, table, [write], options)
    return
  }
  const place = only === undefined ? undefined : options.placeOf?.(only)
  throw new DynamoxError('config', `${place ?? 'an item'}: ${table} refused it: ${message}`, { table })
}
