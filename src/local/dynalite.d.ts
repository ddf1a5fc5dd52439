// dynalite 4 has no types; these cover the used parts.
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
  import type { DynaliteOptions } from 'dynalite'

  /** The used part of abstract-level's database; keys are strings, values JSON. */
  export interface LevelDatabase {
    open(): Promise<void>
    close(): Promise<void>
    iterator(range: { readonly gte: string; readonly lt: string }): AsyncIterable<[key: string, value: unknown]>
    get(key: string): Promise<unknown>
    put(key: string, value: unknown): Promise<void>
    del(key: string): Promise<void>
    batch(writes: readonly { readonly type: 'put'; readonly key: string; readonly value: unknown }[]): Promise<void>
    clear(range: { readonly gte: string; readonly lt: string }): Promise<void>
  }

  interface DynaliteStore {
    readonly db: LevelDatabase
  }

  /** An index of a table, as in the CreateTable input. */
  export interface StoredIndex {
    readonly IndexName: string
    readonly IndexStatus?: string
  }

  /** The used part of a table's record. */
  export interface StoredTable {
    readonly TableStatus: string
    readonly LocalSecondaryIndexes?: readonly StoredIndex[]
    readonly GlobalSecondaryIndexes?: readonly StoredIndex[]
  }

  /** One entry of an index: the name of the index, the key below it, and the item as the index shows it. */
  export interface IndexEntry {
    readonly index: string
    readonly key: string
    readonly item: unknown
  }

  const module: {
    create: (options: DynaliteOptions) => DynaliteStore
    /** When the previous item is `undefined`, `puts` contains all entries of `item`. */
    getIndexActions(
      indexes: readonly StoredIndex[],
      before: undefined,
      item: unknown,
      table: StoredTable,
    ): { readonly puts: readonly IndexEntry[] }
  }
  export default module
}
