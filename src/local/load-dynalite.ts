import type { Server } from 'node:http'
import type { DynaliteOptions } from 'dynalite'
import type { IndexEntry, LevelDatabase, StoredIndex, StoredTable } from 'dynalite/db/index.js'

/** The engine's code. */
export interface Dynalite {
  /** A server that does not listen yet, and its database, which is not open yet. */
  create(options: DynaliteOptions): { readonly server: Server; readonly database: LevelDatabase }
  /** The entries that `item` has in `indexes`. */
  indexEntries(indexes: readonly StoredIndex[], item: unknown, table: StoredTable): readonly IndexEntry[]
}

/** Loads the engine; most of its start-up time is spent here. */
export async function loadDynalite(): Promise<Dynalite> {
  const [{ default: dynalite }, { default: db }] = await Promise.all([
    import('dynalite'),
    import('dynalite/db/index.js'),
  ])
  return {
    create: options => {
      // dynalite opens its database lazily and keeps it to itself; a store that cannot be opened would show at the
      // first request, as an uncaught error. So we look over its shoulder while it makes one.
      const { create } = db
      let database: LevelDatabase | undefined
      db.create = given => {
        const store = create(given)
        database = store.db
        return store
      }
      try {
        const server = dynalite(options)
        if (database === undefined) throw new Error('This version of dynalite makes its store in an unknown way.')
        return { server, database }
      } finally {
        db.create = create
      }
    },
    indexEntries: (indexes, item, table) => db.getIndexActions(indexes, undefined, item, table).puts,
  }
}
