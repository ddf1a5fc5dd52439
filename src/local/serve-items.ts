import { setImmediate as otherWork } from 'node:timers/promises'
import type {
  Callback,
  DynaliteFunctions,
  DynaliteStore,
  IndexDatabase,
  ItemDatabase,
  StoredIndex,
  StoredItem,
  StoredTable,
  StreamOptions,
  Write,
} from 'dynalite/db/index.js'
import { isRecord } from '../table/untyped.ts'
import type { ItemStore } from './control-plane/plane.ts'
import { expires, isExpired, withoutExpired } from './expiry.ts'
import { badIndexKey, failingStream, notFound, validationError } from './refuse-data-call.ts'
import { keysOf } from './table-records.ts'

/**
 * The record of a table as it is at this moment; `undefined` when it does not exist. It lists an index from the moment
 * that its build begins, and no longer while its entries are dropped.
 */
export type FindTable = (name: string) => StoredTable | undefined

/** The item store of the embedded engine. */
export interface Items extends ItemStore {
  /** Stops builds; resolves when nothing is being written any more. */
  close(): Promise<void>
}

// The number of items that are locked at a time to build an index from them.
const batchSize = 100

/**
 * Lets dynalite's actions find tables through `find`, write an item and its index entries as one change, and not see
 * expired items. On its own, dynalite leaves an entry without its item when it is killed in between, and fails on items
 * whose attributes do not fit an index that was added later.
 */
