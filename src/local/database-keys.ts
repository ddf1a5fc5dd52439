import type { KeyRange } from 'dynalite/db/index.js'

/** The keys `<part>~...` of dynalite's database. No table or index name holds a `~`, and DEL is the character after it. */
export const keysOf = (part: string): KeyRange => ({ gte: `${part}~`, lt: `${part}\x7f` })

/** The values in lists of up to `size`. */
export async function* batches<T>(values: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const value of values) {
    batch.push(value)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
