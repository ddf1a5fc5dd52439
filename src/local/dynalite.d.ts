// dynalite 4 has no types; these cover the used parts. `checkInternals` holds them against the installed release.
declare module 'dynalite' {
  import type { Server } from 'node:http'

  export interface DynaliteOptions {
    readonly path?: string
    readonly createTableMs?: number
    readonly deleteTableMs?: number
    readonly updateTableMs?: number
  }

  export default function dynalite(options: DynaliteOptions): Server
}

declare module 'dynalite/db/index.js' {
  import type { Readable } from 'node:stream'
  import type { DynaliteOptions } from 'dynalite'

  /** A range of keys. */
  export interface KeyRange {
    readonly gte: string
    readonly lt: string
  }

  export type Write =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string }

  /** The used part of abstract-level's database; keys are strings, values JSON. */
  export interface LevelDatabase {
    open(): Promise<void>
    close(): Promise<void>
    iterator(range: KeyRange): AsyncIterable<[key: string, value: unknown]>
    keys(range: KeyRange): AsyncIterable<string>
    get(key: string): Promise<unknown>
    get(key: string, done: Callback<StoredItem>): void
    getMany(keys: readonly string[]): Promise<unknown[]>
    put(key: string, value: unknown): Promise<void>
    del(key: string): Promise<void>
    /** Carried out as a whole or not at all, also when the process is killed. */
    batch(writes: readonly Write[]): Promise<void>
    clear(range: KeyRange): Promise<void>
    createValueStream(options: StreamOptions): Readable
  }

  /** A range of keys, from the last one when `reverse`, and how many; all when the limit is negative. */
  export interface StreamOptions {
    readonly gt?: string
    readonly gte?: string
    readonly lt?: string
    readonly lte?: string
    readonly reverse?: boolean
    readonly limit?: number
  }

  /** An item as DynamoDB's API shows it: `{ name: { S: 'Ann' } }`. */
  export type StoredItem = Readonly<Record<string, Readonly<Record<string, unknown>>>>

  export type Callback<T = void> = (error: Error | null | undefined, value?: T) => void

  /** The entries of an index, as dynalite's actions use them. */
  export interface IndexDatabase {
    createValueStream(options: StreamOptions): Readable
  }

  /** The items of a table, as dynalite's actions use them. */
  export interface ItemDatabase extends IndexDatabase {
    /** Runs `work` when all keys are free; they are held until the function that `release` returns is called. */
    lock(
      keys: string | readonly string[],
      work: (release: (done: (...results: unknown[]) => void) => () => void) => void,
    ): void
    get(key: string, done: Callback<StoredItem>): void
    put(key: string, item: StoredItem, done: Callback): void
    del(key: string, done: Callback): void
  }

  export interface DynaliteStore {
    readonly db: LevelDatabase
    /** Finds a table's record; with `checkStatus` other than `false`, only one that is not CREATING or DELETING. */
    getTable(name: string, checkStatus: boolean | Callback<StoredTable>, done?: Callback<StoredTable>): void
    getItemDb(table: string): ItemDatabase
    getIndexDb(kind: string, table: string, index: string): IndexDatabase
  }

  interface KeyElement {
    readonly AttributeName: string
    readonly KeyType: string
  }

  /** The used part of an index in a table's record. */
  export interface StoredIndex {
    readonly IndexName: string
    readonly KeySchema: readonly KeyElement[]
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] }
    readonly IndexStatus?: string
  }

  /** The used part of a table's record. */
  export interface StoredTable {
    readonly TableName: string
    readonly TableStatus: string
    readonly KeySchema: readonly KeyElement[]
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[]
    readonly LocalSecondaryIndexes?: readonly StoredIndex[]
    readonly GlobalSecondaryIndexes?: readonly StoredIndex[]
    readonly TimeToLiveDescription?: { readonly TimeToLiveStatus: string; readonly AttributeName?: string }
  }

  /** One entry of an index: the name of the index, the key below it, and the item as the index shows it. */
  export interface IndexEntry {
    readonly index: string
    readonly key: string
    readonly item: StoredItem
  }

  /** dynalite's functions. Its actions call them through this object, so that they can be replaced here. */
  export interface DynaliteFunctions {
    create(options: DynaliteOptions): DynaliteStore
    /** The key of an item within its table. */
    createKey(item: StoredItem, table: StoredTable): string
    /** The fault of an attribute as part of a key, if any. */
    validateKeyPiece(item: StoredItem, attribute: string, type: string, isHash: boolean): Error | null | undefined
    /** The fault of an item that is put, if any. Called for every item before anything is written. */
    validateItem(item: StoredItem, table: StoredTable): Error | null | undefined
    /** The entries to write and to delete when the item `before` is replaced by `after`. */
    getIndexActions(
      indexes: readonly StoredIndex[],
      before: StoredItem | undefined,
      after: StoredItem | undefined,
      table: StoredTable,
    ): { readonly puts: readonly IndexEntry[]; readonly deletes: readonly { index: string; key: string }[] }
    /** Called within an item's lock, just before the item is written or deleted. */
    updateIndexes(
      store: DynaliteStore,
      table: StoredTable,
      before: StoredItem | null | undefined,
      after: StoredItem | null | undefined,
      done: Callback,
    ): void
  }

  const functions: DynaliteFunctions
  export default functions
}

declare module 'dynalite/actions/putItem.js' {
  import type { Callback, DynaliteStore, ItemDatabase, StoredItem } from 'dynalite/db/index.js'

  /** The part of the store that actions use to write an item. */
  export interface WrittenStore extends Pick<DynaliteStore, 'getTable'> {
    getItemDb(table: string): Omit<ItemDatabase, 'createValueStream'>
  }

  export default function putItem(
    store: WrittenStore,
    request: { readonly TableName: string; readonly Item: StoredItem },
    done: Callback<unknown>,
  ): void
}

declare module 'dynalite/actions/deleteItem.js' {
  import type { WrittenStore } from 'dynalite/actions/putItem.js'
  import type { Callback, StoredItem } from 'dynalite/db/index.js'

  export default function deleteItem(
    store: WrittenStore,
    request: { readonly TableName: string; readonly Key: StoredItem },
    done: Callback<unknown>,
  ): void
}