export function serveItems(store: DynaliteStore, functions: DynaliteFunctions, find: FindTable): Items {
  const { db } = store
  // dynalite's own databases of items stay in memory for every table that was used; only their lock is needed.
  const { lock } = store.getItemDb('')
  const writing = new Set<Promise<void>>()
  // The item that each write replaces: by the new item, or by the key of a deleted one. A key costs more than the write itself.
  const replaced = new WeakMap<StoredItem, StoredItem>()
  const deleted = new Map<string, StoredItem>()
  let closing = false

  const track = (work: Promise<void>, done: Callback): void => {
    const end = (error: Error | null) => {
      writing.delete(work)
      done(error)
    }
    writing.add(work)
    work.then(() => end(null), end)
  }
  const writesUnderWay = () => Promise.allSettled(writing)

  /** Writes or deletes an item whose lock is held. */
  const write = (name: string, key: string, item: StoredItem | undefined, done: Callback): void => {
    const itemKey = itemKeyOf(name, key)
    const before = item === undefined ? deleted.get(itemKey) : replaced.get(item)
    deleted.delete(itemKey)
    const save = (old: StoredItem | undefined): Promise<void> => {
      const table = find(name)
      if (table === undefined || table.TableStatus === 'DELETING') return Promise.reject(notFound())
      const entries = entryWrites(functions, table, old, item)
      if (entries.length > 0) return db.batch([...entries, itemWrite(itemKey, item)])
      return item === undefined ? db.del(itemKey) : db.put(itemKey, item)
    }
    // An item that seemed to be missing may have expired.
    const isUnsure = before === undefined && expires(find(name))
    track(isUnsure ? db.get(itemKey).then(found => save(isItem(found) ? found : undefined)) : save(before), done)
  }

  /** Changes items while they are locked, so that no other write comes in between. */
  const rewrite = (
    name: string,
    keys: readonly string[],
    change: (key: string, item: StoredItem) => readonly Write[],
  ) =>
    new Promise<void>((resolve, reject) => {
      itemsOf(name).lock(keys, release => {
        const work = async () => {
          const items = await db.getMany(keys.map(key => itemKeyOf(name, key)))
          const writes = items.flatMap((item, place) => (isItem(item) ? change(keys[place] ?? '', item) : []))
          if (writes.length > 0) await db.batch(writes)
        }
        track(work(), error => release(() => (error ? reject(error) : resolve()))())
      })
    })

  const removeExpired = (name: string, keys: readonly string[]): void => {
    if (keys.length === 0 || closing) return
    const removed = rewrite(name, keys, (key, item) => {
      const table = find(name)
      if (table === undefined || !isExpired(item, table)) return []
      return [...entryWrites(functions, table, item, undefined), itemWrite(itemKeyOf(name, key), undefined)]
    })
    // They stay invisible, and the next reader tries again.
    removed.catch(() => {})
  }

  const itemsOf = (name: string): ItemDatabase => {
    const read = (options: StreamOptions) => db.createValueStream(below(itemKeyOf(name, ''), options))
    return {
      lock: (keys, work) =>
        lock(typeof keys === 'string' ? itemKeyOf(name, keys) : keys.map(key => itemKeyOf(name, key)), work),
      get: (key, done) =>
        db.get(itemKeyOf(name, key), (error, item) => {
          const isHidden = item !== undefined && isExpired(item, find(name))
          if (isHidden) removeExpired(name, [key])
          done(error, isHidden ? undefined : item)
        }),
      put: (key, item, done) => write(name, key, item, done),
      del: (key, done) => write(name, key, undefined, done),
      createValueStream: options => {
        const table = find(name)
        if (table === undefined || !expires(table)) return read(options)
        return withoutExpired(options, read, table, {
          itemOf: async item => item,
          remove: found =>
            removeExpired(
              name,
              found.map(item => functions.createKey(item, table)),
            ),
        })
      },
    }
  }

  const indexOf = (kind: string, name: string, index: string): IndexDatabase => {
    const read = (options: StreamOptions) => db.createValueStream(below(`${indexPart(kind, name, index)}~`, options))
    const table = find(name)
    const { IndexStatus } = table?.GlobalSecondaryIndexes?.find(each => each.IndexName === index) ?? {}
    if (IndexStatus === 'CREATING') {
      const refusal = validationError(`Cannot read from backfilling global secondary index: ${index}`)
      return { createValueStream: () => failingStream(refusal) }
    }
    if (table === undefined || !expires(table)) return { createValueStream: read }
    return {
      createValueStream: options =>
        withoutExpired(options, read, table, {
          itemOf: async entry => {
            const item = await db.get(itemKeyOf(name, functions.createKey(entry, table)))
            return isItem(item) ? item : entry
          },
          remove: found =>
            removeExpired(
              name,
              found.map(entry => functions.createKey(entry, table)),
            ),
        }),
    }
  }

  const clearIndex = (kind: string, name: string, index: string) => db.clear(keysOf(indexPart(kind, name, index)))

  store.getTable = (name, checkStatus, done) => {
    const answer = typeof checkStatus === 'function' ? checkStatus : done
    const table = find(name)
    const isHidden = table?.TableStatus === 'CREATING' || table?.TableStatus === 'DELETING'
    if (table === undefined || (isHidden && checkStatus !== false)) answer?.(notFound())
    else answer?.(null, table)
  }
  store.getItemDb = itemsOf
  store.getIndexDb = indexOf
  const { updateIndexes, validateItem } = functions
  // A batch checks all its items before it writes the first.
  functions.validateItem = (item, table) => validateItem(item, table) ?? badIndexKey(table, item)
  // The write that follows changes the index entries together with the item.
  functions.updateIndexes = (given, table, before, after, done) => {
    if (given !== store) return updateIndexes(given, table, before, after, done)
    const refusal = after == null ? undefined : badIndexKey(table, after)
    if (refusal !== undefined) return done(refusal)
    if (before != null && after != null) replaced.set(after, before)
    else if (before != null) deleted.set(itemKeyOf(table.TableName, functions.createKey(before, table)), before)
    done(null)
  }

  return {
    async dropTable(name) {
      await writesUnderWay()
      await db.clear(keysOf(`item-${name}`))
      for (const kind of ['local', 'global']) await db.clear(keysOf(`index-${kind}~${name}`))
    },
    async buildIndex(name, index) {
      const table = find(name)
      if (table === undefined) return
      const kind = table.LocalSecondaryIndexes?.some(each => each.IndexName === index) ? 'local' : 'global'
      await clearIndex(kind, name, index)
      // Their items are not in the index, nor among the keys read from here on, unless they have been written.
      await writesUnderWay()
      for await (const keys of batches(db.keys(keysOf(`item-${name}`)), batchSize)) {
        if (closing) throw new Error('the store is closing')
        const prefix = itemKeyOf(name, '').length
        await rewrite(
          name,
          keys.map(key => key.slice(prefix)),
          (_, item) => entryWrites(functions, only(find(name) ?? table, index), undefined, item),
        )
        await otherWork()
      }
    },
    async dropIndex(name, index) {
      await writesUnderWay()
      await clearIndex('global', name, index)
    },
    async close() {
      closing = true
      while (writing.size > 0) await writesUnderWay()
    },
  }
}

