// dynalite 4 carries no types; these are for the parts that we call.
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

  /** The part of abstract-level's database that we use; keys are strings, values JSON. */
  export interface LevelDatabase {
    open(): Promise<void>
    close(): Promise<void>
    iterator(range: { readonly gte: string; readonly lt: string }): AsyncIterable<[key: string, value: unknown]>
    put(key: string, value: unknown): Promise<void>
    del(key: string): Promise<void>
    clear(range: { readonly gte: string; readonly lt: string }): Promise<void>
  }

  interface DynaliteStore {
    readonly db: LevelDatabase
  }

  const module: { create: (options: DynaliteOptions) => DynaliteStore }
  export default module
}
