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

/** Loads the engine; this is most of its start-up time. */
export async function loadDynalite(): Promise<Dynalite> {
  const [{ default: dynalite }, { default: db }] = await Promise.all([
    import('dynalite'),
    import('dynalite/db/index.js'),
  ])
  return {
    create: options => {
      // dynalite keeps its database private and opens it on the first request, where a failure is an uncaught error.
      // Intercept its creation, so that we can open it ourselves.
      const { create } = db
      let database: LevelDatabase | undefined
      db.create = given => {
        const store = create(given)
        database = store.db
        return store
      }
      try {
        const server = dynalite(options)
        if (database === undefined)
          throw new Error('this version of dynalite creates its store in a way that dynamox does not know')
        return { server, database }
      } finally {
        db.create = create
      }
    },
    indexEntries: (indexes, item, table) => db.getIndexActions(indexes, undefined, item, table).puts,
  }
}