/** The changes in a table's indexes when the item `before` is replaced by `after`. */
function entryWrites(
  { getIndexActions, validateKeyPiece }: DynaliteFunctions,
  table: StoredTable,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): Write[] {
  const { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] } = table
  if (local.length + global.length === 0) return []
  // DynamoDB leaves items out of an index whose attributes are missing, of another type, empty or too long for its key.
  const fits = (index: StoredIndex, item: StoredItem): boolean =>
    index.KeySchema.every(({ AttributeName: name }, place) => {
      const type = table.AttributeDefinitions.find(each => each.AttributeName === name)?.AttributeType
      return item[name] !== undefined && type !== undefined && validateKeyPiece(item, name, type, place === 0) == null
    })
  const writesIn = (kind: string, index: StoredIndex): Write[] => {
    const [old, current] = [before, after].map(item => (item !== undefined && fits(index, item) ? item : undefined))
    const { puts, deletes } = getIndexActions([index], old, current, table)
    const prefix = `${indexPart(kind, table.TableName, index.IndexName)}~`
    return [
      ...deletes.map(({ key }) => ({ type: 'del' as const, key: prefix + key })),
      ...puts.map(({ key, item }) => ({ type: 'put' as const, key: prefix + key, value: item })),
    ]
  }
  return [...local.flatMap(index => writesIn('local', index)), ...global.flatMap(index => writesIn('global', index))]
}

const itemWrite = (key: string, item: StoredItem | undefined): Write =>
  item === undefined ? { type: 'del', key } : { type: 'put', key, value: item }

/** The table with no other index. */
function only(table: StoredTable, index: string): StoredTable {
  const named = (each: StoredIndex) => each.IndexName === index
  const { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] } = table
  return { ...table, LocalSecondaryIndexes: local.filter(named), GlobalSecondaryIndexes: global.filter(named) }
}

const itemKeyOf = (table: string, key: string): string => `item-${table}~${key}`

const indexPart = (kind: string, table: string, index: string): string => `index-${kind}~${table}~${index}`

/** The options of a stream, for the keys that begin with `prefix`. Spreading them would take longer than the reading. */
function below(prefix: string, { gt, gte, lt, lte, reverse = false, limit = -1 }: StreamOptions): StreamOptions {
  const isAfter = gte === undefined && gt !== undefined
  const isBefore = lte === undefined && lt !== undefined
  const from = prefix + ((isAfter ? gt : gte) ?? '')
  const to = prefix + ((isBefore ? lt : lte) ?? '\xff')
  if (isAfter) return isBefore ? { reverse, limit, gt: from, lt: to } : { reverse, limit, gt: from, lte: to }
  return isBefore ? { reverse, limit, gte: from, lt: to } : { reverse, limit, gte: from, lte: to }
}

const isItem = (value: unknown): value is StoredItem => isRecord(value)

/** The values in lists of up to `size`. */
async function* batches<T>(values: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const value of values) {
    batch.push(value)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
