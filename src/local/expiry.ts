import { pipeline, type Readable, Transform } from 'node:stream'
import type { StoredItem, StoredTable, StreamOptions } from 'dynalite/db/index.js'

// AWS keeps an item whose time is longer ago than five years, as it could be in another unit.
const fiveYears = 5 * 365 * 24 * 3600

/** Whether the items of a table expire. */
export const expires = (table: StoredTable | undefined): boolean =>
  table?.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED'

/** Whether an item's time has come. Only numbers count, as seconds since 1970. */
export function isExpired(item: StoredItem, table: StoredTable | undefined, now = Date.now() / 1000): boolean {
  if (!expires(table)) return false
  const value = item[table?.TimeToLiveDescription?.AttributeName ?? '']?.N
  const at = Number(value ?? Number.NaN)
  return at <= now && at > now - fiveYears
}

/** How to find an entry's item, and to remove the entries of expired items. */
interface Expiry {
  itemOf(entry: StoredItem): Promise<StoredItem>
  remove(entries: readonly StoredItem[]): void
}

/** The entries of a stream whose items have not expired. */
export function withoutExpired(
  options: StreamOptions,
  read: (options: StreamOptions) => Readable,
  table: StoredTable,
  { itemOf, remove }: Expiry,
): Readable {
  const expired: StoredItem[] = []
  const filter = new Transform({
    objectMode: true,
    transform(entry: StoredItem, _, done) {
      itemOf(entry).then(item => {
        if (!isExpired(item, table)) return done(null, entry)
        expired.push(entry)
        done()
      }, done)
    },
  })
  // The limit counts what is shown, and dynalite stops reading by itself.
  return pipeline(read({ ...options, limit: -1 }), filter, () => remove(expired))
}
