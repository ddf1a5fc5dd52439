import type { Server } from 'node:http'
import type { DynaliteOptions } from 'dynalite'
import type { LevelDatabase } from 'dynalite/db/index.js'

/** dynalite, loaded and ready to be started with its database in reach. */
export type Dynalite = (options: DynaliteOptions) => { readonly server: Server; readonly database: LevelDatabase }

/** Loads the engine; most of its start-up time is spent here. */
export async function loadDynalite(): Promise<Dynalite> {
  const [{ default: dynalite }, { default: db }] = await Promise.all([
    import('dynalite'),
    import('dynalite/db/index.js'),
  ])
  return options => {
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
  }
}
